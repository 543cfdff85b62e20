#pragma once

#include "base/descriptor.h"
#include "base/error.h"

#include <cstdint>
#include <string>

namespace wasmcloud::http {

/// A socket that listens at an IPv4 or IPv6 address, and does not block; port 0 takes a free one.
/// Errors: Errc::Invalid for an address that is none; Io, Denied, with errno (EADDRINUSE: taken).
Result<OwnedDescriptor> open_listener(const std::string& address, uint16_t port);

}  // namespace wasmcloud::http
