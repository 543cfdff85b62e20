#include "http/detail/h2/server_session.h"

#include "base/log.h"

#include <algorithm>

namespace wasmcloud::http::detail::h2 {
namespace {

constexpr size_t kMaxFree = 128;
constexpr auto kLinger = std::chrono::seconds(2);
constexpr auto kLingerWhileDraining = std::chrono::milliseconds(100);
constexpr uint64_t kMaxLingerBytes = uint64_t{4} * 1024 * 1024;
/// How long a client has to answer a drain's PING before it is told its last stream all the same.
constexpr auto kNoticeGrace = std::chrono::seconds(1);
constexpr uint8_t kDrainPing[8] = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

EngineOptions options_of(const ServerOptions& options) {
  return {.role = Role::Server,
          .max_concurrent_streams = options.max_concurrent_streams,
          .stream_window_bytes = static_cast<uint32_t>(options.read_window_bytes),
          .connection_window_bytes = static_cast<uint32_t>(
              std::max(options.connection_window_bytes, options.read_window_bytes)),
          .max_header_list_bytes = static_cast<uint32_t>(options.max_header_bytes)};
}

}  // namespace

ServerSession::ServerSession(Worker& worker, std::unique_ptr<Transport> transport)
    : worker_(worker),
      peer_(transport->peer()),
      engine_(*this, std::move(transport), options_of(worker.options())),
      deadline_(worker.now() + worker.options().header_timeout) {
  engine_.transport().set_owner(*this);
  worker_.add(*this);
}

ServerSession::~ServerSession() = default;

void ServerSession::start(ByteBuffer buffer, size_t begin, size_t end) {
  const Ref<ServerSession> self(this);
  engine_.adopt(std::move(buffer), begin, end);
  if (worker_.is_draining()) begin_drain();
  in_batch_ = true;
  const bool alive = engine_.receive(0);
  in_batch_ = false;
  if (!alive) log::debug("HTTP/2 with {}: {}", peer_, engine_.error());
  received();
}

void ServerSession::on_read(int error, size_t size) {
  if (phase_ == Phase::Closed) return;
  if (error != 0 || size == 0) {
    return close(error == 0 ? Transport::Close::Orderly : Transport::Close::Abort);
  }
  if (phase_ == Phase::Lingering) {
    lingered_ += size;
    if (lingered_ > kMaxLingerBytes) return close(Transport::Close::Abort);
    engine_.forget(size);
    return engine_.arm_read();
  }
  in_batch_ = true;
  const bool alive = engine_.receive(size);
  in_batch_ = false;
  if (!alive) log::debug("HTTP/2 with {}: {}", peer_, engine_.error());
  received();
}

/// Starts what came in, and sends what that gave.
void ServerSession::received() {
  start_ready();
  flush();
  if (phase_ != Phase::Closed) engine_.arm_read();
}

void ServerSession::start_ready() {
  in_batch_ = true;
  // A woken handler may answer at once; what it writes is sent with the others'.
  for (size_t i = 0; i < ready_.size(); ++i) {
    const Ref<ServerStream> stream = std::move(ready_[i]);
    stream->wake();
  }
  ready_.clear();
  in_batch_ = false;
}

void ServerSession::on_writable() {
  if (phase_ == Phase::Closed) return;
  blocked_since_ = Clock::time_point::max();
  after_flush(engine_.on_writable());
}

void ServerSession::schedule_flush() {
  if (in_batch_) return;
  worker_.loop().post([self = Ref(this)] {
    if (self->phase_ != Phase::Closed) self->flush();
  });
}

void ServerSession::flush() {
  if (phase_ == Phase::Closed) return;
  after_flush(engine_.flush());
}

void ServerSession::after_flush(bool alive) {
  if (!alive) return close(Transport::Close::Abort);
  if (engine_.is_blocked()) {
    if (blocked_since_ == Clock::time_point::max()) blocked_since_ = worker_.now();
    return;
  }
  if (phase_ == Phase::Lingering) return;
  if (engine_.is_over()) linger();
}

void ServerSession::on_flush() {
  for (size_t i = 0; i < dirty_.size(); ++i) dirty_[i]->flush();
  dirty_.clear();
}

void ServerSession::add_dirty(ServerStream& stream) {
  dirty_.emplace_back(&stream);
  engine_.schedule();
}

ServerStream* ServerSession::find(int32_t id) {
  return static_cast<ServerStream*>(nghttp2_session_get_stream_user_data(engine_.session(), id));
}

Ref<ServerStream> ServerSession::take_stream() {
  if (!free_.empty()) {
    Ref<ServerStream> stream = std::move(free_.back());
    free_.pop_back();
    return stream;
  }
  const ServerOptions& options = worker_.options();
  return make_ref<ServerStream>(*this,
                                ParserLimits{.max_start_line_bytes = options.max_request_line_bytes,
                                             .max_header_bytes = options.max_header_bytes,
                                             .max_header_fields = options.max_header_fields,
                                             .max_body_bytes = options.max_body_bytes});
}

int ServerSession::on_begin_headers(const nghttp2_frame& frame) {
  const int32_t id = frame.hd.stream_id;
  deadline_ = worker_.now() + worker_.options().header_timeout;
  if (frame.headers.cat != NGHTTP2_HCAT_REQUEST) {
    if (ServerStream* const stream = find(id)) stream->begin_trailers();
    return 0;
  }
  // Streams that were reset at once leave handlers behind, which take a moment to end.
  if (streams_.size() >= size_t{2} * worker_.options().max_concurrent_streams) {
    nghttp2_submit_rst_stream(engine_.session(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
    return 0;
  }
  Ref<ServerStream> stream = take_stream();
  stream->open(id);
  nghttp2_session_set_stream_user_data(engine_.session(), id, stream.get());
  stream->index_ = streams_.size();
  streams_.push_back(std::move(stream));
  return 0;
}

int ServerSession::on_header(const nghttp2_frame& frame, std::string_view name,
                             std::string_view value) {
  if (ServerStream* const stream = find(frame.hd.stream_id)) stream->fields().add(name, value);
  return 0;
}

void ServerSession::on_frame(const nghttp2_frame& frame) {
  switch (frame.hd.type) {
    case NGHTTP2_HEADERS: {
      deadline_ = Clock::time_point::max();
      ServerStream* const stream = find(frame.hd.stream_id);
      if (stream == nullptr) return;
      if (frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        stream->on_head();
      } else {
        stream->on_trailers();
      }
      break;
    }
    case NGHTTP2_DATA:
      break;
    case NGHTTP2_PING:
      if ((frame.hd.flags & NGHTTP2_FLAG_ACK) != 0 && phase_ == Phase::Draining) say_last_stream();
      return;
    default:
      return;
  }
  if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
  if (ServerStream* const stream = find(frame.hd.stream_id)) stream->on_end();
}

void ServerSession::on_data(int32_t id, std::string_view bytes) {
  if (ServerStream* const stream = find(id)) {
    stream->on_data(bytes);
  } else {
    engine_.consume(id, bytes.size());
  }
}

void ServerSession::on_stream_closed(int32_t id, uint32_t error) {
  if (ServerStream* const stream = find(id)) stream->on_closed(error);
}

void ServerSession::on_frame_sent(const nghttp2_frame& frame) {
  const bool carries = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  if (!carries || (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return;
  if (ServerStream* const stream = find(frame.hd.stream_id)) stream->on_response_sent();
}

void ServerSession::on_data_sent(int32_t id) {
  if (ServerStream* const stream = find(id)) stream->on_progress();
}

void ServerSession::recycle(ServerStream& stream) {
  const size_t index = stream.index_;
  Ref<ServerStream> taken = std::move(streams_[index]);
  if (index + 1 < streams_.size()) {
    streams_[index] = std::move(streams_.back());
    streams_[index]->index_ = index;
  }
  streams_.pop_back();
  if (phase_ == Phase::Open) {
    deadline_ = streams_.empty() ? worker_.now() + worker_.options().idle_timeout
                                 : Clock::time_point::max();
  }
  if (phase_ == Phase::Closed || stream.cancelled_ || free_.size() >= kMaxFree) {
    if (!stream.cancelled_) {
      worker_.loop().post([taken = std::move(taken)] { taken->quit(); });
    }
    return;
  }
  free_.push_back(std::move(taken));
}

/// GOAWAY in two steps: a notice that refuses nothing yet, and the last stream once the client must
/// have seen it, so that no request that is under way is lost (RFC 9113, section 6.8).
void ServerSession::begin_drain() {
  if (phase_ != Phase::Open) return;
  phase_ = Phase::Draining;
  nghttp2_submit_shutdown_notice(engine_.session());
  nghttp2_submit_ping(engine_.session(), NGHTTP2_FLAG_NONE, kDrainPing);
  deadline_ = Clock::now() + kNoticeGrace;
  engine_.schedule();
}

void ServerSession::say_last_stream() {
  if (goaway_sent_) return;
  goaway_sent_ = true;
  deadline_ = Clock::time_point::max();
  // Streams that are open go on; the session is over when the last of them is.
  nghttp2_submit_goaway(engine_.session(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(engine_.session()),
                        NGHTTP2_NO_ERROR, nullptr, 0);
  engine_.schedule();
}

void ServerSession::cut_off() {
  const Ref<ServerSession> self(this);
  if (phase_ == Phase::Closed) return;
  for (const Ref<ServerStream>& stream : std::vector(streams_)) {
    stream->stop(Errc::Cancelled, "the server is shutting down");
  }
  close(Transport::Close::Abort);
}

void ServerSession::tick(Clock::time_point now) {
  const Ref<ServerSession> self(this);
  if (phase_ == Phase::Closed) return;
  engine_.on_time(now);
  if (blocked_since_ != Clock::time_point::max() &&
      now >= blocked_since_ + worker_.options().write_timeout) {
    return close(Transport::Close::Abort);
  }
  for (const Ref<ServerStream>& stream : std::vector(streams_)) stream->tick(now);
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  switch (phase_) {
    case Phase::Open:
      engine_.terminate(NGHTTP2_NO_ERROR);
      break;
    case Phase::Draining:
      say_last_stream();
      break;
    case Phase::Lingering:
    case Phase::Closed:
      close(Transport::Close::Orderly);
      break;
  }
}

/// Closing with unread bytes would reset the connection, and the client might lose a response.
void ServerSession::linger() {
  phase_ = Phase::Lingering;
  engine_.transport().shutdown_write();
  deadline_ =
      Clock::now() + (worker_.is_draining() ? Clock::duration(kLingerWhileDraining) : kLinger);
  engine_.arm_read();
}

void ServerSession::close(Transport::Close how) {
  if (phase_ == Phase::Closed) return;
  const Ref<ServerSession> self(this);
  phase_ = Phase::Closed;
  deadline_ = blocked_since_ = Clock::time_point::max();
  engine_.transport().close(how);
  for (const Ref<ServerStream>& stream : std::vector(streams_)) {
    if (!stream->closed_) stream->on_closed(NGHTTP2_CANCEL);
  }
  for (Ref<ServerStream>& stream : free_) {
    worker_.loop().post([taken = std::move(stream)] { taken->quit(); });
  }
  free_.clear();
  ready_.clear();
  dirty_.clear();
  worker_.remove(*this);
}

}  // namespace wasmcloud::http::detail::h2
