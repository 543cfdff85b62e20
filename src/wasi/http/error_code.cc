#include "wasi/http/error_code.h"

namespace wasmcloud::wasi::http::v0_2 {

using wasmcloud::wit::wasi::http_0_2::types::ErrorCode;

ErrorCode error_code_of(const Error& error) {
  switch (error.code()) {
    case Errc::Closed:
    case Errc::Refused:
      return ErrorCode::connection_terminated();
    case Errc::Timeout:
      return ErrorCode::connection_read_timeout();
    case Errc::Malformed:
      return ErrorCode::http_protocol_error();
    case Errc::Limit:
      return ErrorCode::http_request_body_size(std::nullopt);
    default:  // the rest is of no use to a guest, and may tell of the host
      return ErrorCode::internal_error(std::nullopt);
  }
}

std::string_view name_of(const ErrorCode& code) {
  using Tag = ErrorCode::Tag;
  switch (code.tag()) {
    case Tag::DnsTimeout:
      return "DNS-timeout";
    case Tag::DnsError:
      return "DNS-error";
    case Tag::DestinationNotFound:
      return "destination-not-found";
    case Tag::DestinationUnavailable:
      return "destination-unavailable";
    case Tag::DestinationIpProhibited:
      return "destination-IP-prohibited";
    case Tag::DestinationIpUnroutable:
      return "destination-IP-unroutable";
    case Tag::ConnectionRefused:
      return "connection-refused";
    case Tag::ConnectionTerminated:
      return "connection-terminated";
    case Tag::ConnectionTimeout:
      return "connection-timeout";
    case Tag::ConnectionReadTimeout:
      return "connection-read-timeout";
    case Tag::ConnectionWriteTimeout:
      return "connection-write-timeout";
    case Tag::ConnectionLimitReached:
      return "connection-limit-reached";
    case Tag::TlsProtocolError:
      return "TLS-protocol-error";
    case Tag::TlsCertificateError:
      return "TLS-certificate-error";
    case Tag::TlsAlertReceived:
      return "TLS-alert-received";
    case Tag::HttpRequestDenied:
      return "HTTP-request-denied";
    case Tag::HttpRequestLengthRequired:
      return "HTTP-request-length-required";
    case Tag::HttpRequestBodySize:
      return "HTTP-request-body-size";
    case Tag::HttpRequestMethodInvalid:
      return "HTTP-request-method-invalid";
    case Tag::HttpRequestUriInvalid:
      return "HTTP-request-URI-invalid";
    case Tag::HttpRequestUriTooLong:
      return "HTTP-request-URI-too-long";
    case Tag::HttpRequestHeaderSectionSize:
      return "HTTP-request-header-section-size";
    case Tag::HttpRequestHeaderSize:
      return "HTTP-request-header-size";
    case Tag::HttpRequestTrailerSectionSize:
      return "HTTP-request-trailer-section-size";
    case Tag::HttpRequestTrailerSize:
      return "HTTP-request-trailer-size";
    case Tag::HttpResponseIncomplete:
      return "HTTP-response-incomplete";
    case Tag::HttpResponseHeaderSectionSize:
      return "HTTP-response-header-section-size";
    case Tag::HttpResponseHeaderSize:
      return "HTTP-response-header-size";
    case Tag::HttpResponseBodySize:
      return "HTTP-response-body-size";
    case Tag::HttpResponseTrailerSectionSize:
      return "HTTP-response-trailer-section-size";
    case Tag::HttpResponseTrailerSize:
      return "HTTP-response-trailer-size";
    case Tag::HttpResponseTransferCoding:
      return "HTTP-response-transfer-coding";
    case Tag::HttpResponseContentCoding:
      return "HTTP-response-content-coding";
    case Tag::HttpResponseTimeout:
      return "HTTP-response-timeout";
    case Tag::HttpUpgradeFailed:
      return "HTTP-upgrade-failed";
    case Tag::HttpProtocolError:
      return "HTTP-protocol-error";
    case Tag::LoopDetected:
      return "loop-detected";
    case Tag::ConfigurationError:
      return "configuration-error";
    case Tag::InternalError:
      return "internal-error";
  }
  return "unknown";
}

}  // namespace wasmcloud::wasi::http::v0_2
