#pragma once

#include "http/client.h"
#include "http/detail/client/connect.h"
#include "http/detail/client/lazy_timer.h"
#include "http/detail/received_body.h"

#include <optional>
#include <string>

namespace wasmcloud::http::detail {

class ClientPool;

/// A request from its beginning to the end of its response, whatever HTTP it speaks: it waits for a
/// connection, runs there, and lets it go.
class Exchange : public ClientExchange, protected ReceivedBody::Source {
 public:
  // For the pool.
  const Destination& destination() const { return destination_; }
  Scheme scheme() const { return destination_.scheme; }
  /// Host and port as the request has them: what connections are kept by.
  const std::string& authority() const { return authority_; }
  const ClientTimeouts& timeouts() const { return timeouts_; }
  virtual bool is_http2() const = 0;
  /// It fails unless it runs by then.
  void must_run_by(Clock::time_point when) { timer_.set(when); }
  Clock::time_point connect_deadline() const { return connect_deadline_; }
  bool is_waiting() const { return phase_ == Phase::Waiting; }
  /// Does nothing if it is over.
  void fail(const Error& error);

  // For the connection.
  bool answers_head() const { return to_head_; }
  ResponseHead& response() { return response_; }
  ReceivedBody& body() { return body_; }
  void on_head();
  void end_body(const Headers& trailers);

  // ClientExchange
  bool is_answered() const override { return phase_ >= Phase::Answered; }
  Result<ResponseHead> take_head() override;
  BodyReader& response_body() override { return body_; }
  Signal& changed() override { return changed_; }
  Loop& loop() const override;
  void cancel() override;

 protected:
  enum class Phase : uint8_t {
    Waiting,   ///< for a connection
    Sent,      ///< or being sent; no head came back
    Answered,  ///< the head is there
    Failed,    ///< before there was a head
    Cancelled,
  };

  Exchange(Ref<ClientPool> pool, const ClientTimeouts& timeouts);
  ~Exchange() override;

  /// Takes what connections are made for from the head. Errors: Failure::RequestUriInvalid;
  /// DestinationUnavailable where the proxy for it cannot be used.
  Result<void> begin(const RequestHead& head);
  Phase phase() const { return phase_; }
  void set_phase(Phase phase) { phase_ = phase; }
  ClientPool& pool() const { return *pool_; }
  LazyTimer& timer() { return timer_; }

  virtual void fail_request(const Error& error) = 0;
  /// Lets the connection go, which may have to close for it.
  virtual void give_up_connection() = 0;
  /// The timer's time has come, and it runs.
  virtual void on_late() {}

 private:
  void on_time();
  Result<void> find_proxy();

  const Ref<ClientPool> pool_;
  const ClientTimeouts timeouts_;
  Destination destination_;
  std::string authority_;
  Clock::time_point connect_deadline_ = Clock::time_point::max();
  LazyTimer timer_;
  Phase phase_ = Phase::Waiting;
  bool to_head_ = false;
  ReceivedBody body_;
  ResponseHead response_;
  Headers trailers_;
  std::optional<Error> error_;
  Signal changed_;
};

/// Far times are as good as never, and must not overflow.
Clock::time_point time_after(Clock::duration limit);

}  // namespace wasmcloud::http::detail
