#include "http/detail/h2/engine.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>

namespace wasmcloud::http::detail::h2 {
namespace {

/// What may wait for a slow transport before no more frames are made.
constexpr size_t kMaxQueued = size_t{128} * 1024;
constexpr size_t kReadBuffer = size_t{64} * 1024;
/// With less room than this, a read is not worth its system call.
constexpr size_t kMinRead = size_t{2} * 1024;

// A peer pays a token for each frame that carries nothing (PING, SETTINGS, WINDOW_UPDATE, PRIORITY,
// RST_STREAM, empty DATA) and earns some with requests, data, and time. Without any left it is
// flooding us.
constexpr int kMaxTokens = 2000;
constexpr int kTokensPerSecond = 200;
constexpr int kTokensPerHead = 4;
constexpr int kTokensPerData = 3;
/// A frame this small, cut by the peer's window, earns nothing: windows opened byte by byte.
constexpr size_t kTinyData = 256;

/// More than guests may put into their fields.
constexpr size_t kMaxSentHead = size_t{256} * 1024;

// Floods that nghttp2 counts itself.
constexpr size_t kMaxSettings = 32;
constexpr size_t kMaxUnsentAcks = 256;
constexpr size_t kMaxContinuations = 8;
constexpr uint64_t kResetBurst = 400;
constexpr uint64_t kResetsPerSecond = 50;

Engine& engine_of(void* user) { return *static_cast<Engine*>(user); }

}  // namespace

/// nghttp2's callbacks. None of them throws; they are called beneath C.
struct Engine::Calls {
  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
    return engine_of(user).side_.on_begin_headers(*frame);
  }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                    size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                    void* user) noexcept {
    return engine_of(user).side_.on_header(*frame, {reinterpret_cast<const char*>(name), name_size},
                                           {reinterpret_cast<const char*>(value), value_size});
  }

  /// nghttp2 would drop the field and go on; a message with such a field is malformed (RFC 9113,
  /// section 8.2.1).
  static int invalid_header(nghttp2_session*, const nghttp2_frame*, const uint8_t*, size_t,
                            const uint8_t*, size_t, uint8_t, void*) noexcept {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  /// Frames that nghttp2 passes over in silence.
  static int begin_frame(nghttp2_session* session, const nghttp2_frame_hd* head,
                         void* user) noexcept {
    Engine& self = engine_of(user);
    if (head->type <= NGHTTP2_CONTINUATION && head->type != NGHTTP2_PRIORITY) return 0;
    self.charge(1);
    if (self.flooded_) return NGHTTP2_ERR_CALLBACK_FAILURE;
    // "If a PRIORITY frame is received with a stream identifier of 0x00, the recipient MUST respond
    // with a connection error" (RFC 9113, section 6.3)
    if (head->type == NGHTTP2_PRIORITY && head->stream_id == 0) {
      return nghttp2_session_terminate_session(session, NGHTTP2_PROTOCOL_ERROR);
    }
    return 0;
  }

  static int frame_received(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
    Engine& self = engine_of(user);
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        self.credit(kTokensPerHead);
        break;
      case NGHTTP2_DATA:
        if (frame->hd.length > frame->data.padlen) {
          self.credit(kTokensPerData);
        } else if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) {
          self.charge(2);
        }
        break;
      default:
        self.charge(1);
        break;
    }
    self.side_.on_frame(*frame);
    // nghttp2 reads no further; the GOAWAY that says why is sent.
    return self.flooded_ ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
  }

  static int data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* bytes, size_t size,
                  void* user) noexcept {
    engine_of(user).side_.on_data(stream, {reinterpret_cast<const char*>(bytes), size});
    return 0;
  }

  static int stream_closed(nghttp2_session*, int32_t stream, uint32_t error, void* user) noexcept {
    engine_of(user).side_.on_stream_closed(stream, error);
    return 0;
  }

  static int frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* user) noexcept {
    engine_of(user).side_.on_frame_sent(*frame);
    return 0;
  }

  /// A head that is larger than nghttp2 sends, say: the peer shall not wait for it.
  static int frame_not_sent(nghttp2_session* session, const nghttp2_frame* frame, int,
                            void*) noexcept {
    if (frame->hd.type == NGHTTP2_HEADERS) {
      nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
                                NGHTTP2_INTERNAL_ERROR);
    }
    return 0;
  }

  static ssize_t read_body(nghttp2_session* session, int32_t stream, uint8_t*, size_t max,
                           uint32_t* flags, nghttp2_data_source* source, void* user) noexcept {
    auto& body = *static_cast<BodySender*>(source->ptr);
    const size_t size = std::min(max, body.pending());
    const bool ended = body.state() == BodyState::Ended && size == body.pending();
    if (size == 0 && !ended) {
      body.set_deferred(true);
      return NGHTTP2_ERR_DEFERRED;
    }
    Engine& self = engine_of(user);
    if (size < body.pending() && size < kTinyData) {
      self.charge(1);
    } else {
      self.credit(kTokensPerData);
    }
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (ended) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!body.trailers().empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        submit_trailers(session, stream, body.trailers());
      }
    }
    return static_cast<ssize_t>(size);
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const uint8_t* head, size_t size,
                       nghttp2_data_source* source, void* user) noexcept {
    Engine& self = engine_of(user);
    auto& body = *static_cast<BodySender*>(source->ptr);
    constexpr size_t kFrameHead = 9;
    self.wire_.copy(std::as_bytes(std::span(head, kFrameHead)));
    while (size > 0) {
      Bytes part = body.take(size);
      size -= part.size();
      self.wire_.push(std::move(part));
    }
    self.side_.on_data_sent(frame->hd.stream_id);
    body.notify();
    return 0;
  }

  static void submit_trailers(nghttp2_session* session, int32_t stream, const Headers& trailers);
  static nghttp2_session_callbacks* make();
};

