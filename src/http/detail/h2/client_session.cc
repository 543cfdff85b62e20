#include "http/detail/h2/client_session.h"

#include "base/log.h"
#include "http/detail/client/pool.h"

#include <algorithm>

namespace wasmcloud::http::detail::h2 {
namespace {

constexpr uint32_t kMaxStreams = 100;

EngineOptions options_of(const ClientOptions& options) {
  const auto window = static_cast<uint32_t>(options.read_window_bytes);
  return {.role = Role::Client,
          .max_concurrent_streams = 0,  // nothing may be pushed
          .stream_window_bytes = window,
          .connection_window_bytes = std::max(window, uint32_t{1} << 20),
          .max_header_list_bytes = static_cast<uint32_t>(options.max_header_bytes)};
}

}  // namespace

ClientSession::ClientSession(Ref<ClientPool> pool, std::unique_ptr<Transport> transport,
                             Scheme scheme, std::string authority)
    : pool_(std::move(pool)),
      scheme_(scheme),
      authority_(std::move(authority)),
      engine_(*this, std::move(transport), options_of(pool_->options())),
      timer_(pool_->loop(), *this,
             [](Counted& self) { static_cast<ClientSession&>(self).on_time(); }) {
  engine_.transport().set_owner(*this);
}

ClientSession::~ClientSession() = default;

void ClientSession::start() {
  engine_.schedule();
  engine_.arm_read();
}

bool ClientSession::has_room() const {
  if (closed_ || leaving_) return false;
  const uint32_t most = nghttp2_session_get_remote_settings(
      engine_.session(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  // One, before the server says how many it takes.
  return streams_.size() < (settled_ ? std::min(most, kMaxStreams) : 1U) &&
         nghttp2_session_check_request_allowed(engine_.session()) != 0;
}

void ClientSession::run(Ref<ClientStream> stream) {
  timer_.clear();
  streams_.push_back(stream);
  stream->run_on(*this);
}

void ClientSession::forget(ClientStream& stream) {
  const Ref<ClientStream> kept(&stream);
  std::erase_if(streams_, [&](const auto& each) { return each.get() == &stream; });
  stream.on_closed(NGHTTP2_CANCEL, false);
}

void ClientSession::add_dirty(ClientStream& stream) {
  dirty_.emplace_back(&stream);
  engine_.schedule();
}

void ClientSession::on_flush() {
  for (size_t i = 0; i < dirty_.size(); ++i) {
    const Ref<ClientStream> stream = dirty_[i];
    stream->flush();
  }
  dirty_.clear();
}

void ClientSession::schedule_flush() {
  if (in_batch_) return;
  pool_->loop().post([self = Ref(this)] { self->flush(); });
}

void ClientSession::flush() {
  if (!closed_) after_flush(engine_.flush());
}

void ClientSession::after_flush(bool alive) {
  if (!alive) return close(Transport::Close::Abort);
  if (!engine_.is_blocked() && engine_.is_over()) close(Transport::Close::Orderly);
}

void ClientSession::on_read(int error, size_t size) {
  if (closed_) return;
  if (error != 0 || size == 0) return close(Transport::Close::Abort);
  const Ref self(this);
  engine_.on_time(Clock::now());
  in_batch_ = true;
  const bool alive = engine_.receive(size);
  in_batch_ = false;
  if (!alive) log::debug("HTTP/2 with {}: {}", authority_, engine_.error());
  flush();
  if (closed_) return;
  engine_.arm_read();
  pool_->on_room();
}

void ClientSession::on_writable() {
  if (!closed_) after_flush(engine_.on_writable());
}

ClientStream* ClientSession::find(int32_t id) {
  return static_cast<ClientStream*>(nghttp2_session_get_stream_user_data(engine_.session(), id));
}

int ClientSession::on_begin_headers(const nghttp2_frame&) { return 0; }

int ClientSession::on_header(const nghttp2_frame& frame, std::string_view name,
                             std::string_view value) {
  if (ClientStream* const stream = find(frame.hd.stream_id)) stream->on_field(name, value);
  return 0;
}

void ClientSession::on_frame(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_SETTINGS) settled_ = true;
  if (frame.hd.type == NGHTTP2_GOAWAY) {
    leaving_ = true;
    return;
  }
  if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return;
  const bool is_end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (ClientStream* const stream = find(frame.hd.stream_id)) {
    const Ref<ClientStream> kept(stream);
    if (frame.hd.type == NGHTTP2_HEADERS) stream->on_fields_done(is_end);
    if (is_end) stream->on_end();
  }
}

void ClientSession::on_data(int32_t id, std::string_view bytes) {
  if (ClientStream* const stream = find(id)) {
    stream->on_data(bytes);
  } else {
    engine_.consume(id, bytes.size());
  }
}

void ClientSession::on_stream_closed(int32_t id, uint32_t error) {
  ClientStream* const found = find(id);
  if (found == nullptr) return;
  const Ref<ClientStream> stream(found);
  std::erase_if(streams_, [&](const auto& each) { return each.get() == found; });
  if (streams_.empty()) timer_.set(time_after(pool_->options().idle_timeout));
  // Streams above the last one that a GOAWAY names are closed as refused, too.
  stream->on_closed(error, error == NGHTTP2_REFUSED_STREAM);
}

void ClientSession::on_frame_sent(const nghttp2_frame&) {}

void ClientSession::on_data_sent(int32_t id) {
  if (ClientStream* const stream = find(id)) stream->on_progress();
}

void ClientSession::on_time() {
  if (closed_ || !streams_.empty()) return;
  engine_.terminate(NGHTTP2_NO_ERROR);
}

void ClientSession::close(Transport::Close how) {
  if (std::exchange(closed_, true)) return;
  const Ref self(this);
  timer_.stop();
  engine_.transport().close(how);
  dirty_.clear();
  pool_->remove(*this);
  for (const auto& stream : std::exchange(streams_, {})) {
    stream->on_closed(NGHTTP2_CONNECT_ERROR, false);
  }
}

}  // namespace wasmcloud::http::detail::h2
