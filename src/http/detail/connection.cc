#include "http/detail/connection.h"

#include "base/log.h"
#include "http/detail/h2/server_session.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

namespace {

/// What a client may send ahead of a response.
constexpr size_t kMaxPipelined = size_t{16} * 1024;
/// Small chunks cost more than their bytes.
constexpr size_t kMaxQueuedParts = 1024;
/// A request's rest that is skipped to keep the connection.
constexpr uint64_t kMaxSkipped = uint64_t{256} * 1024;
constexpr auto kLinger = std::chrono::seconds(2);
constexpr auto kLingerWhileDraining = std::chrono::milliseconds(100);
constexpr uint64_t kMaxLingerBytes = uint64_t{4} * 1024 * 1024;
/// A read of a body that brings this much shows that larger ones would bring more.
constexpr size_t kFastRead = size_t{32} * 1024;
/// For the first request of a connection that was accepted just before a drain.
constexpr auto kFreshGrace = std::chrono::milliseconds(250);

ParserLimits limits_of(const ServerOptions& options) {
  return {.max_start_line_bytes = options.max_request_line_bytes,
          .max_header_bytes = options.max_header_bytes,
          .max_header_fields = options.max_header_fields,
          .max_body_bytes = options.max_body_bytes};
}

}  // namespace

Connection::Connection(Worker& worker, std::unique_ptr<Transport> transport)
    : worker_(worker),
      transport_(std::move(transport)),
      peer_(transport_->peer()),
      parser_(limits_of(worker.options())),
      body_(worker.loop(), *this),
      response_(worker.loop(), *this, worker.options().write_window_bytes) {
  transport_->set_owner(*this);
  worker_.add(*this);
}

Connection::~Connection() = default;

void Connection::start() {
  next_head();
  wait_read(worker_.options().header_timeout);
  arm_read();
  asio::co_spawn(
      worker_.loop().executor(), run(Ref(this)),
      asio::bind_cancellation_slot(cancel_.slot(), [self = Ref(this)](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
      }));
}

asio::awaitable<void, Executor> Connection::run(Ref<Connection> self) {
  // Suspends until `wake`. Not an Event: this wait is on the way of every request.
  const auto change = [this] {
    return asio::async_initiate<const asio::deferred_t, void()>(
        [this](auto handler) { waiter_ = std::move(handler); }, asio::deferred);
  };
  while (true) {
    while (phase_ == Phase::Head && !parser_.head_done()) co_await change();
    if (phase_ == Phase::Head) {
      phase_ = Phase::Handling;
      ++served_;
      worker_.request_begins();
      Result<void> outcome;
      try {
        outcome = co_await worker_.handler().handle(*this, response_);
      } catch (const boost::system::system_error& error) {
        // Asio's way to end a cancelled coroutine that awaits once more.
        outcome = fail(Errc::Cancelled, "{}", error.what());
      }
      worker_.request_ends();
      settle(outcome);
      // A cancelled coroutine may not wait any more.
      if (cancelled_) break;
    }
    while (phase_ == Phase::Settling && !is_settled()) co_await change();
    if (phase_ != Phase::Settling) break;
    if (!may_go_on()) {
      linger();
      break;
    }
    next_head();
    parse();
    if (ended_ && phase_ == Phase::Head && !parser_.head_done()) break;
    arm_read();
  }
  if (phase_ != Phase::Lingering) close(Transport::Close::Abort);
  // Else co_spawn's last step might throw out of the loop.
  co_await asio::this_coro::throw_if_cancelled(false);
}

void Connection::next_head() {
  phase_ = Phase::Head;
  end_bulk();
  must_close_ = continue_sent_ = false;
  skipped_ = 0;
  body_status_ = 0;
  parser_.reset(head);
  wait_read(worker_.options().idle_timeout);
}

