#include "component/instance.h"

#include "base/loop.h"
#include "component/async/outside_call.h"
#include "component/async/scheduler.h"
#include "component/async/sync_task.h"
#include "component/detail/dynamic_values.h"
#include "component/detail/places.h"
#include "component/detail/running_instance.h"
#include "component/value.h"
#include "engine/stack.h"

#include <boost/asio/this_coro.hpp>

namespace wasmcloud::component {

Instance::Instance(std::unique_ptr<RunningInstance> running) : running_(std::move(running)) {}
Instance::~Instance() = default;

Result<void> Instance::start() {
  auto started = running_->start();
  if (!started) running_->fail(started.error());
  return started;
}

engine::Store& Instance::store() { return running_->store(); }

size_t Instance::open_handles() const {
  size_t open = 0;
  for (uint32_t i = 0; i < running_->plan().component_instances; ++i) {
    open += running_->component(i).handles.size();
  }
  return open;
}

void Instance::begin_call() { running_->meter().begin_call(); }
bool Instance::is_poisoned() const { return running_->is_poisoned(); }

Task<void> Instance::run(std::move_only_function<Result<void>()> body) {
  return engine::run_on_stack(*running_->loop(), running_->store(), std::move(body));
}

namespace {

Result<Value> arguments_of(const ExportedFunction& function, std::span<const Value> arguments) {
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
  return Value(std::move(params));
}

Result<void> lower_params(CanonicalContext& context, const RuntimeFunction& type,
                          const Value& params, engine::RawValue* flat) {
  if (!type.params_spill()) return lower_flat(context, *type.params, params, flat);
  const uint32_t block = TRY(context.allocate(type.params->size, type.params->align));
  flat[0].u64 = block;
  return lower_memory(context, *type.params, params, block);
}

Result<std::vector<Value>> lift_result(CanonicalContext& context, const RuntimeFunction& type,
                                       const CoreResult& from) {
  std::vector<Value> out;
  if (type.result == nullptr) return out;
  if (from.is_in_memory) {
    TRY(check_place(context, from.at, type.result->size, type.result->align));
    out.push_back(TRY(lift_memory(context, *type.result, from.at)));
  } else {
    out.push_back(TRY(lift_flat(context, *type.result, from.flat)));
  }
  return out;
}

class DynamicCall final : public OutsideCall {
 public:
  DynamicCall(const RuntimeFunction& type, Value params)
      : type_(type), params_(std::move(params)) {}

  Result<void> start(CanonicalContext& callee, engine::RawValue* flat) override {
    return lower_params(callee, type_, params_, flat);
  }
  std::vector<Value> take() { return std::move(values_); }

 protected:
  Result<void> lift(CanonicalContext& callee, const CoreResult& result) override {
    values_ = TRY(lift_result(callee, type_, result));
    return {};
  }

