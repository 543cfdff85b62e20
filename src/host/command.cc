#include "host/command.h"

#include "host/detail/run_once.h"
#include "wasi/cli/command.h"

namespace wasmcloud::host {
namespace {

Task<void> run_in(Loop& loop, component::Instance& instance, const wasi::cli::Command& command,
                  int& status) {
  status = CO_TRY(co_await command.run(loop, instance));
  co_return Result<void>();
}

}  // namespace

Task<int> run_command(Loop& loop, std::shared_ptr<const Workload> workload) {
  const auto* const command = workload->command();
  if (command == nullptr) {
    co_return fail(Errc::NotFound, "the component does not export wasi:cli/run");
  }
  int status = 0;
  CO_TRY(
      co_await detail::run_once(loop, workload, [&](component::Instance& instance, wasi::Context&) {
        return run_in(loop, instance, *command, status);
      }));
  co_return status;
}

}  // namespace wasmcloud::host
