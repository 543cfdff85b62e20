#pragma once

#include "base/loop.h"
#include "http/detail/transport.h"
#include "http/message.h"

#include <cstdint>
#include <memory>
#include <string>

namespace wasmcloud::http::detail {

/// Where a request goes.
struct Destination {
  Scheme scheme = Scheme::Http;
  std::string host;  ///< a name or an address, without brackets
  uint16_t port = 80;
};

/// Looks the host up and tries its addresses one after the other; each gets its share of the time
/// that is left. Names are looked up on threads of their own, since no answer may come for long.
/// Errors: Failure::DnsError, DnsTimeout, ConnectionRefused, ConnectionTimeout,
/// DestinationUnroutable, DestinationUnavailable, ConnectionLimitReached.
Task<std::unique_ptr<Transport>> connect(Loop& loop, Destination destination,
                                         Clock::time_point deadline);

}  // namespace wasmcloud::http::detail
