#include "component/async/scheduler.h"
#include "component/async/subtask.h"
#include "component/async/sync_task.h"
#include "component/detail/builtins.h"
#include "component/detail/places.h"
#include "component/detail/running_instance.h"
#include "component/detail/value_copy.h"

#include <optional>

namespace wasmcloud::component {
namespace {

Result<void> copy_params(const RuntimeFunction& type, CallContext& from, CallContext& to,
                         const engine::RawValue* values, engine::RawValue* flat) {
  ValueCopy copy(from, to);
  const RuntimeType& params = *type.params;
  if (!type.params_spill()) return copy.flat_to_flat(params, values, flat);
  const uint32_t at = values[0].u32;
  TRY(check_place(from, at, params.size, params.align));
  const uint32_t block = TRY(to.allocate(params.size, params.align));
  from.memory_is_stale();
  flat[0].u64 = block;
  return copy.memory_to_memory(params, at, block);
}

Result<void> copy_result(const RuntimeFunction& type, CallContext& from, CallContext& to,
                         const engine::RawValue* flat, engine::RawValue* values) {
  if (type.result == nullptr) return {};
  ValueCopy copy(from, to);
  const RuntimeType& result = *type.result;
  if (!type.results_spill()) return copy.flat_to_flat(result, flat, values);
  const uint32_t at = flat[0].u32;
  TRY(check_place(from, at, result.size, result.align));
  const uint32_t out = values[type.params_spill() ? 1 : type.params->flat_count].u32;
  TRY(check_place(to, out, result.size, result.align));
  return copy.memory_to_memory(result, at, out);
}

bool is_plain_call(const Lowered& lowered) {
  const RuntimeFunction& type = lowered.type;
  return type.params->is_passed_on && !type.params_spill() &&
         (type.result == nullptr || (type.result->is_passed_on && !type.results_spill())) &&
         lowered.callee->options.post_return == kNoSlot &&
         lowered.callee->options.instance != lowered.options.instance;
}

Result<void> refuse_own_function() {
  return fail(Errc::Trap, "cannot enter component instance: it lowers a function of its own");
}

// Nothing but numbers that mean the same on both sides: the core values are handed on.
Result<void> pass_on(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const Lowered& lowered = *static_cast<const Lowered*>(env);
  const Lifted& callee = *lowered.callee;
  RunningInstance& instance = RunningInstance::of(store);
  TRY(check_may_leave(instance, lowered));
  const SyncTask task(instance, callee);
  TRY(store.call(instance.function(callee.function),
                 {values, std::max(callee.core_params, callee.core_results)}));
  return task.end();
}

// Canonical ABI, "canon lift" beneath "canon lower", both synchronous: C++ between two wasm frames.
Result<void> call_guest_function(void* env, engine::Store& store,
                                 engine::RawValue* values) noexcept {
  const Lowered& lowered = *static_cast<const Lowered*>(env);
  const Lifted& callee = *lowered.callee;
  RunningInstance& instance = RunningInstance::of(store);
  TRY(check_may_leave(instance, lowered));
  if (callee.options.instance == lowered.options.instance) return refuse_own_function();
  CallContext caller_side(instance, lowered.options);
  CallContext callee_side(instance, callee.options);
  std::array<engine::RawValue, 17> flat;
  TRY(copy_params(lowered.type, caller_side, callee_side, values, flat.data()));
  engine::RawValue core_result;
  const SyncTask task(instance, callee);
  TRY(store.call(instance.function(callee.function),
                 std::span(flat).first(std::max(callee.core_params, callee.core_results))));
  core_result = flat[0];
  caller_side.memory_is_stale();
  callee_side.memory_is_stale();
  TRY(copy_result(lowered.type, callee_side, caller_side, flat.data(), values));
  TRY(check_borrows(callee_side.borrows(), callee));
  if (callee.options.post_return != kNoSlot) {
    TRY(instance.call_without_leaving(callee.options.instance, callee.options.post_return,
                                      {&core_result, 1}));
  }
  return task.end();
}

Result<void> wait_until_resolved(RunningInstance& instance, Subtask& subtask) {
  if (!subtask.is_resolved()) {
    subtask.begin_sync_wait(instance.thread()->thread);
    Result<void> waited =
        instance.scheduler().wait(subtask.lowered().options.instance,
                                  {.kind = WaitCondition::Kind::Waitable, .waitable = &subtask});
    subtask.end_sync_wait();
    TRY(std::move(waited));
  }
  subtask.deliver();
  return {};
}

/// What an async lowered call returns: the state, and the subtask's index unless it is resolved.
Result<void> return_subtask(RunningInstance& instance, std::unique_ptr<Subtask> subtask,
                            engine::RawValue* values) {
  if (subtask->is_resolved()) {
    subtask->deliver();
    values[0].u64 = static_cast<uint32_t>(subtask->state());
    return {};
  }
  Subtask& added = *subtask;
  HandleTable& handles = instance.component(added.lowered().options.instance).handles;
  added.index = TRY(handles.add_item(std::move(subtask)));
  values[0].u64 = static_cast<uint32_t>(added.state()) | added.index << 4;
  return {};
}

/// Runs the callee until it blocks or ends.
Result<void> begin(RunningInstance& instance, Subtask& subtask) {
  Scheduler& scheduler = instance.scheduler();
  GuestTask& task =
      *TRY(scheduler.add_task(*subtask.lowered().callee, &subtask, Thread::Place::OwnStack));
  subtask.set_callee(&task);
  return scheduler.resume(task.first_thread());
}

Result<void> begin_host_call(RunningInstance& instance, Subtask& subtask) {
  const Lowered& lowered = subtask.lowered();
  if (instance.loop() == nullptr) {
    return fail(Errc::Trap, "{} is called in an instance without a loop", lowered.name);
  }
  AsyncCall call(subtask.context());
  if (lowered.params_in_memory() && !lowered.type.params_spill()) {
    // Guests with fewer core values left these in memory; nothing is lifted yet.
    std::array<engine::RawValue, kMaxFlatParams> flat;
    const RuntimeType& params = *lowered.type.params;
    const uint32_t at = subtask.arguments()[0].u32;
    TRY(check_place(subtask.context(), at, params.size, params.align));
    TRY(flatten_from_memory(subtask.context(), params, at, flat.data()));
    TRY(lowered.async_host(lowered.self, call, flat.data()));
  } else {
    TRY(lowered.async_host(lowered.self, call, subtask.arguments()));
  }
  subtask.host_started();
  auto host_call = std::make_shared<HostCall>(instance);
  subtask.set_callee(host_call);
  ThreadContext* const interrupted = instance.thread();
  host_call->start(subtask, call.take());
  instance.set_thread(interrupted);
  return host_call->has_ended() ? host_call->finish() : Result<void>();
}

// Canonical ABI, "canon lower" of an async function.
template <Result<void> (*kBegin)(RunningInstance&, Subtask&)>
Result<void> call_async_function(void* env, engine::Store& store,
                                 engine::RawValue* values) noexcept {
  const Lowered& lowered = *static_cast<const Lowered*>(env);
  RunningInstance& instance = RunningInstance::of(store);
  TRY(check_may_leave(instance, lowered));
  if (lowered.callee != nullptr && lowered.callee->options.instance == lowered.options.instance) {
    return refuse_own_function();
  }
  if (!lowered.options.is_async) {
    Subtask subtask(instance, lowered, values);
    TRY(kBegin(instance, subtask));
    return wait_until_resolved(instance, subtask);
  }
  auto subtask =
      std::make_unique<Subtask>(instance, lowered, std::span(values, lowered.core_params()));
  TRY(kBegin(instance, *subtask));
  return return_subtask(instance, std::move(subtask), values);
}

}  // namespace

engine::HostFunc guest_function(const Lowered& lowered) {
  if (lowered.type.is_async) return call_async_function<begin>;
  return is_plain_call(lowered) ? pass_on : call_guest_function;
}

engine::HostFunc async_host_function() { return call_async_function<begin_host_call>; }

}  // namespace wasmcloud::component
