#include "http/detail/client/exchange.h"

#include "http/authority.h"
#include "http/detail/client/connection.h"
#include "http/detail/client/pool.h"

namespace wasmcloud::http::detail {

Http1Exchange::Http1Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts)
    : pool_(std::move(pool)),
      timeouts_(timeouts),
      connect_timer_(pool_->loop(), *this,
                     [](Counted& self) {
                       static_cast<Http1Exchange&>(self).fail(make_failure(
                           Failure::ConnectionTimeout, "no connection could be had in time"));
                     }),
      sink_(pool_->loop(), *this, pool_->options().write_window_bytes),
      body_(pool_->loop(), *this) {}

Http1Exchange::~Http1Exchange() = default;

Loop& Http1Exchange::loop() const { return pool_->loop(); }

Result<void> Http1Exchange::begin(const RequestHead& head) {
  const auto parts = split_authority(head.authority);
  if (!parts) {
    return wasmcloud::fail(
        make_failure(Failure::RequestUriInvalid,
                     fmt::format("\"{}\" should be a host, or host:port", head.authority)));
  }
  const uint16_t usual = head.scheme == Scheme::Https ? 443 : 80;
  destination_ = {
      .scheme = head.scheme, .host = std::string(parts->host), .port = parts->port.value_or(usual)};
  authority_ = head.authority;
  to_head_ = head.method.kind() == Method::Kind::Head;
  TRY(sink_.send_head(head));
  const auto now = Clock::now();
  connect_deadline_ = timeouts_.connect >= Clock::time_point::max() - now ? Clock::time_point::max()
                                                                          : now + timeouts_.connect;
  return {};
}

void Http1Exchange::run_on(ClientConnection& connection) {
  connect_timer_.stop();
  connection_ = Ref(&connection);
  phase_ = Phase::Sent;
  sink_.unblock();
}

void Http1Exchange::detach() { connection_ = nullptr; }

void Http1Exchange::on_head() {
  phase_ = Phase::Answered;
  changed_.notify();
}

void Http1Exchange::end_body(const Headers& trailers) {
  // The parser goes on with the next response.
  trailers_ = trailers;
  body_.end(trailers_);
}

bool Http1Exchange::try_again() {
  if (phase_ != Phase::Sent || repeated_ || !sink_.is_repeatable()) return false;
  repeated_ = true;
  connection_ = nullptr;
  phase_ = Phase::Waiting;
  sink_.repeat();
  return true;
}

void Http1Exchange::fail(const Error& error) {
  const Ref self(this);
  connect_timer_.stop();
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
  if (!sink_.is_finished()) sink_.fail(error.code(), error.message(), error.number());
  changed_.notify();
}

Result<ResponseHead> Http1Exchange::take_head() {
  if (error_) return wasmcloud::fail(error_->copy());
  return std::move(response_);
}

void Http1Exchange::cancel() {
  const Ref self(this);
  if (phase_ == Phase::Cancelled) return;
  phase_ = Phase::Cancelled;
  connect_timer_.stop();
  if (connection_) connection_->abandon();
}

ssize_t Http1Exchange::write_now(std::span<const iovec> parts) {
  return connection_ ? connection_->write(parts) : -ECONNRESET;
}

void Http1Exchange::schedule_flush() {
  loop().post([self = Ref(this)] { self->sink_.flush_scheduled(); });
}

void Http1Exchange::on_sink_failed() {
  const Ref self(this);
  const Error error = sink_.error();
  if (error.code() == Errc::Closed) {
    if (connection_) connection_->on_write_failed();
    return;
  }
  // It was broken off on this side: the server must not take it for whole.
  if (connection_) connection_->abandon();
  fail(make_failure(
      error.code() == Errc::Invalid ? Failure::RequestBodySize : Failure::ProtocolError,
      error.message()));
}

void Http1Exchange::on_body_wanted() {
  if (connection_) connection_->on_body_wanted();
}

void Http1Exchange::on_body_taken() {
  if (connection_) connection_->on_body_taken();
}

}  // namespace wasmcloud::http::detail
