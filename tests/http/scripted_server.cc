#include "http/scripted_server.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace wasmcloud::http {

std::string ScriptedServer::Peer::receive_until(std::string_view mark) {
  while (true) {
    if (const size_t at = pending_.find(mark); at != std::string::npos) {
      const size_t size = at + mark.size();
      std::string found = pending_.substr(0, size);
      pending_.erase(0, size);
      return found;
    }
    char buffer[16384];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) return std::exchange(pending_, {});
    pending_.append(buffer, static_cast<size_t>(got));
  }
}

void ScriptedServer::Peer::skip(size_t size) {
  const size_t here = std::min(size, pending_.size());
  pending_.erase(0, here);
  size -= here;
  char buffer[16384];
  while (size > 0) {
    const ssize_t got = ::recv(socket_, buffer, std::min(size, sizeof buffer), 0);
    if (got <= 0) return;
    size -= static_cast<size_t>(got);
  }
}

void ScriptedServer::Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

bool ScriptedServer::Peer::is_closed() {
  char buffer[16384];
  while (true) {
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return true;
    if (got < 0) return false;
  }
}

void ScriptedServer::Peer::reset() {
  const linger now = {.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(listener_, 64), 0);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string ScriptedServer::authority() const { return fmt::format("127.0.0.1:{}", port_); }

void ScriptedServer::serve() {
  for (int index = 0;; ++index) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    const timeval limit = {.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    Peer peer(socket);
    script_(peer, index);
    ::close(socket);
  }
}

}  // namespace wasmcloud::http
