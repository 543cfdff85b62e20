#include "http/detail/client/exchange.h"

#include "http/authority.h"
#include "http/detail/client/pool.h"
#include "http/detail/client/tunnel.h"

namespace wasmcloud::http::detail {

Clock::time_point time_after(Clock::duration limit) {
  const auto now = Clock::now();
  return limit >= Clock::time_point::max() - now ? Clock::time_point::max() : now + limit;
}

Exchange::Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts)
    : pool_(std::move(pool)),
      timeouts_(timeouts),
      timer_(pool_->loop(), *this, [](Counted& self) { static_cast<Exchange&>(self).on_time(); }),
      body_(pool_->loop(), *this) {}

Exchange::~Exchange() = default;

Loop& Exchange::loop() const { return pool_->loop(); }

Result<void> Exchange::begin(const RequestHead& head) {
  const auto parts = split_authority(head.authority);
  if (!parts) {
    return wasmcloud::fail(
        make_failure(Failure::RequestUriInvalid,
                     fmt::format("\"{}\" should be a host, or host:port", head.authority)));
  }
  destination_ = {.scheme = head.scheme,
                  .host = std::string(parts->host),
                  .port = parts->port.value_or(default_port(head.scheme)),
                  .http2 = is_http2()};
  TRY(find_proxy());
  authority_ = head.authority;
  to_head_ = head.method.kind() == Method::Kind::Head;
  connect_deadline_ = time_after(timeouts_.connect);
  return {};
}

Result<void> Exchange::find_proxy() {
  const std::shared_ptr<const Proxies>& proxies = pool_->options().proxies;
  if (proxies == nullptr) return {};
  auto found = proxies->find(destination_.scheme, destination_.host, destination_.port);
  if (!found) {
    return wasmcloud::fail(
        std::move(found).error().with_number(number_of(Failure::DestinationUnavailable)));
  }
  destination_.proxy = *std::move(found);
  if (destination_.is_relayed() && destination_.http2) {
    return wasmcloud::fail(
        make_failure(Failure::DestinationUnavailable,
                     fmt::format("{} cannot relay HTTP/2 without TLS; name {} in NO_PROXY",
                                 destination_.proxy->describe(), destination_.host)));
  }
  return {};
}

void Exchange::on_time() {
  if (phase_ != Phase::Waiting) return on_late();
  fail(make_failure(Failure::ConnectionTimeout, "no connection could be had in time"));
}

void Exchange::on_head() {
  phase_ = Phase::Answered;
  changed_.notify();
}

void Exchange::end_body(const Headers& trailers) {
  // The connection goes on with the next response.
  trailers_ = trailers;
  body_.end(trailers_);
}

void Exchange::fail(const Error& error) {
  const Ref self(this);
  timer_.stop();
  switch (phase_) {
    case Phase::Waiting:
    case Phase::Sent:
      phase_ = Phase::Failed;
      error_.emplace(error.copy());
      break;
    case Phase::Answered:
      body_.fail(error.code(), error.message(), error.number());
      break;
    case Phase::Failed:
    case Phase::Cancelled:
      return;
  }
  fail_request(error);
  changed_.notify();
}

Result<ResponseHead> Exchange::take_head() {
  if (error_) return wasmcloud::fail(error_->copy());
  // 407 (Proxy Authentication Required) is no word of the server's.
  if (response_.status == 407 && destination_.is_relayed())
    return wasmcloud::fail(refusal_of_proxy(destination_, response_.status));
  return std::move(response_);
}

void Exchange::cancel() {
  const Ref self(this);
  if (phase_ == Phase::Cancelled) return;
  phase_ = Phase::Cancelled;
  timer_.stop();
  give_up_connection();
}

}  // namespace wasmcloud::http::detail
