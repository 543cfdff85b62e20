#include "host/command.h"

#include "host/detail/guest_run.h"
#include "http/client.h"
#include "wasi/cli/command.h"

#include <boost/asio/this_coro.hpp>

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
  http::Client client(loop, workload->client_options());
  detail::GuestRun run(loop, *workload, client, workload->limits().command_cpu_time);
  auto result =
      co_await run.call_async(std::nullopt, [&](component::Instance& instance, wasi::Context&) {
        return run_in(loop, instance, *command, status);
      });
  if (!result && result.error().code() == Errc::Cancelled) {
    // What is on its way must not be left behind, but nobody waits for a reader of the output.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    if (!run.try_end()) static_cast<void>(co_await run.end());
    co_return fail(std::move(result).error());
  }
  if (!run.try_end()) static_cast<void>(co_await run.end());
  static_cast<void>(co_await workload->environment().output->drain(loop));
  static_cast<void>(co_await workload->environment().errors->drain(loop));
  if (!result) co_return fail(std::move(result).error());
  co_return status;
}

}  // namespace wasmcloud::host
