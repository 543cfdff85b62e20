#include "host/ingress.h"

#include "base/log.h"
#include "host/detail/busy.h"

namespace wasmcloud::host {
namespace {

/// When a client may come again: about as long as requests take.
constexpr std::string_view kRetryAfterSeconds = "1";

struct Answer {
  uint16_t status;
  std::string_view text;
};

/// What a client is told of a failure.
Answer answer_to(const Error& error) {
  if (error.code() == Errc::Timeout) return {.status = 504, .text = "the request took too long\n"};
  if (detail::is_busy(error)) return {.status = 503, .text = "too many requests at once\n"};
  // The server says the same in our place where a response is withdrawn before we get here.
  return {.status = 500, .text = "Internal Server Error\n"};
}

Result<void> respond(wasmcloud::http::ResponseWriter& response, Answer answer) {
  wasmcloud::http::ResponseHead head{.status = answer.status, .headers = {}};
  head.headers.append_valid("content-type", "text/plain; charset=utf-8");
  if (answer.status == 503) head.headers.append_valid("retry-after", kRetryAfterSeconds);
  return response.respond(head, Bytes::from_static(answer.text));
}

void log_failure(const Workload& workload, const wasmcloud::http::RequestHead& head,
                 const Error& error) {
  if (error.code() == Errc::Cancelled) {
    log::debug("{}: {} {}: the client went away", workload.name(), head.method.text(),
               head.path_with_query);
    return;
  }
  if (detail::is_busy(error)) {
    // The admission says so, once for many.
    log::debug("{}: {} {}: {}", workload.name(), head.method.text(), head.path_with_query,
               error.message());
    return;
  }
  log::warn("{}: {} {}: {}{}{}", workload.name(), head.method.text(), head.path_with_query,
            error.message(), error.detail().empty() ? "" : "\n", error.detail());
}

}  // namespace

void Ingress::serve(std::shared_ptr<const Workload> workload) {
  const Ref<Pool> before = std::move(current_);
  current_ = workload ? make_ref<Pool>(loop_, std::move(workload)) : Ref<Pool>();
  if (before) before->retire();
}

Task<void> Ingress::finish() {
  const Ref<Pool> last = std::exchange(current_, nullptr);
  if (last) co_return co_await last->finish();
  co_return Result<void>();
}

Task<void> Ingress::handle(wasmcloud::http::Request& request,
                           wasmcloud::http::ResponseWriter& response) {
  const auto begin = on_end_ ? Clock::now() : Clock::time_point();
  const Ref<Pool> pool = current_;
  const Workload* const workload = pool ? &pool->workload() : nullptr;
  uint16_t status = 0;
  std::optional<Error> failure;
  if (!pool) {
    status = 503;
    static_cast<void>(respond(response, {.status = status, .text = "no workload is running\n"}));
  } else if (auto handled = co_await pool->handle(request, response); handled) {
    status = *handled;
  } else {
    failure.emplace(std::move(handled).error());
    log_failure(*workload, request.head, *failure);
    if (failure->code() != Errc::Cancelled && !response.is_head_sent()) {
      const Answer answer = answer_to(*failure);
      // If this fails the client has left, and there is nobody to tell.
      if (respond(response, answer)) status = answer.status;
    }
  }
  if (on_end_) {
    on_end_({.workload = workload,
             .method = request.head.method.text(),
             .path = request.head.path_with_query,
             .status = status,
             .time = Clock::now() - begin,
             .error = failure ? &*failure : nullptr});
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::host
