#include "component/async/task.h"

#include "base/check.h"
#include "component/async/scheduler.h"
#include "component/async/waitable.h"

#include <algorithm>

namespace wasmcloud::component {
namespace {

/// What a callback or an async lifted function returns.
enum class CallbackCode : uint8_t { Exit = 0, Yield = 1, Wait = 2 };

}  // namespace

GuestTask::GuestTask(RunningInstance& instance, const Lifted& lifted, TaskCaller* caller,
                     Thread::Place place)
    : instance_(instance),
      lifted_(lifted),
      caller_(caller),
      context_(instance, lifted.options),
      live_threads_(1),
      first_thread_(*this, place) {}

void GuestTask::begin_on_callers_stack() {
  state_ = State::Started;
  Thread& thread = first_thread();
  thread.state = Thread::State::Running;
  if (instance_.plan().has_threads) thread.index = component_state().threads().add(thread);
}

bool GuestTask::is_kept_out() const {
  const ComponentState& component = instance_.component(this->component());
  return component.backpressure > 0 || (needs_lock() && component.lock_holder != nullptr);
}

// Canonical ABI, "Task.enter_implicit_thread".
Result<bool> GuestTask::enter() {
  Thread& thread = first_thread();
  ComponentState& component = component_state();
  if (!lifted_.type.is_async) return true;
  if (thread.state == Thread::State::New) {
    if (!is_kept_out() && component.waiting_to_enter == 0) return true;
    ++component.waiting_to_enter;
    thread.state = Thread::State::Blocked;
    thread.waits_for = {.kind = WaitCondition::Kind::Entry};
    thread.look_again();
    return false;
  }
  --component.waiting_to_enter;
  if (!thread.cancelled) return true;
  TRY(confirm_cancellation());
  thread.state = Thread::State::Ended;
  return false;
}

Result<void> GuestTask::run_turn(Thread& thread) {
  if (&thread != &first_thread()) {
    engine::RawValue value;
    value.u64 = thread.argument;
    TRY(instance_.store().call(thread.function, {&value, 1}));
    thread.state = Thread::State::Ended;
    return {};
  }
  if (state_ == State::Initial) return run_first_turn();
  WaitableEvent event;
  WaitableSet* const set = thread.waits_for.set;
  if (set != nullptr) set->remove_waiter(thread);
  if (std::exchange(thread.cancelled, false)) {
    event.code = EventCode::TaskCancelled;
  } else if (set != nullptr) {
    event = set->take_event();
  }
  take_lock();
  return end_turn(TRY(call_callback(event)));
}

// Canonical ABI, "canon lift".
Result<void> GuestTask::run_first_turn() {
  Thread& thread = first_thread();
  if (needs_lock()) take_lock();
  if (instance_.plan().has_threads) thread.index = component_state().threads().add(thread);
  state_ = State::Started;
  std::array<engine::RawValue, 17> flat;
  if (caller_ == nullptr) return fail(Errc::Cancelled, "nobody waits for {}", lifted_.name);
  TRY(caller_->start(context_, flat.data()));
  context_.memory_is_stale();
  TRY(instance_.store().call(
      instance_.function(lifted_.function),
      std::span(flat).first(std::max({lifted_.core_params, lifted_.core_results, 1U}))));
  context_.memory_is_stale();
  if (has_callback()) return end_turn(flat[0].u32);
  if (!lifted_.options.is_async) {
    TRY(give_results_of_sync_lift(flat.data()));
    free_lock();
  }
  thread.state = Thread::State::Ended;
  return {};
}

Result<uint32_t> GuestTask::call_callback(const WaitableEvent& event) {
  std::array<engine::RawValue, 3> values;
  values[0].u64 = static_cast<uint32_t>(event.code);
  values[1].u64 = event.index;
  values[2].u64 = event.payload;
  TRY(instance_.store().call(instance_.function(lifted_.options.callback), values));
  context_.memory_is_stale();
  return values[0].u32;
}

Result<void> GuestTask::end_turn(uint32_t packed) {
  Thread& thread = first_thread();
  while (true) {
    const uint32_t code = packed & 0xf;
    if (code > static_cast<uint32_t>(CallbackCode::Wait)) {
      return fail(Errc::Trap, "unsupported callback code: {}", code);
    }
    if (code == static_cast<uint32_t>(CallbackCode::Exit)) {
      free_lock();
      thread.state = Thread::State::Ended;
      return {};
    }
    WaitCondition condition{.kind = WaitCondition::Kind::Callback};
    if (code == static_cast<uint32_t>(CallbackCode::Wait)) {
      condition.set = TRY(find_item<WaitableSet>(component_state().handles, packed >> 4,
                                                 TableItem::Kind::WaitableSet));
    }
    if (!take_cancellation()) {
      free_lock();
      thread.waits_for = condition;
      thread.state = Thread::State::Blocked;
      if (condition.set != nullptr) condition.set->add_waiter(thread);
      if (condition.set == nullptr || condition.set->has_event()) thread.look_again();
      return {};
    }
    packed = TRY(call_callback({.code = EventCode::TaskCancelled}));
  }
}

void GuestTask::take_lock() {
  DCHECK(component_state().lock_holder == nullptr);
  component_state().lock_holder = &first_thread();
}

void GuestTask::free_lock() {
  component_state().lock_holder = nullptr;
  instance_.scheduler().let_in(component_state());
}

Result<void> GuestTask::give_results_of_sync_lift(engine::RawValue* flat) {
  const engine::RawValue first = flat[0];
  CoreResult result{.flat = flat};
  if (lifted_.type.results_spill()) result = {.at = flat[0].u32, .is_in_memory = true};
  TRY(give_result(result));
  if (lifted_.options.post_return == kNoSlot) return {};
  engine::RawValue value = first;
  return instance_.call_without_leaving(component(), lifted_.options.post_return, {&value, 1});
}

bool GuestTask::take_cancellation() {
  if (state_ != State::CancelPending) return false;
  state_ = State::CancelDelivered;
  return true;
}

void GuestTask::count_as_outside_call() {
  is_outside_call_ = true;
  instance_.scheduler().add_outside_call();
}

void GuestTask::set_resolved() {
  state_ = State::Resolved;
  if (std::exchange(is_outside_call_, false)) instance_.scheduler().remove_outside_call();
}

Result<void> GuestTask::give_result(const CoreResult& result) {
  if (state_ == State::Resolved) {
    return fail(Errc::Trap, "task.return: {} has returned or been cancelled before", lifted_.name);
  }
  TRY(check_borrows(context_.borrows(), lifted_));
  // Before its caller sees the result: what that does may ask for the task's state.
  set_resolved();
  if (caller_ == nullptr) return {};
  context_.memory_is_stale();
  TRY(caller_->resolve(context_, result));
  caller_ = nullptr;
  context_.memory_is_stale();
  return {};
}

Result<void> GuestTask::confirm_cancellation() {
  if (state_ != State::CancelDelivered) {
    return fail(Errc::Trap, "task.cancel: the cancellation of {} was not delivered", lifted_.name);
  }
  TRY(check_borrows(context_.borrows(), lifted_));
  set_resolved();
  if (caller_ == nullptr) return {};
  TRY(caller_->cancelled());
  caller_ = nullptr;
  return {};
}

// Canonical ABI, "Task.request_cancellation": only who waits at the door or in its callback loop is
// woken by it; every other thread learns of it when its callback returns.
Result<void> GuestTask::request_cancellation() {
  if (state_ == State::Resolved) return {};
  Thread& thread = first_thread();
  using Kind = WaitCondition::Kind;
  if (state_ == State::Initial) {
    state_ = State::CancelDelivered;
  } else {
    DCHECK(state_ == State::Started);
    const bool in_loop =
        thread.state == Thread::State::Blocked && thread.waits_for.kind == Kind::Callback;
    if (!in_loop) {
      state_ = State::CancelPending;
      return {};
    }
    state_ = State::CancelDelivered;
    if (component_state().lock_holder != nullptr) {
      // As soon as the lock is free; its own event may never come.
      thread.cancelled = true;
      thread.look_again();
      return {};
    }
  }
  if (thread.state == Thread::State::New) {
    // It never ran, so there is nothing to tell it.
    TRY(confirm_cancellation());
    instance_.scheduler().end_thread();
    instance_.scheduler().remove(*this);
    return {};
  }
  thread.cancelled = true;
  return instance_.scheduler().resume(thread);
}

Result<Thread*> GuestTask::add_thread(engine::Func function, uint64_t argument) {
  TRY(instance_.scheduler().begin_thread());
  Thread& thread =
      *more_threads_.emplace_back(std::make_unique<Thread>(*this, Thread::Place::OwnStack));
  thread.waits_for.kind = WaitCondition::Kind::Resume;
  thread.index = component_state().threads().add(thread);
  thread.function = function;
  thread.argument = argument;
  ++live_threads_;
  return &thread;
}

Result<void> GuestTask::end_thread(Thread& thread) {
  thread.state = Thread::State::Ended;
  if (thread.index != 0) component_state().threads().remove(thread.index);
  --live_threads_;
  instance_.scheduler().end_thread();
  if (live_threads_ == 0 && state_ != State::Resolved) {
    return fail(Errc::Trap, "async-lifted export failed to produce a result: {}", lifted_.name);
  }
  if (&thread != &first_thread()) {
    std::erase_if(more_threads_, [&](const auto& it) { return it.get() == &thread; });
  }
  return {};
}

}  // namespace wasmcloud::component
