#include "component/instance.h"

#include "component/detail/running_instance.h"
#include "engine/stack.h"

namespace wasmcloud::component {

Instance::Instance(std::unique_ptr<RunningInstance> running) : running_(std::move(running)) {}
Instance::~Instance() = default;

engine::Store& Instance::store() { return running_->store(); }
bool Instance::is_poisoned() const { return running_->is_poisoned(); }

Task<void> Instance::run(std::move_only_function<Result<void>()> body) {
  return engine::run_on_stack(*running_->loop(), running_->store(), std::move(body));
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
    return fail(Errc::Unsupported, "calling {}: async lifted functions", call.lifted.name);
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
