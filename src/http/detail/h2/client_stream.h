#pragma once

#include "http/detail/client/exchange.h"
#include "http/detail/h2/body_sender.h"
#include "http/detail/h2/head_fields.h"

#include <cstdint>
#include <optional>
#include <string>

namespace wasmcloud::http::detail::h2 {

class ClientSession;

/// A request over HTTP/2, one stream of a connection that others share.
class ClientStream final : public Exchange, private BodySender::Output {
 public:
  ClientStream(Ref<ClientPool> pool, const ClientTimeouts& timeouts);
  ~ClientStream() override;

  /// Errors: those of `Failure`.
  Result<void> begin(const RequestHead& head);
  bool is_http2() const override { return true; }

  // For the session.
  /// The request goes out with the session's next flush.
  void run_on(ClientSession& session);
  int32_t id() const { return id_; }
  void flush();
  void on_field(std::string_view name, std::string_view value);
  /// The fields are there: of an interim head, the head, or the trailers.
  void on_fields_done(bool is_end);
  void on_data(std::string_view bytes);
  void on_end();
  void on_progress() { set_deadline(); }
  /// nghttp2 has forgotten the stream. `refused`: the server has not looked at it.
  void on_closed(uint32_t error, bool refused);

  // ClientExchange
  BodyWriter& request_body() override { return sender_; }

 private:
  void fail_request(const Error& error) override;
  void give_up_connection() override;
  void on_late() override;
  // BodySender::Output
  void on_body_written() override;
  void on_body_failed() override;
  // ReceivedBody::Source
  void on_body_wanted() override;
  void on_body_taken() override { acknowledge(); }

  void submit();
  void acknowledge();
  void set_deadline();
  /// Ends the stream from this side.
  void reset(Failure failure, std::string message);

  Ref<ClientSession> session_;  ///< while it runs there
  int32_t id_ = -1;
  BodySender sender_;
  HeadFields head_fields_;
  Headers received_trailers_;
  std::optional<uint64_t> declared_;
  size_t field_bytes_ = 0;
  size_t field_count_ = 0;
  size_t unacknowledged_ = 0;  ///< received, but not consumed as far as the peer knows
  unsigned interim_ = 0;
  bool dirty_ = false;
  bool submitted_ = false;
  bool too_large_ = false;
  bool ended_ = false;  ///< the response is whole
  bool wanted_ = false;
  unsigned repeated_ = 0;
};

}  // namespace wasmcloud::http::detail::h2
