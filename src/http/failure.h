#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>

namespace wasmcloud::http {

/// Why a request of a client failed, as finely as its users tell it apart (wasi:http "error-code").
enum class Failure : uint8_t {
  DnsError,  ///< the name has no address, or the resolver failed
  DestinationUnavailable,
  DestinationUnroutable,
  ConnectionRefused,
  ConnectionTerminated,
  ConnectionTimeout,
  ConnectionReadTimeout,
  ConnectionWriteTimeout,
  ConnectionLimitReached,
  TlsProtocolError,
  TlsCertificateError,
  TlsAlertReceived,
  RequestBodySize,  ///< not as long as its content-length says
  RequestMethodInvalid,
  RequestUriInvalid,
  RequestUriTooLong,
  ResponseIncomplete,
  ResponseHeaderSectionSize,
  ResponseBodySize,
  ResponseTrailerSectionSize,
  ResponseTransferCoding,
  UpgradeFailed,
  ProtocolError,
};

/// An error whose cause `failure_of` finds again. Its code is the nearest of `Errc`.
Error make_failure(Failure failure, std::string message);
/// The code of such errors.
Errc code_of(Failure failure);
/// Its number, which `Error::number` of such errors has.
int number_of(Failure failure);
/// Nothing for an error that no client made.
std::optional<Failure> failure_of(const Error& error);

}  // namespace wasmcloud::http
