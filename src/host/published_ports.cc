#include "host/published_ports.h"

#include "base/log.h"
#include "wasi/sockets/descriptor.h"
#include "wasi/sockets/virtual_network.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>

namespace wasmcloud::host {

namespace sockets = wasi::sockets;
using sockets::Descriptor;
using sockets::Protocol;

namespace {

constexpr int kBacklog = 128;
/// Peers of one port whose datagrams' answers find back; who was silent longest is forgotten.
constexpr size_t kMaxPeers = 256;
/// Taken at a time, so that one port's flood is not all that the loop does.
constexpr int kMaxAtOnce = 64;
constexpr auto kNoDescriptors = std::chrono::milliseconds(50);

std::string_view name_of(Protocol protocol) { return protocol == Protocol::Tcp ? "tcp" : "udp"; }

/// Until there is something to read, or `is_closed`.
Task<void> wait_readable(Descriptor& socket, const bool& is_closed) {
  Event event(socket.loop());
  Signal::Listener listener(event);
  while (!is_closed && !socket.is_ready(Descriptor::Direction::Read)) {
    socket.listen(Descriptor::Direction::Read, listener);
    CO_TRY(co_await event.wait());
    event.reset();
  }
  co_return Result<void>();
}

}  // namespace

struct PublishedPorts::Target {
  std::shared_ptr<sockets::VirtualNetwork> network;
  std::shared_ptr<ConnectionQuota> quota;
};

/// A port that is open.
class PublishedPorts::Open final : public Counted {
 public:
  Open(PublishedPort what, Ref<Descriptor> at, std::shared_ptr<const Target> to, TaskGroup& group)
      : port(std::move(what)), socket(std::move(at)), target(std::move(to)), tasks(group) {}

  void close() {
    closed = true;
    forget_relays();
    socket->notify();
  }
  void forget_relays();

  PublishedPort port;
  Ref<Descriptor> socket;
  std::shared_ptr<const Target> target;  // shared by all ports
  TaskGroup& tasks;
  bool closed = false;
  std::map<std::string, Ref<Relay>> relays;  ///< of UDP, by the peers' addresses as of the system
  uint64_t clock = 0;
};

/// What stands for one peer on the workload's loopback.
class PublishedPorts::Relay final : public Counted {
 public:
  Relay(std::string to, std::shared_ptr<sockets::VirtualNetwork::UdpPort> from,
        Ref<Descriptor> arrived, Ref<Descriptor> outside)
      : peer(std::move(to)),
        inside(std::move(from)),
        ready(std::move(arrived)),
        socket(std::move(outside)) {}

  void close() {
    closed = true;
    ready->notify();
  }

