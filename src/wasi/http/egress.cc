#include "wasi/http/egress.h"

#include "http/authority.h"

#include <algorithm>

namespace wasmcloud::wasi::http {

using wasmcloud::http::default_port;
using wasmcloud::http::names_equal;
using wasmcloud::http::Scheme;
using wasmcloud::http::split_authority;

namespace {

std::unexpected<Error> malformed(std::string_view text) {
  return fail(Errc::Invalid,
              "'{}' should be *, HOST or *.SUFFIX, with http:// or https:// in front or :PORT "
              "behind if only these are meant, and no path",
              text);
}

}  // namespace

Result<HostRule> HostRule::parse(std::string_view text) {
  HostRule rule;
  if (text == "*") {
    rule.starred_ = true;
    return rule;
  }
  std::string_view rest = text;
  if (const size_t colon = text.find("://"); colon != text.npos) {
    const std::string_view scheme = text.substr(0, colon);
    if (names_equal(scheme, "http")) {
      rule.scheme_ = Scheme::Http;
    } else if (names_equal(scheme, "https")) {
      rule.scheme_ = Scheme::Https;
    } else {
      return malformed(text);
    }
    rest.remove_prefix(colon + 3);
    if (rest.ends_with('/')) rest.remove_suffix(1);
  }
  if (rest.starts_with("*.")) {
    rule.starred_ = true;
    rest.remove_prefix(1);
  }
  const auto parts = split_authority(rest);
  if (!parts || parts->host == "." || parts->host.contains('*') || rest.ends_with(':')) {
    return malformed(text);
  }
  rule.host_ = parts->host;
  rule.port_ = parts->port;
  // A URL with its scheme's own port is the one without.
  if (rule.scheme_ && rule.port_ == default_port(*rule.scheme_)) rule.port_.reset();
  return rule;
}

bool HostRule::covers(Scheme scheme, std::string_view host, std::optional<uint16_t> port) const {
  if (scheme_ && *scheme_ != scheme) return false;
  if (port_ && port_ != port) return false;
  if (!starred_) return names_equal(host, host_);
  return host.size() > host_.size() && names_equal(host.substr(host.size() - host_.size()), host_);
}

bool EgressPolicy::allows(Scheme scheme, std::string_view authority) const {
  const auto parts = split_authority(authority);
  if (!parts) return false;
  return std::ranges::any_of(allowed_hosts, [&](const HostRule& rule) {
    return rule.covers(scheme, parts->host, parts->port);
  });
}

}  // namespace wasmcloud::wasi::http
