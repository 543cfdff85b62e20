#include "host/pool.h"

#include "engine/wait.h"
#include "host/detail/guest_run.h"
#include "http/server.h"
#include "wasi/http/incoming_handler.h"

#include <algorithm>

namespace wasmcloud::host {

Task<uint16_t> Pool::handle(wasmcloud::http::Request& request,
                            wasmcloud::http::ResponseWriter& response) {
  const Ref<Pool> self(this);
  const auto* const handler = workload_->http_handler();
  if (handler == nullptr) {
    co_return fail(Errc::Unsupported, "the component does not export wasi:http/incoming-handler");
  }

  const Limits& limits = workload_->limits();
  Admission& admission = workload_->admission();
  Clock::duration time = limits.request_timeout;
  if (!admission.try_enter()) [[unlikely]] {
    const auto begin = Clock::now();
    CO_TRY(co_await admission.wait(loop_, std::min(time, limits.queue_timeout)));
    time -= std::min(time, Clock::now() - begin);
  }
  const Admission::Place place(admission);

  wasi::http::Exchange exchange(request, response);
  detail::GuestRun run(loop_, *workload_, client_);
  auto result = co_await run.call(time, [&](component::Instance& instance, wasi::Context& context) {
    return handler->handle(instance, context, exchange);
  });
  if (!run.try_end()) static_cast<void>(co_await run.end());
  if (!result) co_return fail(std::move(result).error());
  if (!exchange.is_answered()) {
    co_return fail(Errc::Refused, "the guest gave no answer{}{}",
                   exchange.refusal().empty() ? "" : ": ", exchange.refusal());
  }
  if (!response.is_head_sent()) {
    co_return fail(Errc::Refused, "the guest gave up its answer before any of it was sent");
  }
  co_return exchange.status();
}

}  // namespace wasmcloud::host
