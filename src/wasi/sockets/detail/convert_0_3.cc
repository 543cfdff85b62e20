#include "wasi/sockets/detail/convert_0_3.h"

#include "wasi/sockets/detail/addresses.h"

#include <cerrno>

namespace wasmcloud::wasi::sockets::v0_3 {

wit::types::ErrorCode to_wit(ErrorCode code) {
  using Code = wit::types::ErrorCode;
  switch (code) {
    case ErrorCode::AccessDenied:
      return Code::access_denied();
    case ErrorCode::NotSupported:
      return Code::not_supported();
    case ErrorCode::InvalidArgument:
      return Code::invalid_argument();
    case ErrorCode::OutOfMemory:
      return Code::out_of_memory();
    case ErrorCode::Timeout:
      return Code::timeout();
    case ErrorCode::ConcurrencyConflict:
    case ErrorCode::NotInProgress:
    case ErrorCode::InvalidState:
      return Code::invalid_state();
    case ErrorCode::AddressNotBindable:
      return Code::address_not_bindable();
    case ErrorCode::AddressInUse:
      return Code::address_in_use();
    case ErrorCode::RemoteUnreachable:
      return Code::remote_unreachable();
    case ErrorCode::ConnectionRefused:
      return Code::connection_refused();
    case ErrorCode::ConnectionReset:
      return Code::connection_reset();
    case ErrorCode::ConnectionAborted:
      return Code::connection_aborted();
    case ErrorCode::DatagramTooLarge:
      return Code::datagram_too_large();
    case ErrorCode::NewSocketLimit:
      return Code::other("too many sockets are open");
    case ErrorCode::Unknown:
    case ErrorCode::WouldBlock:
    case ErrorCode::NameUnresolvable:
    case ErrorCode::TemporaryResolverFailure:
    case ErrorCode::PermanentResolverFailure:
      break;
  }
  return Code::other(std::nullopt);
}

wit::ip_name_lookup::ErrorCode to_lookup_code(ErrorCode code) {
  using Code = wit::ip_name_lookup::ErrorCode;
  if (code == ErrorCode::AccessDenied) return Code::access_denied();
  if (code == ErrorCode::InvalidArgument) return Code::invalid_argument();
  if (code == ErrorCode::NameUnresolvable) return Code::name_unresolvable();
  if (code == ErrorCode::TemporaryResolverFailure) return Code::temporary_resolver_failure();
  if (code == ErrorCode::PermanentResolverFailure) return Code::permanent_resolver_failure();
  return Code::other(std::nullopt);
}

wit::types::ErrorCode stream_code_of(const Error& error) {
  // What takes no more, and did not say why, was closed by the peer.
  if (error.code() == Errc::Closed || error.number() == EPIPE) {
    return wit::types::ErrorCode::connection_broken();
  }
  return to_wit(from_errno(error.number()));
}

wit::types::IpAddress to_wit(const Ip& ip) { return detail::ip_to_wit<wit::types::IpAddress>(ip); }

wit::types::IpSocketAddress to_wit(const Endpoint& endpoint) {
  return detail::endpoint_to_wit<wit::types::IpSocketAddress>(endpoint);
}

wit::types::IpAddressFamily to_wit(Family family) {
  return family == Family::V4 ? wit::types::IpAddressFamily::Ipv4
                              : wit::types::IpAddressFamily::Ipv6;
}

Endpoint from_wit(const wit::types::IpSocketAddress& address) {
  return detail::endpoint_from_wit(address);
}

Family from_wit(wit::types::IpAddressFamily family) {
  return family == wit::types::IpAddressFamily::Ipv4 ? Family::V4 : Family::V6;
}

}  // namespace wasmcloud::wasi::sockets::v0_3
