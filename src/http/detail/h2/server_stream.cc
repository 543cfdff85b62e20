#include "http/detail/h2/server_stream.h"

#include "base/log.h"
#include "http/detail/h2/server_session.h"
#include "http/detail/served.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>

#include <charconv>

namespace wasmcloud::http::detail::h2 {
namespace asio = boost::asio;

namespace {

/// Chunks smaller than this are copied: a slice would keep a whole read buffer alive for them.
constexpr size_t kSmallChunk = size_t{4} * 1024;
/// A request's rest that is skipped rather than refused by a reset: a client that still sends may
/// lose a response which a reset follows at once.
constexpr uint64_t kMaxSkipped = uint64_t{256} * 1024;

auto ms(Clock::duration limit) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
}

}  // namespace

ServerStream::ServerStream(ServerSession& session, const ParserLimits& limits)
    : session_(&session),
      fields_(limits),
      body_(session.worker().loop(), *this),
      sender_(session.worker().loop(), *this, session.worker().options().write_window_bytes),
      writer_(*this) {}

std::string ServerStream::peer() const { return session_->peer(); }

void ServerStream::open(int32_t id) {
  id_ = id;
  closed_ = false;
  ended_ = head_given_ = head_sealed_ = withdrawn_ = no_body_ = has_length_ = continue_sent_ =
      response_sent_ = false;
  body_status_ = 0;
  received_ = skipped_ = unacknowledged_ = 0;
  read_deadline_ = write_deadline_ = Clock::time_point::max();
  trailers_.clear();
  fields_.begin(head);
  sender_.reset();
}

void ServerStream::on_head() {
  fields_.end();
  if (session_->engine().transport().is_secure()) head.scheme = Scheme::Https;
  body_.reset(fields_.content_length());
  if (fields_.refusal()) return refuse(fields_.refusal()->status, fields_.refusal()->reason);
  handling_ = ready_ = true;
  session_->add_ready(*this);
}

/// Answers what never becomes a request for the handler.
void ServerStream::refuse(uint16_t status, std::string_view reason) {
  log::debug("refused a request of {}: {}", peer(), reason);
  body_.discard();
  respond_with_text(status, reason);
}

void ServerStream::respond_with_text(uint16_t status, std::string_view text) {
  ResponseHead answer{.status = status, .headers = {}};
  answer.headers.append_valid("content-type", "text/plain; charset=utf-8");
  static_cast<void>(writer_.respond(answer, Bytes::copy_of(fmt::format("{}\n", text))));
}

void ServerStream::on_trailers() {
  fields_.end();
  if (fields_.refusal() && !body_.is_failed()) {
    fail_body(fields_.refusal()->status,
              fields_.refusal()->status == 431 ? Errc::Limit : Errc::Malformed,
              fields_.refusal()->reason);
  }
}

void ServerStream::on_data(std::string_view bytes) {
  unacknowledged_ += bytes.size();
  received_ += bytes.size();
  read_deadline_ = Clock::time_point::max();
  const uint64_t limit = session_->worker().options().max_body_bytes;
  if (received_ > limit && !body_.is_failed() && !body_.is_discarding()) {
    fail_body(413, Errc::Limit, fmt::format("the body is larger than {} bytes", limit));
  }
  if (bytes.size() < kSmallChunk) {
    body_.on_small_body(bytes);
  } else {
    body_.on_shared_body(session_->engine().slice(bytes));
  }
  acknowledge();
  body_.notify();
  if (response_sent_) skip(bytes.size());
}

/// Of a request that was answered before its end: some more is taken, then no more.
void ServerStream::skip(size_t bytes) {
  skipped_ += bytes;
  // "a server MAY request that the client abort transmission of a request without error by sending
  // a RST_STREAM with an error code of NO_ERROR" (RFC 9113, section 8.1)
  if (skipped_ > kMaxSkipped) return session_->engine().reset_stream(id_, NGHTTP2_NO_ERROR);
  read_deadline_ = session_->worker().now() + session_->worker().options().body_timeout;
}

void ServerStream::on_end() {
  ended_ = true;
  read_deadline_ = Clock::time_point::max();
  body_.end(trailers_);
  body_.notify();
}

void ServerStream::fail_body(uint16_t status, Errc code, std::string_view reason) {
  body_status_ = status;
  body_.fail(code, reason);
}

