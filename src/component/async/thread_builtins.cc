#include "component/async/builtin_call.h"

// The built-ins of cooperative threads (canonical ABI, "canon thread.*").

namespace wasmcloud::component {
namespace {

using WaitKind = WaitCondition::Kind;

Result<Thread*> find_thread(const BuiltinCall& call, uint32_t index) {
  return call.component().threads().at(index);
}

Result<Thread*> find_suspended(const BuiltinCall& call, uint32_t index) {
  Thread* const thread = TRY(find_thread(call, index));
  if (thread->is_suspended()) return thread;
  return fail(Errc::Trap, "{}: thread {} is not suspended", call.lowered.name, index);
}

Result<void> thread_index(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  values[0].u64 = TRY(call.thread())->index;
  return {};
}

Result<void> thread_new_indirect(void* env, engine::Store& store,
                                 engine::RawValue* values) noexcept {
  static const engine::FuncType kType{.params = {engine::ValueType::I32}, .results = {}};
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  GuestTask& task = TRY(call.thread())->task;
  const uint32_t index = values[0].u32;
  const engine::Table table =
      call.instance
          .resolve({.instance = call.lowered.table.instance, .index = call.lowered.table.index})
          .table;
  if (index >= store.size(table)) {
    return fail(Errc::Trap, "thread.new-indirect: table index {} is out of bounds", index);
  }
  const engine::Func function = TRY(store.get(table, index));
  if (function.is_null()) {
    return fail(Errc::Trap, "thread.new-indirect: uninitialized element {}", index);
  }
  TRY(store.check_type(function, kType));
  values[0].u64 = TRY(task.add_thread(function, values[1].u32))->index;
  return {};
}

Result<void> thread_resume_later(void* env, engine::Store& store,
                                 engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  Thread& thread = *TRY(find_suspended(call, values[0].u32));
  thread.waits_for.kind = WaitKind::Turn;
  thread.look_again();
  return {};
}

Result<void> thread_suspend(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  TRY(call.thread());
  TRY(call.scheduler().wait(call.index(), {.kind = WaitKind::Resume}));
  values[0].u64 = 0;
  return {};
}

template <WaitKind kWait>
Result<void> then_resume(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  TRY(call.thread());
  Thread& next = *TRY(find_suspended(call, values[0].u32));
  next.waits_for.kind = WaitKind::Turn;
  TRY(call.scheduler().switch_to(call.index(), {.kind = kWait}, next));
  values[0].u64 = 0;
  return {};
}

template <WaitKind kWait>
Result<void> then_promote(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  Thread* const self = TRY(call.thread());
  Thread& next = *TRY(find_thread(call, values[0].u32));
  if (&next == self) {
    return fail(Errc::Trap, "{}: thread {} is the one that calls", call.lowered.name, next.index);
  }
  if (next.is_ready()) {
    TRY(call.scheduler().switch_to(call.index(), {.kind = kWait}, next));
  } else if (kWait == WaitKind::Turn) {
    TRY(call.scheduler().yield(call.index()));
  } else {
    TRY(call.scheduler().wait(call.index(), {.kind = kWait}));
  }
  values[0].u64 = 0;
  return {};
}

}  // namespace

engine::HostFunc thread_builtin(CanonKind kind) {
  switch (kind) {
    case CanonKind::ThreadIndex:
      return thread_index;
    case CanonKind::ThreadNewIndirect:
      return thread_new_indirect;
    case CanonKind::ThreadResumeLater:
      return thread_resume_later;
    case CanonKind::ThreadSuspend:
      return thread_suspend;
    case CanonKind::ThreadSuspendThenResume:
      return then_resume<WaitKind::Resume>;
    case CanonKind::ThreadYieldThenResume:
      return then_resume<WaitKind::Turn>;
    case CanonKind::ThreadSuspendThenPromote:
      return then_promote<WaitKind::Resume>;
    case CanonKind::ThreadYieldThenPromote:
      return then_promote<WaitKind::Turn>;
    default:
      return nullptr;
  }
}

}  // namespace wasmcloud::component
