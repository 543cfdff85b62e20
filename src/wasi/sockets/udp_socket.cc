#include "wasi/sockets/udp_socket.h"

#include "wasi/sockets/options.h"

#include <algorithm>
#include <cerrno>

namespace wasmcloud::wasi::sockets {
namespace {

constexpr size_t kMaxDatagram = 65535;
constexpr size_t kHeaders = 28;  ///< of IP and UDP, which count into a datagram
/// Peers that are remembered where only those sent to are heard.
constexpr size_t kMaxPeers = 1024;

bool is_same_peer(const Endpoint& a, const Endpoint& b) { return a.ip == b.ip && a.port == b.port; }

}  // namespace

Answer<Ref<UdpSocket>> UdpSocket::create(const Network& network, Family family) {
  if (!network.policy.may_have_sockets()) return refuse(ErrorCode::AccessDenied);
  auto socket = Descriptor::open(network, family, SOCK_DGRAM);
  if (!socket) return refuse(socket.error());
  return make_ref<UdpSocket>(network, family, std::move(*socket));
}

UdpSocket::UdpSocket(const Network& network, Family family, Ref<Descriptor> socket)
    : network_(network), family_(family), socket_(std::move(socket)) {}

Answer<> UdpSocket::start_bind(const Endpoint& local) {
  if (state_ == State::BindStarted) return refuse(ErrorCode::ConcurrencyConflict);
  if (state_ == State::Bound) return refuse(ErrorCode::InvalidState);
  if (auto right = check_family(local, family_); !right) return right;
  // Bound to no address in particular it may have business outside.
  if (network_.policy.binds_virtually(local) &&
      (local.ip.is_loopback() ||
       (network_.policy.connect.empty() && network_.policy.host_ports.empty()))) {
    return bind_virtually(local);
  }
  if (local.port != 0 && !network_.policy.may_listen(local)) {
    return refuse(ErrorCode::AccessDenied);
  }
  const SystemAddress address = to_system(local);
  if (::bind(socket_->fd(), address.get(), address.size) != 0) return refuse(from_errno(errno));
  const auto bound = socket_->local();
  if (!bound) return refuse(bound.error());
  may_listen_ = network_.policy.may_listen(*bound);
  state_ = State::BindStarted;
  return {};
}

Answer<> UdpSocket::bind_virtually(const Endpoint& local) {
  auto port = network_.policy.loopback->bind_udp(local);
  if (!port) return refuse(port.error());
  auto ready = (*port)->watch();
  if (!ready) return refuse(ready.error());
  Share share(network_.sockets);
  if (!share.resize(1)) return refuse(ErrorCode::NewSocketLimit);
  options_ = socket_;
  socket_ = make_ref<Descriptor>(network_.loop, ready->release());
  socket_->hold(std::move(share));
  virtual_ = std::move(*port);
  may_listen_ = true;
  state_ = State::BindStarted;
  return {};
}

Answer<> UdpSocket::finish_bind() {
  if (state_ != State::BindStarted) return refuse(ErrorCode::NotInProgress);
  state_ = State::Bound;
  return {};
}

Answer<> UdpSocket::bind_if_unbound() {
  if (state_ != State::Unbound) return {};
  if (auto bound = start_bind({.ip = {.family = family_}}); !bound) return bound;
  return finish_bind();
}

bool UdpSocket::is_host(const Ip& ip) const {
  return network_.policy.loopback != nullptr && ip == kHostLoopback;
}

Endpoint UdpSocket::outside(Endpoint remote) const {
  if (is_host(remote.ip)) remote.ip = Ip::v4(127, 0, 0, 1);
  return remote;
}

Endpoint UdpSocket::inside(Endpoint remote) const {
  if (remote.ip == Ip::v4(127, 0, 0, 1) &&
      network_.policy.may_reach_host(remote.port, Protocol::Udp)) {
    remote.ip = kHostLoopback;
  }
  return remote;
}

Answer<> UdpSocket::check_remote(const Endpoint& remote) const {
  if (auto right = sockets::check_remote(remote, family_); !right) return right;
  const bool may = virtual_             ? remote.ip.is_loopback() && remote.ip != kHostLoopback
                   : is_host(remote.ip) ? network_.policy.may_reach_host(remote.port, Protocol::Udp)
                                        : network_.policy.may_connect(remote);
  if (!may) return refuse(ErrorCode::AccessDenied);
  return {};
}

Answer<> UdpSocket::disconnect() {
  if (!peer_) return {};
  if (virtual_) {
    peer_.reset();
    return {};
  }
  const auto before = socket_->local();
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  if (::connect(socket_->fd(), &nobody, sizeof(nobody)) != 0) return refuse(from_errno(errno));
  peer_.reset();
  // Linux forgets a port of its own choice with the peer; guests have been told of it.
  const auto after = socket_->local();
  if (before && after && after->port == 0) {
    const SystemAddress address =
        to_system({.ip = after->ip, .port = before->port, .scope_id = after->scope_id});
    if (::bind(socket_->fd(), address.get(), address.size) != 0) return refuse(from_errno(errno));
  }
  return {};
}

Answer<uint64_t> UdpSocket::associate(std::optional<Endpoint> remote) {
  if (state_ != State::Bound) return refuse(ErrorCode::InvalidState);
  if (remote) {
    if (auto right = check_remote(*remote); !right) return refuse(right.error());
  }
  if (auto done = disconnect(); !done) return refuse(done.error());
  ++generation_;
  socket_->notify();
  if (remote && virtual_) {
    peer_ = remote;
  } else if (remote) {
    const SystemAddress address = to_system(outside(*remote));
    if (::connect(socket_->fd(), address.get(), address.size) != 0) {
      return refuse(errno == EADDRNOTAVAIL ? ErrorCode::AddressInUse : from_errno(errno));
    }
    peer_ = remote;
  }
  return generation_;
}

Answer<Endpoint> UdpSocket::local_address() const {
  if (state_ != State::Bound) return refuse(ErrorCode::InvalidState);
  if (virtual_) return virtual_->local();
  return socket_->local();
}

Answer<Endpoint> UdpSocket::remote_address() const {
  if (!peer_) return refuse(ErrorCode::InvalidState);
  return *peer_;
}

Answer<uint8_t> UdpSocket::hop_limit() const { return sockets::hop_limit(options(), family_); }
Answer<> UdpSocket::set_hop_limit(uint8_t value) {
  return sockets::set_hop_limit(options(), family_, value);
}
Answer<uint64_t> UdpSocket::receive_buffer_size() const {
  return buffer_size(options(), Buffer::Receive);
}
Answer<> UdpSocket::set_receive_buffer_size(uint64_t value) {
  return set_buffer_size(options(), Buffer::Receive, value, kMaxUdpBuffer);
}
Answer<uint64_t> UdpSocket::send_buffer_size() const {
  return buffer_size(options(), Buffer::Send);
}
Answer<> UdpSocket::set_send_buffer_size(uint64_t value) {
  return set_buffer_size(options(), Buffer::Send, value, kMaxUdpBuffer);
}

bool UdpSocket::hears(const Endpoint& remote) const {
  // What came before the association is still in the queue.
  if (peer_) return is_same_peer(*peer_, remote);
  return may_listen_ || std::ranges::any_of(sent_to_, [&](const Endpoint& each) {
           return is_same_peer(each, remote);
         });
}

void UdpSocket::note_peer(const Endpoint& remote) {
  if (may_listen_ || peer_ || hears(remote)) return;
  if (sent_to_.size() == kMaxPeers) sent_to_.pop_front();
  sent_to_.push_back(remote);
}

Answer<std::vector<Datagram>> UdpSocket::receive_virtually(uint64_t max) {
  std::vector<Datagram> datagrams;
  while (datagrams.size() < std::min(max, kMaxDatagrams)) {
    auto datagram = virtual_->take();
    if (!datagram) break;
    if (!hears(datagram->remote)) continue;
    datagrams.push_back({.data = Bytes(std::move(datagram->data)), .remote = datagram->remote});
  }
  return datagrams;
}

Answer<std::vector<Datagram>> UdpSocket::receive(uint64_t max) {
  if (virtual_) return receive_virtually(max);
  std::vector<Datagram> datagrams;
  // On the heap: this runs on a guest's stack, which is small.
  std::vector<std::byte> buffer(kMaxDatagram);
  const uint64_t wanted = std::min(max, kMaxDatagrams);
  // Datagrams that are not for the guest count too, or a flood of them would hold the loop.
  for (uint64_t looked = 0; datagrams.size() < wanted && looked < 4 * kMaxDatagrams; ++looked) {
    SystemAddress address;
    const ssize_t got =
        ::recvfrom(socket_->fd(), buffer.data(), buffer.size(), 0, address.get(), &address.size);
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || !datagrams.empty()) break;
      return refuse(from_errno(errno));
    }
    const auto from = from_system(address);
    if (!from || !hears(inside(*from))) continue;
    datagrams.push_back({.data = Bytes::copy_of(std::span(buffer).first(static_cast<size_t>(got))),
                         .remote = inside(*from)});
  }
  return datagrams;
}