/// Lets the peer send as much as was taken.
void ServerStream::acknowledge() {
  const size_t taken = unacknowledged_ - std::min(unacknowledged_, body_.available());
  unacknowledged_ -= taken;
  read_deadline_ = Clock::time_point::max();
  if (!closed_) session_->engine().consume(id_, taken);
}

void ServerStream::on_body_wanted() {
  if (closed_ || !handling_) return;
  if (fields_.expects_continue() && !continue_sent_ && !head_sealed_) {
    continue_sent_ = true;
    const nghttp2_nv status = field_of(":status", "100");
    nghttp2_submit_headers(session_->engine().session(), NGHTTP2_FLAG_NONE, id_, nullptr, &status,
                           1, nullptr);
    session_->engine().schedule();
  }
  if (read_deadline_ == Clock::time_point::max()) {
    read_deadline_ = session_->worker().now() + session_->worker().options().body_timeout;
  }
}

void ServerStream::on_closed(uint32_t error) {
  closed_ = true;
  session_->engine().consume_connection(unacknowledged_);
  unacknowledged_ = 0;
  read_deadline_ = write_deadline_ = Clock::time_point::max();
  if (!sender_.is_begun() || sender_.state() != BodyState::Ended || sender_.has_bytes() ||
      error != NGHTTP2_NO_ERROR) {
    stop(Errc::Closed, "the client reset the stream");
  }
  if (!handling_) session_->recycle(*this);
}

void ServerStream::on_response_sent() {
  write_deadline_ = Clock::time_point::max();
  response_sent_ = true;
  if (!ended_)
    read_deadline_ = session_->worker().now() + session_->worker().options().body_timeout;
}

void ServerStream::on_progress() {
  write_deadline_ = sender_.has_bytes() || sender_.state() == BodyState::Ended
                        ? session_->worker().now() + session_->worker().options().write_timeout
                        : Clock::time_point::max();
}

Result<void> ServerStream::Writer::respond(const ResponseHead& head, Bytes body) {
  TRY(self.send_head(head));
  TRY(self.sender_.write_owned(std::move(body)));
  return self.sender_.finish(nullptr);
}

Result<void> ServerStream::send_head(const ResponseHead& given) {
  if (withdrawn_) discard_response();
  if (sender_.state() == BodyState::Failed) return fail(sender_.error());
  if (head_given_) return fail(Errc::Invalid, "the response's head was sent already");
  if (given.status < 200 || given.status > 999) {
    return fail(Errc::Invalid, "{} is no status of a final response; expected 200 to 999",
                given.status);
  }
  no_body_ = head.method.kind() == Method::Kind::Head || given.status == 204 || given.status == 304;
  TRY(add_fields(given));
  head_given_ = true;
  on_body_written();
  return {};
}

Result<void> ServerStream::add_fields(const ResponseHead& given) {
  constexpr size_t kOwnFields = 128;
  head_fields_.begin(given.headers.text_bytes() + kOwnFields);
  char digits[3];
  std::to_chars(digits, digits + 3, given.status);
  head_fields_.add(":status", {digits, 3});
  const auto declared =
      TRY(head_fields_.add_all(given.headers, is_connection_field, given.status != 204));
  if (!given.headers.contains("date")) head_fields_.add("date", session_->worker().date());
  has_length_ = declared.has_value();
  sender_.begin(declared, no_body_);
  return {};
}

void ServerStream::on_body_written() {
  if (dirty_ || closed_) return;
  dirty_ = true;
  session_->add_dirty(*this);
}

void ServerStream::on_body_failed() {
  if (closed_) return;
  if (head_sealed_) return session_->engine().reset_stream(id_, NGHTTP2_INTERNAL_ERROR);
  // None of it was sent, so the client gets another response: the handler's, or ours if that does
  // not come soon, since the handler may go on for long.
  withdrawn_ = true;
  head_given_ = false;
  answer_if_withdrawn(id_, kTurnsForAnother);
}

void ServerStream::answer_if_withdrawn(int32_t id, int turns_left) {
  session_->worker().loop().post([self = Ref(this), id, turns_left] {
    if (!self->session_ || self->id_ != id || !self->withdrawn_) return;
    if (turns_left > 0) return self->answer_if_withdrawn(id, turns_left - 1);
    self->respond_with_text(500, reason_phrase(500));
  });
}

void ServerStream::flush() {
  dirty_ = false;
  if (closed_ || !head_given_ || sender_.state() == BodyState::Failed) return;
  if (!head_sealed_) {
    seal();
  } else {
    session_->engine().resume(id_, sender_);
  }
  if (write_deadline_ == Clock::time_point::max()) on_progress();
}

