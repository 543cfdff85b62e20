// Sends a body and takes it back, with as little work of its own as can be: what is measured is the
// server. echo_client PORT PATH MIB: one POST to 127.0.0.1 over a new connection; prints the
// seconds it took.
#include <fmt/core.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

// In a core's cache, so that the client's copies cost little.
constexpr size_t kPiece = 256 * 1024;

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "echo_client: {}\n", why);
  std::exit(1);
}

int connect_to(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    stop(std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/// Sends what is left of `total` bytes as far as the socket takes them. The bytes do not matter:
/// that a body comes back unchanged is for tests.
void send_some(int fd, const std::vector<char>& piece, uint64_t total, uint64_t& sent) {
  while (sent < total) {
    const size_t size = std::min<uint64_t>(piece.size(), total - sent);
    const ssize_t done = ::send(fd, piece.data(), size, MSG_NOSIGNAL);
    if (done < 0) {
      if (errno == EAGAIN) return;
      stop(fmt::format("sending: {}", std::strerror(errno)));
    }
    sent += static_cast<uint64_t>(done);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) stop("usage: echo_client PORT PATH MIB");
  const uint64_t body = std::strtoull(argv[3], nullptr, 10) << 20;
  // The server closes at the end, so nothing of the answer has to be understood.
  const std::string text = fmt::format(
      "POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n"
      "connection: close\r\n\r\n",
      argv[2], body);
  const std::vector<char> head(text.begin(), text.end());
  const std::vector<char> piece(kPiece, 'x');
  std::vector<char> back(kPiece);
  std::string first;

  const auto begin = std::chrono::steady_clock::now();
  const int fd = connect_to(static_cast<uint16_t>(std::atoi(argv[1])));
  uint64_t head_sent = 0;
  uint64_t sent = 0;
  uint64_t received = 0;
  for (bool open = true; open;) {
    pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
    if (head_sent < head.size() || sent < body) waited.events |= POLLOUT;
    if (::poll(&waited, 1, 60'000) <= 0) stop("no answer for a minute");
    if ((waited.revents & POLLOUT) != 0) {
      send_some(fd, head, head.size(), head_sent);
      if (head_sent == head.size()) send_some(fd, piece, body, sent);
    }
    if ((waited.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    for (;;) {
      const ssize_t got = ::recv(fd, back.data(), back.size(), 0);
      if (got < 0 && errno == EAGAIN) break;
      if (got < 0) stop(fmt::format("receiving: {}", std::strerror(errno)));
      if (got == 0) {
        open = false;
        break;
      }
      if (first.size() < 12) first.append(back.data(), std::min<size_t>(12, got));
      received += static_cast<uint64_t>(got);
    }
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  ::close(fd);
  if (first.substr(0, 12) != "HTTP/1.1 200") stop("the answer began with " + first);
  if (received < body) stop(fmt::format("{} of {} bytes came back", received, body));
  fmt::print("{:.4f}\n", taken.count());
  return 0;
}
