#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// Where a server listens.
struct Address {
  std::string ip;
  uint16_t port = 0;
  bool is_ipv6 = false;

  /// "0.0.0.0:8000", "[::1]:8000".
  std::string text() const;
  /// What a person opens: an address that stands for all is shown as this machine.
  std::string url(std::string_view scheme = "http") const;
};

/// "IP:PORT" or "[IPv6]:PORT". Errors: Errc::Invalid.
Result<Address> parse_address(std::string_view text);

}  // namespace wasmcloud::wash
