#include "http/failure.h"

namespace wasmcloud::http {
namespace {

/// Above every errno and exit status, the other numbers that errors carry.
constexpr int kFirst = 0x10000;
constexpr int kLast = kFirst + static_cast<int>(Failure::ProtocolError);

}  // namespace

Errc code_of(Failure failure) {
  switch (failure) {
    case Failure::ConnectionTimeout:
    case Failure::ConnectionReadTimeout:
    case Failure::ConnectionWriteTimeout:
      return Errc::Timeout;
    case Failure::DnsError:
      return Errc::NotFound;
    case Failure::DestinationUnavailable:
    case Failure::DestinationUnroutable:
    case Failure::ConnectionRefused:
    case Failure::TlsProtocolError:
    case Failure::TlsCertificateError:
    case Failure::TlsAlertReceived:
    case Failure::UpgradeFailed:
      return Errc::Refused;
    case Failure::ConnectionTerminated:
    case Failure::ResponseIncomplete:
      return Errc::Closed;
    case Failure::RequestBodySize:
    case Failure::RequestMethodInvalid:
    case Failure::RequestUriInvalid:
      return Errc::Invalid;
    case Failure::ConnectionLimitReached:
    case Failure::RequestUriTooLong:
    case Failure::ResponseHeaderSectionSize:
    case Failure::ResponseBodySize:
    case Failure::ResponseTrailerSectionSize:
      return Errc::Limit;
    case Failure::ResponseTransferCoding:
      return Errc::Unsupported;
    case Failure::ProtocolError:
      return Errc::Malformed;
  }
  return Errc::Internal;
}

int number_of(Failure failure) { return kFirst + static_cast<int>(failure); }

Error make_failure(Failure failure, std::string message) {
  return Error(code_of(failure), std::move(message)).with_number(number_of(failure));
}

std::optional<Failure> failure_of(const Error& error) {
  const int number = error.number();
  if (number < kFirst || number > kLast) return std::nullopt;
  return static_cast<Failure>(number - kFirst);
}

}  // namespace wasmcloud::http
