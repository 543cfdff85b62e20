#include "wasi/sockets/detail/convert_0_2.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

// The enumerations are the same list; the first and last members show it if one of them moves.
static_assert(static_cast<int>(ErrorCode::Unknown) ==
              static_cast<int>(network::ErrorCode::Unknown));
static_assert(static_cast<int>(ErrorCode::InvalidState) ==
              static_cast<int>(network::ErrorCode::InvalidState));
static_assert(static_cast<int>(ErrorCode::PermanentResolverFailure) ==
              static_cast<int>(network::ErrorCode::PermanentResolverFailure));

network::Ipv6Address groups_of(const Ip& ip) {
  const auto group = [&](size_t i) {
    return static_cast<uint16_t>((ip.bytes[2 * i] << 8U) | ip.bytes[(2 * i) + 1]);
  };
  return {group(0), group(1), group(2), group(3), group(4), group(5), group(6), group(7)};
}

network::Ipv4Address octets_of(const Ip& ip) {
  return {ip.bytes[0], ip.bytes[1], ip.bytes[2], ip.bytes[3]};
}

Ip of_groups(const network::Ipv6Address& address) {
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

}  // namespace

network::ErrorCode to_wit(ErrorCode code) { return static_cast<network::ErrorCode>(code); }

network::IpAddress to_wit(const Ip& ip) {
  return ip.family == Family::V4 ? network::IpAddress::ipv4(octets_of(ip))
                                 : network::IpAddress::ipv6(groups_of(ip));
}

network::IpSocketAddress to_wit(const Endpoint& endpoint) {
  if (endpoint.ip.family == Family::V4) {
    return network::IpSocketAddress::ipv4(
        {.port = endpoint.port, .address = octets_of(endpoint.ip)});
  }
  return network::IpSocketAddress::ipv6({.port = endpoint.port,
                                         .flow_info = endpoint.flow_info,
                                         .address = groups_of(endpoint.ip),
                                         .scope_id = endpoint.scope_id});
}

network::IpAddressFamily to_wit(Family family) {
  return family == Family::V4 ? network::IpAddressFamily::Ipv4 : network::IpAddressFamily::Ipv6;
}

Endpoint from_wit(const network::IpSocketAddress& address) {
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

Family from_wit(network::IpAddressFamily family) {
  return family == network::IpAddressFamily::Ipv4 ? Family::V4 : Family::V6;
}

}  // namespace wasmcloud::wasi::sockets::v0_2
