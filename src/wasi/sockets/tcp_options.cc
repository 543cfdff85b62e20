#include "wasi/sockets/options.h"
#include "wasi/sockets/tcp_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

namespace wasmcloud::wasi::sockets {
namespace {

constexpr uint64_t kNanoseconds = 1'000'000'000;
/// Linux takes no longer keep-alive times and no more probes.
constexpr uint64_t kMaxKeepAliveSeconds = 32767;
constexpr uint32_t kMaxKeepAliveCount = 127;

}  // namespace

Answer<bool> TcpSocket::keep_alive() const {
  if (auto open = check_open(); !open) return refuse(open.error());
  const auto on = options().option(SOL_SOCKET, SO_KEEPALIVE);
  if (!on) return refuse(on.error());
  return *on != 0;
}

Answer<> TcpSocket::set_keep_alive(bool on) {
  if (auto open = check_open(); !open) return open;
  return options().set_option(SOL_SOCKET, SO_KEEPALIVE, on ? 1 : 0);
}

Answer<> TcpSocket::set_seconds(int option, uint64_t nanoseconds) {
  if (nanoseconds == 0) return refuse(ErrorCode::InvalidArgument);
  if (auto open = check_open(); !open) return open;
  const uint64_t seconds = (nanoseconds / kNanoseconds) + (nanoseconds % kNanoseconds != 0 ? 1 : 0);
  return options().set_option(IPPROTO_TCP, option,
                              static_cast<int>(std::min(seconds, kMaxKeepAliveSeconds)));
}

Answer<uint64_t> TcpSocket::seconds(int option) const {
  if (auto open = check_open(); !open) return refuse(open.error());
  const auto count = options().option(IPPROTO_TCP, option);
  if (!count) return refuse(count.error());
  return static_cast<uint64_t>(*count) * kNanoseconds;
}

Answer<uint64_t> TcpSocket::keep_alive_idle() const { return seconds(TCP_KEEPIDLE); }
Answer<> TcpSocket::set_keep_alive_idle(uint64_t value) { return set_seconds(TCP_KEEPIDLE, value); }
Answer<uint64_t> TcpSocket::keep_alive_interval() const { return seconds(TCP_KEEPINTVL); }
Answer<> TcpSocket::set_keep_alive_interval(uint64_t value) {
  return set_seconds(TCP_KEEPINTVL, value);
}

Answer<uint32_t> TcpSocket::keep_alive_count() const {
  if (auto open = check_open(); !open) return refuse(open.error());
  const auto count = options().option(IPPROTO_TCP, TCP_KEEPCNT);
  if (!count) return refuse(count.error());
  return static_cast<uint32_t>(*count);
}

Answer<> TcpSocket::set_keep_alive_count(uint32_t value) {
  if (value == 0) return refuse(ErrorCode::InvalidArgument);
  if (auto open = check_open(); !open) return open;
  return options().set_option(IPPROTO_TCP, TCP_KEEPCNT,
                              static_cast<int>(std::min(value, kMaxKeepAliveCount)));
}

Answer<uint8_t> TcpSocket::hop_limit() const {
  if (auto open = check_open(); !open) return refuse(open.error());
  return sockets::hop_limit(options(), family_);
}

Answer<> TcpSocket::set_hop_limit(uint8_t value) {
  if (auto open = check_open(); !open) return open;
  return sockets::set_hop_limit(options(), family_, value);
}

Answer<uint64_t> TcpSocket::receive_buffer_size() const {
  if (auto open = check_open(); !open) return refuse(open.error());
  return buffer_size(options(), Buffer::Receive);
}

Answer<> TcpSocket::set_receive_buffer_size(uint64_t value) {
  if (auto open = check_open(); !open) return open;
  return set_buffer_size(options(), Buffer::Receive, value, kMaxTcpBuffer);
}

Answer<uint64_t> TcpSocket::send_buffer_size() const {
  if (auto open = check_open(); !open) return refuse(open.error());
  return buffer_size(options(), Buffer::Send);
}

Answer<> TcpSocket::set_send_buffer_size(uint64_t value) {
  if (auto open = check_open(); !open) return open;
  return set_buffer_size(options(), Buffer::Send, value, kMaxTcpBuffer);
}

}  // namespace wasmcloud::wasi::sockets
