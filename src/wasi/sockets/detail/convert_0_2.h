#pragma once

#include "bindings/wasi/sockets_0_2/network.h"
#include "component/guest_result.h"
#include "wasi/sockets/address.h"
#include "wasi/sockets/error_code.h"

// Between the sockets of this folder and the types of wasi:sockets/network 0.2.
namespace wasmcloud::wasi::sockets::v0_2 {

namespace network = wasmcloud::wit::wasi::sockets_0_2::network;

network::ErrorCode to_wit(ErrorCode code);
network::IpAddress to_wit(const Ip& ip);
network::IpSocketAddress to_wit(const Endpoint& endpoint);
network::IpAddressFamily to_wit(Family family);
Endpoint from_wit(const network::IpSocketAddress& address);
Family from_wit(network::IpAddressFamily family);

/// An answer as a function of the interface returns it.
template <class T>
Result<std::expected<T, network::ErrorCode>> told(Answer<T> answer) {
  if (!answer) return component::guest_error(to_wit(answer.error()));
  if constexpr (std::is_void_v<T>) {
    return component::ok();
  } else {
    return std::move(*answer);
  }
}

inline Result<std::expected<network::IpSocketAddress, network::ErrorCode>> told(
    const Answer<Endpoint>& answer) {
  if (!answer) return component::guest_error(to_wit(answer.error()));
  return to_wit(*answer);
}

}  // namespace wasmcloud::wasi::sockets::v0_2
