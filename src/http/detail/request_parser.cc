#include "http/detail/request_parser.h"

#include "http/authority.h"
#include "http/detail/message_grammar.h"

namespace wasmcloud::http::detail {
using boost::beast::http::field;

RequestParser::RequestParser(const ParserLimits& limits) : MessageParser(limits, Kind::Request) {}

void RequestParser::reset(RequestHead& head) {
  head_ = &head;
  begin(head.headers);
  grammar().reset(false);
  hosts_ = 0;
  expects_continue_ = false;
}

void RequestParser::on_request(std::string_view method, std::string_view target) {
  auto parsed = Method::parse(method);
  if (!parsed) return refuse(400, "the request's method is malformed");
  head_->method = std::move(*parsed);
  head_->version = is_http10() ? Version::Http10 : Version::Http11;
  head_->scheme = Scheme::Http;
  head_->authority.clear();
  parse_target(target);
}

/// request-target = origin-form / absolute-form / authority-form / asterisk-form
/// (RFC 9112, section 3.2)
void RequestParser::parse_target(std::string_view target) {
  for (const char c : target) {
    if (c == '#' || static_cast<signed char>(c) <= 0x20 || c == 0x7f) {
      return refuse(400, "the request's target has characters that must be percent-encoded");
    }
  }
  if (head_->method.kind() == Method::Kind::Connect) {
    if (target.empty() || !target.contains(':') || !is_valid_authority(target)) {
      return refuse(400, "the target of CONNECT must be host:port");
    }
    head_->authority = target;
    head_->path_with_query.clear();
    return;
  }
  if (target.starts_with('/')) {
    head_->path_with_query = target;
    return;
  }
  if (target == "*" && head_->method.kind() == Method::Kind::Options) {
    head_->path_with_query = target;
    return;
  }
  const size_t colon = target.find("://");
  const std::string_view scheme = target.substr(0, colon);
  if (colon != std::string_view::npos &&
      (names_equal(scheme, "http") || names_equal(scheme, "https"))) {
    const std::string_view rest = target.substr(colon + 3);
    const size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    if (authority.empty() || !is_valid_authority(authority)) {
      return refuse(400, "the host in the request's target is malformed");
    }
    head_->authority = authority;
    head_->scheme = names_equal(scheme, "https") ? Scheme::Https : Scheme::Http;
    head_->path_with_query = rest.substr(end);
    if (!head_->path_with_query.starts_with('/')) {
      const bool whole_server =
          head_->method.kind() == Method::Kind::Options && head_->path_with_query.empty();
      head_->path_with_query.insert(0, whole_server ? "*" : "/");
    }
    return;
  }
  refuse(400, "the request's target must begin with / or be an http URL");
}

void RequestParser::on_own_field(int id, std::string_view value) {
  switch (static_cast<field>(id)) {
    case field::host:
      if (++hosts_ > 1) return refuse(400, "there is more than one Host header");
      if (!is_valid_authority(value)) return refuse(400, "the Host header is malformed");
      // "the server MUST ignore the received Host header field and instead replace it with the
      // host information of the request-target" (RFC 9112, section 3.2.2).
      if (head_->authority.empty()) head_->authority = value;
      break;
    case field::expect:
      if (is_http10()) break;
      if (!names_equal(value, "100-continue")) {
        return refuse(417, "only 100-continue may be expected");
      }
      expects_continue_ = true;
      break;
    default:
      break;
  }
}

bool RequestParser::on_fields_done() {
  if (!is_http10() && hosts_ == 0) refuse(400, "there is no Host header");
  return false;
}

}  // namespace wasmcloud::http::detail