void ServerStream::seal() {
  head_sealed_ = true;
  const bool whole = sender_.state() == BodyState::Ended && sender_.trailers().empty();
  if (whole && !no_body_ && !has_length_) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof(digits), sender_.written()).ptr;
    head_fields_.add("content-length", {digits, static_cast<size_t>(end - digits)});
  }
  const bool bodiless = no_body_ || (whole && !sender_.has_bytes());
  nghttp2_data_provider provider = session_->engine().provider(sender_);
  nghttp2_submit_response(session_->engine().session(), id_, head_fields_.data(),
                          head_fields_.size(), bodiless ? nullptr : &provider);
}

void ServerStream::discard_response() {
  sender_.reset();
  head_given_ = withdrawn_ = false;
}

asio::awaitable<void, Executor> ServerStream::run(Ref<ServerStream> self) {
  const auto change = [this] {
    return asio::async_initiate<const asio::deferred_t, void()>(
        [this](auto handler) { waiter_ = std::move(handler); }, asio::deferred);
  };
  while (true) {
    while (!ready_ && !quit_) co_await change();
    if (!ready_) break;
    ready_ = false;
    Worker& worker = session_->worker();
    worker.request_begins();
    Result<void> outcome;
    try {
      outcome = co_await worker.handler().handle(*this, writer_);
    } catch (const boost::system::system_error& error) {
      // Asio's way to end a cancelled coroutine that awaits once more.
      outcome = fail(Errc::Cancelled, "{}", error.what());
    }
    worker.request_ends();
    settle(outcome);
    if (cancelled_) break;
  }
  session_ = nullptr;
  // Else co_spawn's last step might throw out of the loop.
  co_await asio::this_coro::throw_if_cancelled(false);
}

/// After the handler: makes sure that there is a response, or no stream.
void ServerStream::settle(const Result<void>& outcome) {
  if (!outcome) log::debug("a request of {} failed: {}", peer(), outcome.error().message());
  handling_ = false;
  body_.discard();
  acknowledge();
  if (closed_) return session_->recycle(*this);
  if (sender_.state() == BodyState::Ended) return;
  if (head_sealed_ || (sender_.state() == BodyState::Failed && !withdrawn_)) {
    sender_.fail(Errc::Cancelled, "the handler ended before the response did");
    session_->engine().reset_stream(id_, NGHTTP2_INTERNAL_ERROR);
    return;
  }
  discard_response();
  const uint16_t status = body_status_ != 0 ? body_status_ : uint16_t{500};
  const std::string reason =
      body_status_ != 0 ? std::string(body_.error().message()) : std::string(reason_phrase(status));
  respond_with_text(status, reason);
}

void ServerStream::stop(Errc code, std::string_view reason) {
  withdrawn_ = false;
  body_.fail(code, reason);
  sender_.fail(code, reason);
  if (!handling_ || cancelled_) return;
  cancelled_ = true;
  // The handler may be what called: it is told in the next turn.
  session_->worker().loop().post([self = Ref(this)] {
    self->cancel_.emit(asio::cancellation_type::terminal);
    self->wake();
  });
}

void ServerStream::wake() {
  if (!started_) {
    started_ = true;
    asio::co_spawn(
        session_->worker().loop().executor(), run(Ref(this)),
        asio::bind_cancellation_slot(cancel_.slot(), [self = Ref(this)](std::exception_ptr thrown) {
          if (thrown) std::rethrow_exception(thrown);
        }));
  } else if (waiter_) {
    std::exchange(waiter_, nullptr)();
  }
}

void ServerStream::quit() {
  quit_ = true;
  if (started_) {
    wake();
  } else {
    session_ = nullptr;
  }
}

void ServerStream::tick(Clock::time_point now) {
  if (now >= read_deadline_) {
    read_deadline_ = Clock::time_point::max();
    if (response_sent_) return session_->engine().reset_stream(id_, NGHTTP2_NO_ERROR);
    fail_body(408, Errc::Timeout,
              fmt::format("no byte of the body came for {} ms",
                          ms(session_->worker().options().body_timeout)));
  }
  if (now >= write_deadline_) {
    write_deadline_ = Clock::time_point::max();
    stop(Errc::Timeout, fmt::format("the client took nothing of the response for {} ms",
                                    ms(session_->worker().options().write_timeout)));
    session_->engine().reset_stream(id_, NGHTTP2_CANCEL);
  }
}

}  // namespace wasmcloud::http::detail::h2
