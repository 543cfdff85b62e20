#include "host/detail/run_once.h"

#include "http/client.h"

#include <boost/asio/this_coro.hpp>

namespace wasmcloud::host::detail {

Task<void> run_once(Loop& loop, std::shared_ptr<const Workload> workload,
                    GuestRun::AsyncBody body) {
  wasmcloud::http::Client client(loop, workload->client_options());
  GuestRun run(loop, *workload, client, workload->limits().command_cpu_time);
  auto result = co_await run.call_async(std::nullopt, std::move(body));
  const bool is_cancelled = !result && result.error().code() == Errc::Cancelled;
  if (is_cancelled) {
    // What is on its way must not be left behind.
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  }
  if (!run.try_end()) static_cast<void>(co_await run.end());
  if (!is_cancelled) {
    static_cast<void>(co_await workload->environment().output->drain(loop));
    static_cast<void>(co_await workload->environment().errors->drain(loop));
  }
  co_return result;
}

}  // namespace wasmcloud::host::detail
