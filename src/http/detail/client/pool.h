#pragma once

#include "http/client.h"
#include "http/detail/client/exchange.h"
#include "http/detail/client/lazy_timer.h"

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wasmcloud::http::detail {

class ClientConnection;

/// The connections of one client, and the requests that wait for one.
///
/// Outlives the client while connections are being made.
class ClientPool final : public Counted {
 public:
  ClientPool(Loop& loop, ClientOptions options);

  Loop& loop() const { return loop_; }
  const ClientOptions& options() const { return options_; }
  size_t connections() const { return open_.size(); }

  /// Runs it on a kept connection, else on one that is made.
  void dispatch(const Ref<Http1Exchange>& exchange);
  /// It is idle from now on.
  void park(Ref<ClientConnection> connection);
  /// It is closed.
  void remove(ClientConnection& connection);
  /// The client is gone: all connections close, what waits fails.
  void close();

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Idle = std::vector<Ref<ClientConnection>>;
  using IdleByAuthority = std::unordered_map<std::string, Idle, Hash, std::equal_to<>>;

  IdleByAuthority& idle(Scheme scheme) { return idle_[scheme == Scheme::Https ? 1 : 0]; }
  Ref<ClientConnection> take_idle(const Http1Exchange& exchange);
  bool evict_idle();
  bool try_run(const Ref<Http1Exchange>& exchange);
  void run_waiting();
  boost::asio::awaitable<void, Executor> connect(Ref<ClientPool> self, Ref<Http1Exchange> exchange);

  Loop& loop_;
  const ClientOptions options_;
  const std::shared_ptr<ConnectionQuota> quota_;
  std::vector<ClientConnection*> open_;
  std::array<IdleByAuthority, 2> idle_;
  std::deque<Ref<Http1Exchange>> waiting_;
  LazyTimer waiting_timer_;
  bool running_waiting_ = false;
  bool closed_ = false;
};

}  // namespace wasmcloud::http::detail
