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
namespace h2 {
class ClientSession;
}

/// The connections of one client, and the requests that wait for one.
///
/// Outlives the client while connections are being made.
class ClientPool final : public Counted {
 public:
  ClientPool(Loop& loop, ClientOptions options);
  ~ClientPool() override;

  Loop& loop() const { return loop_; }
  const ClientOptions& options() const { return options_; }
  size_t connections() const { return open_.size() + sessions_.size(); }

  /// Runs it on a connection that is there, else on one that is made.
  void dispatch(Ref<Exchange> exchange);
  /// It is idle from now on.
  void park(Ref<ClientConnection> connection);
  /// It is closed.
  void remove(ClientConnection& connection);
  void remove(h2::ClientSession& session);
  /// A session may take more streams than before.
  void on_room() {
    if (!waiting_.empty()) run_waiting();
  }
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
  enum class Tried : uint8_t {
    Running,     ///< or a connection is being made for it
    Connecting,  ///< another one's connection will do for it
    NoRoom,      ///< the quota is used up
  };
  Tried try_run(const Ref<Exchange>& exchange);
  bool may_share_later(const Exchange& exchange) const;
  bool run_on_kept(const Ref<Exchange>& exchange);
  bool acquire();
  bool evict_idle();
  /// Another client wants a connection.
  void give_up_one();
  void run_waiting();
  void give_back();
  boost::asio::awaitable<void, Executor> connect(Ref<ClientPool> self, Ref<Exchange> exchange);
  void adopt(std::unique_ptr<Transport> transport, const Ref<Exchange>& exchange);

  Loop& loop_;
  const ClientOptions options_;
  const std::shared_ptr<ConnectionQuota> quota_;
  std::vector<ClientConnection*> open_;
  std::array<IdleByAuthority, 2> idle_;
  std::vector<Ref<h2::ClientSession>> sessions_;
  std::vector<Ref<Exchange>> connecting_;  ///< those that a connection is made for
  std::deque<Ref<Exchange>> waiting_;
  LazyTimer waiting_timer_;
  std::unique_ptr<ConnectionQuota::Membership> membership_;
  bool owes_one_ = false;  ///< to another client: the next connection that is done is not kept
  bool running_waiting_ = false;
  bool closed_ = false;
};

}  // namespace wasmcloud::http::detail
