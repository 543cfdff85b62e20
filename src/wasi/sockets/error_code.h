#pragma once

#include <cstdint>
#include <expected>

namespace wasmcloud::wasi::sockets {

/// Why a socket's operation failed, in the words and order of wasi:sockets/network "error-code".
enum class ErrorCode : uint8_t {
  Unknown,
  AccessDenied,
  NotSupported,
  InvalidArgument,
  OutOfMemory,
  Timeout,
  ConcurrencyConflict,
  NotInProgress,
  WouldBlock,
  InvalidState,
  NewSocketLimit,
  AddressNotBindable,
  AddressInUse,
  RemoteUnreachable,
  ConnectionRefused,
  ConnectionReset,
  ConnectionAborted,
  DatagramTooLarge,
  NameUnresolvable,
  TemporaryResolverFailure,
  PermanentResolverFailure,
};

/// What operations on sockets return. Their failures are answers for the guest; none is the host's.
template <class T = void>
using Answer = std::expected<T, ErrorCode>;

inline std::unexpected<ErrorCode> refuse(ErrorCode code) { return std::unexpected(code); }

/// What an errno means, where the operation gives it no other meaning.
ErrorCode from_errno(int number);

}  // namespace wasmcloud::wasi::sockets
