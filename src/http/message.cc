#include "http/message.h"

#include <algorithm>
#include <array>

namespace wasmcloud::http {
namespace {

constexpr std::array<std::string_view, 9> kMethods = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

}  // namespace

std::string_view scheme_text(Scheme scheme) { return scheme == Scheme::Https ? "https" : "http"; }

uint16_t default_port(Scheme scheme) { return scheme == Scheme::Https ? 443 : 80; }

Result<Method> Method::parse(std::string_view text) {
  for (size_t i = 0; i < kMethods.size(); ++i) {
    if (kMethods[i] == text) return Method(static_cast<Kind>(i));
  }
  if (!is_valid_name(text)) return fail(Errc::Invalid, "\"{}\" is no request method", text);
  Method method(Kind::Other);
  method.other_ = text;
  return method;
}

std::string_view Method::text() const {
  return kind_ == Kind::Other ? std::string_view(other_) : kMethods[static_cast<size_t>(kind_)];
}

std::string_view reason_phrase(uint16_t status) {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 103:
      return "Early Hints";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 203:
      return "Non-Authoritative Information";
    case 204:
      return "No Content";
    case 205:
      return "Reset Content";
    case 206:
      return "Partial Content";
    case 300:
      return "Multiple Choices";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 407:
      return "Proxy Authentication Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 418:
      return "I'm a teapot";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 425:
      return "Too Early";
    case 426:
      return "Upgrade Required";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 451:
      return "Unavailable For Legal Reasons";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    case 511:
      return "Network Authentication Required";
    default:
      return "";
  }
}

bool is_connection_field(std::string_view name) {
  switch (name.size()) {
    case 7:
      return names_equal(name, "upgrade");
    case 10:
      return names_equal(name, "connection") || names_equal(name, "keep-alive");
    case 16:
      return names_equal(name, "proxy-connection");
    default:
      return false;
  }
}

bool is_forbidden_trailer(std::string_view name) {
  static constexpr std::array<std::string_view, 19> kForbidden = {"transfer-encoding",
                                                                  "content-length",
                                                                  "host",
                                                                  "connection",
                                                                  "keep-alive",
                                                                  "te",
                                                                  "trailer",
                                                                  "upgrade",
                                                                  "content-encoding",
                                                                  "content-type",
                                                                  "content-range",
                                                                  "authorization",
                                                                  "cache-control",
                                                                  "expect",
                                                                  "max-forwards",
                                                                  "set-cookie",
                                                                  "cookie",
                                                                  "range",
                                                                  "proxy-authorization"};
  return std::ranges::any_of(kForbidden,
                             [&](std::string_view other) { return names_equal(name, other); });
}

}  // namespace wasmcloud::http