void Engine::Calls::submit_trailers(nghttp2_session* session, int32_t stream,
                                    const Headers& trailers) {
  std::vector<nghttp2_nv> fields;
  fields.reserve(trailers.size());
  for (const FieldView field : trailers) fields.push_back(field_of(field.name, field.value));
  // Names are copied, in lower case.
  nghttp2_submit_trailer(session, stream, fields.data(), fields.size());
}

nghttp2_session_callbacks* Engine::Calls::make() {
  nghttp2_session_callbacks* made = nullptr;
  CHECK(nghttp2_session_callbacks_new(&made) == 0);
  nghttp2_session_callbacks_set_on_begin_headers_callback(made, begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(made, header);
  nghttp2_session_callbacks_set_on_invalid_header_callback(made, invalid_header);
  nghttp2_session_callbacks_set_on_begin_frame_callback(made, begin_frame);
  nghttp2_session_callbacks_set_on_frame_recv_callback(made, frame_received);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, data);
  nghttp2_session_callbacks_set_on_stream_close_callback(made, stream_closed);
  nghttp2_session_callbacks_set_on_frame_send_callback(made, frame_sent);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(made, frame_not_sent);
  nghttp2_session_callbacks_set_send_data_callback(made, send_data);
  return made;
}

Engine::Engine(Side& side, std::unique_ptr<Transport> transport, const EngineOptions& options)
    : side_(side), transport_(std::move(transport)), tokens_(kMaxTokens), refilled_(Clock::now()) {
  nghttp2_session_callbacks* const callbacks = Calls::make();
  nghttp2_option* option = nullptr;
  CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_option_set_max_send_header_block_length(option, kMaxSentHead);
  nghttp2_option_set_max_settings(option, kMaxSettings);
  nghttp2_option_set_max_outbound_ack(option, kMaxUnsentAcks);
  nghttp2_option_set_max_continuations(option, kMaxContinuations);
  nghttp2_option_set_stream_reset_rate_limit(option, kResetBurst, kResetsPerSecond);
  const bool server = options.role == Role::Server;
  CHECK((server ? nghttp2_session_server_new2(&session_, callbacks, this, option)
                : nghttp2_session_client_new2(&session_, callbacks, this, option)) == 0);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);

  std::vector<nghttp2_settings_entry> settings = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.stream_window_bytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options.max_header_list_bytes},
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams},
  };
  if (server) {
    // Responses are sent in the order they are ready; the old priority tree costs and helps nobody.
    settings.push_back({NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1});
  } else {
    settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  }
  CHECK(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) ==
        0);
  CHECK(nghttp2_session_set_local_window_size(
            session_, NGHTTP2_FLAG_NONE, 0,
            static_cast<int32_t>(options.connection_window_bytes)) == 0);
}

Engine::~Engine() { nghttp2_session_del(session_); }

void Engine::charge(int tokens) {
  tokens_ -= tokens;
  if (tokens_ >= 0 || flooded_) return;
  flooded_ = true;
  error_ = "the peer floods the connection with frames that carry nothing";
  nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
}

