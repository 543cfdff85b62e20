#include "http/detail/client/http1_exchange.h"

#include "http/detail/client/connection.h"
#include "http/detail/client/pool.h"

namespace wasmcloud::http::detail {

Http1Exchange::Http1Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts)
    : Exchange(std::move(pool), timeouts),
      sink_(loop(), *this, Exchange::pool().options().write_window_bytes) {}

Http1Exchange::~Http1Exchange() = default;

Result<void> Http1Exchange::begin(const RequestHead& head) {
  TRY(Exchange::begin(head));
  return sink_.send_head(head, destination().is_relayed() ? destination().proxy.get() : nullptr);
}

void Http1Exchange::run_on(ClientConnection& connection) {
  timer().stop();
  connection_ = Ref(&connection);
  set_phase(Phase::Sent);
  sink_.unblock();
}

void Http1Exchange::detach() { connection_ = nullptr; }

bool Http1Exchange::try_again() {
  if (phase() != Phase::Sent || repeated_ || !sink_.is_repeatable()) return false;
  repeated_ = true;
  connection_ = nullptr;
  set_phase(Phase::Waiting);
  sink_.repeat();
  return true;
}

void Http1Exchange::fail_request(const Error& error) {
  if (!sink_.is_finished()) sink_.fail(error.code(), error.message(), error.number());
}

void Http1Exchange::give_up_connection() {
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
