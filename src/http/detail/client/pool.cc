#include "http/detail/client/pool.h"

#include "base/log.h"
#include "http/detail/client/connect.h"
#include "http/detail/client/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

namespace {

/// The quota may be given back on another loop, which does not say so.
constexpr auto kLookAgain = std::chrono::milliseconds(20);

}  // namespace

ClientPool::ClientPool(Loop& loop, ClientOptions options)
    : loop_(loop),
      options_(std::move(options)),
      quota_(options_.quota ? options_.quota
                            : std::make_shared<ConnectionQuota>(options_.max_connections)),
      waiting_timer_(loop, *this,
                     [](Counted& self) { static_cast<ClientPool&>(self).run_waiting(); }) {}

void ClientPool::dispatch(const Ref<Http1Exchange>& exchange) {
  if (closed_) {
    return exchange->fail(make_failure(Failure::ConnectionTerminated, "the client is gone"));
  }
  if (waiting_.empty() && try_run(exchange)) return;
  exchange->must_run_by(
      std::min(exchange->connect_deadline(), Clock::now() + options_.quota_timeout));
  waiting_.push_back(exchange);
  waiting_timer_.set(Clock::now() + kLookAgain);
}

bool ClientPool::try_run(const Ref<Http1Exchange>& exchange) {
  if (const Ref<ClientConnection> kept = take_idle(*exchange)) {
    kept->start(exchange);
    return true;
  }
  if (!quota_->try_acquire() && !(evict_idle() && quota_->try_acquire())) return false;
  exchange->must_run_by(exchange->connect_deadline());
  asio::co_spawn(loop_.executor(), connect(Ref(this), exchange), asio::detached);
  return true;
}

void ClientPool::run_waiting() {
  // A connection that is given up for another one comes back here.
  if (std::exchange(running_waiting_, true)) return;
  const Ref self(this);
  while (!waiting_.empty()) {
    if (waiting_.front()->is_waiting()) {
      const Ref<Http1Exchange> first = waiting_.front();
      if (!try_run(first)) break;
    }
    waiting_.pop_front();
  }
  running_waiting_ = false;
  if (!waiting_.empty()) waiting_timer_.set(Clock::now() + kLookAgain);
}

asio::awaitable<void, Executor> ClientPool::connect(Ref<ClientPool> self,
                                                    Ref<Http1Exchange> exchange) {
  auto transport =
      co_await detail::connect(loop_, exchange->destination(), exchange->connect_deadline());
  if (transport && !closed_ && exchange->is_waiting()) {
    auto connection = make_ref<ClientConnection>(self, std::move(*transport), *exchange);
    open_.push_back(connection.get());
    connection->start(exchange);
    co_return;
  }
  quota_->release();
  if (!transport) exchange->fail(transport.error());
  run_waiting();
}

Ref<ClientConnection> ClientPool::take_idle(const Http1Exchange& exchange) {
  auto& all = idle(exchange.destination().scheme);
  const auto found = all.find(exchange.authority());
  if (found == all.end()) return nullptr;
  // The one used last is the least likely to be closed by the server.
  Ref<ClientConnection> last = std::move(found->second.back());
  found->second.pop_back();
  if (found->second.empty()) all.erase(found);
  return last;
}

bool ClientPool::evict_idle() {
  for (auto& all : idle_) {
    if (all.empty()) continue;
    const Ref<ClientConnection> first = all.begin()->second.front();
    first->close(Transport::Close::Orderly);
    return true;
  }
  return false;
}

void ClientPool::park(Ref<ClientConnection> connection) {
  auto& all = idle(connection->scheme());
  auto found = all.find(connection->authority());
  if (found == all.end()) found = all.emplace(connection->authority(), Idle()).first;
  if (found->second.size() >= options_.max_idle_per_authority) {
    return connection->close(Transport::Close::Orderly);
  }
  found->second.push_back(std::move(connection));
  if (!waiting_.empty()) run_waiting();
}

void ClientPool::remove(ClientConnection& connection) {
  const Ref self(this);
  std::erase(open_, &connection);
  auto& all = idle(connection.scheme());
  if (const auto found = all.find(connection.authority()); found != all.end()) {
    std::erase_if(found->second, [&](const auto& each) { return each.get() == &connection; });
    if (found->second.empty()) all.erase(found);
  }
  quota_->release();
  if (!closed_ && !waiting_.empty()) run_waiting();
}

void ClientPool::close() {
  const Ref self(this);
  closed_ = true;
  waiting_timer_.stop();
  const Error gone = make_failure(Failure::ConnectionTerminated, "the client is gone");
  for (const auto& each : std::exchange(waiting_, {})) each->fail(gone);
  while (!open_.empty()) open_.back()->stop();
}

}  // namespace wasmcloud::http::detail
