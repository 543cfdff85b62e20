#pragma once

#include "http/client.h"
#include "http/detail/client/connect.h"
#include "http/detail/client/lazy_timer.h"
#include "http/detail/client/request_sink.h"
#include "http/detail/received_body.h"

namespace wasmcloud::http::detail {

class ClientConnection;
class ClientPool;

/// A request over HTTP/1.1: it waits for a connection, is sent and answered there, and lets it go.
class Http1Exchange final : public ClientExchange,
                            private MessageSink::Output,
                            private ReceivedBody::Source {
 public:
  Http1Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts);
  ~Http1Exchange() override;

  // For the pool.
  Result<void> begin(const RequestHead& head);
  const Destination& destination() const { return destination_; }
  /// Host and port as the request has them: what connections are kept by.
  const std::string& authority() const { return authority_; }
  const ClientTimeouts& timeouts() const { return timeouts_; }
  /// It fails unless it is on its way by then.
  void must_run_by(Clock::time_point when) { connect_timer_.set(when); }
  Clock::time_point connect_deadline() const { return connect_deadline_; }
  bool is_waiting() const { return phase_ == Phase::Waiting; }
  void fail(const Error& error);

  // For the connection.
  /// The request goes out.
  void run_on(ClientConnection& connection);
  bool answers_head() const { return to_head_; }
  ResponseHead& response() { return response_; }
  RequestSink& sink() { return sink_; }
  ReceivedBody& body() { return body_; }
  void on_head();
  void end_body(const Headers& trailers);
  /// The response is whole, and so is the request: the connection is somebody else's.
  void detach();
  /// Sends it again on another connection. False if that may not be.
  bool try_again();

  // ClientExchange
  BodyWriter& request_body() override { return sink_; }
  bool is_answered() const override { return phase_ >= Phase::Answered; }
  Result<ResponseHead> take_head() override;
  BodyReader& response_body() override { return body_; }
  Signal& changed() override { return changed_; }
  Loop& loop() const override;
  void cancel() override;

 private:
  enum class Phase : uint8_t {
    Waiting,   ///< for a connection
    Sent,      ///< or being sent; no head came back
    Answered,  ///< the head is there
    Failed,    ///< before there was a head
    Cancelled,
  };

  // MessageSink::Output
  ssize_t write_now(std::span<const iovec> parts) override;
  void schedule_flush() override;
  void on_sink_failed() override;
  // ReceivedBody::Source
  void on_body_wanted() override;
  void on_body_taken() override;

  Ref<ClientPool> pool_;
  const ClientTimeouts timeouts_;
  Destination destination_;
  std::string authority_;
  Clock::time_point connect_deadline_ = Clock::time_point::max();
  LazyTimer connect_timer_;
  Phase phase_ = Phase::Waiting;
  bool to_head_ = false;
  bool repeated_ = false;
  Ref<ClientConnection> connection_;  ///< while it runs there
  RequestSink sink_;
  ReceivedBody body_;
  ResponseHead response_;
  Headers trailers_;
  std::optional<Error> error_;
  Signal changed_;
};

}  // namespace wasmcloud::http::detail