/// Goes on with what was received, as far as that goes without waiting.
void Connection::parse() {
  if (!sniffed_ && phase_ == Phase::Head && is_http2()) return;
  if (phase_ == Phase::Head && !parser_.head_done() && !unparsed().empty()) {
    const bool started = parser_.started();
    input_.consume(parser_.parse_head(unparsed()));
    if (parser_.refusal()) return refuse(parser_.refusal()->status, parser_.refusal()->reason);
    if (!parser_.head_done()) {
      if (!started && parser_.started()) wait_read(worker_.options().header_timeout);
      return;
    }
    read_deadline_ = Clock::time_point::max();
    if (transport_->is_secure()) head.scheme = Scheme::Https;
    body_.reset(parser_.content_length());
    response_.reset(head);
    if (parser_.done()) body_.end(parser_.trailers());
  }
  if (!parser_.head_done() || parser_.done() || parser_.refusal() || body_.is_failed()) return;
  if (unparsed().empty()) return;
  body_.set_buffer(input_.memory());
  const size_t used = parser_.parse_body(unparsed(), body_);
  input_.consume(used);
  if (phase_ == Phase::Settling) skipped_ += used;
  if (parser_.refusal()) {
    fail_body();
  } else if (parser_.done()) {
    body_.end(parser_.trailers());
  }
  body_.notify();
}

/// True while the first bytes may be an HTTP/2 client's, and once they are.
bool Connection::is_http2() {
  const std::string_view input = unparsed();
  if (input.empty()) return false;
  const std::string_view protocol = transport_->protocol();
  const bool chosen = protocol == "h2";
  if (!chosen &&
      (!protocol.empty() || !h2::kPreface.starts_with(input.substr(0, h2::kPreface.size())))) {
    sniffed_ = true;
    return false;
  }
  if (chosen || input.size() >= h2::kPreface.size()) become_http2();
  return true;
}

void Connection::become_http2() {
  phase_ = Phase::Closed;
  read_deadline_ = write_deadline_ = Clock::time_point::max();
  worker_.unlink(*this);
  size_t begin = 0;
  size_t end = 0;
  ByteBuffer memory = input_.take(begin, end);
  make_ref<h2::ServerSession>(worker_, std::move(transport_))->start(std::move(memory), begin, end);
}

/// Answers what never becomes a request for the handler.
void Connection::refuse(uint16_t status, std::string_view reason) {
  log::debug("refused a request of {}: {}", peer(), reason);
  phase_ = Phase::Settling;
  must_close_ = true;
  // The line that would say so may not have been read.
  head.method = Method();
  head.version = Version::Http11;
  response_.reset(head);
  response_.send_refusal(status, reason);
}

void Connection::fail_body() {
  body_status_ = parser_.refusal()->status;
  must_close_ = true;
  body_.fail(body_status_ == 413 || body_status_ == 431 ? Errc::Limit : Errc::Malformed,
             parser_.refusal()->reason);
}

/// After the handler: makes sure that there is a response, or no connection.
void Connection::settle(const Result<void>& outcome) {
  if (phase_ != Phase::Handling) return;
  if (!outcome) log::debug("a request of {} failed: {}", peer(), outcome.error().message());
  phase_ = Phase::Settling;
  if (cancelled_) return;
  if (!response_.is_finished()) {
    if (response_.is_failed() || !response_.discard()) {
      const bool by_close = response_.is_delimited_by_close();
      response_.fail(Errc::Cancelled, "the handler ended before the response did");
      // The client must see that the response is cut off.
      return close(by_close ? Transport::Close::Abort : Transport::Close::Orderly);
    }
    const uint16_t status = body_status_ != 0 ? body_status_ : uint16_t{500};
    must_close_ |= body_status_ != 0;
    response_.send_refusal(status,
                           body_status_ != 0 ? body_.error().message() : reason_phrase(status));
  }
  if (!parser_.done()) {
    const bool never_sent = parser_.expects_continue() && !continue_sent_;
    must_close_ |= never_sent || body_.is_failed() ||
                   parser_.content_length().value_or(0) > kMaxSkipped + body_.available();
    body_.discard();
    wait_read(worker_.options().body_timeout);
    arm_read();
  } else {
    body_.discard();
  }
}

bool Connection::is_settled() const {
  if (response_.pending() > 0) return false;
  return must_close_ || response_.closes() || parser_.done() || skipped_ > kMaxSkipped;
}

