#include "component/async/builtin_call.h"
#include "component/async/subtask.h"
#include "component/async/waitable.h"
#include "component/detail/places.h"

#include <memory>

// The built-ins of tasks, subtasks and waitable sets (canonical ABI, "Canonical Definitions").

namespace wasmcloud::component {
namespace {

using Kind = TableItem::Kind;

Result<void> task_return(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  Thread* const thread = call.instance.thread()->thread;
  if (thread == nullptr || !thread->task.lifted().options.is_async) {
    return fail(Errc::Trap,
                "invalid `task.return` signature and/or options for current task: it is not "
                "lifted async");
  }
  GuestTask& task = thread->task;
  const Lifted& lifted = task.lifted();
  const RuntimeType* const result = lifted.type.result;
  const uint32_t memory = call.lowered.options.memory;
  if (call.lowered.payload != result || (memory != kNoSlot && memory != lifted.options.memory) ||
      call.lowered.options.encoding != lifted.options.encoding) {
    return fail(Errc::Trap,
                "invalid `task.return` signature and/or options for current task: {} has others",
                lifted.name);
  }
  CoreResult from{.flat = values};
  if (result != nullptr && result->flat_count > kMaxFlatParams) {
    from = {.at = values[0].u32, .is_in_memory = true};
  }
  return task.give_result(from);
}

Result<void> task_cancel(void* env, engine::Store& store, engine::RawValue*) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  GuestTask& task = TRY(call.thread())->task;
  if (!task.lifted().options.is_async) {
    return fail(Errc::Trap, "task.cancel: {} is not lifted async", task.lifted().name);
  }
  return task.confirm_cancellation();
}

Result<void> subtask_cancel(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  Subtask& subtask = *TRY(find_item<Subtask>(call.handles(), values[0].u32, Kind::Subtask));
  if (subtask.is_delivered()) {
    return fail(Errc::Trap, "`subtask.cancel` called after terminal status delivered");
  }
  if (subtask.is_cancellation_requested()) {
    return fail(Errc::Trap, "`subtask.cancel` called twice on the same subtask");
  }
  if (subtask.is_in_set() && !call.lowered.is_async_form) {
    return fail(Errc::Trap, "waitable cannot be used synchronously while added to a waitable set");
  }
  if (!subtask.is_resolved()) {
    TRY(subtask.request_cancellation());
    if (!subtask.is_resolved()) {
      if (call.lowered.is_async_form) {
        values[0].u64 = kBlocked;
        return {};
      }
      subtask.begin_sync_wait(call.instance.thread()->thread);
      // Its start is an event too, but not the one that is waited for.
      while (!subtask.is_resolved()) {
        if (subtask.has_event()) subtask.take_event();
        TRY(call.scheduler().wait(call.index(),
                                  {.kind = WaitCondition::Kind::Waitable, .waitable = &subtask}));
      }
      subtask.end_sync_wait();
    }
  }
  if (subtask.has_event()) subtask.take_event();
  values[0].u64 = static_cast<uint32_t>(subtask.state());
  return {};
}

Result<void> subtask_drop(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  const Subtask& subtask = *TRY(find_item<Subtask>(call.handles(), values[0].u32, Kind::Subtask));
  if (!subtask.is_delivered()) {
    return fail(Errc::Trap, "cannot drop a subtask which has not yet resolved");
  }
  call.handles().remove_item(values[0].u32);
  return {};
}

Result<void> waitable_set_new(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  values[0].u64 = TRY(call.handles().add_item(std::make_unique<WaitableSet>()));
  return {};
}

Result<void> store_event(const BuiltinCall& call, const WaitableEvent& event, uint32_t at,
                         engine::RawValue* values) {
  CallContext context(call.instance, call.lowered.options);
  TRY(check_place(context, at, 8, 4));
  std::memcpy(context.memory().data() + at, &event.index, 4);
  std::memcpy(context.memory().data() + at + 4, &event.payload, 4);
  values[0].u64 = static_cast<uint32_t>(event.code);
  return {};
}

Result<void> waitable_set_wait(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  WaitableSet& set = *TRY(find_item<WaitableSet>(call.handles(), values[0].u32, Kind::WaitableSet));
  const uint32_t at = values[1].u32;
  if (!set.has_event()) {
    TRY(call.scheduler().wait(call.index(), {.kind = WaitCondition::Kind::Event, .set = &set}));
  }
  return store_event(call, set.take_event(), at, values);
}

Result<void> waitable_set_poll(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  WaitableSet& set = *TRY(find_item<WaitableSet>(call.handles(), values[0].u32, Kind::WaitableSet));
  const uint32_t at = values[1].u32;
  return store_event(call, set.has_event() ? set.take_event() : WaitableEvent(), at, values);
}

Result<void> waitable_set_drop(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  const uint32_t index = values[0].u32;
  const WaitableSet& set = *TRY(find_item<WaitableSet>(call.handles(), index, Kind::WaitableSet));
  if (set.has_members()) return fail(Errc::Trap, "cannot drop a waitable set with members");
  if (set.has_waiters()) return fail(Errc::Trap, "cannot drop waitable set with waiters");
  call.handles().remove_item(index);
  return {};
}

Result<Waitable*> find_waitable(HandleTable& handles, uint32_t index) {
  TableItem* const item = TRY(handles.item(index, "a waitable"));
  switch (item->kind()) {
    case Kind::Subtask:
    case Kind::ReadableStream:
    case Kind::WritableStream:
    case Kind::ReadableFuture:
    case Kind::WritableFuture:
      return static_cast<Waitable*>(item);
    default:
      return fail(Errc::Trap,
                  "handle index {} used with the wrong type, expected a waitable, found {}", index,
                  name_of(item->kind()));
  }
}

Result<void> waitable_join(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  Waitable& waitable = *TRY(find_waitable(call.handles(), values[0].u32));
  if (waitable.has_sync_waiter()) {
    return fail(Errc::Trap, "waitable cannot be added to a waitable set while used synchronously");
  }
  WaitableSet* set = nullptr;
  if (const uint32_t index = values[1].u32; index != 0) {
    set = TRY(find_item<WaitableSet>(call.handles(), index, Kind::WaitableSet));
  }
  waitable.join(set);
  return {};
}

Result<void> thread_yield(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  TRY(call.scheduler().yield(call.index()));
  values[0].u64 = 0;
  return {};
}

// Backpressure: tasks wait at the door of their component instance as long as it counts.
constexpr uint32_t kMaxBackpressure = 1u << 16;

Result<void> backpressure_inc(void* env, engine::Store& store, engine::RawValue*) noexcept {
  uint32_t& count = BuiltinCall(env, store).component().backpressure;
  if (count + 1 == kMaxBackpressure) return fail(Errc::Trap, "backpressure counter overflow");
  ++count;
  return {};
}

Result<void> backpressure_dec(void* env, engine::Store& store, engine::RawValue*) noexcept {
  const BuiltinCall call(env, store);
  ComponentState& component = call.component();
  if (component.backpressure == 0) {
    return fail(Errc::Trap, "backpressure counter overflow: below zero");
  }
  if (--component.backpressure == 0 && !component.aside.empty()) {
    call.scheduler().let_in(component);
  }
  return {};
}

}  // namespace

engine::HostFunc task_builtin(CanonKind kind) {
  switch (kind) {
    case CanonKind::TaskReturn:
      return task_return;
    case CanonKind::TaskCancel:
      return task_cancel;
    case CanonKind::SubtaskCancel:
      return subtask_cancel;
    case CanonKind::SubtaskDrop:
      return subtask_drop;
    case CanonKind::WaitableSetNew:
      return waitable_set_new;
    case CanonKind::WaitableSetWait:
      return waitable_set_wait;
    case CanonKind::WaitableSetPoll:
      return waitable_set_poll;
    case CanonKind::WaitableSetDrop:
      return waitable_set_drop;
    case CanonKind::WaitableJoin:
      return waitable_join;
    case CanonKind::ThreadYield:
      return thread_yield;
    case CanonKind::BackpressureInc:
      return backpressure_inc;
    case CanonKind::BackpressureDec:
      return backpressure_dec;
    default:
      return nullptr;
  }
}

}  // namespace wasmcloud::component