Answer<bool> UdpSocket::send(std::span<const std::byte> data,
                             const std::optional<Endpoint>& remote) {
  if (!remote && !peer_) return refuse(ErrorCode::InvalidArgument);
  if (remote && peer_ && !is_same_peer(*remote, *peer_)) return refuse(ErrorCode::InvalidArgument);
  if (remote && !peer_) {
    if (auto right = check_remote(*remote); !right) return refuse(right.error());
  }
  if (virtual_) {
    if (data.size() > kMaxDatagram - kHeaders) return refuse(ErrorCode::DatagramTooLarge);
    virtual_->send(peer_ ? *peer_ : *remote, data);
    return true;
  }
  const SystemAddress address = to_system(outside(remote.value_or(Endpoint{})));
  ssize_t sent = -1;
  do {
    sent = ::sendto(socket_->fd(), data.data(), data.size(), MSG_NOSIGNAL,
                    peer_ ? nullptr : address.get(), peer_ ? 0 : address.size);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno == EAGAIN) return false;
  if (sent < 0) return refuse(from_errno(errno));
  if (remote) note_peer(*remote);
  return true;
}

Answer<std::vector<Datagram>> IncomingDatagrams::receive(uint64_t max) {
  if (generation_ != socket_->generation()) return refuse(ErrorCode::InvalidState);
  return socket_->receive(max);
}

