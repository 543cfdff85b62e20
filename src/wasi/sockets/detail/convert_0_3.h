#pragma once

#include "bindings/wasi/sockets_0_3/ip_name_lookup.h"
#include "bindings/wasi/sockets_0_3/types.h"
#include "component/guest_result.h"
#include "wasi/sockets/address.h"
#include "wasi/sockets/error_code.h"

// Between the sockets of this folder and the types of wasi:sockets 0.3.
namespace wasmcloud::wasi::sockets::v0_3 {

namespace wit = wasmcloud::wit::wasi::sockets_0_3;

wit::types::ErrorCode to_wit(ErrorCode code);
wit::ip_name_lookup::ErrorCode to_lookup_code(ErrorCode code);
/// Why a stream of a socket failed.
wit::types::ErrorCode stream_code_of(const Error& error);
wit::types::IpAddress to_wit(const Ip& ip);
wit::types::IpSocketAddress to_wit(const Endpoint& endpoint);
wit::types::IpAddressFamily to_wit(Family family);
Endpoint from_wit(const wit::types::IpSocketAddress& address);
Family from_wit(wit::types::IpAddressFamily family);

template <class T>
using Told = std::expected<T, wit::types::ErrorCode>;

/// An answer as a function of the interface returns it.
template <class T>
Result<Told<T>> told(Answer<T> answer) {
  if (!answer) return component::guest_error(to_wit(answer.error()));
  if constexpr (std::is_void_v<T>) {
    return component::ok();
  } else {
    return std::move(*answer);
  }
}

inline Result<Told<wit::types::IpSocketAddress>> told(const Answer<Endpoint>& answer) {
  if (!answer) return component::guest_error(to_wit(answer.error()));
  return to_wit(*answer);
}

}  // namespace wasmcloud::wasi::sockets::v0_3