bool Connection::may_go_on() const {
  if (must_close_ || response_.closes() || response_.is_failed() || !parser_.done()) return false;
  if (ended_) return !unparsed().empty();
  // Requests sent before the drain are still answered.
  return !worker_.is_draining() || !unparsed().empty() || transport_->readable() > 0;
}

bool Connection::may_keep_alive() const {
  return parser_.keep_alive() && !must_close_ && !worker_.is_draining();
}

/// Closing with unread bytes would reset the connection, and the client might lose the response:
/// say that nothing more comes, and wait a little for the client to close.
void Connection::linger() {
  phase_ = Phase::Lingering;
  end_bulk();
  if (ended_) return close(Transport::Close::Orderly);
  transport_->shutdown_write();
  input_.clear();
  skipped_ = 0;
  wait_read(worker_.is_draining() ? Clock::duration(kLingerWhileDraining) : kLinger);
  arm_read();
}

void Connection::close(Transport::Close how) {
  if (phase_ == Phase::Closed) return;
  phase_ = Phase::Closed;
  end_bulk();
  read_deadline_ = write_deadline_ = Clock::time_point::max();
  transport_->close(how);
  worker_.remove(*this);
}

void Connection::wake() {
  // The coroutine may end, and this object with it.
  if (waiter_) std::exchange(waiter_, nullptr)();
}

/// Ends the handler's next or current wait. Not from beneath the handler.
void Connection::stop_handler(Errc code, std::string_view reason) {
  if (phase_ != Phase::Handling || cancelled_) return;
  cancelled_ = true;
  body_.fail(code, reason);
  response_.fail(code, reason);
  cancel_.emit(asio::cancellation_type::terminal);
}

void Connection::peer_is_gone(int error) {
  if (error != 0) log::debug("{}: {}", peer(), transport_->explain(error).message());
  ended_ = true;
  switch (phase_) {
    case Phase::Head:
    case Phase::Settling:
      // What is still to be sent goes out even if the client has said that it sends no more.
      if (error == 0 && phase_ == Phase::Settling && response_.pending() > 0 && parser_.done())
        return;
      close(error == 0 ? Transport::Close::Orderly : Transport::Close::Abort);
      break;
    case Phase::Lingering:
      close(Transport::Close::Orderly);
      break;
    case Phase::Handling:
      stop_handler(Errc::Closed, "the client closed the connection");
      break;
    case Phase::Closed:
      break;
  }
}

void Connection::on_read(int error, size_t size) {
  reading_ = false;
  if (phase_ == Phase::Closed) return;
  if (error != 0 || size == 0) {
    peer_is_gone(error);
  } else {
    input_.received(size);
    if (phase_ == Phase::Lingering) {
      skipped_ += size;
      input_.clear();
      if (skipped_ > kMaxLingerBytes) close(Transport::Close::Abort);
    } else {
      // A handler that lets bytes wait would not be faster for more of them.
      const bool keeps_up = phase_ == Phase::Handling && body_.available() == 0;
      parse();
      if (keeps_up && size >= kFastRead && !parser_.done()) begin_bulk();
      // Set again when the handler next finds nothing to read.
      const bool has_news = body_.available() > 0 || parser_.done();
      if (phase_ == Phase::Handling && has_news) read_deadline_ = Clock::time_point::max();
    }
    arm_read();
  }
  wake();
}

void Connection::on_writable() {
  if (phase_ == Phase::Closed) return;
  write_deadline_ = Clock::time_point::max();
  response_.on_writable();
  wake();
}

void Connection::on_body_wanted() {
  if (parser_.expects_continue() && !continue_sent_) {
    continue_sent_ = true;
    response_.send_continue();
  }
  if (phase_ == Phase::Handling && read_deadline_ == Clock::time_point::max()) {
    wait_read(worker_.options().body_timeout);
  }
}

void Connection::on_body_taken() {
  read_deadline_ = Clock::time_point::max();
  arm_read();
}

