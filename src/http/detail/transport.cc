#include "http/detail/transport.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

struct Transport::Socket {
  using Type = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
  Type socket;
  int number;
};

Transport::Transport(Loop& loop, int socket, Owner& owner)
    : owner_(owner),
      socket_(new Socket{.socket = Socket::Type(loop.executor()), .number = socket}) {
  boost::system::error_code error;
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  socket_->socket.assign(asio::generic::stream_protocol(address.ss_family, 0), socket, error);
}

Transport::~Transport() = default;

void Transport::start_read(std::span<std::byte> memory) {
  socket_->socket.async_receive(
      asio::buffer(memory.data(), memory.size()),
      [owner = Ref(&owner_)](boost::system::error_code error, size_t size) {
        owner->on_read(error && error != asio::error::eof ? error.value() : 0, error ? 0 : size);
      });
}

ssize_t Transport::write(std::span<const iovec> parts) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  while (true) {
    const ssize_t sent = ::sendmsg(socket_->number, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return -errno;
  }
}

void Transport::wait_writable() {
  socket_->socket.async_wait(Socket::Type::wait_write,
                             [owner = Ref(&owner_)](boost::system::error_code error) {
                               if (!error) owner->on_writable();
                             });
}

size_t Transport::readable() const {
  int size = 0;
  if (::ioctl(socket_->number, FIONREAD, &size) != 0) return 0;
  return static_cast<size_t>(size);
}

void Transport::shutdown_write() {
  boost::system::error_code ignored;
  socket_->socket.shutdown(Socket::Type::shutdown_send, ignored);
}

void Transport::close(Close how) {
  boost::system::error_code ignored;
  if (how == Close::Abort) socket_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_->socket.close(ignored);
}

bool Transport::is_open() const { return socket_->socket.is_open(); }

std::string Transport::peer() const { return peer_address(socket_->number); }

namespace {

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    return fmt::format("{}:{}", text, ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
    return fmt::format("[{}]:{}", text, ntohs(v6.sin6_port));
  }
  return {};
}

}  // namespace

std::string local_address(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return text_of(address);
}

std::string peer_address(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return text_of(address);
}

}  // namespace wasmcloud::http::detail
