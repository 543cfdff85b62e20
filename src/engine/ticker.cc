#include "engine/detail/ticker.h"

#include <wasmtime.h>

namespace wasmcloud::engine::detail {
namespace {
/// Ticks without a guest after which the thread goes to sleep; it takes one to two rounds.
constexpr int kTicksARound = 100;
}  // namespace

Ticker::Ticker(const wasm_engine_t* engine, std::chrono::milliseconds interval)
    : engine_(engine), interval_(interval), thread_([this] { run(); }) {}

Ticker::~Ticker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Ticker::wake() {
  // The order of these two, and of their counterparts in `run`, rules out that both sides miss.
  active_.store(true);
  if (!sleeping_.load()) return;
  {
    const std::lock_guard lock(mutex_);
  }
  changed_.notify_one();
}

void Ticker::run() {
  std::unique_lock lock(mutex_);
  int ticks = kTicksARound;
  while (!stopping_) {
    if (++ticks > kTicksARound) {
      ticks = 0;
      if (!active_.exchange(false)) {
        sleeping_.store(true);
        changed_.wait(lock, [&] { return stopping_ || active_.load(); });
        sleeping_.store(false);
        continue;
      }
    }
    changed_.wait_for(lock, interval_, [&] { return stopping_; });
    wasmtime_engine_increment_epoch(engine_);
  }
}

}  // namespace wasmcloud::engine::detail
