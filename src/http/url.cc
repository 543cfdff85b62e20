#include "http/url.h"

#include "base/text.h"
#include "http/authority.h"

namespace wasmcloud::http {
namespace {

/// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ), then its colon
bool has_scheme(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == 0 || colon == text.npos) return false;
  return text.find_first_of("/?#") > colon;
}

std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

/// The host in lower case, and the port that is meant.
std::string origin_of(const Url& url) {
  const auto parts = split_authority(url.authority);
  if (!parts) return url.authority;
  return fmt::format("{}:{}", to_lower(parts->host),
                     parts->port.value_or(default_port(url.scheme)));
}

}  // namespace

std::string Url::text() const {
  return fmt::format("{}://{}{}", scheme_text(scheme), authority, path_with_query);
}

bool Url::same_origin(const Url& other) const {
  return scheme == other.scheme && origin_of(*this) == origin_of(other);
}

Result<Url> parse_url(std::string_view text) {
  text = without_fragment(text);
  const size_t colon = text.find("://");
  const std::string_view rest = colon == text.npos ? text : text.substr(colon + 3);
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  if (const size_t at = authority.rfind('@'); at != authority.npos)
    return fail(Errc::Invalid, "the URL of {} holds a user name or password; give those separately",
                authority.substr(at + 1));
  const std::string scheme = to_lower(text.substr(0, std::min(colon, text.size())));
  if (colon == text.npos || (scheme != "http" && scheme != "https"))
    return fail(Errc::Invalid, "'{}' is no URL; expected http:// or https:// and a host", text);
  if (!split_authority(authority))
    return fail(Errc::Invalid, "'{}' is no URL: '{}' is no host", text, authority);
  Url url{.scheme = scheme == "http" ? Scheme::Http : Scheme::Https,
          .authority = std::string(authority),
          .path_with_query = std::string(rest.substr(end))};
  if (!url.path_with_query.starts_with('/')) url.path_with_query.insert(0, "/");
  return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
  reference = without_fragment(trim(reference));
  if (has_scheme(reference)) return parse_url(reference);
  if (reference.starts_with("//"))
    return parse_url(fmt::format("{}:{}", scheme_text(base.scheme), reference));
  Url url = base;
  const std::string_view path =
      std::string_view(base.path_with_query).substr(0, base.path_with_query.find('?'));
  if (reference.starts_with('/')) {
    url.path_with_query = reference;
  } else if (reference.starts_with('?')) {
    url.path_with_query = fmt::format("{}{}", path, reference);
  } else if (!reference.empty()) {
    url.path_with_query = fmt::format("{}{}", path.substr(0, path.rfind('/') + 1), reference);
  }
  return url;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
  }
  return out;
}

}  // namespace wasmcloud::http
