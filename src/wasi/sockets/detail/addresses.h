#pragma once

#include "wasi/sockets/address.h"

#include <tuple>

/// Addresses of both generations of WASI, which are the same shapes in different types.
namespace wasmcloud::wasi::sockets::detail {

using Groups =
    std::tuple<uint16_t, uint16_t, uint16_t, uint16_t, uint16_t, uint16_t, uint16_t, uint16_t>;
using Octets = std::tuple<uint8_t, uint8_t, uint8_t, uint8_t>;

inline Octets octets_of(const Ip& ip) {
  return {ip.bytes[0], ip.bytes[1], ip.bytes[2], ip.bytes[3]};
}

inline Groups groups_of(const Ip& ip) {
  const auto group = [&](size_t i) {
    return static_cast<uint16_t>((ip.bytes[2 * i] << 8U) | ip.bytes[(2 * i) + 1]);
  };
  return {group(0), group(1), group(2), group(3), group(4), group(5), group(6), group(7)};
}

inline Ip of_groups(const Groups& address) {
  Ip ip{.family = Family::V6};
  std::apply(
      [&](auto... groups) {
        size_t at = 0;
        ((ip.bytes[at] = static_cast<uint8_t>(groups >> 8U),
          ip.bytes[at + 1] = static_cast<uint8_t>(groups & 0xffU), at += 2),
         ...);
      },
      address);
  return ip;
}

template <class IpAddress>
IpAddress ip_to_wit(const Ip& ip) {
  return ip.family == Family::V4 ? IpAddress::ipv4(octets_of(ip)) : IpAddress::ipv6(groups_of(ip));
}

template <class IpSocketAddress>
IpSocketAddress endpoint_to_wit(const Endpoint& endpoint) {
  if (endpoint.ip.family == Family::V4) {
    return IpSocketAddress::ipv4({.port = endpoint.port, .address = octets_of(endpoint.ip)});
  }
  return IpSocketAddress::ipv6({.port = endpoint.port,
                                .flow_info = endpoint.flow_info,
                                .address = groups_of(endpoint.ip),
                                .scope_id = endpoint.scope_id});
}

template <class IpSocketAddress>
Endpoint endpoint_from_wit(const IpSocketAddress& address) {
  if (address.is_ipv4()) {
    const auto& [a, b, c, d] = address.get_ipv4().address;
    return {.ip = Ip::v4(a, b, c, d), .port = address.get_ipv4().port};
  }
  const auto& v6 = address.get_ipv6();
  return {.ip = of_groups(v6.address),
          .port = v6.port,
          .flow_info = v6.flow_info,
          .scope_id = v6.scope_id};
}

}  // namespace wasmcloud::wasi::sockets::detail
