#pragma once

#include "http/detail/client/http1_exchange.h"
#include "http/detail/client/lazy_timer.h"
#include "http/detail/client/pool.h"
#include "http/detail/receive_buffer.h"
#include "http/detail/response_parser.h"
#include "http/detail/transport.h"

namespace wasmcloud::http::detail {

/// One connection to a server: its exchanges one after the other, idle in between.
///
/// A read is nearly always under way, which is how a server that goes away is noticed. Kept alive
/// by the pool while it is idle, by its exchange, and by operations under way.
class ClientConnection final : public Transport::Owner {
 public:
  ClientConnection(Ref<ClientPool> pool, std::unique_ptr<Transport> transport, Scheme scheme,
                   std::string authority);

  /// Sends `exchange`; the connection is idle, and the pool has let go of it.
  void start(Ref<Http1Exchange> exchange);
  Scheme scheme() const { return scheme_; }
  const std::string& authority() const { return authority_; }
  /// It waits for its next exchange.
  bool is_idle() const { return !exchange_ && !closed_; }
  /// Only while it is idle.
  void close(Transport::Close how);
  /// Whatever it does; its exchange fails.
  void stop();

  // For the exchange.
  ssize_t write(std::span<const iovec> parts);
  void on_body_wanted();
  void on_body_taken();
  /// The server takes nothing more, but may have answered.
  void on_write_failed();
  /// The exchange ends here, unfinished.
  void abandon();

 private:
  // Transport::Owner
  void on_read(int error, size_t size) override;
  void on_writable() override;

  void parse();
  bool parse_head();
  void fail(Failure failure, std::string message);
  void on_end(int error);
  void finish_if_over();
  bool wants_input() const;
  void arm_read();
  void set_deadlines(Clock::time_point read, Clock::time_point write);
  void on_time();

  const Ref<ClientPool> pool_;
  const std::unique_ptr<Transport> transport_;
  const Scheme scheme_;
  const std::string authority_;
  ResponseParser parser_;
  ReceiveBuffer input_;
  LazyTimer timer_;
  Ref<Http1Exchange> exchange_;  ///< null while idle
  bool reading_ = false;
  bool ended_ = false;  ///< the server sends no more
  bool closed_ = false;
  bool answered_ = false;  ///< bytes of the current response came
  uint64_t served_ = 0;
  unsigned interim_ = 0;  ///< responses before the final one
  Clock::time_point read_deadline_ = Clock::time_point::max();
  Clock::time_point write_deadline_ = Clock::time_point::max();
};

}  // namespace wasmcloud::http::detail
