#include "component/detail/builtins.h"
#include "component/detail/places.h"
#include "component/detail/running_instance.h"
#include "component/detail/value_copy.h"

namespace wasmcloud::component {
namespace {

/// The thread of a callee, for as long as it runs.
class CalleeThread {
 public:
  explicit CalleeThread(RunningInstance& instance)
      : instance_(instance), interrupted_(instance.thread()) {
    instance_.set_thread(&thread_);
  }
  ~CalleeThread() { instance_.set_thread(interrupted_); }
  CalleeThread(const CalleeThread&) = delete;
  CalleeThread& operator=(const CalleeThread&) = delete;

 private:
  RunningInstance& instance_;
  ThreadContext* interrupted_;
  ThreadContext thread_;
};

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
         lowered.callee->options.post_return == kNoSlot && !lowered.callee->options.is_async &&
         lowered.callee->options.instance != lowered.options.instance;
}

// Nothing but numbers that mean the same on both sides: the core values are handed on.
Result<void> pass_on(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const Lowered& lowered = *static_cast<const Lowered*>(env);
  const Lifted& callee = *lowered.callee;
  RunningInstance& instance = RunningInstance::of(store);
  TRY(check_may_leave(instance, lowered));
  const CalleeThread thread(instance);
  return store.call(instance.function(callee.function),
                    {values, std::max(callee.core_params, callee.core_results)});
}

// Canonical ABI, "canon lift" beneath "canon lower", both synchronous: C++ between two wasm frames.
Result<void> call_guest_function(void* env, engine::Store& store,
                                 engine::RawValue* values) noexcept {
  const Lowered& lowered = *static_cast<const Lowered*>(env);
  const Lifted& callee = *lowered.callee;
  RunningInstance& instance = RunningInstance::of(store);
  TRY(check_may_leave(instance, lowered));
  // An async-typed function that is lifted synchronously blocks its caller: whole stacks suspend.
  if (callee.options.is_async) {
    return fail(Errc::Unsupported, "calling {}, which is lifted async", callee.name);
  }
  if (callee.options.instance == lowered.options.instance) {
    return fail(Errc::Trap, "cannot enter component instance: it lowers a function of its own");
  }
  CallContext caller_side(instance, lowered.options);
  CallContext callee_side(instance, callee.options);
  std::array<engine::RawValue, 17> flat;
  TRY(copy_params(lowered.type, caller_side, callee_side, values, flat.data()));
  engine::RawValue core_result;
  const CalleeThread thread(instance);
  TRY(store.call(instance.function(callee.function),
                 std::span(flat).first(std::max(callee.core_params, callee.core_results))));
  core_result = flat[0];
  caller_side.memory_is_stale();
  callee_side.memory_is_stale();
  TRY(copy_result(lowered.type, callee_side, caller_side, flat.data(), values));
  TRY(check_borrows(callee_side.borrows(), callee));
  if (callee.options.post_return == kNoSlot) return {};
  return instance.call_without_leaving(callee.options.instance, callee.options.post_return,
                                       {&core_result, 1});
}

}  // namespace

engine::HostFunc guest_function(const Lowered& lowered) {
  return is_plain_call(lowered) ? pass_on : call_guest_function;
}

}  // namespace wasmcloud::component
