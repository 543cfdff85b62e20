#include "host/pool.h"

#include "base/readiness.h"
#include "engine/stack.h"
#include "host/detail/busy.h"
#include "host/detail/guest_run.h"
#include "host/detail/in_time.h"
#include "host/detail/shared_instances.h"
#include "http/server.h"
#include "wasi/http/incoming_handler.h"
#include "wasi/http/service.h"

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace wasmcloud::host {

Pool::Pool(Loop& loop, std::shared_ptr<const Workload> workload)
    : loop_(loop), workload_(std::move(workload)), client_(loop, workload_->client_options()) {
  if (workload_->is_http() && workload_->is_reused()) {
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
  if (workload_->service() != nullptr) co_return co_await handle_in_shared(time, request, response);
  if (shared_ != nullptr) co_return co_await handle_in_reused(time, request, response);
  co_return co_await handle_in_fresh(time, request, response);
}

Task<uint16_t> Pool::handle_in_shared(Clock::duration time, wasmcloud::http::Request& request,
                                      wasmcloud::http::ResponseWriter& response) {
  const auto begin = Clock::now();
  Ref<detail::SharedInstance> instance = shared_->with_room();
  if (!instance) instance = CO_TRY(co_await shared_->take());
  const detail::SharedInstances::Call call(*shared_, std::move(instance), begin + time);
  detail::SharedInstance& shared = call.instance();
  co_return co_await detail::in_time(
      loop_, begin, time,
      workload_->service()->serve(shared.instance(), shared.context(), request, response));
}

namespace {

/// What a guest of WASI 0.2 that has returned has answered.
Result<uint16_t> answer_of(const wasi::http::Exchange& exchange) {
  if (!exchange.is_answered()) {
    return fail(Errc::Refused, "the guest gave no answer{}{}",
                exchange.refusal().empty() ? "" : ": ", exchange.refusal());
  }
  if (!exchange.response().is_head_sent()) {
    return fail(Errc::Refused, "the guest gave up its answer before any of it was sent");
  }
  return exchange.status();
}

}  // namespace

Task<uint16_t> Pool::handle_in_reused(Clock::duration time, wasmcloud::http::Request& request,
                                      wasmcloud::http::ResponseWriter& response) {
  const auto begin = Clock::now();
  detail::SharedInstances::Call call(*shared_, CO_TRY(co_await shared_->take()), begin + time);
  detail::SharedInstance& reused = call.instance();
  wasi::http::Exchange exchange(request, response, wasi::http::Exchange::Watch::Yes);
  Result<void> result;
  {
    engine::Stack stack(reused.instance().store(), [&] {
      return workload_->http_handler()->handle(reused.instance(), reused.context(), exchange);
    });
    if (stack.poll()) {
      result = stack.take_result();
    } else {
      try {
        result = co_await detail::in_time(loop_, begin, time, engine::finish(loop_, stack));
      } catch (const boost::system::system_error&) {
        // How what was cancelled ends where it goes on to wait.
        result = fail(Errc::Cancelled, "the request was cancelled");
      }
    }
  }
  // Handles that point to this request must not outlive it, nor does a guest that was stopped in
  // the middle of something get another.
  if (!result || exchange.is_held()) static_cast<void>(co_await call.end_with_instance());
  if (!result) co_return fail(std::move(result).error());
  co_return answer_of(exchange);
}

Task<uint16_t> Pool::handle_in_fresh(Clock::duration time, wasmcloud::http::Request& request,
                                     wasmcloud::http::ResponseWriter& response) {
  wasi::http::Exchange exchange(request, response);
  while (true) {
    detail::GuestRun run(loop_, *workload_, client_, workload_->limits().request_cpu_time);
    auto result =
        co_await run.call(time, [&](component::Instance& instance, wasi::Context& context) {
          return workload_->http_handler()->handle(instance, context, exchange);
        });
    if (!run.try_end()) static_cast<void>(co_await run.end());
    if (result) co_return answer_of(exchange);
    const bool may_try_again = detail::is_busy(result.error()) && !exchange.is_answered();
    // The room may be gone before we get to it, but then another request has it.
    if (!may_try_again || CO_TRY(co_await workload_->idle_instances().ask(loop_)) == 0) {
      co_return fail(std::move(result).error());
    }
  }
}

}  // namespace wasmcloud::host
