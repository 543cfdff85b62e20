#include "http/detail/transport.h"

#include "http/authority.h"
#include "http/detail/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

Socket adopt_socket(Loop& loop, int number) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(number, reinterpret_cast<sockaddr*>(&address), &size);
  Socket socket(loop.executor());
  boost::system::error_code ignored;
  socket.assign(asio::generic::stream_protocol(address.ss_family, 0), number, ignored);
  return socket;
}

ssize_t send_now(int number, std::span<const iovec> parts) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  while (true) {
    const ssize_t sent = ::sendmsg(number, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return -errno;
  }
}

size_t received_bytes(int number) {
  int size = 0;
  if (::ioctl(number, FIONREAD, &size) != 0) return 0;
  return static_cast<size_t>(size);
}

void close_socket(Socket& socket, Transport::Close how) {
  boost::system::error_code ignored;
  if (how == Transport::Close::Abort)
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

Error Transport::explain(int error) const {
  return Error(Errc::Closed, std::generic_category().message(error)).with_number(error);
}

namespace {

class SocketTransport final : public Transport {
 public:
  SocketTransport(Loop& loop, int socket) : socket_(adopt_socket(loop, socket)), number_(socket) {}

  void start_read(std::span<std::byte> memory) override {
    socket_.async_receive(asio::buffer(memory.data(), memory.size()),
                          [owner = Ref(owner_)](boost::system::error_code error, size_t size) {
                            owner->on_read(error && error != asio::error::eof ? error.value() : 0,
                                           error ? 0 : size);
                          });
  }

  ssize_t write(std::span<const iovec> parts) override { return send_now(number_, parts); }

  void wait_writable() override {
    socket_.async_wait(Socket::wait_write, [owner = Ref(owner_)](boost::system::error_code error) {
      if (!error) owner->on_writable();
    });
  }

  size_t readable() const override { return received_bytes(number_); }

  void shutdown_write() override {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close(Close how) override {
    close_socket(socket_, how);
    // The number may soon be another connection's.
    number_ = -1;
  }
  bool is_open() const override { return socket_.is_open(); }
  std::string peer() const override { return peer_address(number_); }

 private:
  Socket socket_;
  int number_;
};

}  // namespace

std::unique_ptr<Transport> make_socket_transport(Loop& loop, int socket) {
  return std::make_unique<SocketTransport>(loop, socket);
}

void avoid_pacing(int socket, const sockaddr& address) {
  bool is_loopback = false;
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    is_loopback = ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  } else if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    is_loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
  }
  // Always there, and allowed to everybody.
  constexpr std::string_view kReno = "reno";
  if (is_loopback) ::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, kReno.data(), kReno.size());
}

namespace {

std::string text_of(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
    return join_authority(text, ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
    return join_authority(text, ntohs(v6.sin6_port));
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
