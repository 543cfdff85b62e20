#pragma once

#include "http/detail/message_sink.h"
#include "http/message.h"
#include "http/proxy.h"

namespace wasmcloud::http::detail {

/// The request being written by a client.
class RequestSink final : public MessageSink {
 public:
  RequestSink(Loop& loop, Output& output, size_t window)
      : MessageSink(loop, output, window, "request", "server") {}

  /// Begins the request, for the server or for a proxy that relays it; nothing is sent before
  /// `unblock`. Errors: Failure::RequestUriInvalid,
  /// RequestUriTooLong, RequestMethodInvalid, RequestBodySize.
  Result<void> send_head(const RequestHead& head, const Proxy* relay);
  /// The same request again, from its start, on another connection. Only for `is_repeatable`.
  void repeat();
  /// It is whole, and has no body.
  bool is_repeatable() const { return is_bodiless_; }
  void unblock() { MessageSink::unblock(); }

  Result<void> finish(const Headers* trailers) override;

 private:
  Framing stream_framing() const override { return Framing::Chunked; }
  bool announces(uint64_t size) const override { return size > 0 || expects_body_; }
  void end_fields() override {}

  size_t head_size_ = 0;       ///< of the head as it was given, to begin again with
  bool expects_body_ = false;  ///< the method's meaning is in its body (RFC 9110, section 8.6)
  bool is_safe_to_repeat_ = false;
  bool is_bodiless_ = false;
};

}  // namespace wasmcloud::http::detail
