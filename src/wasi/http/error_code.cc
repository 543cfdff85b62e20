#include "wasi/http/error_code.h"

#include "http/failure.h"

namespace wasmcloud::wasi::http {

using wasmcloud::http::Failure;

namespace {

/// The codes of both generations are the same.
template <class ErrorCode>
ErrorCode code_of(Failure failure) {
  switch (failure) {
    case Failure::DnsError:
      return ErrorCode::dns_error(
          {.rcode = std::string("address not available"), .info_code = std::nullopt});
    case Failure::DestinationUnavailable:
      return ErrorCode::destination_unavailable();
    case Failure::DestinationUnroutable:
      return ErrorCode::destination_ip_unroutable();
    case Failure::ConnectionRefused:
      return ErrorCode::connection_refused();
    case Failure::ConnectionTerminated:
      return ErrorCode::connection_terminated();
    case Failure::ConnectionTimeout:
      return ErrorCode::connection_timeout();
    case Failure::ConnectionReadTimeout:
      return ErrorCode::connection_read_timeout();
    case Failure::ConnectionWriteTimeout:
      return ErrorCode::connection_write_timeout();
    case Failure::ConnectionLimitReached:
      return ErrorCode::connection_limit_reached();
    case Failure::TlsProtocolError:
      return ErrorCode::tls_protocol_error();
    case Failure::TlsCertificateError:
      return ErrorCode::tls_certificate_error();
    case Failure::TlsAlertReceived:
      return ErrorCode::tls_alert_received({});
    case Failure::RequestBodySize:
      return ErrorCode::http_request_body_size(std::nullopt);
    case Failure::RequestMethodInvalid:
      return ErrorCode::http_request_method_invalid();
    case Failure::RequestUriInvalid:
      return ErrorCode::http_request_uri_invalid();
    case Failure::RequestUriTooLong:
      return ErrorCode::http_request_uri_too_long();
    case Failure::ResponseIncomplete:
      return ErrorCode::http_response_incomplete();
    case Failure::ResponseHeaderSectionSize:
      return ErrorCode::http_response_header_section_size(std::nullopt);
    case Failure::ResponseBodySize:
      return ErrorCode::http_response_body_size(std::nullopt);
    case Failure::ResponseTrailerSectionSize:
      return ErrorCode::http_response_trailer_section_size(std::nullopt);
    case Failure::ResponseTransferCoding:
      return ErrorCode::http_response_transfer_coding(std::nullopt);
    case Failure::UpgradeFailed:
      return ErrorCode::http_upgrade_failed();
    case Failure::ProtocolError:
      return ErrorCode::http_protocol_error();
  }
  return ErrorCode::internal_error(std::nullopt);
}

template <class ErrorCode>
ErrorCode code_of(const Error& error) {
  if (const auto failure = wasmcloud::http::failure_of(error)) return code_of<ErrorCode>(*failure);
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

template <class ErrorCode>
std::string_view name(const ErrorCode& code) {
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

}  // namespace

namespace v0_2 {

using wasmcloud::wit::wasi::http_0_2::types::ErrorCode;

ErrorCode error_code_of(const Error& error) { return code_of<ErrorCode>(error); }
std::string_view name_of(const ErrorCode& code) { return name(code); }

}  // namespace v0_2

namespace v0_3 {

using wasmcloud::wit::wasi::http_0_3::types::ErrorCode;

ErrorCode error_code_of(const Error& error) { return code_of<ErrorCode>(error); }
std::string_view name_of(const ErrorCode& code) { return name(code); }

}  // namespace v0_3

}  // namespace wasmcloud::wasi::http