bool IncomingDatagrams::is_ready() {
  return generation_ != socket_->generation() ||
         socket_->descriptor().is_ready(Descriptor::Direction::Read);
}

void IncomingDatagrams::listen(Signal::Listener& listener) {
  socket_->descriptor().listen(Descriptor::Direction::Read, listener);
}

Answer<uint64_t> OutgoingDatagrams::check_send() {
  permit_ = 0;
  if (generation_ != socket_->generation()) return refuse(ErrorCode::InvalidState);
  if (socket_->descriptor().is_ready(Descriptor::Direction::Write)) {
    permit_ = UdpSocket::kMaxDatagrams;
  }
  return permit_;
}

Result<Answer<uint64_t>> OutgoingDatagrams::send(std::span<const Item> items) {
  if (items.size() > permit_) {
    return fail(Errc::Trap, "send of {} datagrams, but the last check-send permits {}",
                items.size(), permit_);
  }
  if (generation_ != socket_->generation())
    return Answer<uint64_t>(refuse(ErrorCode::InvalidState));
  uint64_t count = 0;
  for (const Item& item : items) {
    const auto sent = socket_->send(item.data.span(), item.remote);
    if (!sent) {
      if (count == 0) return Answer<uint64_t>(refuse(sent.error()));
      break;
    }
    if (!*sent) {
      permit_ = count;
      break;
    }
    ++count;
  }
  permit_ -= count;
  return Answer<uint64_t>(count);
}

bool OutgoingDatagrams::is_ready() {
  return generation_ != socket_->generation() ||
         socket_->descriptor().is_ready(Descriptor::Direction::Write);
}

void OutgoingDatagrams::listen(Signal::Listener& listener) {
  socket_->descriptor().listen(Descriptor::Direction::Write, listener);
}

}  // namespace wasmcloud::wasi::sockets
