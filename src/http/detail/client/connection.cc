#include "http/detail/client/connection.h"

#include <algorithm>

namespace wasmcloud::http::detail {
namespace {

constexpr size_t kMaxStatusLine = size_t{8} * 1024;
/// Small chunks cost more than their bytes.
constexpr size_t kMaxQueuedParts = 1024;
/// A server that says "wait" for ever says nothing.
constexpr unsigned kMaxInterim = 16;
constexpr auto kNever = Clock::time_point::max();

Failure failure_in_head(const Refusal& refusal) {
  switch (refusal.status) {
    case 413:
      return Failure::ResponseBodySize;
    case 431:
    case 414:
      return Failure::ResponseHeaderSectionSize;
    case 501:
      return Failure::ResponseTransferCoding;
    default:
      return Failure::ProtocolError;
  }
}

Failure failure_in_body(const Refusal& refusal) {
  switch (refusal.status) {
    case 413:
      return Failure::ResponseBodySize;
    case 431:
      return Failure::ResponseTrailerSectionSize;
    default:
      return Failure::ProtocolError;
  }
}

}  // namespace

ClientConnection::ClientConnection(Ref<ClientPool> pool, std::unique_ptr<Transport> transport,
                                   Scheme scheme, std::string authority)
    : pool_(std::move(pool)),
      transport_(std::move(transport)),
      scheme_(scheme),
      authority_(std::move(authority)),
      parser_({.max_start_line_bytes = kMaxStatusLine,
               .max_header_bytes = pool_->options().max_header_bytes,
               .max_header_fields = pool_->options().max_header_fields,
               .max_body_bytes = UINT64_MAX}),
      timer_(pool_->loop(), *this,
             [](Counted& self) { static_cast<ClientConnection&>(self).on_time(); }) {
  transport_->set_owner(*this);
}

void ClientConnection::start(Ref<Http1Exchange> exchange) {
  const Ref self(this);
  exchange_ = std::move(exchange);
  answered_ = false;
  interim_ = 0;
  ++served_;
  parser_.reset(exchange_->response(), exchange_->answers_head());
  set_deadlines(time_after(exchange_->timeouts().first_byte), kNever);
  exchange_->run_on(*this);
  arm_read();
}

void ClientConnection::close(Transport::Close how) {
  if (std::exchange(closed_, true)) return;
  timer_.stop();
  transport_->close(how);
  pool_->remove(*this);
}

void ClientConnection::stop() {
  if (!exchange_) return close(Transport::Close::Abort);
  fail(Failure::ConnectionTerminated, "the client is gone");
}

void ClientConnection::set_deadlines(Clock::time_point read, Clock::time_point write) {
  read_deadline_ = read;
  write_deadline_ = write;
  timer_.set(std::min(read, write));
}

ssize_t ClientConnection::write(std::span<const iovec> parts) {
  size_t offered = 0;
  for (const iovec& part : parts) offered += part.iov_len;
  const ssize_t sent = transport_->write(parts);
  if (sent >= 0 && static_cast<size_t>(sent) < offered) {
    set_deadlines(read_deadline_, time_after(exchange_->timeouts().between_bytes));
    transport_->wait_writable();
  }
  return sent;
}

void ClientConnection::on_writable() {
  if (closed_ || !exchange_) return;
  const Ref self(this);
  set_deadlines(read_deadline_, kNever);
  exchange_->sink().on_writable();
  finish_if_over();
}

void ClientConnection::on_read(int error, size_t size) {
  reading_ = false;
  if (closed_) return;
  // An idle connection has nothing to say but that it ends.
  if (!exchange_) return close(Transport::Close::Orderly);
  if (error != 0 || size == 0) return on_end(error);
  input_.received(size);
  answered_ = true;
  parse();
  arm_read();
}

void ClientConnection::parse() {
  if (!parser_.head_done() && !parse_head()) return;
  if (!parser_.done() && !input_.unparsed().empty()) {
    ReceivedBody& body = exchange_->body();
    body.set_buffer(input_.memory());
    const size_t before = body.available();
    input_.consume(parser_.parse_body(input_.unparsed(), body));
    if (parser_.refusal()) {
      return fail(failure_in_body(*parser_.refusal()), parser_.refusal()->reason);
    }
    // Set again when the reader next finds nothing to read.
    if (body.available() > before) set_deadlines(kNever, write_deadline_);
  }
  if (parser_.done()) exchange_->end_body(parser_.trailers());
  exchange_->body().notify();
  finish_if_over();
}

/// True once the final response's head is there.
bool ClientConnection::parse_head() {
  while (!input_.unparsed().empty()) {
    input_.consume(parser_.parse_head(input_.unparsed()));
    if (parser_.refusal()) {
      fail(failure_in_head(*parser_.refusal()), parser_.refusal()->reason);
      return false;
    }
    if (!parser_.head_done()) return false;
    const uint16_t status = exchange_->response().status;
    if (status == 101) {
      fail(Failure::UpgradeFailed, "the server switched protocols, which nobody asked for");
      return false;
    }
    if (status >= 200) {
      set_deadlines(kNever, write_deadline_);
      exchange_->body().reset(parser_.content_length());
      exchange_->on_head();
      return true;
    }
    if (++interim_ > kMaxInterim) {
      fail(Failure::ProtocolError, "the server sends interim responses without end");
      return false;
    }
    parser_.reset(exchange_->response(), exchange_->answers_head());
  }
  return false;
}

/// The server sends no more.
void ClientConnection::on_end(int error) {
  if (error == 0 && parser_.end()) {
    ended_ = true;
    exchange_->end_body(parser_.trailers());
    exchange_->body().notify();
    // What is left of the request has nobody to go to.
    RequestSink& sink = exchange_->sink();
    if (!sink.is_finished()) sink.fail(Errc::Closed, "the server closed the connection");
    return finish_if_over();
  }
  if (!answered_ && served_ > 1 && exchange_->try_again()) {
    const Ref<Http1Exchange> exchange = std::exchange(exchange_, nullptr);
    close(Transport::Close::Abort);
    return pool_->dispatch(exchange);
  }
  if (answered_) return fail(Failure::ResponseIncomplete, "the server ended the response early");
  fail(Failure::ConnectionTerminated, "the server closed the connection without a response");
}

void ClientConnection::fail(Failure failure, std::string message) {
  const Ref<Http1Exchange> exchange = std::exchange(exchange_, nullptr);
  close(Transport::Close::Abort);
  exchange->detach();
  exchange->fail(make_failure(failure, std::move(message)));
}

void ClientConnection::abandon() {
  const Ref self(this);
  const Ref<Http1Exchange> exchange = std::exchange(exchange_, nullptr);
  if (exchange) exchange->detach();
  close(Transport::Close::Abort);
}

void ClientConnection::on_write_failed() {
  set_deadlines(read_deadline_, kNever);
  // The server may have said why before it closed.
  arm_read();
}

/// Lets the exchange go once both messages are whole.
void ClientConnection::finish_if_over() {
  if (!exchange_ || !parser_.done()) return;
  const RequestSink& sink = exchange_->sink();
  const bool is_sent = sink.is_finished() && sink.pending() == 0;
  if (!is_sent && !sink.is_failed() && !ended_) return;
  const Ref<Http1Exchange> exchange = std::exchange(exchange_, nullptr);
  exchange->detach();
  const bool reusable = is_sent && !ended_ && parser_.keep_alive() && input_.unparsed().empty();
  if (!reusable) return close(Transport::Close::Orderly);
  set_deadlines(time_after(pool_->options().idle_timeout), kNever);
  arm_read();
  pool_->park(Ref(this));
}

bool ClientConnection::wants_input() const {
  if (ended_) return false;
  if (!exchange_ || !parser_.head_done()) return true;
  // More than the response would only pile up.
  if (parser_.done()) return input_.unparsed().empty();
  const ReceivedBody& body = exchange_->body();
  return body.available() < pool_->options().read_window_bytes &&
         body.queued_parts() < kMaxQueuedParts;
}

void ClientConnection::arm_read() {
  if (reading_ || closed_ || !wants_input()) return;
  reading_ = true;
  const bool in_body = exchange_ && parser_.head_done() && !parser_.done();
  transport_->start_read(input_.room(in_body ? ReceiveBuffer::kForBody : ReceiveBuffer::kForHead));
}

void ClientConnection::on_body_wanted() {
  if (read_deadline_ == kNever) {
    set_deadlines(time_after(exchange_->timeouts().between_bytes), write_deadline_);
  }
}

void ClientConnection::on_body_taken() { arm_read(); }

void ClientConnection::on_time() {
  if (closed_) return;
  if (!exchange_) return close(Transport::Close::Orderly);
  const auto now = Clock::now();
  if (now >= write_deadline_) {
    return fail(Failure::ConnectionWriteTimeout, "the server takes nothing of the request");
  }
  if (now >= read_deadline_) {
    return fail(Failure::ConnectionReadTimeout, parser_.head_done()
                                                    ? "no byte of the response came in time"
                                                    : "the response did not begin in time");
  }
  timer_.set(std::min(read_deadline_, write_deadline_));
}

}  // namespace wasmcloud::http::detail