  const std::string peer;
  const std::shared_ptr<sockets::VirtualNetwork::UdpPort> inside;  // of the network, too
  const Ref<Descriptor> ready;
  const Ref<Descriptor> socket;
  uint64_t last_used = 0;
  bool closed = false;
};

void PublishedPorts::Open::forget_relays() {
  for (const auto& [peer, relay] : relays) relay->close();
  relays.clear();
}

PublishedPorts::PublishedPorts(Loop& loop, std::string ip)
    : loop_(loop), ip_(std::move(ip)), target_(std::make_shared<Target>()), tasks_(loop) {}

PublishedPorts::~PublishedPorts() = default;

Result<Ref<PublishedPorts::Open>> PublishedPorts::open(const PublishedPort& port) {
  const auto fail_at = [&](int number) {
    return fail_errno(number, fmt::format("listening at port {}/{} of {} for the port '{}'",
                                          port.host, name_of(port.protocol), ip_, port.name));
  };
  const auto ip = sockets::Ip::parse(ip_);
  if (!ip) return fail_at(EADDRNOTAVAIL);
  const int type = port.protocol == Protocol::Tcp ? SOCK_STREAM : SOCK_DGRAM;
  OwnedDescriptor fd(::socket(ip->family == sockets::Family::V4 ? AF_INET : AF_INET6,
                              type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return fail_at(errno);
  const int on = 1;
  // Connections of the run before do not keep the port.
  if (type == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto address = sockets::to_system({.ip = *ip, .port = port.host});
  if (::bind(fd.get(), address.get(), address.size) != 0) return fail_at(errno);
  if (type == SOCK_STREAM && ::listen(fd.get(), kBacklog) != 0) return fail_at(errno);
  return make_ref<Open>(port, make_ref<Descriptor>(loop_, fd.release()), target_, tasks_);
}

Result<void> PublishedPorts::set(const std::vector<PublishedPort>& ports) {
  std::vector<Ref<Open>> now;
  std::vector<Ref<Open>> made;
  for (const PublishedPort& port : ports) {
    const auto same = std::ranges::find_if(open_, [&](const auto& each) {
      return each->port.host == port.host && each->port.protocol == port.protocol;
    });
    if (same == open_.end()) {
      made.push_back(TRY(open(port)));
      now.push_back(made.back());
    } else {
      now.push_back(*same);
    }
  }
  // Nothing fails from here on.
  for (size_t i = 0; i < now.size(); ++i) now[i]->port = ports[i];
  for (const auto& each : open_) {
    if (std::ranges::none_of(now, [&](const auto& kept) { return kept.get() == each.get(); }))
      each->close();
  }
  open_ = std::move(now);
  for (const auto& each : made) {
    log::info("port {}/{} of {} leads to the service's port {}", each->port.host,
              name_of(each->port.protocol), ip_, each->port.guest);
    tasks_.spawn(serve, each);
  }
  return {};
}

void PublishedPorts::lead_to(std::shared_ptr<sockets::VirtualNetwork> network,
                             std::shared_ptr<ConnectionQuota> quota) {
  target_->network = std::move(network);
  target_->quota = std::move(quota);
  for (const auto& each : open_) each->forget_relays();
}

Task<void> PublishedPorts::stop() {
  for (const auto& each : open_) each->close();
  open_.clear();
  tasks_.cancel();
  co_return co_await tasks_.finish();
}

Task<void> PublishedPorts::serve(Ref<Open> port) {
  while (!port->closed) {
    CO_TRY(co_await wait_readable(*port->socket, port->closed));
    if (port->closed) break;
    Clock::duration pause{};
    if (port->port.protocol == Protocol::Udp) {
      relay_all(port);
    } else if (!accept_all(*port)) {
      pause = kNoDescriptors;
    }
    // Others get their turn, too.
    if (port->socket->is_ready(Descriptor::Direction::Read))
      CO_TRY(co_await sleep_for(port->socket->loop(), pause));
  }
  co_return Result<void>();
}

bool PublishedPorts::accept_all(Open& port) {
  for (int i = 0; i < kMaxAtOnce; ++i) {
    OwnedDescriptor fd(
        ::accept4(port.socket->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd.get() < 0) return errno != EMFILE && errno != ENFILE;
    auto slot = ConnectionSlot::take(port.target->quota);
    const bool is_taken = slot && port.target->network != nullptr &&
                          port.target->network->deliver(port.port.guest, fd, *slot);
    if (!is_taken) sockets::reset_on_close(fd);
  }
  return true;
}

void PublishedPorts::relay_all(const Ref<Open>& port) {
  std::array<std::byte, 65536> data;
  for (int i = 0; i < kMaxAtOnce; ++i) {
    sockets::SystemAddress from;
    const ssize_t size =
        ::recvfrom(port->socket->fd(), data.data(), data.size(), 0, from.get(), &from.size);
    if (size < 0) return;
    if (port->target->network == nullptr) continue;
    const std::string peer(reinterpret_cast<const char*>(from.get()), from.size);
    const Ref<Relay> relay = relay_for(port, peer);
    if (!relay) continue;
    relay->last_used = ++port->clock;
    relay->inside->send({.ip = relay->inside->local().ip, .port = port->port.guest},
                        std::span(data).first(static_cast<size_t>(size)));
  }
}

Ref<PublishedPorts::Relay> PublishedPorts::relay_for(const Ref<Open>& port,
                                                     const std::string& peer) {
  if (const auto found = port->relays.find(peer); found != port->relays.end()) return found->second;
  const auto family = port->target->network->family_of_udp(port->port.guest);
  if (!family) return nullptr;
  auto inside = port->target->network->bind_udp({.ip = {.family = *family}});
  if (!inside) return nullptr;
  auto ready = (*inside)->watch();
  if (!ready) return nullptr;
  if (port->relays.size() >= kMaxPeers) {
    const auto oldest = std::ranges::min_element(
        port->relays, {}, [](const auto& each) { return each.second->last_used; });
    oldest->second->close();
    port->relays.erase(oldest);
  }
  auto relay =
      make_ref<Relay>(peer, std::move(*inside),
                      make_ref<Descriptor>(port->socket->loop(), ready->release()), port->socket);
  port->relays.emplace(peer, relay);
  port->tasks.spawn(answer, relay);
  return relay;
}

Task<void> PublishedPorts::answer(Ref<Relay> relay) {
  while (!relay->closed) {
    CO_TRY(co_await wait_readable(*relay->ready, relay->closed));
    for (int i = 0; i < kMaxAtOnce; ++i) {
      const auto datagram = relay->inside->take();
      if (!datagram) break;
      // Like all datagrams, it is lost where it cannot be sent.
      static_cast<void>(::sendto(relay->socket->fd(), datagram->data.data(), datagram->data.size(),
                                 MSG_DONTWAIT,
                                 reinterpret_cast<const sockaddr*>(relay->peer.data()),
                                 static_cast<socklen_t>(relay->peer.size())));
    }
    if (relay->ready->is_ready(Descriptor::Direction::Read))
      CO_TRY(co_await sleep_for(relay->ready->loop(), Clock::duration::zero()));
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::host