void Engine::credit(int tokens) { tokens_ = std::min(tokens_ + tokens, kMaxTokens); }

void Engine::on_time(Clock::time_point now) {
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - refilled_);
  const auto earned = passed.count() * kTokensPerSecond / 1000;
  if (earned <= 0) return;
  refilled_ = now;
  credit(static_cast<int>(std::min<int64_t>(earned, kMaxTokens)));
}

void Engine::adopt(ByteBuffer buffer, size_t begin, size_t end) {
  buffer_ = std::move(buffer);
  begin_ = begin;
  end_ = end;
}

void Engine::make_room() {
  // nghttp2 keeps what it needs of a frame that is not complete, so all before `end_` is read.
  if (buffer_.capacity() < kReadBuffer ||
      (buffer_.is_shared() && buffer_.capacity() - end_ < kMinRead)) {
    buffer_ = ByteBuffer(kReadBuffer);
    begin_ = end_ = 0;
  } else if (!buffer_.is_shared()) {
    begin_ = end_ = 0;
  }
}

void Engine::arm_read() {
  if (reading_) return;
  make_room();
  reading_ = true;
  transport_->start_read({buffer_.data() + end_, buffer_.capacity() - end_});
}

bool Engine::receive(size_t size) {
  reading_ = false;
  end_ += size;
  return feed();
}

void Engine::forget(size_t size) {
  reading_ = false;
  begin_ = end_ = end_ + size;
}

bool Engine::feed() {
  receiving_ = true;
  const auto* const bytes = reinterpret_cast<const uint8_t*>(buffer_.data()) + begin_;
  const ssize_t used = nghttp2_session_mem_recv(session_, bytes, end_ - begin_);
  begin_ = end_;
  receiving_ = false;
  if (used >= 0) return true;
  if (error_.empty()) error_ = nghttp2_strerror(static_cast<int>(used));
  if (!flooded_) {
    const bool flood = used == NGHTTP2_ERR_FLOODED || used == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS;
    nghttp2_session_terminate_session(session_,
                                      flood ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR);
  }
  return false;
}

Bytes Engine::slice(std::string_view bytes) const {
  const auto* const data = reinterpret_cast<const std::byte*>(bytes.data());
  return buffer_.slice(static_cast<size_t>(data - buffer_.data()), bytes.size());
}

void Engine::consume(int32_t stream, size_t bytes) {
  if (bytes == 0) return;
  nghttp2_session_consume(session_, stream, bytes);
  schedule();
}

void Engine::consume_connection(size_t bytes) {
  if (bytes == 0) return;
  nghttp2_session_consume_connection(session_, bytes);
  schedule();
}

void Engine::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  side_.schedule_flush();
}

bool Engine::flush() {
  scheduled_ = true;  // what is submitted from here on is sent below
  side_.on_flush();
  bool alive = true;
  while (alive && !blocked_) {
    while (wire_.size() < kMaxQueued) {
      const uint8_t* frame = nullptr;
      const ssize_t size = nghttp2_session_mem_send(session_, &frame);
      if (size <= 0) {
        alive = size == 0;
        break;
      }
      wire_.copy(std::as_bytes(std::span(frame, static_cast<size_t>(size))));
    }
    if (wire_.empty()) break;
    if (wire_.send(*transport_) < 0) alive = false;
    if (alive && !wire_.empty()) {
      blocked_ = true;
      transport_->wait_writable();
    }
  }
  scheduled_ = false;
  return alive;
}

bool Engine::on_writable() {
  blocked_ = false;
  return flush();
}

bool Engine::is_over() const {
  return wire_.empty() && nghttp2_session_want_read(session_) == 0 &&
         nghttp2_session_want_write(session_) == 0;
}

nghttp2_data_provider Engine::provider(BodySender& body) {
  return {.source = {.ptr = &body}, .read_callback = Calls::read_body};
}

void Engine::resume(int32_t stream, BodySender& body) {
  if (!body.is_deferred()) return;
  body.set_deferred(false);
  nghttp2_session_resume_data(session_, stream);
}

void Engine::reset_stream(int32_t stream, uint32_t error) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, error);
  schedule();
}

void Engine::terminate(uint32_t error) {
  nghttp2_session_terminate_session(session_, error);
  schedule();
}

}  // namespace wasmcloud::http::detail::h2
