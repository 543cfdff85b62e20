#include "wasi/sockets/virtual_network.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace wasmcloud::wasi::sockets {
namespace {

/// What waits at one UDP port at most, with its senders' addresses.
constexpr size_t kMaxWaitingBytes = size_t{256} << 10;
constexpr size_t kDatagramOverhead = 64;

Answer<OwnedDescriptor> make_event() {
  // As a semaphore: each that is taken is counted down, so it is readable while any are left.
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE);
  if (fd < 0) return refuse(ErrorCode::NewSocketLimit);
  return OwnedDescriptor(fd);
}

Answer<OwnedDescriptor> duplicate(const OwnedDescriptor& of) {
  const int fd = ::fcntl(of.get(), F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return refuse(ErrorCode::NewSocketLimit);
  return OwnedDescriptor(fd);
}

// Neither can fail: the count is far below what it may be, and is only taken where there is one.
void count_up(const OwnedDescriptor& event) { static_cast<void>(::eventfd_write(event.get(), 1)); }
void count_down(const OwnedDescriptor& event) {
  eventfd_t ignored = 0;
  static_cast<void>(::eventfd_read(event.get(), &ignored));
}

Ip loopback_of(Family family) {
  if (family == Family::V4) return Ip::v4(127, 0, 0, 1);
  Ip ip{.family = Family::V6};
  ip.bytes[15] = 1;
  return ip;
}

}  // namespace

