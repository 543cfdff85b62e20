#pragma once

#include "base/error.h"
#include "base/readiness.h"
#include "component/async/copy.h"
#include "component/async/subtask.h"
#include "component/async/task.h"
#include "component/async/thread.h"
#include "engine/stack.h"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <vector>

namespace wasmcloud {
class Loop;
}

namespace wasmcloud::component {

class RunningInstance;

/// A stack that runs turns of threads, one after another.
struct Worker {
  explicit Worker(RunningInstance& instance);

  engine::Stack stack;
  Thread* thread = nullptr;  ///< whose turn it runs; null while it has none
};

/// Runs the threads of one store's tasks: one at a time, from one point where it may block to the
/// next (canonical ABI, "Concurrency"). What is ready goes in the order in which it became so.
///
/// Thread: owning loop.
class Scheduler {
 public:
  explicit Scheduler(RunningInstance& instance) : instance_(instance) {}
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// A task that has not run yet. `caller` is told of everything; it must outlive the task's
  /// resolution or be taken out by `forget_caller`. Errors: Errc::Limit.
  Result<GuestTask*> add_task(const Lifted& lifted, TaskCaller* caller, Thread::Place place);
  /// Counts a thread. Errors: Errc::Limit.
  Result<void> begin_thread();
  void end_thread() { --threads_; }
  void remove(GuestTask& task);

  /// The host's call that the code which runs now belongs to; 0 if it runs on no task's stack.
  uint64_t running_call() const {
    return running_ == nullptr || running_->thread == nullptr ? 0 : running_->thread->task.call();
  }
  bool has_task_of(uint64_t call) const;

  /// Runs it until it blocks or ends, on top of what runs now; its task may be gone then.
  /// Errors: whatever ended it; the instance is over.
  Result<void> resume(Thread& thread);
  /// The same from outside: now if nothing of this instance runs, else soon.
  void start(Thread& thread);
  /// Lets the threads that are ready run at the next turn of the loop.
  void run_ready_soon();

  /// Blocks the code that runs now until the condition is true. What belongs to a synchronous task
  /// cannot give way to its caller, so it runs other threads of its component instance meanwhile.
  /// Errors: Errc::Trap if there is none; Errc::Cancelled.
  Result<void> wait(uint32_t component, const WaitCondition& condition);
  /// Lets others run, if there are any.
  Result<void> yield(uint32_t component);
  /// The same as `wait`, but `next` runs as soon as this one has blocked.
  Result<void> switch_to(uint32_t component, const WaitCondition& condition, Thread& next);

  /// It may be ready.
  void enqueue(Thread& thread);
  /// The lock or the door of a component instance may be open now.
  void let_in(ComponentState& component);

  /// Calls of the host that are not resolved. If there are any, nothing is ready and nothing
  /// outside can change that, the instance fails.
  void add_outside_call() { ++outside_calls_; }
  void remove_outside_call() { --outside_calls_; }
  /// What outside can make something ready: host functions that run, copies with the host.
  void add_outside_work() { ++outside_work_; }
  void remove_outside_work() { --outside_work_; }
  void add(HostCall& call);
  void remove(HostCall& call);
  /// The value of a future that a guest here has written and nobody has read.
  void add_kept(SharedCopy& future) { kept_.push_back(future); }

  /// Of a turn that has just ended: `thread` has the next one too, on the same stack. So it is when
  /// it is ready again, first in the line, and nobody beneath waits for it to block.
  bool takes_another_turn(Thread& thread);

  /// Runs what is ready without a turn of the loop; not beneath a guest, nor where one is stopped
  /// in the middle of its code. False if it could not.
  bool run_now();
  /// Runs `work` when no guest is stopped in the middle of its code: at once if none is.
  void when_between_turns(std::move_only_function<void()> work);

  /// Takes down all stacks and tasks; nothing runs here any more.
  void shut_down();

  /// Whatever was written here for others to read is not to be read any more.
  void withdraw_kept();
  /// Tells everyone who waits for a result.
  void fail_callers(const Error& error);
  /// Ends all that is suspended, and the host functions that run; they may take their time.
  void cancel_all();
  /// Nothing is suspended here, and no host function runs.
  bool is_idle() const { return workers_.size() == idle_.size() && host_calls_.empty(); }
  /// No task is left that could go on.
  bool is_settled() const;
  /// Either of these may have become true.
  Signal& changed() { return changed_; }
  Loop& loop() { return *instance_.loop(); }

 private:
  Result<void> run(Thread& thread);
  Worker& worker_for(Thread& thread);
  Result<void> poll(Worker& worker);
  bool poll_stack(Worker& worker);
  Result<void> end(Thread& thread);
  void remove(Worker& worker);
  Result<void> go_on(Worker& worker);
  Result<void> block(Thread& thread, const WaitCondition& condition);
  Result<void> wait_in_place(uint32_t component, const WaitCondition& condition, Thread* first);
  Thread* next_ready();
  Thread* next_ready_of(uint32_t component);
  void put_aside(Thread& thread);
  void run_ready();
  bool is_between_turns() const;
  bool is_deadlocked() const;

  /// Stacks kept for the next turns.
  static constexpr size_t kIdleWorkers = 2;
  static constexpr int kTurnsAtOnce = 64;

  RunningInstance& instance_;
  HookedList<Thread, RunTag> line_;
  HookedList<GuestTask, TaskTag> tasks_;
  Thread* next_ = nullptr;         ///< runs when the one that runs now has blocked
  Worker* running_ = nullptr;      ///< the innermost
  uint64_t calls_ = 0;             ///< that the host has made
  Worker* interrupted_ = nullptr;  ///< stopped by an epoch; runs before all others
  std::list<Worker> workers_;
  std::vector<Worker*> idle_;
  std::vector<std::move_only_function<void()>> later_;
  HookedList<HostCall, HostCallTag> host_calls_;
  HookedList<SharedCopy, KeptTag> kept_;
  uint32_t outside_calls_ = 0;
  uint32_t outside_work_ = 0;
  uint32_t threads_ = 0;
  int turns_left_ = 0;  ///< until others of the loop have theirs
  bool is_posted_ = false;
  bool is_running_ = false;
  bool is_closing_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Signal changed_;
};

}  // namespace wasmcloud::component
