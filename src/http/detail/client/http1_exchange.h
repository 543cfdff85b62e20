#pragma once

#include "http/detail/client/exchange.h"
#include "http/detail/client/request_sink.h"

namespace wasmcloud::http::detail {

class ClientConnection;

/// A request over HTTP/1.1, alone on its connection.
class Http1Exchange final : public Exchange, private MessageSink::Output {
 public:
  Http1Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts);
  ~Http1Exchange() override;

  Result<void> begin(const RequestHead& head);
  bool is_http2() const override { return false; }

  // For the connection.
  /// The request goes out.
  void run_on(ClientConnection& connection);
  RequestSink& sink() { return sink_; }
  /// The response is whole, and so is the request: the connection is somebody else's.
  void detach();
  /// Sends it again on another connection. False if that may not be.
  bool try_again();

  // ClientExchange
  BodyWriter& request_body() override { return sink_; }

 private:
  void fail_request(const Error& error) override;
  void give_up_connection() override;
  // MessageSink::Output
  ssize_t write_now(std::span<const iovec> parts) override;
  void schedule_flush() override;
  void on_sink_failed() override;
  // ReceivedBody::Source
  void on_body_wanted() override;
  void on_body_taken() override;

  bool repeated_ = false;
  Ref<ClientConnection> connection_;  ///< while it runs there
  RequestSink sink_;
};

}  // namespace wasmcloud::http::detail