void reset_on_close(const OwnedDescriptor& socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

template <class Port>
Answer<Endpoint> VirtualNetwork::choose(const Ports<Port>& taken, const Endpoint& local) const {
  Endpoint out = local;
  if (out.ip.is_unspecified()) out.ip = loopback_of(out.ip.family);
  if (!out.ip.is_loopback()) return refuse(ErrorCode::AddressNotBindable);
  if (out.port != 0) {
    if (taken.contains({out.ip.family, out.port})) return refuse(ErrorCode::AddressInUse);
    return out;
  }
  for (uint16_t port = 65535; port != 0; --port) {
    if (taken.contains({out.ip.family, port})) continue;
    out.port = port;
    return out;
  }
  return refuse(ErrorCode::AddressInUse);
}

Answer<std::shared_ptr<VirtualNetwork::TcpPort>> VirtualNetwork::bind_tcp(const Endpoint& local) {
  const std::lock_guard lock(mutex_);
  const auto chosen = choose(tcp_, local);
  if (!chosen) return refuse(chosen.error());
  auto port = std::make_shared<TcpPort>(shared_from_this(), *chosen);
  tcp_.emplace(Place(chosen->ip.family, chosen->port), port.get());
  return port;
}

Answer<std::shared_ptr<VirtualNetwork::UdpPort>> VirtualNetwork::bind_udp(const Endpoint& local) {
  auto event = make_event();
  if (!event) return refuse(event.error());
  const std::lock_guard lock(mutex_);
  const auto chosen = choose(udp_, local);
  if (!chosen) return refuse(chosen.error());
  auto port = std::make_shared<UdpPort>(shared_from_this(), *chosen);
  port->ready_ = std::move(*event);
  udp_.emplace(Place(chosen->ip.family, chosen->port), port.get());
  return port;
}

std::optional<Family> VirtualNetwork::family_of_udp(uint16_t port) const {
  const std::lock_guard lock(mutex_);
  for (const Family family : {Family::V4, Family::V6}) {
    if (udp_.contains({family, port})) return family;
  }
  return std::nullopt;
}

bool VirtualNetwork::has_listener(const Endpoint& remote) const {
  const std::lock_guard lock(mutex_);
  const auto found = tcp_.find({remote.ip.family, remote.port});
  return found != tcp_.end() && found->second->listening_;
}

Answer<VirtualNetwork::Connection> VirtualNetwork::connect(const TcpPort& from,
                                                           const Endpoint& remote) {
  int pair[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
    return refuse(ErrorCode::NewSocketLimit);
  Connection mine{.socket = OwnedDescriptor(pair[0]), .local = from.local_, .remote = remote};
  Connection theirs{.socket = OwnedDescriptor(pair[1]), .local = remote, .remote = from.local_};
  const std::lock_guard lock(mutex_);
  const auto found = tcp_.find({remote.ip.family, remote.port});
  if (found == tcp_.end() || !has_room(*found->second)) return refuse(ErrorCode::ConnectionRefused);
  found->second->push(std::move(theirs));
  return mine;
}

Answer<> VirtualNetwork::deliver(uint16_t port, OwnedDescriptor& socket, ConnectionSlot& slot) {
  SystemAddress address;
  if (::getpeername(socket.get(), address.get(), &address.size) != 0)
    return refuse(from_errno(errno));
  auto remote = from_system(address);
  if (!remote) return refuse(ErrorCode::NotSupported);
  const Family family = remote->ip.family;
  // WASI knows no IPv4 inside IPv6.
  if (remote->ip.is_v4_mapped()) remote->ip = loopback_of(family);
  const std::lock_guard lock(mutex_);
  for (const Family of : {family, family == Family::V4 ? Family::V6 : Family::V4}) {
    const auto found = tcp_.find({of, port});
    if (found == tcp_.end() || !has_room(*found->second)) continue;
    found->second->push({.socket = std::move(socket),
                         .local = {.ip = loopback_of(family), .port = port},
                         .remote = *remote,
                         .is_from_outside = true,
                         .slot = std::move(slot)});
    return {};
  }
  return refuse(ErrorCode::ConnectionRefused);
}

void VirtualNetwork::TcpPort::push(Connection connection) {
  waiting_.push_back(std::move(connection));
  count_up(ready_);
}

VirtualNetwork::TcpPort::~TcpPort() {
  const std::lock_guard lock(network_->mutex_);
  network_->tcp_.erase({local_.ip.family, local_.port});
  for (const Connection& each : waiting_) {
    if (each.is_from_outside) reset_on_close(each.socket);
  }
}

Answer<OwnedDescriptor> VirtualNetwork::TcpPort::listen(size_t backlog) {
  const std::lock_guard lock(network_->mutex_);
  backlog_ = std::max<size_t>(backlog, 1);
  if (listening_) return OwnedDescriptor();
  auto event = make_event();
  if (!event) return refuse(event.error());
  auto watched = duplicate(*event);
  if (!watched) return refuse(watched.error());
  ready_ = std::move(*event);
  listening_ = true;
  return watched;
}

Answer<VirtualNetwork::Connection> VirtualNetwork::TcpPort::accept() {
  const std::lock_guard lock(network_->mutex_);
  if (waiting_.empty()) return refuse(ErrorCode::WouldBlock);
  Connection first = std::move(waiting_.front());
  waiting_.pop_front();
  count_down(ready_);
  return first;
}

VirtualNetwork::UdpPort::~UdpPort() {
  const std::lock_guard lock(network_->mutex_);
  network_->udp_.erase({local_.ip.family, local_.port});
}

Answer<OwnedDescriptor> VirtualNetwork::UdpPort::watch() const { return duplicate(ready_); }

std::optional<VirtualNetwork::UdpPort::Datagram> VirtualNetwork::UdpPort::take() {
  const std::lock_guard lock(network_->mutex_);
  if (arrived_.empty()) return std::nullopt;
  Datagram first = std::move(arrived_.front());
  arrived_.pop_front();
  bytes_ -= first.data.size() + kDatagramOverhead;
  count_down(ready_);
  return first;
}

void VirtualNetwork::UdpPort::send(const Endpoint& to, std::span<const std::byte> data) {
  Datagram datagram{.data = {data.begin(), data.end()}, .remote = local_};
  const size_t size = data.size() + kDatagramOverhead;
  const std::lock_guard lock(network_->mutex_);
  const auto found = network_->udp_.find({to.ip.family, to.port});
  if (found == network_->udp_.end() || found->second->bytes_ + size > kMaxWaitingBytes) return;
  found->second->bytes_ += size;
  found->second->arrived_.push_back(std::move(datagram));
  count_up(found->second->ready_);
}

}  // namespace wasmcloud::wasi::sockets