ssize_t Connection::write_now(std::span<const iovec> parts) {
  size_t offered = 0;
  for (const iovec& part : parts) offered += part.iov_len;
  const ssize_t sent = transport_->write(parts);
  if (sent >= 0 && static_cast<size_t>(sent) < offered) {
    write_deadline_ = worker_.now() + worker_.options().write_timeout;
    transport_->wait_writable();
  }
  return sent;
}

void Connection::schedule_flush() {
  worker_.loop().post([self = Ref(this)] {
    if (self->phase_ == Phase::Handling) {
      self->response_.flush_scheduled();
    } else {
      self->response_.forget_flush();
    }
  });
}

void Connection::on_sink_failed() {
  must_close_ = true;
  if (phase_ != Phase::Handling) return;
  // The handler may be what called; it is told of the failure by its next call in any case.
  worker_.loop().post([self = Ref(this), served = served_] {
    if (self->served_ == served) {
      self->stop_handler(Errc::Closed, "the response was cut off");
      self->wake();
    }
  });
}

void Connection::begin_drain() {
  if (phase_ != Phase::Head || parser_.started() || transport_->readable() > 0) return;
  if (served_ > 0) {
    close(Transport::Close::Orderly);
    wake();
  } else {
    read_deadline_ = std::min(read_deadline_, Clock::now() + kFreshGrace);
  }
}

void Connection::cut_off() {
  if (phase_ == Phase::Handling) {
    stop_handler(Errc::Cancelled, "the server is shutting down");
  } else {
    close(Transport::Close::Abort);
  }
  wake();
}

void Connection::tick(Clock::time_point now) {
  const auto ms = [](Clock::duration limit) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  };
  if (now >= write_deadline_) {
    write_deadline_ = Clock::time_point::max();
    if (phase_ == Phase::Handling) {
      stop_handler(Errc::Timeout, fmt::format("the client took nothing of the response for {} ms",
                                              ms(worker_.options().write_timeout)));
    } else {
      close(Transport::Close::Abort);
    }
  } else if (now >= read_deadline_) {
    read_deadline_ = Clock::time_point::max();
    switch (phase_) {
      case Phase::Head:
        if (parser_.started()) {
          refuse(408, fmt::format("the headers took longer than {} ms",
                                  ms(worker_.options().header_timeout)));
        } else {
          close(Transport::Close::Orderly);
        }
        break;
      case Phase::Handling:
        body_status_ = 408;
        must_close_ = true;
        body_.fail(Errc::Timeout, fmt::format("no byte of the body came for {} ms",
                                              ms(worker_.options().body_timeout)));
        break;
      case Phase::Settling:
      case Phase::Lingering:
        close(Transport::Close::Orderly);
        break;
      case Phase::Closed:
        break;
    }
  }
  wake();
}

bool Connection::wants_input() const {
  switch (phase_) {
    case Phase::Head:
    case Phase::Lingering:
      return true;
    case Phase::Handling:
    case Phase::Settling:
      if (parser_.refusal()) return false;
      if (parser_.done()) return unparsed().size() < kMaxPipelined;
      return body_.available() < (bulk_ ? worker_.options().bulk_window_bytes
                                        : worker_.options().read_window_bytes) &&
             body_.queued_parts() < kMaxQueuedParts;
    case Phase::Closed:
      return false;
  }
  return false;
}

void Connection::arm_read() {
  if (reading_ || ended_ || !wants_input()) return;
  reading_ = true;
  const bool in_body = parser_.head_done() && !parser_.done();
  const size_t bulk = bulk_ ? worker_.options().bulk_window_bytes : 0;
  transport_->start_read(
      input_.room(in_body ? std::max(ReceiveBuffer::kForBody, bulk) : ReceiveBuffer::kForHead));
}

void Connection::begin_bulk() {
  const ServerOptions& options = worker_.options();
  if (bulk_ || options.bulk_window_bytes <= options.read_window_bytes || !worker_.begin_bulk()) {
    return;
  }
  bulk_ = true;
  response_.begin_bulk(options.bulk_window_bytes);
}

void Connection::end_bulk() {
  if (!std::exchange(bulk_, false)) return;
  worker_.end_bulk();
  response_.end_bulk(worker_.options().write_window_bytes);
}

}  // namespace wasmcloud::http::detail
