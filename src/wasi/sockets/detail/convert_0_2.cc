#include "wasi/sockets/detail/convert_0_2.h"

#include "wasi/sockets/detail/addresses.h"

namespace wasmcloud::wasi::sockets::v0_2 {
namespace {

// The enumerations are the same list; the first and last members show it if one of them moves.
static_assert(static_cast<int>(ErrorCode::Unknown) ==
              static_cast<int>(network::ErrorCode::Unknown));
static_assert(static_cast<int>(ErrorCode::InvalidState) ==
              static_cast<int>(network::ErrorCode::InvalidState));
static_assert(static_cast<int>(ErrorCode::PermanentResolverFailure) ==
              static_cast<int>(network::ErrorCode::PermanentResolverFailure));

}  // namespace

network::ErrorCode to_wit(ErrorCode code) { return static_cast<network::ErrorCode>(code); }

network::IpAddress to_wit(const Ip& ip) { return detail::ip_to_wit<network::IpAddress>(ip); }

network::IpSocketAddress to_wit(const Endpoint& endpoint) {
  return detail::endpoint_to_wit<network::IpSocketAddress>(endpoint);
}

network::IpAddressFamily to_wit(Family family) {
  return family == Family::V4 ? network::IpAddressFamily::Ipv4 : network::IpAddressFamily::Ipv6;
}

Endpoint from_wit(const network::IpSocketAddress& address) {
  return detail::endpoint_from_wit(address);
}

Family from_wit(network::IpAddressFamily family) {
  return family == network::IpAddressFamily::Ipv4 ? Family::V4 : Family::V6;
}

}  // namespace wasmcloud::wasi::sockets::v0_2
