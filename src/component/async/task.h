#pragma once

#include "base/error.h"
#include "base/recycled.h"
#include "component/async/caller.h"
#include "component/async/thread.h"
#include "component/detail/running_instance.h"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace wasmcloud::component {

struct TaskTag;

/// One call of a lifted function, as its callee sees it (canonical ABI, "Task"). It outlives its
/// result: it is over when its last thread has ended.
class GuestTask final : public Recycled, public ListHook<TaskTag> {
 public:
  enum class State : uint8_t { Initial, Started, CancelPending, CancelDelivered, Resolved };

  /// `place` is that of its first thread.
  GuestTask(RunningInstance& instance, const Lifted& lifted, TaskCaller* caller,
            Thread::Place place);

  RunningInstance& instance() { return instance_; }
  /// Which of the host's calls it belongs to, as the scheduler counts them; 0: to none.
  uint64_t call() const { return call_; }
  void set_call(uint64_t call) { call_ = call; }
  const Lifted& lifted() const { return lifted_; }
  uint32_t component() const { return lifted_.options.instance; }
  ComponentState& component_state() { return instance_.component(component()); }
  Thread& first_thread() { return first_thread_; }
  CallContext& context() { return context_; }
  State state() const { return state_; }
  bool is_resolved() const { return state_ == State::Resolved; }
  bool is_over() const { return live_threads_ == 0; }
  bool needs_lock() const {
    return lifted_.type.is_async && (!lifted_.options.is_async || has_callback());
  }
  bool is_sync() const { return !lifted_.type.is_async; }

  // What its own built-ins do.
  /// task.return. Errors: Errc::Trap if there was a result before, or borrows are left.
  Result<void> give_result(const CoreResult& result);
  /// task.cancel. Errors: Errc::Trap unless the request was delivered.
  Result<void> confirm_cancellation();
  /// thread.new-indirect: suspended.
  Result<Thread*> add_thread(engine::Func function, uint64_t argument);

  /// subtask.cancel, or the host.
  Result<void> request_cancellation();
  /// Nobody waits for the result any more.
  void forget_caller() { caller_ = nullptr; }
  TaskCaller* caller() { return caller_; }
  TaskCaller* take_caller() { return std::exchange(caller_, nullptr); }

  // For the scheduler.
  /// Whether the first thread is let in now; else it is blocked until it is, or was cancelled
  /// there.
  Result<bool> enter();
  /// The next turn of `thread`, on its stack, after which it is blocked or has ended.
  Result<void> run_turn(Thread& thread);
  /// A thread has ended. Errors: Errc::Trap if it was the last and there is no result.
  Result<void> end_thread(Thread& thread);
  /// Counts among the host's calls until it is resolved.
  void count_as_outside_call();

  // A task on its caller's stack.
  void begin_on_callers_stack();
  void resolve_on_callers_stack() { set_resolved(); }

 private:
  bool has_callback() const { return lifted_.options.callback != kNoSlot; }
  bool is_kept_out() const;
  Result<void> run_first_turn();
  Result<uint32_t> call_callback(const WaitableEvent& event);
  Result<void> end_turn(uint32_t packed);
  Result<void> give_results_of_sync_lift(engine::RawValue* flat);
  void set_resolved();
  void take_lock();
  void free_lock();
  /// Whether a request is there now; it counts as delivered then.
  bool take_cancellation();

  RunningInstance& instance_;
  const Lifted& lifted_;
  TaskCaller* caller_;
  CallContext context_;
  uint64_t call_ = 0;
  State state_ = State::Initial;
  bool is_outside_call_ = false;
  uint32_t live_threads_ = 0;
  Thread first_thread_;
  std::vector<std::unique_ptr<Thread>> more_threads_;  ///< that the guest made
};

}  // namespace wasmcloud::component
