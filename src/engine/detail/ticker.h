#pragma once

#include <wasm.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace wasmcloud::engine::detail {

/// Advances the engine's epoch while guests run, and sleeps when none has run for a while.
class Ticker {
 public:
  Ticker(const wasm_engine_t* engine, std::chrono::milliseconds interval);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// A guest is about to run, or still runs. One load of a line that is seldom written. Thread:
  /// any.
  void touch() {
    if (!active_.load(std::memory_order_relaxed)) [[unlikely]] {
      wake();
    }
  }
  bool is_sleeping() const { return sleeping_.load(); }

 private:
  void wake();
  void run();

  const wasm_engine_t* engine_;
  const std::chrono::milliseconds interval_;
  std::atomic<bool> active_{false};
  std::atomic<bool> sleeping_{false};
  // A condition needs a mutex; it is taken only to wake the sleeping thread and by that thread.
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  // Not a loop's timer: it has to interrupt the very thread whose loop a guest holds up.
  std::thread thread_;  // NOLINT(ban): see above
};

}  // namespace wasmcloud::engine::detail
