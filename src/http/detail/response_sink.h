#pragma once

#include "http/detail/message_sink.h"
#include "http/server.h"

#include <string_view>

namespace wasmcloud::http::detail {

/// The response being written, as the server's handlers see it.
class ResponseSink final : public ResponseWriter, public MessageSink {
 public:
  /// The connection's side.
  class Output : public MessageSink::Output {
   public:
    /// "Fri, 20 Nov 2026 17:00:00 GMT"
    virtual std::string_view date() = 0;
    /// The connection may serve another request after this one.
    virtual bool may_keep_alive() const = 0;

   protected:
    ~Output() = default;
  };

  ResponseSink(Loop& loop, Output& output, size_t window)
      : MessageSink(loop, output, window, "response", "client"), output_(output) {}

  // For the connection.
  /// Begins the response to `request`.
  void reset(const RequestHead& request);
  /// What the handler gave is dropped, if none of it was sent; true then.
  bool discard();
  /// Its end is told by closing the connection.
  bool closes() const { return closes_; }
  bool is_delimited_by_close() const { return framing() == Framing::Close; }
  /// What was withdrawn is answered by us, since the handler may go on for long.
  void flush_scheduled();
  void send_continue();
  /// A short text as the whole response, after which the connection is closed.
  void send_refusal(uint16_t status, std::string_view reason);

  // ResponseWriter
  Result<void> send_head(const ResponseHead& head) override;
  Result<void> respond(const ResponseHead& head, Bytes body) override;
  bool is_head_sent() const override { return is_head_given(); }
  BodyWriter& body() override { return *this; }

 private:
  Result<void> add_fields(const ResponseHead& head);
  Framing stream_framing() const override { return http10_ ? Framing::Close : Framing::Chunked; }
  bool announces(uint64_t) const override { return true; }
  void end_fields() override;
  void give_up(Errc code, std::string_view message) override;

  Output& output_;
  bool http10_ = false;
  bool to_head_ = false;  ///< answers HEAD
  bool to_connect_ = false;
  bool closes_ = false;
};

}  // namespace wasmcloud::http::detail
