#include "http/raw_client.h"

#include "http/headers.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace wasmcloud::http {

int connect_to_loopback(uint16_t port, int receive_buffer) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) {
    ::setsockopt(made, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ADD_FAILURE() << "connecting to port " << port << ": " << ::strerrorname_np(errno);
    ::close(made);
    return -1;
  }
  return made;
}

RawClient::RawClient(uint16_t port, int receive_buffer)
    : socket_(connect_to_loopback(port, receive_buffer)) {}

RawClient::~RawClient() { close(); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::fill() {
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size < 0) reset_ |= errno == ECONNRESET;
  if (size <= 0) return false;
  pending_.append(buffer.data(), static_cast<size_t>(size));
  return true;
}

std::string RawClient::take(size_t size) {
  std::string taken = pending_.substr(0, size);
  pending_.erase(0, taken.size());
  return taken;
}

std::string RawClient::receive() {
  if (pending_.empty()) fill();
  return take(pending_.size());
}

std::string RawClient::receive_until(std::string_view mark) {
  size_t at = 0;
  while ((at = pending_.find(mark)) == std::string::npos) {
    if (!fill()) return take(pending_.size());
  }
  return take(at + mark.size());
}

std::string RawClient::rest() {
  while (fill()) {
  }
  return take(pending_.size());
}

std::string RawClient::response(bool to_head) {
  std::string head = receive_until("\r\n\r\n");
  const auto field = [&](std::string_view name) -> std::optional<std::string> {
    const size_t at = head.find(fmt::format("\r\n{}: ", name));
    if (at == std::string::npos) return std::nullopt;
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find('\r', begin) - begin);
  };
  const bool no_body = to_head || head.starts_with("HTTP/1.1 204") ||
                       head.starts_with("HTTP/1.1 304") || head.starts_with("HTTP/1.1 1");
  if (no_body) return head;
  if (const auto length = field("content-length")) {
    const size_t size = std::stoul(*length);
    while (pending_.size() < size && fill()) {
    }
    return head + take(size);
  }
  if (field("transfer-encoding")) {
    while (true) {
      const std::string line = receive_until("\r\n");
      if (line.empty()) return head + "(cut off)";
      const size_t size = std::stoul(line, nullptr, 16);
      if (size == 0) {
        for (std::string trailer = receive_until("\r\n"); trailer.size() > 2;
             trailer = receive_until("\r\n")) {
          head += "(trailer " + trailer.substr(0, trailer.size() - 2) + ")";
        }
        return head;
      }
      while (pending_.size() < size + 2) {
        if (!fill()) return head + take(pending_.size()) + "(cut off)";
      }
      head += take(size);
      take(2);
    }
  }
  return head + rest();
}

void RawClient::shutdown_write() { ::shutdown(socket_, SHUT_WR); }

void RawClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace wasmcloud::http
