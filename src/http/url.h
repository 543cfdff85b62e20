#pragma once

#include "base/error.h"
#include "http/message.h"

#include <string>
#include <string_view>

namespace wasmcloud::http {

/// Where a request goes: "https://example.com:8443/path?query".
struct Url {
  Scheme scheme = Scheme::Https;
  std::string authority;
  std::string path_with_query = "/";

  std::string text() const;
  /// The same scheme, host and port, so that what may be told the one may be told the other.
  bool same_origin(const Url& other) const;
};

/// An absolute URL; a fragment is left out. Errors: Errc::Invalid for another scheme, no host, or a
/// user name or password, which such a URL would show to everybody.
Result<Url> parse_url(std::string_view text);

/// What `reference`, such as a Location field, means in an answer of `base` (RFC 3986, section 5.2,
/// without the removal of dots). Errors: as `parse_url`.
Result<Url> resolve_url(const Url& base, std::string_view reference);

/// For a value within a query or a path: everything but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

}  // namespace wasmcloud::http
