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

namespace {

class SocketTransport final : public Transport {
 public:
  using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;

  SocketTransport(Loop& loop, int socket) : socket_(loop.executor()), number_(socket) {
    boost::system::error_code error;
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    socket_.assign(asio::generic::stream_protocol(address.ss_family, 0), socket, error);
  }

  void start_read(std::span<std::byte> memory) override {
    socket_.async_receive(asio::buffer(memory.data(), memory.size()),
                          [owner = Ref(owner_)](boost::system::error_code error, size_t size) {
                            owner->on_read(error && error != asio::error::eof ? error.value() : 0,
                                           error ? 0 : size);
                          });
  }

  ssize_t write(std::span<const iovec> parts) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts.data());
    message.msg_iovlen = parts.size();
    while (true) {
      const ssize_t sent = ::sendmsg(number_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) return sent;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
      if (errno != EINTR) return -errno;
    }
  }

  void wait_writable() override {
    socket_.async_wait(Socket::wait_write, [owner = Ref(owner_)](boost::system::error_code error) {
      if (!error) owner->on_writable();
    });
  }

  size_t readable() const override {
    int size = 0;
    if (::ioctl(number_, FIONREAD, &size) != 0) return 0;
    return static_cast<size_t>(size);
  }

  void shutdown_write() override {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close(Close how) override {
    boost::system::error_code ignored;
    if (how == Close::Abort) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
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
