#include "wasi/sockets/options.h"

#include <netinet/in.h>

#include <algorithm>

namespace wasmcloud::wasi::sockets {
namespace {

int level_of(Family family) { return family == Family::V4 ? IPPROTO_IP : IPPROTO_IPV6; }
int hops_of(Family family) { return family == Family::V4 ? IP_TTL : IPV6_UNICAST_HOPS; }
int name_of(Buffer which) { return which == Buffer::Receive ? SO_RCVBUF : SO_SNDBUF; }

}  // namespace

Answer<uint8_t> hop_limit(const Descriptor& socket, Family family) {
  const auto value = socket.option(level_of(family), hops_of(family));
  if (!value) return refuse(value.error());
  return static_cast<uint8_t>(*value);
}

Answer<> set_hop_limit(Descriptor& socket, Family family, uint8_t value) {
  if (value == 0) return refuse(ErrorCode::InvalidArgument);
  return socket.set_option(level_of(family), hops_of(family), value);
}

Answer<uint64_t> buffer_size(const Descriptor& socket, Buffer which) {
  const auto value = socket.option(SOL_SOCKET, name_of(which));
  if (!value) return refuse(value.error());
  return static_cast<uint64_t>(*value) / 2;
}

Answer<> set_buffer_size(Descriptor& socket, Buffer which, uint64_t value, uint64_t max) {
  if (value == 0) return refuse(ErrorCode::InvalidArgument);
  return socket.set_option(SOL_SOCKET, name_of(which), static_cast<int>(std::min(value, max)));
}

Answer<> check_family(const Endpoint& endpoint, Family family) {
  if (endpoint.ip.family != family || endpoint.ip.is_v4_mapped()) {
    return refuse(ErrorCode::InvalidArgument);
  }
  return {};
}

Answer<> check_remote(const Endpoint& endpoint, Family family) {
  if (endpoint.ip.is_unspecified() || endpoint.port == 0) {
    return refuse(ErrorCode::InvalidArgument);
  }
  return check_family(endpoint, family);
}

}  // namespace wasmcloud::wasi::sockets
