#include "host/pool.h"

#include "base/readiness.h"
#include "engine/wait.h"
#include "host/detail/guest_run.h"
#include "host/detail/shared_instances.h"
#include "http/server.h"
#include "wasi/http/incoming_handler.h"
#include "wasi/http/service.h"

#include <algorithm>

namespace wasmcloud::host {

Pool::Pool(Loop& loop, std::shared_ptr<const Workload> workload)
    : loop_(loop), workload_(std::move(workload)), client_(loop, workload_->client_options()) {
  if (workload_->service() != nullptr) {
    shared_ = std::make_unique<detail::SharedInstances>(loop_, *workload_, client_, *this);
  }
}

Pool::~Pool() = default;

void Pool::retire() {
  if (shared_ != nullptr) shared_->retire_all();
}

Task<void> Pool::finish() {
  const Ref<Pool> self(this);
  if (shared_ == nullptr) co_return Result<void>();
  shared_->retire_all();
  shared_->cut_off();
  co_return co_await wait_until(*shared_, [&] { return shared_->is_empty(); });
}

Task<uint16_t> Pool::handle(wasmcloud::http::Request& request,
                            wasmcloud::http::ResponseWriter& response) {
  const Ref<Pool> self(this);
  if (!workload_->is_http()) {
    co_return fail(
        Errc::Unsupported,
        "the component exports neither wasi:http/handler nor wasi:http/incoming-handler");
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
  if (shared_ != nullptr) co_return co_await handle_in_shared(time, request, response);
  co_return co_await handle_in_fresh(time, request, response);
}

Task<uint16_t> Pool::handle_in_shared(Clock::duration time, wasmcloud::http::Request& request,
                                      wasmcloud::http::ResponseWriter& response) {
  const auto deadline = Clock::now() + time;
  const detail::SharedInstances::Call call(*shared_, CO_TRY(co_await shared_->take()), deadline);
  detail::SharedInstance& shared = call.instance();
  auto result = co_await with_deadline(
      loop_, deadline - Clock::now(), "the guest",
      workload_->service()->serve(shared.instance(), shared.context(), request, response));
  if (!result && result.error().code() == Errc::Timeout) {
    co_return fail(Errc::Timeout, "the guest ran past its deadline of {} ms",
                   std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  }
  co_return result;
}

Task<uint16_t> Pool::handle_in_fresh(Clock::duration time, wasmcloud::http::Request& request,
                                     wasmcloud::http::ResponseWriter& response) {
  const auto* const handler = workload_->http_handler();
  wasi::http::Exchange exchange(request, response);
  detail::GuestRun run(loop_, *workload_, client_, workload_->limits().request_cpu_time);
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
