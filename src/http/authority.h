#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::http {

/// uri-host [ ":" port ] (RFC 9110, section 7.2); may be empty.
bool is_valid_authority(std::string_view text);

/// The parts of an authority, views of its text.
struct HostAndPort {
  std::string_view host;  ///< IPv6 addresses without their brackets
  std::optional<uint16_t> port;

  bool operator==(const HostAndPort&) const = default;
};

/// Nothing for an authority that is not valid, or has no host.
std::optional<HostAndPort> split_authority(std::string_view text);

/// The reverse, always with the port; an IPv6 address gets its brackets.
std::string join_authority(std::string_view host, uint16_t port);

}  // namespace wasmcloud::http
