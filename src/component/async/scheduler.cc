#include "component/async/scheduler.h"

#include "base/check.h"
#include "base/loop.h"
#include "component/async/subtask.h"
#include "engine/stack.h"

#include <algorithm>
#include <utility>

namespace wasmcloud::component {
namespace {

/// Of a condition that a synchronous task waits for, without a thread that could be asked.
bool is_met(const WaitCondition& condition) {
  switch (condition.kind) {
    case WaitCondition::Kind::Turn:
      return true;
    case WaitCondition::Kind::Event:
      return condition.set->has_event();
    case WaitCondition::Kind::Waitable:
      return condition.waitable->has_event();
    default:
      return false;
  }
}

}  // namespace

Scheduler::~Scheduler() { shut_down(); }

void Scheduler::shut_down() {
  *alive_ = false;
  is_closing_ = true;
  // A stack that is taken down unwinds through frames that know their task and this.
  for (Worker& worker : workers_) worker.stack.drop();
  while (!tasks_.empty()) remove(tasks_.front());
  while (!host_calls_.empty()) {
    HostCall& call = host_calls_.front();
    host_calls_.pop_front();
    call.orphan();
  }
  workers_.clear();
  idle_.clear();
}

Result<GuestTask*> Scheduler::add_task(const Lifted& lifted, TaskCaller* caller,
                                       Thread::Place place) {
  TRY(begin_thread());
  auto* task = new GuestTask(instance_, lifted, caller, place);
  task->set_call(running_ == nullptr ? ++calls_ : running_call());
  tasks_.push_back(*task);
  return task;
}

Result<void> Scheduler::begin_thread() {
  if (threads_ == instance_.max_threads()) {
    return fail(Errc::Limit, "the instance's limit of {} tasks and threads is reached",
                instance_.max_threads());
  }
  ++threads_;
  return {};
}

void Scheduler::remove(GuestTask& task) { delete &task; }

// --- running

Result<void> Scheduler::resume(Thread& first) {
  ThreadContext* const interrupted = instance_.thread();
  // Who resumes a thread from beneath a guest waits for it to block.
  const bool is_beneath = instance_.store().stack() != nullptr;
  const int turns = is_beneath ? std::exchange(turns_left_, 0) : 0;
  Result<void> result;
  for (Thread* thread = &first; thread != nullptr && result;
       thread = std::exchange(next_, nullptr)) {
    result = run(*thread);
  }
  instance_.set_thread(interrupted);
  if (is_beneath) turns_left_ = turns;
  return result;
}

bool Scheduler::takes_another_turn(Thread& thread) {
  const bool is_in_loop = thread.state == Thread::State::Blocked &&
                          thread.waits_for.kind == WaitCondition::Kind::Callback;
  if (turns_left_ == 0 || !is_in_loop || next_ != nullptr || is_closing_) return false;
  if (line_.empty() || &line_.front() != &thread || !thread.is_ready()) return false;
  --turns_left_;
  leave<RunTag>(thread);
  thread.state = Thread::State::Running;
  return true;
}

Result<void> Scheduler::run(Thread& thread) {
  leave<RunTag>(thread);
  if (thread.place == Thread::Place::CallersStack) {
    // It waits beneath what runs now, and looks for itself when control is back there.
    thread.waits_for.kind = WaitCondition::Kind::Turn;
    return {};
  }
  Worker* worker = thread.worker;
  if (worker == nullptr) {
    GuestTask& task = thread.task;
    const bool is_at_door = thread.state == Thread::State::New
                                ? &thread == &task.first_thread()
                                : thread.waits_for.kind == WaitCondition::Kind::Entry;
    if (is_at_door && !TRY(task.enter())) {
      return thread.state == Thread::State::Ended ? end(thread) : Result<void>();
    }
    worker = &worker_for(thread);
    thread.innermost = &thread;
  } else if (thread.state == Thread::State::Woken) {
    remove_outside_work();
  }
  thread.state = Thread::State::Running;
  instance_.set_thread(thread.innermost);
  worker->stack.wake();
  return poll(*worker);
}

Worker::Worker(RunningInstance& instance)
    : stack(instance.store(), [this, &instance]() -> Result<void> {
        while (true) {
          do {
            TRY(thread->task.run_turn(*thread));
          } while (instance.scheduler().takes_another_turn(*thread));
          thread->worker = nullptr;
          thread = nullptr;
          // Whoever polls sees that the turn is over, and gives it another one.
          while (thread == nullptr) TRY(engine::park(instance.store()));
        }
      }) {}

Worker& Scheduler::worker_for(Thread& thread) {
  Worker* worker = nullptr;
  if (idle_.empty()) {
    worker = &workers_.emplace_back(instance_);
    worker->stack.on_wake([worker] {
      Thread* const parked = worker->thread;
      if (parked == nullptr || parked->state != Thread::State::Parked) return;
      parked->state = Thread::State::Woken;
      parked->look_again();
    });
  } else {
    worker = idle_.back();
    idle_.pop_back();
  }
  worker->thread = &thread;
  thread.worker = worker;
  return *worker;
}

void Scheduler::remove(Worker& worker) {
  std::erase_if(workers_, [&](const Worker& it) { return &it == &worker; });
}

bool Scheduler::has_task_of(uint64_t call) const {
  return std::ranges::any_of(tasks_, [call](const GuestTask& it) { return it.call() == call; });
}

bool Scheduler::poll_stack(Worker& worker) {
  Worker* const before = std::exchange(running_, &worker);
  const bool done = worker.stack.poll();
  running_ = before;
  return done;
}

Result<void> Scheduler::poll(Worker& worker) {
  engine::Store& store = instance_.store();
  Thread& thread = *worker.thread;
  bool done = poll_stack(worker);
  while (!done && worker.stack.is_yielding()) {
    thread.innermost = instance_.thread();
    if (store.stack() == nullptr) {
      interrupted_ = &worker;
      run_ready_soon();
      return {};
    }
    // Who runs beneath waits for it to block, not for a tick of the clock.
    TRY(engine::give_way(store));
    instance_.set_thread(thread.innermost);
    done = poll_stack(worker);
  }
  if (done) {
    Result<void> result = worker.stack.take_result();
    remove(worker);
    thread.state = Thread::State::Ended;
    thread.worker = nullptr;
    changed_.notify();
    return result;
  }
  if (worker.thread == nullptr) {
    if (idle_.size() < kIdleWorkers) {
      idle_.push_back(&worker);
    } else {
      remove(worker);
    }
    return thread.state == Thread::State::Ended ? end(thread) : Result<void>();
  }
  thread.innermost = instance_.thread();
  if (thread.state == Thread::State::Running) {
    thread.state = Thread::State::Parked;
    add_outside_work();
  }
  return {};
}

Result<void> Scheduler::end(Thread& thread) {
  GuestTask& task = thread.task;
  TRY(task.end_thread(thread));
  if (task.is_over()) {
    remove(task);
    changed_.notify();
  }
  return {};
}

Result<void> Scheduler::block(Thread& thread, const WaitCondition& condition) {
  using Kind = WaitCondition::Kind;
  thread.waits_for = condition;
  thread.state = Thread::State::Blocked;
  thread.innermost = instance_.thread();
  if (condition.set != nullptr) condition.set->add_waiter(thread);
  // Who is kept out by the lock or at the door goes through the line once, to stand aside.
  const bool may_be_kept_out =
      condition.kind == Kind::Entry || (condition.kind == Kind::Callback &&
                                        (condition.set == nullptr || condition.set->has_event()));
  if (may_be_kept_out || thread.is_ready()) thread.look_again();
  Result<void> parked;
  while (thread.state == Thread::State::Blocked && parked) {
    parked = engine::park(instance_.store());
  }
  if (condition.set != nullptr) condition.set->remove_waiter(thread);
  thread.state = Thread::State::Running;
  instance_.set_thread(thread.innermost);
  return parked;
}

Result<void> Scheduler::wait(uint32_t component, const WaitCondition& condition) {
  Thread* const thread = instance_.thread()->thread;
  if (thread != nullptr && thread->place == Thread::Place::OwnStack)
    return block(*thread, condition);
  return wait_in_place(component, condition, nullptr);
}

// A synchronous task: control may not go back to its caller before it has its result.
Result<void> Scheduler::wait_in_place(uint32_t component, const WaitCondition& condition,
                                      Thread* first) {
  Thread* const thread = instance_.thread()->thread;
  if (thread != nullptr) {
    thread->waits_for = condition;
    thread->state = Thread::State::Blocked;
  }
  if (condition.set != nullptr) condition.set->add_sync_waiter();
  Result<void> result;
  if (first != nullptr) result = resume(*first);
  while (result && !(thread != nullptr ? thread->is_ready() : is_met(condition))) {
    Thread* const other = next_ready_of(component);
    if (other == nullptr) {
      result = fail(Errc::Trap, "cannot block a synchronous task before returning");
    } else {
      result = resume(*other);
    }
  }
  if (condition.set != nullptr) condition.set->remove_sync_waiter();
  if (thread != nullptr) {
    leave<RunTag>(*thread);
    thread->state = Thread::State::Running;
  }
  return result;
}

Result<void> Scheduler::yield(uint32_t component) {
  const Thread* const thread = instance_.thread()->thread;
  if (thread != nullptr && thread->place == Thread::Place::OwnStack) return wait(component, {});
  Thread* const other = next_ready_of(component);
  return other == nullptr ? Result<void>() : wait_in_place(component, {}, other);
}

Result<void> Scheduler::switch_to(uint32_t component, const WaitCondition& condition,
                                  Thread& next) {
  leave<RunTag>(next);
  if (next.place == Thread::Place::CallersStack) {
    // Beneath what runs now: it goes on when control is back there.
    next.waits_for.kind = WaitCondition::Kind::Turn;
    return wait(component, condition);
  }
  if (instance_.thread()->thread->place == Thread::Place::CallersStack) {
    return wait_in_place(component, condition, &next);
  }
  next_ = &next;
  return wait(component, condition);
}

// --- who is next

void Scheduler::enqueue(Thread& thread) {
  line_.push_back(thread);
  run_ready_soon();
}

void Scheduler::put_aside(Thread& thread) {
  using Kind = WaitCondition::Kind;
  leave<RunTag>(thread);
  if (thread.state != Thread::State::Blocked) return;
  const WaitCondition& condition = thread.waits_for;
  const bool has_event = thread.cancelled || condition.set == nullptr || condition.set->has_event();
  if (condition.kind == Kind::Entry || (condition.kind == Kind::Callback && has_event)) {
    thread.task.component_state().aside.push_back(thread);
  }
}

void Scheduler::let_in(ComponentState& component) {
  if (component.aside.empty()) return;
  line_.splice(line_.end(), component.aside);
  run_ready_soon();
}

Thread* Scheduler::next_ready() {
  while (!line_.empty()) {
    Thread& thread = line_.front();
    if (thread.place == Thread::Place::CallersStack) {
      // A synchronous task's, which looks for itself.
      leave<RunTag>(thread);
      continue;
    }
    // What goes down needs its turns only where a stack is to be unwound.
    if (is_closing_ ? thread.worker != nullptr : thread.is_ready()) return &thread;
    put_aside(thread);
  }
  return nullptr;
}

Thread* Scheduler::next_ready_of(uint32_t component) {
  for (auto at = line_.begin(); at != line_.end();) {
    Thread& thread = *at++;
    if (thread.task.component() != component) continue;
    if (!thread.is_ready()) {
      put_aside(thread);
    } else if (thread.place == Thread::Place::OwnStack &&
               thread.task.component_state().lock_holder != &thread) {
      return &thread;
    }
  }
  return nullptr;
}

bool Scheduler::is_between_turns() const {
  engine::Store& store = instance_.store();
  return store.stack() == nullptr && !store.is_interrupted();
}

void Scheduler::run_ready_soon() {
  if (is_running_ || is_posted_ || instance_.loop() == nullptr) return;
  is_posted_ = true;
  instance_.loop()->post([this, alive = alive_] {
    if (*alive) run_ready();
  });
}

void Scheduler::run_ready() {
  is_posted_ = false;
  if (instance_.is_poisoned() && !is_closing_) return;
  is_running_ = true;
  turns_left_ = kTurnsAtOnce;
  while (turns_left_ > 0) {
    --turns_left_;
    Result<void> result;
    if (Worker* const worker = std::exchange(interrupted_, nullptr)) {
      result = go_on(*worker);
    } else if (!is_between_turns()) {
      break;
    } else if (Thread* const ready = next_ready()) {
      result = resume(*ready);
    } else {
      break;
    }
    if (!result) {
      instance_.fail(result.error());
      if (!is_closing_) break;
    }
  }
  turns_left_ = 0;
  is_running_ = false;
  // Each may let the guest run, and be stopped there.
  while (!later_.empty() && is_between_turns()) {
    auto work = std::move(later_.front());
    later_.erase(later_.begin());
    work();
  }
  changed_.notify();
  if (instance_.is_poisoned() && !is_closing_) return;
  if (interrupted_ != nullptr || !line_.empty() || !later_.empty()) {
    run_ready_soon();
  } else if (is_deadlocked()) {
    instance_.fail(Error(Errc::Trap, "deadlock detected: event loop cannot make further progress"));
  }
}

// What an epoch stopped, from the loop, and then what it switched to.
Result<void> Scheduler::go_on(Worker& worker) {
  ThreadContext* const before = instance_.thread();
  instance_.set_thread(worker.thread->innermost);
  Result<void> result = poll(worker);
  instance_.set_thread(before);
  if (result && next_ != nullptr) return resume(*std::exchange(next_, nullptr));
  return result;
}

void Scheduler::start(Thread& thread) {
  if (is_running_ || !is_between_turns()) {
    thread.look_again();
    return;
  }
  is_running_ = true;
  Result<void> result = resume(thread);
  is_running_ = false;
  if (!result) instance_.fail(result.error());
  if (interrupted_ != nullptr || !line_.empty() || !later_.empty() || is_deadlocked()) {
    run_ready_soon();
  }
}

bool Scheduler::run_now() {
  if (is_running_ || !is_between_turns() || instance_.is_poisoned()) return false;
  run_ready();
  return true;
}

void Scheduler::when_between_turns(std::move_only_function<void()> work) {
  if (is_between_turns() && !is_running_) {
    work();
    run_ready_soon();
  } else {
    later_.push_back(std::move(work));
    run_ready_soon();
  }
}

bool Scheduler::is_settled() const {
  return tasks_.empty() || instance_.is_poisoned() ||
         (outside_work_ == 0 && line_.empty() && interrupted_ == nullptr);
}

bool Scheduler::is_deadlocked() const {
  return outside_calls_ != 0 && outside_work_ == 0 && !instance_.is_shared();
}

// --- the end

void Scheduler::withdraw_kept() {
  while (!kept_.empty()) kept_.front().withdraw();
}

void Scheduler::fail_callers(const Error& error) {
  std::vector<TaskCaller*> callers;
  for (GuestTask& task : tasks_) {
    if (TaskCaller* const caller = task.take_caller()) callers.push_back(caller);
  }
  for (TaskCaller* const caller : callers) caller->failed(error);
}

void Scheduler::cancel_all() {
  is_closing_ = true;
  for (Worker& worker : workers_) {
    if (worker.thread == nullptr) continue;
    worker.stack.cancel();
    if (worker.thread->state == Thread::State::Blocked) worker.thread->look_again();
  }
  // They may end at once, and leave the list.
  std::vector<std::shared_ptr<HostCall>> calls;
  for (HostCall& call : host_calls_) calls.push_back(call.shared_from_this());
  for (const auto& call : calls) call->cancel();
  run_ready_soon();
}

void Scheduler::add(HostCall& call) {
  host_calls_.push_back(call);
  add_outside_work();
}

void Scheduler::remove(HostCall& call) {
  leave<HostCallTag>(call);
  remove_outside_work();
  changed_.notify();
}

}  // namespace wasmcloud::component