 private:
  const RuntimeFunction& type_;
  Value params_;
  std::vector<Value> values_;
};

}  // namespace

// Canonical ABI, "canon lift", called by the host.
Result<std::vector<Value>> Instance::call(const ExportedFunction& function,
                                          std::span<const Value> arguments) {
  const RuntimeFunction& type = function.lifted().type;
  const Value params = TRY(arguments_of(function, arguments));
  ExportCall call(*this, function);
  TRY(call.enter());
  CanonicalContext& context = call.context();
  std::array<engine::RawValue, 17> flat;
  if (Result<void> lowered = lower_params(context, type, params, flat.data()); !lowered) {
    if (lowered.error().code() != Errc::Invalid) running_->fail(lowered.error());
    return fail(std::move(lowered).error());
  }
  TRY(call.invoke(std::span(flat)));
  CoreResult from{.flat = flat.data()};
  if (type.results_spill()) from = {.at = flat[0].u32, .is_in_memory = true};
  Result<std::vector<Value>> result = lift_result(context, type, from);
  if (!result) {
    running_->fail(result.error());
    return result;
  }
  TRY(call.finish());
  return result;
}

Task<std::vector<Value>> Instance::call_async(ExportedFunction function,
                                              std::vector<Value> arguments) {
  if (!function.is_async()) {
    std::vector<Value> values;
    CO_TRY(co_await run([&]() -> Result<void> {
      values = TRY(call(function, arguments));
      return {};
    }));
    co_return values;
  }
  auto call = std::make_shared<DynamicCall>(function.lifted().type,
                                            CO_TRY(arguments_of(function, arguments)));
  CO_TRY(co_await call->run(*this, function));
  co_return call->take();
}

Result<void> Instance::drop(std::unique_ptr<GuestResource> resource) {
  if (resource == nullptr) return fail(Errc::Invalid, "there is no resource to drop");
  if (resource->home().instance != running_.get()) {
    return fail(Errc::Invalid, "the resource belongs to another instance");
  }
  if (running_->is_poisoned()) {
    return fail(Errc::Trap, "cannot enter component instance: it trapped before");
  }
  auto dropped = running_->destroy(*resource->home().type, resource->representation());
  if (!dropped) running_->fail(dropped.error());
  return dropped;
}

Task<void> Instance::settle() {
  if (!running_->has_scheduler()) co_return Result<void>();
  Scheduler& scheduler = running_->scheduler();
  CO_TRY(co_await wait_until(scheduler, [&] { return scheduler.is_settled(); }));
  if (const Error* const failure = running_->failure()) co_return fail(failure->copy());
  co_return Result<void>();
}

Task<void> Instance::run_to_end(Loop& loop, Task<void> calls) {
  namespace asio = boost::asio;
  co_await asio::this_coro::throw_if_cancelled(false);
  std::optional<Result<void>> ended;
  Event done(loop);
  TaskGroup group(loop);
  group.spawn(
      [](Instance* self, Task<void> inner, std::optional<Result<void>>* out,
         Event* told) -> Task<void> {
        Result<void> result = co_await std::move(inner);
        if (result) result = co_await self->settle();
        out->emplace(std::move(result));
        told->set();
        co_return Result<void>();
      },
      this, std::move(calls), &ended, &done);
  auto waited = co_await done.wait();
  if (!waited) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    static_cast<void>(co_await close());
  }
  static_cast<void>(co_await group.finish());
  if (!waited) co_return fail(std::move(waited).error());
  co_return std::move(*ended);
}

void Instance::cut_off() {
  running_->fail(Error(Errc::Cancelled, "the instance was closed"));
  if (running_->has_scheduler()) running_->scheduler().changed().notify();
}

Task<void> Instance::close() {
  if (!running_->has_scheduler()) co_return Result<void>();
  Scheduler& scheduler = running_->scheduler();
  cut_off();
  scheduler.cancel_all();
  co_return co_await wait_until(scheduler, [&] { return scheduler.is_idle(); });
}

struct ExportCall::State {
  State(RunningInstance& running, const Lifted& callee)
      : instance(running), lifted(callee), context(running, callee.options) {}

  Result<void> end_with(Error error) {
    instance.fail(error);
    return fail(std::move(error));
  }

  RunningInstance& instance;
  const Lifted& lifted;
  CallContext context;
  std::optional<SyncTask> task;
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
  if (call.lifted.type.is_async) {
    return fail(Errc::Invalid, "{} is async and cannot be called as if it were not",
                call.lifted.name);
  }
  return {};
}

Result<void> ExportCall::invoke(std::span<engine::RawValue> flat) {
  State& call = state();
  call.task.emplace(call.instance, call.lifted);
  Result<void> result =
      call.instance.store().call(call.instance.function(call.lifted.function), flat);
  call.task->pause();
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
  Result<void> result;
  if (call.lifted.options.post_return != kNoSlot) {
    call.task->go_on();
    result = call.instance.call_without_leaving(
        call.lifted.options.instance, call.lifted.options.post_return, {&call.core_result, 1});
    call.task->pause();
  }
  if (result) result = call.task->end();
  if (!result) return call.end_with(std::move(result).error());
  return {};
}

}  // namespace wasmcloud::component
