#pragma once

#include "base/bytes.h"
#include "base/loop.h"
#include "http/detail/h2/body_sender.h"
#include "http/detail/h2/wire.h"
#include "http/detail/transport.h"

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// What a client sends first (RFC 9113, section 3.4).
inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A field as nghttp2 takes it; with `NO_COPY` flags, names must be in lower case and both stay.
inline nghttp2_nv field_of(std::string_view name, std::string_view value, uint8_t flags = 0) {
  return {.name = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
          .value = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())),
          .namelen = name.size(),
          .valuelen = value.size(),
          .flags = flags};
}

enum class Role : uint8_t { Server, Client };

struct EngineOptions {
  Role role;
  uint32_t max_concurrent_streams;
  uint32_t stream_window_bytes;
  uint32_t connection_window_bytes;
  uint32_t max_header_list_bytes;
};

/// One HTTP/2 session over one transport: frames in, frames out, flow control. The protocol is
/// nghttp2's; this class moves bytes, coalesces writes, and refuses floods. Streams belong to the
/// side that drives it.
///
/// Window updates are sent only for what was consumed, so that the peer is never further ahead than
/// a window. What is sent waits here in the order nghttp2 chose, at most `kMaxQueued` bytes.
class Engine {
 public:
  /// What happens, from within `receive`, `flush`: a side must not destroy the engine in these.
  class Side {
   public:
    /// 0, or an error of nghttp2: TEMPORAL_CALLBACK_FAILURE resets the stream.
    virtual int on_begin_headers(const nghttp2_frame& frame) = 0;
    virtual int on_header(const nghttp2_frame& frame, std::string_view name,
                          std::string_view value) = 0;
    virtual void on_frame(const nghttp2_frame& frame) = 0;
    /// `bytes` lie in the engine's buffer, see `slice`. Each must be consumed, once.
    virtual void on_data(int32_t stream, std::string_view bytes) = 0;
    virtual void on_stream_closed(int32_t stream, uint32_t error) = 0;
    virtual void on_frame_sent(const nghttp2_frame& frame) = 0;
    /// A frame with bytes of that stream's body left.
    virtual void on_data_sent(int32_t stream) = 0;
    /// Last thing before frames are made: submit what waits.
    virtual void on_flush() = 0;
    /// `flush` is to be called in the next turn of the loop.
    virtual void schedule_flush() = 0;

   protected:
    ~Side() = default;
  };

  Engine(Side& side, std::unique_ptr<Transport> transport, const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  nghttp2_session* session() const { return session_; }
  Transport& transport() { return *transport_; }

  /// Takes a buffer over whose bytes [begin, end) were received already.
  void adopt(ByteBuffer buffer, size_t begin, size_t end);
  void arm_read();
  /// After the transport's `on_read` with bytes. False: the connection is over, see `error()`.
  bool receive(size_t size);
  /// Bytes that came after the last word.
  void forget(size_t size);
  std::string_view error() const { return error_; }
  /// The part of the buffer that `on_data` was given.
  Bytes slice(std::string_view bytes) const;
  void consume(int32_t stream, size_t bytes);
  /// For a stream that is closed already.
  void consume_connection(size_t bytes);

  /// Something waits to be sent: a flush follows, one for all that was submitted.
  void schedule();
  /// Sends what may be sent now. False: the transport failed.
  bool flush();
  /// After the transport's `on_writable`.
  bool on_writable();
  bool is_blocked() const { return blocked_; }
  bool is_idle() const { return wire_.empty() && nghttp2_session_want_write(session_) == 0; }
  /// Neither side has anything more to say.
  bool is_over() const;

  nghttp2_data_provider provider(BodySender& body);
  void resume(int32_t stream, BodySender& body);
  void reset_stream(int32_t stream, uint32_t error);
  /// GOAWAY; streams that were accepted go on only if `error` is NO_ERROR.
  void terminate(uint32_t error);
  bool is_reading() const { return reading_; }
  void discard_output() { wire_.clear(); }
  /// Tokens for control frames come back with time; called now and then.
  void on_time(Clock::time_point now);

 private:
  struct Calls;
  friend struct Calls;

  void make_room();
  bool feed();
  void charge(int tokens);
  void credit(int tokens);

  Side& side_;
  std::unique_ptr<Transport> transport_;
  nghttp2_session* session_ = nullptr;
  Wire wire_;
  ByteBuffer buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool reading_ = false;
  bool blocked_ = false;
  bool scheduled_ = false;
  bool receiving_ = false;
  bool flooded_ = false;
  int tokens_;
  Clock::time_point refilled_;
  std::string_view error_;
};

}  // namespace wasmcloud::http::detail::h2
