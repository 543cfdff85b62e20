#include "http/detail/client/pool.h"

#include "http/detail/client/connect.h"
#include "http/detail/client/connection.h"
#include "http/detail/h2/client_session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

namespace {

/// The quota may be given back on another loop, which does not say so.
constexpr auto kLookAgain = std::chrono::milliseconds(20);

/// Whether both go to the same scheme, host and port.
template <class Other>
bool has_origin_of(const Other& other, const Exchange& exchange) {
  return other.scheme() == exchange.scheme() && other.authority() == exchange.authority();
}

}  // namespace

ClientPool::ClientPool(Loop& loop, ClientOptions options)
    : loop_(loop),
      options_(std::move(options)),
      quota_(options_.quota ? options_.quota
                            : std::make_shared<ConnectionQuota>(options_.max_connections)),
      waiting_timer_(loop, *this,
                     [](Counted& self) { static_cast<ClientPool&>(self).run_waiting(); }),
      membership_(quota_->join(loop, [this] { give_up_one(); })) {}

ClientPool::~ClientPool() = default;

void ClientPool::dispatch(Ref<Exchange> exchange) {
  if (closed_) {
    return exchange->fail(make_failure(Failure::ConnectionTerminated, "the client is gone"));
  }
  const Tried tried = waiting_.empty() ? try_run(exchange) : Tried::NoRoom;
  if (tried == Tried::Running) return;
  exchange->must_run_by(
      tried == Tried::Connecting
          ? exchange->connect_deadline()
          : std::min(exchange->connect_deadline(), Clock::now() + options_.quota_timeout));
  waiting_.push_back(std::move(exchange));
  if (tried == Tried::NoRoom) quota_->ask_others(*membership_);
  waiting_timer_.set(Clock::now() + kLookAgain);
}

ClientPool::Tried ClientPool::try_run(const Ref<Exchange>& exchange) {
  if (run_on_kept(exchange)) return Tried::Running;
  if (may_share_later(*exchange)) return Tried::Connecting;
  if (!acquire()) return Tried::NoRoom;
  exchange->must_run_by(exchange->connect_deadline());
  connecting_.push_back(exchange);
  asio::co_spawn(loop_.executor(), connect(Ref(this), exchange), asio::detached);
  return Tried::Running;
}

/// A connection over HTTP/2 to the same authority is on its way, or has not heard yet how many
/// streams the server takes.
bool ClientPool::may_share_later(const Exchange& exchange) const {
  if (!exchange.is_http2()) return false;
  return std::ranges::any_of(connecting_,
                             [&](const auto& each) {
                               return each->is_http2() && has_origin_of(*each, exchange);
                             }) ||
         std::ranges::any_of(sessions_, [&](const auto& each) {
           return each->is_new() && has_origin_of(*each, exchange);
         });
}

bool ClientPool::run_on_kept(const Ref<Exchange>& exchange) {
  if (exchange->is_http2()) {
    const auto found = std::ranges::find_if(sessions_, [&](const auto& each) {
      return has_origin_of(*each, *exchange) && each->has_room();
    });
    if (found == sessions_.end()) return false;
    const Ref<h2::ClientSession> session = *found;
    session->run(Ref(static_cast<h2::ClientStream*>(exchange.get())));
    return true;
  }
  auto& all = idle(exchange->scheme());
  const auto found = all.find(exchange->authority());
  if (found == all.end()) return false;
  // The one used last is the least likely to be closed by the server.
  const Ref<ClientConnection> kept = std::move(found->second.back());
  found->second.pop_back();
  if (found->second.empty()) all.erase(found);
  kept->start(Ref(static_cast<Http1Exchange*>(exchange.get())));
  return true;
}

bool ClientPool::acquire() {
  return quota_->try_acquire() || (evict_idle() && quota_->try_acquire());
}

bool ClientPool::evict_idle() {
  for (auto& all : idle_) {
    if (all.empty()) continue;
    const Ref<ClientConnection> first = all.begin()->second.front();
    first->close(Transport::Close::Orderly);
    return true;
  }
  const auto unused =
      std::ranges::find_if(sessions_, [](const auto& each) { return each->is_idle(); });
  if (unused == sessions_.end()) return false;
  const Ref<h2::ClientSession> session = *unused;
  session->close(Transport::Close::Orderly);
  return true;
}

