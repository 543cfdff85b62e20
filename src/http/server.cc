#include "http/server.h"

#include "base/check.h"
#include "base/log.h"
#include "http/detail/transport.h"
#include "http/detail/worker.h"
#include "http/listener.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace wasmcloud::http {
namespace asio = boost::asio;

namespace {

/// When the process is out of descriptors or memory.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

}  // namespace

struct Server::Impl {
  Impl(ServerOptions with, Loop& on, OwnedDescriptor listener)
      : options(std::move(with)),
        loop(on),
        acceptor(on.executor(), listener.release()),
        pause(on.executor()),
        emptied(on),
        cut_off(on) {
    address = detail::local_address(acceptor.native_handle());
  }

  void wait_for_clients();
  void accept_all();
  void dispatch(int socket);
  detail::Worker& least_busy();
  size_t connections() const;
  bool is_empty() const { return connections() == 0; }

  ServerOptions options;
  Loop& loop;
  std::vector<std::unique_ptr<detail::Worker>> workers;
  asio::posix::basic_stream_descriptor<Executor> acceptor;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> pause;
  std::string address;
  std::atomic<bool> full = false;  ///< waits for a connection to end
  bool draining = false;
  size_t next = 0;
  size_t drained = 0;
  size_t cut = 0;
  Event emptied;
  Event cut_off;
};

void Server::Impl::wait_for_clients() {
  acceptor.async_wait(decltype(acceptor)::wait_read, [this](boost::system::error_code error) {
    if (!error) accept_all();
  });
}

/// Takes what waits in the kernel's queue.
void Server::Impl::accept_all() {
  while (true) {
    if (!draining && connections() >= options.max_connections) {
      full.store(true);
      // One may have ended before `full` was seen.
      if (connections() >= options.max_connections) return;
      full.store(false);
    }
    const int socket =
        ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      dispatch(socket);
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (draining) return;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return wait_for_clients();
    log::warn("accepting connections on {} pauses: {}", address,
              std::generic_category().message(errno));
    pause.expires_after(kAcceptPause);
    return pause.async_wait([this](boost::system::error_code error) {
      if (!error) accept_all();
    });
  }
}

detail::Worker& Server::Impl::least_busy() {
  detail::Worker* best = nullptr;
  for (size_t i = 0; i < workers.size(); ++i) {
    detail::Worker& each = *workers[(next + i) % workers.size()];
    const bool better =
        best == nullptr || each.active() < best->active() ||
        (each.active() == best->active() && each.connections() < best->connections());
    if (better) best = &each;
  }
  ++next;
  return *best;
}

void Server::Impl::dispatch(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  detail::Worker& worker = least_busy();
  worker.count_connection();
  if (&worker.loop() == &loop) return worker.adopt(socket);
  worker.loop().post([&worker, socket] { worker.adopt(socket); });
}

size_t Server::Impl::connections() const {
  size_t sum = 0;
  for (const auto& worker : workers) sum += worker->connections();
  return sum;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { CHECK(impl_->is_empty()); }

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, std::vector<Worker> workers) {
  CHECK(!workers.empty());
  OwnedDescriptor listener = TRY(open_listener(options.address, options.port));
  auto impl = std::make_unique<Impl>(std::move(options), *workers[0].loop, std::move(listener));
  for (const Worker& each : workers) {
    impl->workers.push_back(
        std::make_unique<detail::Worker>(*each.loop, *each.handler, impl->options));
    impl->workers.back()->on_removed = [impl = impl.get()] {
      if (impl->full.load() && impl->full.exchange(false)) {
        impl->loop.post([impl] {
          if (!impl->draining) impl->accept_all();
        });
      }
    };
  }
  impl->loop.post([impl = impl.get()] { impl->wait_for_clients(); });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::use_tls(const std::shared_ptr<const TlsContext>& tls) {
  CHECK(tls != nullptr && impl_->options.tls != nullptr);
  for (const auto& worker : impl_->workers)
    worker->loop().post([worker = worker.get(), tls] { worker->use_tls(tls); });
}

std::string Server::address() const { return impl_->address; }

uint16_t Server::port() const {
  const size_t colon = impl_->address.rfind(':');
  return static_cast<uint16_t>(std::stoi(impl_->address.substr(colon + 1)));
}

size_t Server::connections() const { return impl_->connections(); }

size_t Server::active_requests() const {
  size_t sum = 0;
  for (const auto& worker : impl_->workers) sum += worker->active();
  return sum;
}

Task<void> Server::drain(Clock::duration grace) {
  Impl& impl = *impl_;
  CHECK(!impl.draining);
  impl.draining = true;
  impl.pause.cancel();
  // Closing the socket resets what still waits in its queue.
  impl.accept_all();
  impl.acceptor.close();
  for (const auto& worker : impl.workers) {
    worker->loop().post([&impl, worker = worker.get()] {
      worker->begin_drain([&impl] {
        impl.loop.post([&impl] {
          if (++impl.drained == impl.workers.size()) impl.emptied.set();
        });
      });
    });
  }
  auto waited = co_await with_deadline(impl.loop, grace, "draining", impl.emptied.wait());
  if (waited || waited.error().code() != Errc::Timeout) co_return waited;
  if (!impl.is_empty())
    log::warn("{} connections did not end within the grace; closing them", impl.connections());
  for (const auto& worker : impl.workers) {
    worker->loop().post([&impl, worker = worker.get()] {
      worker->cut_off();
      impl.loop.post([&impl] {
        if (++impl.cut == impl.workers.size()) impl.cut_off.set();
      });
    });
  }
  CO_TRY(co_await impl.emptied.wait());
  // The last connection may end by itself while what was just posted is still on its way to a
  // worker.
  co_return co_await impl.cut_off.wait();
}

}  // namespace wasmcloud::http
