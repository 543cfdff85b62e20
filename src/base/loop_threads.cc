#include "base/loop_threads.h"

#include <future>
#include <thread>

namespace wasmcloud {

struct LoopThreads::Thread {
  Loop loop;
  std::thread thread;
};

LoopThreads::LoopThreads(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<Thread>());
    Thread& each = *threads_.back();
    each.thread = std::thread([&each] { each.loop.run(); });
  }
}

LoopThreads::~LoopThreads() {
  for (const auto& each : threads_) each->loop.stop();
  for (const auto& each : threads_) each->thread.join();
}

size_t LoopThreads::size() const { return threads_.size(); }

Loop& LoopThreads::operator[](size_t index) { return threads_[index]->loop; }

Result<void> LoopThreads::run_on(size_t index, Task<void> task) {
  struct State {
    explicit State(Loop& on) : loop(on), group(on) {}
    /// The group is destroyed when the caller goes on: not before it knows that the task ended.
    void report() {
      if (group.size() == 0) return ended.set_value();
      loop.post([this] { report(); });
    }
    Loop& loop;
    TaskGroup group;
    Result<void> result;
    std::promise<void> ended;
  };
  State state((*this)[index]);
  state.group.on_error([&state](const Error& error) { state.result = fail(error.copy()); });
  state.loop.post([&state, task = std::move(task)]() mutable {
    state.group.spawn(
        [](State* own, Task<void> inner) -> Task<void> {
          auto result = co_await std::move(inner);
          own->loop.post([own] { own->report(); });
          co_return result;
        },
        &state, std::move(task));
  });
  state.ended.get_future().get();
  return std::move(state.result);
}

}  // namespace wasmcloud
