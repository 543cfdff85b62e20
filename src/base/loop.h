#pragma once

#include "base/task.h"

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace wasmcloud {

class BlockingThreads;

using Clock = std::chrono::steady_clock;

/// One event loop, run by one thread. Objects belong to the loop that made them unless they say
/// otherwise.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until `stop`; returns at once if already stopped.
  void run();
  /// Runs what is ready and waits for more until `done()` is true or `stop` was called.
  void run_until(const std::function<bool()>& done);
  /// Thread: any.
  void stop();
  bool is_stopped() const;

  /// Runs `work` on this loop's thread, later. Thread: any.
  void post(std::move_only_function<void()> work);

  /// Runs `work` on the process's blocking threads (files, DNS), or on those given, and resumes
  /// here with its result. Waits for it even if it is cancelled.
  template <class F>
  auto offload(F work, BlockingThreads* threads = nullptr)
      -> Task<typename std::invoke_result_t<F>::value_type> {
    using R = std::invoke_result_t<F>;
    std::optional<R> result;
    co_await offload_erased([&] { result.emplace(work()); }, threads);
    co_return std::move(*result);
  }

  boost::asio::io_context& context() { return context_; }
  Executor executor() { return context_.get_executor(); }

  /// The loop whose `run` is on this thread, or null.
  static Loop* current();

 private:
  boost::asio::awaitable<void, Executor> offload_erased(std::move_only_function<void()> work,
                                                        BlockingThreads* threads);

  struct Life;
  std::shared_ptr<Life> life_;
  boost::asio::io_context context_{1};
  // Kept for life: a context that runs out of work stops by itself and would not run again.
  boost::asio::executor_work_guard<Executor> work_{context_.get_executor()};
};

/// Runs `work` on the blocking threads; nobody waits for it. Thread: any. The pool has a few
/// threads for the whole process.
void run_blocking(std::move_only_function<void()> work);

/// A latch that coroutines of one loop wait for. Stays set until `reset`.
class Event {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool is_set() const { return set_; }
  /// Wakes all waiters, on the loop, after the caller returns to it.
  void set();
  void reset() { set_ = false; }
  /// Errors: Errc::Cancelled if the waiting coroutine is cancelled or the event is destroyed.
  Task<void> wait();

 private:
  struct Waiter;
  Loop& loop_;
  bool set_ = false;
  std::list<std::shared_ptr<Waiter>> waiters_;
};

/// Owns tasks that nobody awaits. Cancel and wait for it (`finish`) before it is destroyed.
class TaskGroup {
 public:
  explicit TaskGroup(Loop& loop);
  /// CHECKs that no task is left.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task`, which must own everything it uses. An error it ends with is given to
  /// `on_error`, if set.
  void spawn(Task<void> task);
  /// `fn(args...)` with the arguments moved into the coroutine's frame, so no reference can dangle.
  template <class Fn, class... Args>
  void spawn(Fn fn, Args... args) {
    spawn(start(std::move(fn), std::move(args)...));
  }

  size_t size() const { return tasks_.size(); }
  void on_error(std::function<void(const Error&)> handler) { on_error_ = std::move(handler); }
  /// Asks all tasks to stop: their next or current wait ends with Errc::Cancelled.
  void cancel();
  /// Waits until no task is left.
  Task<void> finish();

 private:
  struct Running;
  template <class Fn, class... Args>
  static Task<void> start(Fn fn, Args... args) {
    co_return co_await fn(std::move(args)...);
  }

  Loop& loop_;
  std::list<std::shared_ptr<Running>> tasks_;
  Event empty_;
  std::function<void(const Error&)> on_error_;
};

/// Errors: Errc::Cancelled.
Task<void> sleep_for(Loop& loop, Clock::duration duration);
Task<void> sleep_until(Loop& loop, Clock::time_point when);

namespace detail {
/// Runs `task` and cancels it at `when`; true if it ended by itself.
boost::asio::awaitable<bool, Executor> run_with_deadline(
    Loop& loop, Clock::time_point when, boost::asio::awaitable<void, Executor> task);
template <class T>
boost::asio::awaitable<void, Executor> store_result(Task<T> task,
                                                    std::optional<Result<T>>& result) {
  result.emplace(co_await std::move(task));
}
}  // namespace detail

/// `task`, cancelled when `limit` has passed. Errors: Errc::Timeout, with `what` in the message.
template <class T>
Task<T> with_deadline(Loop& loop, Clock::duration limit, std::string_view what, Task<T> task) {
  std::optional<Result<T>> result;
  const bool in_time = co_await detail::run_with_deadline(
      loop, Clock::now() + limit, detail::store_result<T>(std::move(task), result));
  if (!in_time && (!result || (!*result && result->error().code() == Errc::Cancelled))) {
    co_return fail(Errc::Timeout, "{} took longer than {} ms", what,
                   std::chrono::duration_cast<std::chrono::milliseconds>(limit).count());
  }
  if (!result) co_return fail(Errc::Cancelled, "{} was cancelled", what);
  co_return std::move(*result);
}

/// Runs `task` to its end on `loop`, which must not be running. For `main` and tests.
template <class T>
Result<T> run_to_end(Loop& loop, Task<T> task) {
  std::optional<Result<T>> result;
  TaskGroup group(loop);
  group.spawn(
      [](Task<T> inner, std::optional<Result<T>>* out) -> Task<void> {
        out->emplace(co_await std::move(inner));
        co_return Result<void>();
      },
      std::move(task), &result);
  loop.run_until([&] { return group.size() == 0; });
  if (!result) return fail(Errc::Cancelled, "the loop was stopped before the task ended");
  return std::move(*result);
}

}  // namespace wasmcloud
