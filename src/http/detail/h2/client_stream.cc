#include "http/detail/h2/client_stream.h"

#include "http/detail/client/pool.h"
#include "http/detail/client/request_rules.h"
#include "http/detail/h2/client_session.h"

#include <charconv>

namespace wasmcloud::http::detail::h2 {
namespace {

/// Chunks smaller than this are copied: a slice would keep a whole read buffer alive for them.
constexpr size_t kSmallChunk = size_t{4} * 1024;
/// A server that says "wait" for ever says nothing.
constexpr unsigned kMaxInterim = 16;
/// How often a request is sent again that the server refused without looking at it.
constexpr unsigned kMaxRepeats = 3;
/// What a field counts beside its text, so that empty ones are not free (RFC 9113, section 6.5.2).
constexpr size_t kFieldOverhead = 32;

}  // namespace

ClientStream::ClientStream(Ref<ClientPool> pool, const ClientTimeouts& timeouts)
    : Exchange(std::move(pool), timeouts),
      sender_(loop(), *this, Exchange::pool().options().write_window_bytes) {}

ClientStream::~ClientStream() = default;

Result<void> ClientStream::begin(const RequestHead& head) {
  TRY(Exchange::begin(head));
  const std::string_view target = TRY(request_target(head));
  constexpr size_t kOwnFields = 64;
  head_fields_.begin(head.headers.text_bytes() + target.size() + head.authority.size() +
                     head.method.text().size() + kOwnFields);
  head_fields_.add(":method", head.method.text());
  head_fields_.add(":scheme", scheme_text(head.scheme));
  head_fields_.add(":authority", head.authority);
  head_fields_.add(":path", target);
  const auto declared = head_fields_.add_all(head.headers, is_clients_own);
  if (!declared) {
    return wasmcloud::fail(make_failure(Failure::RequestBodySize, declared.error().message()));
  }
  sender_.begin(*declared, false);
  return {};
}

void ClientStream::run_on(ClientSession& session) {
  session_ = Ref(&session);
  set_phase(Phase::Sent);
  set_deadline();
  on_body_written();
}

void ClientStream::on_body_written() {
  if (dirty_ || !session_) return;
  dirty_ = true;
  session_->add_dirty(*this);
}

void ClientStream::flush() {
  dirty_ = false;
  if (!session_ || sender_.state() == BodyState::Failed) return;
  if (!submitted_) return submit();
  session_->engine().resume(id_, sender_);
}

void ClientStream::submit() {
  submitted_ = true;
  const bool bodiless =
      sender_.state() == BodyState::Ended && !sender_.has_bytes() && sender_.trailers().empty();
  nghttp2_data_provider provider = session_->engine().provider(sender_);
  id_ = nghttp2_submit_request(session_->engine().session(), nullptr, head_fields_.data(),
                               head_fields_.size(), bodiless ? nullptr : &provider, this);
  if (id_ < 0) reset(Failure::ConnectionTerminated, "the connection takes no more requests");
}

void ClientStream::on_field(std::string_view name, std::string_view value) {
  const auto& options = pool().options();
  field_bytes_ += name.size() + value.size() + kFieldOverhead;
  if (++field_count_ > options.max_header_fields || field_bytes_ > options.max_header_bytes) {
    too_large_ = true;
    return;
  }
  if (is_answered()) return received_trailers_.append_valid(name, value);
  if (name == ":status") {
    uint16_t status = 0;
    std::from_chars(value.data(), value.data() + value.size(), status);
    response().status = status;
    return;
  }
  if (name == "content-length") {
    uint64_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    declared_ = length;
  }
  response().headers.append_valid(name, value);
}

void ClientStream::on_fields_done(bool is_end) {
  field_bytes_ = field_count_ = 0;
  if (too_large_) {
    return reset(
        is_answered() ? Failure::ResponseTrailerSectionSize : Failure::ResponseHeaderSectionSize,
        "the response's headers or trailers are larger than the limit");
  }
  if (is_answered()) return;
  if (response().status < 200) {
    if (++interim_ > kMaxInterim) {
      return reset(Failure::ProtocolError, "the server sends interim responses without end");
    }
    response() = {};
    return;
  }
  if (is_end && !declared_) declared_ = 0;
  body().reset(declared_);
  on_head();
  set_deadline();
}

void ClientStream::on_data(std::string_view bytes) {
  unacknowledged_ += bytes.size();
  if (bytes.size() < kSmallChunk) {
    body().on_small_body(bytes);
  } else {
    body().on_shared_body(session_->engine().slice(bytes));
  }
  wanted_ = false;
  set_deadline();
  acknowledge();
  body().notify();
}

void ClientStream::on_end() {
  if (!is_answered()) return;
  ended_ = true;
  wanted_ = false;
  set_deadline();
  end_body(received_trailers_);
  body().notify();
}

void ClientStream::on_closed(uint32_t error, bool refused) {
  const Ref self(this);
  const Ref<ClientSession> session = std::exchange(session_, nullptr);
  timer().stop();
  if (unacknowledged_ > 0) session->engine().consume_connection(unacknowledged_);
  unacknowledged_ = 0;
  if (phase() == Phase::Cancelled || phase() == Phase::Failed) return;
  if (ended_) {
    // The rest of the request is of no use to the server.
    if (sender_.state() == BodyState::Open || sender_.has_bytes()) {
      sender_.fail(Errc::Closed, "the server ended the exchange");
    }
    return;
  }
  if (refused && phase() == Phase::Sent && repeated_ < kMaxRepeats && sender_.is_untouched()) {
    ++repeated_;
    submitted_ = false;
    sender_.set_deferred(false);
    set_phase(Phase::Waiting);
    return pool().dispatch(Ref<Exchange>(self));
  }
  const std::string code = nghttp2_http2_strerror(error);
  if (is_answered()) {
    fail(make_failure(Failure::ResponseIncomplete,
                      fmt::format("the server cut the response off: {}", code)));
  } else {
    fail(make_failure(
        error == NGHTTP2_PROTOCOL_ERROR ? Failure::ProtocolError : Failure::ConnectionTerminated,
        fmt::format("the server ended the exchange without a response: {}", code)));
  }
}

void ClientStream::fail_request(const Error& error) {
  if (sender_.state() != BodyState::Ended || sender_.has_bytes()) {
    sender_.fail(error.code(), error.message(), error.number());
  }
}

void ClientStream::give_up_connection() {
  if (!session_) return;
  // It stays with the session until nghttp2 has forgotten it too.
  acknowledge();
  if (!submitted_) return session_->forget(*this);
  session_->engine().reset_stream(id_, NGHTTP2_CANCEL);
}

void ClientStream::reset(Failure failure, std::string message) {
  const Ref self(this);
  fail(make_failure(failure, std::move(message)));
  give_up_connection();
}

void ClientStream::on_body_failed() {
  const Error error = sender_.error();
  reset(error.code() == Errc::Invalid ? Failure::RequestBodySize : Failure::ProtocolError,
        error.message());
}

void ClientStream::on_body_wanted() {
  wanted_ = true;
  set_deadline();
}

/// Lets the peer send as much as was taken.
void ClientStream::acknowledge() {
  if (!session_) return;
  const bool is_over = phase() == Phase::Cancelled || phase() == Phase::Failed;
  const size_t kept = is_over ? 0 : std::min(unacknowledged_, body().available());
  const size_t taken = unacknowledged_ - kept;
  unacknowledged_ = kept;
  session_->engine().consume(id_, taken);
}

void ClientStream::set_deadline() {
  if (!is_answered()) return timer().set(time_after(timeouts().first_byte));
  const bool sends = session_ && sender_.has_bytes();
  if (wanted_ || sends) return timer().set(time_after(timeouts().between_bytes));
  timer().clear();
}

void ClientStream::on_late() {
  if (is_answered() && !wanted_) {
    return reset(Failure::ConnectionWriteTimeout, "the server takes nothing of the request");
  }
  reset(Failure::ConnectionReadTimeout, is_answered() ? "no byte of the response came in time"
                                                      : "the response did not begin in time");
}

}  // namespace wasmcloud::http::detail::h2