void ClientPool::give_up_one() { owes_one_ = !evict_idle() && connections() > 0; }

void ClientPool::run_waiting() {
  // A connection that is given up for another one comes back here.
  if (std::exchange(running_waiting_, true)) return;
  const Ref self(this);
  bool lacks_room = false;
  std::deque<Ref<Exchange>> still_waiting;
  while (!waiting_.empty()) {
    const Ref<Exchange> first = std::move(waiting_.front());
    waiting_.pop_front();
    if (!first->is_waiting()) continue;
    const Tried tried = try_run(first);
    lacks_room |= tried == Tried::NoRoom;
    if (tried != Tried::Running) still_waiting.push_back(first);
  }
  // What came meanwhile stands behind.
  still_waiting.insert(still_waiting.end(), waiting_.begin(), waiting_.end());
  waiting_ = std::move(still_waiting);
  running_waiting_ = false;
  if (waiting_.empty() || closed_) return;
  if (lacks_room) quota_->ask_others(*membership_);
  waiting_timer_.set(Clock::now() + kLookAgain);
}

asio::awaitable<void, Executor> ClientPool::connect(Ref<ClientPool> self, Ref<Exchange> exchange) {
  auto transport = co_await detail::connect(loop_, exchange->destination(), options_.tls,
                                            exchange->connect_deadline());
  std::erase_if(connecting_, [&](const auto& each) { return each.get() == exchange.get(); });
  if (transport && !closed_ && exchange->is_waiting()) {
    adopt(std::move(*transport), exchange);
    co_return;
  }
  if (!transport) exchange->fail(transport.error());
  give_back();
}

void ClientPool::adopt(std::unique_ptr<Transport> transport, const Ref<Exchange>& exchange) {
  if (!exchange->is_http2()) {
    auto connection = make_ref<ClientConnection>(Ref(this), std::move(transport),
                                                 exchange->scheme(), exchange->authority());
    open_.push_back(connection.get());
    return connection->start(Ref(static_cast<Http1Exchange*>(exchange.get())));
  }
  auto session = make_ref<h2::ClientSession>(Ref(this), std::move(transport), exchange->scheme(),
                                             exchange->authority());
  sessions_.push_back(session);
  session->start();
  session->run(Ref(static_cast<h2::ClientStream*>(exchange.get())));
  on_room();
}

void ClientPool::park(Ref<ClientConnection> connection) {
  auto& all = idle(connection->scheme());
  auto found = all.find(connection->authority());
  if (found == all.end()) found = all.emplace(connection->authority(), Idle()).first;
  if (owes_one_ || found->second.size() >= options_.max_idle_per_authority) {
    return connection->close(Transport::Close::Orderly);
  }
  found->second.push_back(std::move(connection));
  on_room();
}

void ClientPool::remove(ClientConnection& connection) {
  std::erase(open_, &connection);
  auto& all = idle(connection.scheme());
  if (const auto found = all.find(connection.authority()); found != all.end()) {
    std::erase_if(found->second, [&](const auto& each) { return each.get() == &connection; });
    if (found->second.empty()) all.erase(found);
  }
  give_back();
}

void ClientPool::remove(h2::ClientSession& session) {
  std::erase_if(sessions_, [&](const auto& each) { return each.get() == &session; });
  give_back();
}

void ClientPool::give_back() {
  quota_->release();
  // What is owed to another client is not taken back at once.
  if (!std::exchange(owes_one_, false) && !closed_) on_room();
}

void ClientPool::close() {
  const Ref self(this);
  closed_ = true;
  waiting_timer_.stop();
  membership_.reset();
  const Error gone = make_failure(Failure::ConnectionTerminated, "the client is gone");
  for (const auto& each : std::exchange(waiting_, {})) each->fail(gone);
  for (const auto& each : std::exchange(connecting_, {})) each->fail(gone);
  while (!open_.empty()) open_.back()->stop();
  while (!sessions_.empty()) {
    const Ref<h2::ClientSession> session = sessions_.back();
    session->close(Transport::Close::Abort);
  }
}

}  // namespace wasmcloud::http::detail
