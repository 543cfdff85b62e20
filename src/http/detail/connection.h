#pragma once

#include "http/detail/receive_buffer.h"
#include "http/detail/received_body.h"
#include "http/detail/request_parser.h"
#include "http/detail/response_sink.h"
#include "http/detail/served.h"
#include "http/detail/transport.h"
#include "http/detail/worker.h"

#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <optional>

namespace wasmcloud::http::detail {

/// One client: its requests one after the other.
///
/// A coroutine (`run`) waits for a head, awaits the handler and waits until the response is gone.
/// Bytes come in by callback, whatever the coroutine waits for: a read is nearly always under way,
/// which is how a client that goes away is noticed. Kept alive by the coroutine, by operations
/// under way, and by the worker's list while it lingers.
class Connection final : public Served,
                         public Request,
                         private ReceivedBody::Source,
                         private ResponseSink::Output {
 public:
  Connection(Worker& worker, std::unique_ptr<Transport> transport);
  ~Connection() override;

  void start();

  // Served
  void begin_drain() override;
  void cut_off() override;
  bool is_late(Clock::time_point now) const override {
    return now >= read_deadline_ || now >= write_deadline_;
  }
  void tick(Clock::time_point now) override;

  // Request
  BodyReader& body() override { return body_; }
  std::string peer() const override { return peer_; }

 private:
  enum class Phase : uint8_t {
    Head,       ///< waits for a request
    Handling,   ///< the handler runs
    Settling,   ///< sends the rest of the response, skips the rest of the request
    Lingering,  ///< has said its last; gives the client time to read it
    Closed,
  };

  boost::asio::awaitable<void, Executor> run(Ref<Connection> self);
  Task<void> handle();
  void next_head();
  void settle(const Result<void>& outcome);
  bool is_settled() const;
  bool may_go_on() const;
  void linger();
  void close(Transport::Close how);
  void refuse(uint16_t status, std::string_view reason);
  void fail_body();
  void wake();
  void stop_handler(Errc code, std::string_view reason);
  void peer_is_gone(int error);
  bool is_http2();
  void become_http2();

  // Transport::Owner
  void on_read(int error, size_t size) override;
  void on_writable() override;
  // ReceivedBody::Source
  void on_body_wanted() override;
  void on_body_taken() override;
  // ResponseSink::Output
  ssize_t write_now(std::span<const iovec> parts) override;
  void schedule_flush() override;
  std::string_view date() override { return worker_.date(); }
  bool may_keep_alive() const override;
  void on_sink_failed() override;

  std::string_view unparsed() const { return input_.unparsed(); }
  void parse();
  bool wants_input() const;
  void arm_read();
  void begin_bulk();
  void end_bulk();
  void wait_read(Clock::duration limit) { read_deadline_ = worker_.now() + limit; }

  Worker& worker_;
  std::unique_ptr<Transport> transport_;  ///< gone once HTTP/2 took over
  std::string peer_;
  RequestParser parser_;
  ReceivedBody body_;
  ResponseSink response_;
  Phase phase_ = Phase::Head;

  ReceiveBuffer input_;
  bool reading_ = false;
  bool ended_ = false;       ///< nothing more will be received
  bool must_close_ = false;  ///< after this response
  bool cancelled_ = false;
  bool continue_sent_ = false;
  bool sniffed_ = false;  ///< known to be HTTP/1
  bool bulk_ = false;     ///< a body comes fast: it has a place among the worker's
  uint64_t skipped_ = 0;  ///< bytes of a request nobody read, or after the last response
  uint64_t served_ = 0;
  uint16_t body_status_ = 0;  ///< what a failure of the request's body calls for

  Clock::time_point read_deadline_ = Clock::time_point::max();
  Clock::time_point write_deadline_ = Clock::time_point::max();
  std::move_only_function<void()> waiter_;  ///< the coroutine, while it waits for any change
  boost::asio::cancellation_signal cancel_;
};

}  // namespace wasmcloud::http::detail
