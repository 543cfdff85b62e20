#include "host/call.h"

#include "host/detail/run_once.h"

namespace wasmcloud::host {
namespace {

using Values = std::vector<component::Value>;

Task<void> call_in(component::Instance* instance, component::ExportedFunction function,
                   Values arguments, Values* values) {
  *values = CO_TRY(co_await instance->call_async(function, std::move(arguments)));
  co_return Result<void>();
}

Task<void> call_to_end(Loop& loop, component::Instance& instance,
                       component::ExportedFunction function, Values arguments, Values& values) {
  auto call = call_in(&instance, function, std::move(arguments), &values);
  // A call that is not async ends with the stack it waits on.
  if (!function.is_async()) co_return co_await std::move(call);
  co_return co_await instance.run_to_end(loop, std::move(call));
}

}  // namespace

Task<Values> call_function(Loop& loop, std::shared_ptr<const Workload> workload,
                           component::ExportedFunction function, Values arguments) {
  Values values;
  CO_TRY(
      co_await detail::run_once(loop, workload, [&](component::Instance& instance, wasi::Context&) {
        return call_to_end(loop, instance, function, std::move(arguments), values);
      }));
  co_return values;
}

}  // namespace wasmcloud::host
