#include "wasi/sockets/tcp_socket.h"

#include "wasi/sockets/options.h"

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

namespace wasmcloud::wasi::sockets {
namespace {

ErrorCode of_connect(int number) {
  switch (number) {
    case EADDRNOTAVAIL:  // no ephemeral port is left
      return ErrorCode::AddressInUse;
    case EINVAL:  // a route that leads nowhere
      return ErrorCode::RemoteUnreachable;
    default:
      return from_errno(number);
  }
}

/// The connection's own end is told by its streams, not by accept: such errors mean "look again".
bool is_of_pending_connection(int number) {
  switch (number) {
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace

Answer<Ref<TcpSocket>> TcpSocket::create(const Network& network, Family family) {
  if (!network.policy.may_have_sockets()) return refuse(ErrorCode::AccessDenied);
  auto socket = Descriptor::open(network, family, SOCK_STREAM);
  if (!socket) return refuse(socket.error());
  return make_ref<TcpSocket>(network, family, std::move(*socket));
}

TcpSocket::TcpSocket(const Network& network, Family family, Ref<Descriptor> socket)
    : network_(network), family_(family), socket_(std::move(socket)) {}

Answer<> TcpSocket::check_may_start() const {
  switch (state_) {
    case State::BindStarted:
    case State::Connecting:
    case State::ListenStarted:
      return refuse(ErrorCode::ConcurrencyConflict);
    case State::Unbound:
    case State::Bound:
      return {};
    case State::Connected:
    case State::Listening:
    case State::Closed:
      return refuse(ErrorCode::InvalidState);
  }
  return refuse(ErrorCode::Unknown);
}

Answer<> TcpSocket::check_open() const {
  if (state_ == State::Closed) return refuse(ErrorCode::InvalidState);
  return {};
}

Answer<> TcpSocket::start_bind(const Endpoint& local) {
  if (auto may = check_may_start(); !may) return may;
  if (state_ != State::Unbound) return refuse(ErrorCode::InvalidState);
  if (auto right = check_family(local, family_); !right) return right;
  if (local.ip.is_multicast() || local.ip.is_broadcast()) {
    return refuse(ErrorCode::InvalidArgument);
  }
  if (network_.policy.binds_virtually(local)) return bind_virtually(local);
  // A port of the system's choice serves to connect from; whether it may be listened on is asked
  // then, when it is known.
  if (local.port != 0 && !network_.policy.may_listen(local)) {
    return refuse(ErrorCode::AccessDenied);
  }
  // A port whose last connections are in TIME_WAIT can be bound again, as the interface demands,
  // for which these need the option too. The system does not choose a port of others for want of
  // it.
  const auto reuse = [&] { return socket_->set_option(SOL_SOCKET, SO_REUSEADDR, 1); };
  if (local.port != 0) {
    if (auto set = reuse(); !set) return set;
  }
  const SystemAddress address = to_system(local);
  if (::bind(socket_->fd(), address.get(), address.size) != 0) return refuse(from_errno(errno));
  if (local.port == 0) {
    if (auto set = reuse(); !set) return set;
  }
  state_ = State::BindStarted;
  return {};
}

Answer<> TcpSocket::bind_virtually(const Endpoint& local) {
  // Others of the workload reach a service, never a component. A free port serves to connect from.
  if (local.port != 0 && !network_.policy.serves_loopback) return refuse(ErrorCode::AccessDenied);
  auto port = network_.policy.loopback->bind_tcp(local);
  if (!port) return refuse(port.error());
  virtual_ = Virtual{.port = *port, .local = (*port)->local(), .remote = {}};
  state_ = State::BindStarted;
  return {};
}

Answer<> TcpSocket::finish_bind() {
  if (state_ != State::BindStarted) return refuse(ErrorCode::NotInProgress);
  state_ = State::Bound;
  return {};
}

Answer<> TcpSocket::bind_if_unbound() {
  if (state_ != State::Unbound) return {};
  if (auto bound = start_bind({.ip = {.family = family_}}); !bound) return bound;
  return finish_bind();
}

Answer<> TcpSocket::start_connect(const Endpoint& remote) {
  if (auto may = check_may_start(); !may) return may;
  if (auto right = check_remote(remote, family_); !right) return right;
  if (remote.ip.is_multicast() || remote.ip.is_broadcast()) {
    return refuse(ErrorCode::InvalidArgument);
  }
  Endpoint to = remote;
  if (const auto& loopback = network_.policy.loopback; loopback && remote.ip.is_loopback()) {
    if (remote.ip == kHostLoopback) {
      if (!network_.policy.may_reach_host(remote.port, Protocol::Tcp))
        return refuse(ErrorCode::AccessDenied);
      to.ip = Ip::v4(127, 0, 0, 1);
    } else if (loopback->has_listener(remote) || !network_.policy.may_connect(remote)) {
      return connect_virtually(remote);
    }
  } else if (!network_.policy.may_connect(remote)) {
    return refuse(ErrorCode::AccessDenied);
  }
  auto slot = ConnectionSlot::take(network_.policy.outbound);
  if (!slot) return refuse(ErrorCode::OutOfMemory);
  socket_->hold(std::move(*slot));
  virtual_.reset();  // a port of the workload's loopback leads nowhere else
  const SystemAddress address = to_system(to);
  connect_error_.reset();
  if (::connect(socket_->fd(), address.get(), address.size) != 0 && errno != EINPROGRESS) {
    connect_error_ = of_connect(errno);
  }
  state_ = State::Connecting;
  return {};
}

Answer<> TcpSocket::connect_virtually(const Endpoint& remote) {
  VirtualNetwork& loopback = *network_.policy.loopback;
  if (!virtual_) {
    auto port = loopback.bind_tcp({.ip = {.family = family_}});
    if (!port) return refuse(port.error());
    virtual_ = Virtual{.port = *port, .local = (*port)->local(), .remote = {}};
  }
  connect_error_.reset();
  auto connection = loopback.connect(*virtual_->port, remote);
  if (!connection) {
    connect_error_ = connection.error();
  } else {
    if (auto replaced = replace(std::move(connection->socket)); !replaced) return replaced;
    virtual_->remote = remote;
  }
  state_ = State::Connecting;
  return {};
}

Answer<> TcpSocket::replace(OwnedDescriptor with) {
  Share share(network_.sockets);
  if (!share.resize(1)) return refuse(ErrorCode::NewSocketLimit);
  if (!options_) options_ = socket_;
  socket_ = make_ref<Descriptor>(network_.loop, with.release());
  socket_->hold(std::move(share));
  return {};
}

Answer<TcpSocket::Connection> TcpSocket::finish_connect() {
  if (state_ != State::Connecting) return refuse(ErrorCode::NotInProgress);
  if (!is_ready()) return refuse(ErrorCode::WouldBlock);
  if (!connect_error_) {
    const auto pending = socket_->option(SOL_SOCKET, SO_ERROR);
    if (!pending) {
      connect_error_ = pending.error();
    } else if (*pending != 0) {
      connect_error_ = of_connect(*pending);
    }
  }
  if (connect_error_) {
    state_ = State::Closed;
    socket_->hold(ConnectionSlot());
    return refuse(*connect_error_);
  }
  return connected();
}

TcpSocket::Connection TcpSocket::connected() {
  state_ = State::Connected;
  connection_ = {.input = make_ref<TcpSource>(socket_),
                 .output = make_ref<TcpSink>(network_, socket_)};
  return connection_;
}

Answer<> TcpSocket::start_listen() {
  if (auto may = check_may_start(); !may) return may;
  if (state_ != State::Bound) return refuse(ErrorCode::InvalidState);
  if (virtual_) return listen_virtually();
  const auto local = socket_->local();
  if (!local) return refuse(local.error());
  if (!network_.policy.may_listen(*local)) return refuse(ErrorCode::AccessDenied);
  if (::listen(socket_->fd(), backlog_) != 0) return refuse(from_errno(errno));
  state_ = State::ListenStarted;
  return {};
}

Answer<> TcpSocket::listen_virtually() {
  if (!network_.policy.serves_loopback) return refuse(ErrorCode::AccessDenied);
  auto ready = virtual_->port->listen(static_cast<size_t>(backlog_));
  if (!ready) return refuse(ready.error());
  if (auto replaced = replace(std::move(*ready)); !replaced) return replaced;
  state_ = State::ListenStarted;
  return {};
}

Answer<> TcpSocket::finish_listen() {
  if (state_ != State::ListenStarted) return refuse(ErrorCode::NotInProgress);
  state_ = State::Listening;
  return {};
}

Answer<std::pair<Ref<TcpSocket>, TcpSocket::Connection>> TcpSocket::accept() {
  if (state_ != State::Listening) return refuse(ErrorCode::InvalidState);
  if (virtual_) return accept_virtually();
  Share share(network_.sockets);
  if (!share.resize(1)) return refuse(ErrorCode::NewSocketLimit);
  constexpr int kMaxResetAtOnce = 64;
  for (int i = 0; i < kMaxResetAtOnce; ++i) {
    OwnedDescriptor fd(::accept4(socket_->fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd.get() < 0) {
      if (errno == EINTR) continue;
      return refuse(is_of_pending_connection(errno) ? ErrorCode::ConnectionAborted
                                                    : from_errno(errno));
    }
    // The guest is not told of one too many, which it could do nothing about.
    auto slot = ConnectionSlot::take(network_.policy.inbound);
    if (slot) return accepted(family_, std::move(fd), std::move(share), std::move(*slot));
    reset_on_close(fd);
  }
  return refuse(ErrorCode::WouldBlock);
}

std::pair<Ref<TcpSocket>, TcpSocket::Connection> TcpSocket::accepted(Family family,
                                                                     OwnedDescriptor fd,
                                                                     Share share,
                                                                     ConnectionSlot slot) {
  auto descriptor = make_ref<Descriptor>(network_.loop, fd.release());
  descriptor->hold(std::move(share));
  descriptor->hold(std::move(slot));
  auto socket = make_ref<TcpSocket>(network_, family, std::move(descriptor));
  Connection connection = socket->connected();
  return std::pair(std::move(socket), std::move(connection));
}

Answer<std::pair<Ref<TcpSocket>, TcpSocket::Connection>> TcpSocket::accept_virtually() {
  // Two descriptors: the connection, and one that has the options.
  auto descriptor = Descriptor::open(network_, family_, SOCK_STREAM);
  if (!descriptor) return refuse(descriptor.error());
  Share share(network_.sockets);
  if (!share.resize(1)) return refuse(ErrorCode::NewSocketLimit);
  auto from = virtual_->port->accept();
  if (!from) return refuse(from.error());
  const Virtual ends{.port = nullptr, .local = from->local, .remote = from->remote};
  if (from->is_from_outside) {
    auto pair = accepted(from->local.ip.family, std::move(from->socket), std::move(share),
                         std::move(from->slot));
    pair.first->virtual_ = ends;
    return pair;
  }
  share = Share();
  auto socket = make_ref<TcpSocket>(network_, family_, std::move(*descriptor));
  socket->virtual_ = ends;
  if (auto replaced = socket->replace(std::move(from->socket)); !replaced)
    return refuse(replaced.error());
  Connection connection = socket->connected();
  return std::pair(std::move(socket), std::move(connection));
}

Answer<> TcpSocket::shutdown(Shutdown how) {
  if (state_ != State::Connected) return refuse(ErrorCode::InvalidState);
  if (how != Shutdown::Send) connection_.input->shut_down();
  if (how != Shutdown::Receive) connection_.output->shut_down();
  return {};
}

Answer<Endpoint> TcpSocket::local_address() const {
  switch (state_) {
    case State::Unbound:
    case State::BindStarted:
    case State::Closed:
      return refuse(ErrorCode::InvalidState);
    case State::Bound:
    case State::Connecting:
    case State::Connected:
    case State::ListenStarted:
    case State::Listening:
      if (virtual_) return virtual_->local;
      return socket_->local();
  }
  return refuse(ErrorCode::Unknown);
}

Answer<Endpoint> TcpSocket::remote_address() const {
  if (state_ != State::Connected) return refuse(ErrorCode::InvalidState);
  if (virtual_) return *virtual_->remote;
  return socket_->remote();
}

Answer<> TcpSocket::set_backlog(uint64_t value) {
  if (value == 0) return refuse(ErrorCode::InvalidArgument);
  switch (state_) {
    case State::Connecting:
    case State::Connected:
    case State::Closed:
      return refuse(ErrorCode::InvalidState);
    case State::Unbound:
    case State::BindStarted:
    case State::Bound:
    case State::ListenStarted:
    case State::Listening:
      break;
  }
  backlog_ = static_cast<int>(std::min<uint64_t>(value, kMaxBacklog));
  const bool listens = state_ == State::Listening || state_ == State::ListenStarted;
  if (!listens) return {};
  if (virtual_) {
    static_cast<void>(virtual_->port->listen(static_cast<size_t>(backlog_)));
  } else if (::listen(socket_->fd(), backlog_) != 0) {
    return refuse(from_errno(errno));
  }
  return {};
}

bool TcpSocket::is_ready() {
  switch (state_) {
    case State::Connecting:
      return connect_error_.has_value() || socket_->is_ready(Descriptor::Direction::Write);
    case State::Listening:
      return socket_->is_ready(Descriptor::Direction::Read);
    case State::Unbound:
    case State::BindStarted:
    case State::Bound:
    case State::Connected:
    case State::ListenStarted:
    case State::Closed:
      return true;
  }
  return true;
}

void TcpSocket::listen(Signal::Listener& listener) {
  socket_->listen(
      state_ == State::Connecting ? Descriptor::Direction::Write : Descriptor::Direction::Read,
      listener);
}

}  // namespace wasmcloud::wasi::sockets
