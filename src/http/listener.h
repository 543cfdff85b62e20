#pragma once

#include "base/descriptor.h"
#include "base/error.h"

#include <cstdint>
#include <string>

namespace wasmcloud::http {

/// A socket that is bound to an IPv4 or IPv6 address and does not block, and to which nobody can
/// connect yet; port 0 takes a free one.
/// Errors: Errc::Invalid for an address that is none; Io, Denied, with errno (EADDRINUSE: another
/// socket listens there).
Result<OwnedDescriptor> bind_listener(const std::string& address, uint16_t port);
/// The same, listening. Errors: as bind_listener.
Result<OwnedDescriptor> open_listener(const std::string& address, uint16_t port);

}  // namespace wasmcloud::http
