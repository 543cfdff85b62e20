#include "http/authority.h"

#include <algorithm>
#include <array>

namespace wasmcloud::http {
namespace {

using CharacterSet = std::array<bool, 256>;
constexpr CharacterSet make_set(std::string_view others) {
  CharacterSet set{};
  for (int c = '0'; c <= '9'; ++c) set[c] = true;
  for (const char c : others) set[static_cast<uint8_t>(c)] = true;
  return set;
}
constexpr std::string_view kRegNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~%!$&'()*+,;=";
/// reg-name = *( unreserved / pct-encoded / sub-delims ) (RFC 3986, section 3.2.2)
constexpr CharacterSet kRegName = make_set(kRegNameCharacters);
constexpr CharacterSet kIpLiteral = make_set("abcdefABCDEF:.");

bool consists_of(std::string_view text, const CharacterSet& set) {
  return std::ranges::all_of(text, [&](char c) { return set[static_cast<uint8_t>(c)]; });
}

/// 65536 for what is no port.
unsigned parse_port(std::string_view text) {
  constexpr unsigned kNone = 65536;
  if (text.size() > 5) return kNone;
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return kNone;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port > 65535 ? kNone : port;
}

/// The host with its brackets, and what follows its colon.
struct Parts {
  std::string_view host;
  std::optional<std::string_view> port;
};

std::optional<Parts> parts_of(std::string_view text) {
  size_t end = 0;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos || close == 1) return std::nullopt;
    if (!consists_of(text.substr(1, close - 1), kIpLiteral)) return std::nullopt;
    end = close + 1;
  } else {
    end = std::min(text.find(':'), text.size());
    if (!consists_of(text.substr(0, end), kRegName)) return std::nullopt;
  }
  if (end == text.size()) return Parts{.host = text, .port = std::nullopt};
  if (text[end] != ':' || parse_port(text.substr(end + 1)) > 65535) return std::nullopt;
  return Parts{.host = text.substr(0, end), .port = text.substr(end + 1)};
}

}  // namespace

bool is_valid_authority(std::string_view text) { return parts_of(text).has_value(); }

std::optional<HostAndPort> split_authority(std::string_view text) {
  auto parts = parts_of(text);
  if (!parts || parts->host.empty()) return std::nullopt;
  HostAndPort out{.host = parts->host, .port = std::nullopt};
  if (out.host.starts_with('[')) out.host = out.host.substr(1, out.host.size() - 2);
  // "host:" names no port (RFC 3986, section 3.2.3).
  if (parts->port && !parts->port->empty()) {
    out.port = static_cast<uint16_t>(parse_port(*parts->port));
  }
  return out;
}

std::string join_authority(std::string_view host, uint16_t port) {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace wasmcloud::http
