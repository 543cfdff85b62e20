#pragma once

#include "host/guest_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace wasmcloud::host {

inline sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A socket of the test's, on loopback.
class Socket {
 public:
  explicit Socket(int type) : fd_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  explicit Socket(std::in_place_t, int fd) : fd_(fd) {}
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_; }
  uint16_t bind() {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
  }
  bool connect(uint16_t port) {
    const sockaddr_in address = loopback(port);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  void send(std::string_view text) {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  std::string receive(size_t size) {
    std::string text(size, '\0');
    size_t got = 0;
    while (got < size) {
      const ssize_t now = ::recv(fd_, text.data() + got, size - got, 0);
      if (now <= 0) break;
      got += static_cast<size_t>(now);
    }
    text.resize(got);
    return text;
  }
  /// What is closed then ends with a reset, not with the end of what was sent.
  void reset_on_close() {
    const linger none{.l_onoff = 1, .l_linger = 0};
    EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof(none)), 0);
  }

 private:
  int fd_;
};

inline uint16_t free_port() { return Socket(SOCK_STREAM).bind(); }

/// Until somebody listens there.
inline void connect_when_up(Socket& socket, uint16_t port) {
  ASSERT_TRUE(GuestServer::eventually([&] { return socket.connect(port); }));
}

}  // namespace wasmcloud::host
