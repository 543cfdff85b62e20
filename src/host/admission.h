#pragma once

#include "base/loop.h"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace wasmcloud::host {

/// Bounds how many requests of one workload run at once, over all loops. Those beyond stand in
/// line, first come, first served; those that the line has no room for are refused.
///
/// Thread: any.
class Admission {
 public:
  /// `name` is the workload's, in the log.
  Admission(std::string name, uint32_t places, uint32_t max_waiting)
      : name_(std::move(name)), places_(places), max_waiting_(max_waiting) {}
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  /// Takes a place if one is free and nobody waits for it. Who took one must `leave`.
  bool try_enter() { return waiting_.load(std::memory_order_relaxed) == 0 && try_take(); }
  /// Stands in line; on return a place is taken. Cancelling the task gives its place in the line
  /// up. Errors: Errc::Limit with number EAGAIN where the line is full, or nothing came free within
  /// `limit`; Cancelled.
  Task<void> wait(Loop& loop, Clock::duration limit);
  void leave() {
    // In this order, so that either we see who waits or they see the place we left: see `wait`.
    active_.fetch_sub(1);
    if (waiting_.load() != 0) hand_over();
  }

  /// Gives a place back when destroyed.
  class Place {
   public:
    explicit Place(Admission& admission) : admission_(admission) {}
    ~Place() { admission_.leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Admission& admission_;
  };

  uint32_t places() const { return places_; }
  uint32_t active() const { return active_.load(std::memory_order_relaxed); }
  uint32_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

 private:
  struct Waiter;
  struct InLine;

  bool try_take() {
    uint32_t now = active_.load();
    while (now < places_) {
      if (active_.compare_exchange_weak(now, now + 1)) return true;
    }
    return false;
  }
  bool join(const std::shared_ptr<Waiter>& waiter);
  void quit(const std::shared_ptr<Waiter>& waiter);
  void hand_over();
  void tell();

  const std::string name_;
  const uint32_t places_;
  const uint32_t max_waiting_;
  alignas(64) std::atomic<uint32_t> active_ = 0;
  std::atomic<uint32_t> waiting_ = 0;  ///< as many as are in `line_`
  // Taken only where all places are, and then a loop must hand its place to a request of any other.
  std::mutex mutex_;
  std::list<std::shared_ptr<Waiter>> line_;  // shared with the coroutines that wait
  uint64_t refused_ = 0;
  Clock::time_point told_ = Clock::time_point::min();
};

}  // namespace wasmcloud::host
