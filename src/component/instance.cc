#include "component/instance.h"

#include "component/detail/dynamic_values.h"
#include "component/detail/places.h"
#include "component/detail/running_instance.h"
#include "component/value.h"
#include "engine/stack.h"

namespace wasmcloud::component {

Instance::Instance(std::unique_ptr<RunningInstance> running) : running_(std::move(running)) {}
Instance::~Instance() = default;

Result<void> Instance::start() {
  auto started = running_->start();
  if (!started) running_->poison();
  return started;
}

engine::Store& Instance::store() { return running_->store(); }
bool Instance::is_poisoned() const { return running_->is_poisoned(); }

Task<void> Instance::run(std::move_only_function<Result<void>()> body) {
  return engine::run_on_stack(*running_->loop(), running_->store(), std::move(body));
}

// Canonical ABI, "canon lift", called by the host.
Result<std::vector<Value>> Instance::call(const ExportedFunction& function,
                                          std::span<const Value> arguments) {
  const RuntimeFunction& type = function.lifted().type;
  Value::Record params;
  if (arguments.size() != type.params->parts.size()) {
    return fail(Errc::Invalid, "{} takes {} arguments, not {}", function.name(),
                type.params->parts.size(), arguments.size());
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    params.names.push_back(type.params->parts[i].name);
    params.values.push_back(arguments[i]);
  }
  ExportCall call(*this, function);
  TRY(call.enter());
  CanonicalContext& context = call.context();
  std::array<engine::RawValue, 17> flat;
  auto lower_params = [&]() -> Result<void> {
    if (!type.params_spill()) {
      return lower_flat(context, *type.params, Value(std::move(params)), flat.data());
    }
    const uint32_t block = TRY(context.allocate(type.params->size, type.params->align));
    flat[0].u64 = block;
    return lower_memory(context, *type.params, Value(std::move(params)), block);
  };
  auto lift_result = [&]() -> Result<std::vector<Value>> {
    std::vector<Value> out;
    if (type.result == nullptr) return out;
    if (type.results_spill()) {
      TRY(check_place(context, flat[0].u32, type.result->size, type.result->align));
      out.push_back(TRY(lift_memory(context, *type.result, flat[0].u32)));
    } else {
      out.push_back(TRY(lift_flat(context, *type.result, flat.data())));
    }
    return out;
  };
  if (Result<void> lowered = lower_params(); !lowered) {
    if (lowered.error().code() != Errc::Invalid) running_->poison();
    return fail(std::move(lowered).error());
  }
  TRY(call.invoke(std::span(flat)));
  Result<std::vector<Value>> result = lift_result();
  if (!result) {
    running_->poison();
    return result;
  }
  TRY(call.finish());
  return result;
}

struct ExportCall::State {
  State(RunningInstance& running, const Lifted& callee)
      : instance(running), lifted(callee), context(running, callee.options) {}

  Result<void> end_with(Error error) {
    instance.poison();
    return fail(std::move(error));
  }

  RunningInstance& instance;
  const Lifted& lifted;
  CallContext context;
  ThreadContext thread;
  ThreadContext* interrupted = nullptr;
  engine::RawValue core_result{};
};

ExportCall::ExportCall(Instance& instance, const ExportedFunction& function) {
  static_assert(sizeof(State) <= sizeof(storage_));
  new (storage_) State(instance.running(), function.lifted());
}

ExportCall::~ExportCall() { state().~State(); }

ExportCall::State& ExportCall::state() { return *std::launder(reinterpret_cast<State*>(storage_)); }

CanonicalContext& ExportCall::context() { return state().context; }

Result<void> ExportCall::enter() {
  State& call = state();
  if (call.instance.is_poisoned()) {
    return fail(Errc::Trap, "cannot enter component instance: it trapped before");
  }
  if (call.lifted.options.is_async) {
    return fail(Errc::Unsupported, "calling {}, which is lifted async", call.lifted.name);
  }
  return {};
}

Result<void> ExportCall::invoke(std::span<engine::RawValue> flat) {
  State& call = state();
  call.interrupted = call.instance.thread();
  call.instance.set_thread(&call.thread);
  Result<void> result =
      call.instance.store().call(call.instance.function(call.lifted.function), flat);
  call.instance.set_thread(call.interrupted);
  call.context.memory_is_stale();
  if (!result) return call.end_with(std::move(result).error());
  if (call.lifted.core_results != 0) call.core_result = flat[0];
  return {};
}

Result<void> ExportCall::finish() {
  State& call = state();
  if (call.context.borrows().open != 0) {
    return call.end_with(
        Error(Errc::Trap, fmt::format("{} borrow handles still remain at the end of the call of {}",
                                      call.context.borrows().open, call.lifted.name)));
  }
  if (call.lifted.options.post_return == kNoSlot) return {};
  call.instance.set_thread(&call.thread);
  Result<void> result = call.instance.call_without_leaving(
      call.lifted.options.instance, call.lifted.options.post_return, {&call.core_result, 1});
  call.instance.set_thread(call.interrupted);
  if (!result) return call.end_with(std::move(result).error());
  return {};
}

}  // namespace wasmcloud::component
