#include "host/call.h"

#include "host/detail/run_once.h"

namespace wasmcloud::host {
namespace {

using Values = std::vector<component::Value>;

Task<void> call_in(component::Instance* instance, component::ExportedFunction function,
                   Values arguments, UseResult* use) {
  Values values = CO_TRY(co_await instance->call_async(function, std::move(arguments)));
  Result<void> used = co_await (*use)(std::move(values));
  // What ended the guest says more than what is missing since.
  if (instance->is_poisoned()) CO_TRY(co_await instance->settle());
  co_return used;
}

Task<void> call_to_end(Loop& loop, component::Instance& instance,
                       component::ExportedFunction function, Values arguments, UseResult& use) {
  auto call = call_in(&instance, function, std::move(arguments), &use);
  // A call that is not async ends with the stack it waits on.
  if (!function.is_async()) co_return co_await std::move(call);
  co_return co_await instance.run_to_end(loop, std::move(call));
}

}  // namespace

Task<void> call_function(Loop& loop, std::shared_ptr<const Workload> workload,
                         component::ExportedFunction function, Values arguments, UseResult use) {
  co_return co_await detail::run_once(
      loop, workload, [&](component::Instance& instance, wasi::Context&) {
        return call_to_end(loop, instance, function, std::move(arguments), use);
      });
}

}  // namespace wasmcloud::host
