#pragma once

#include "wasi/sockets/descriptor.h"

namespace wasmcloud::wasi::sockets {

// Options that TCP and UDP share. Errors of all setters: ErrorCode::InvalidArgument for 0.

Answer<uint8_t> hop_limit(const Descriptor& socket, Family family);
Answer<> set_hop_limit(Descriptor& socket, Family family, uint8_t value);

enum class Buffer : uint8_t { Receive, Send };
/// Bytes that a program may put there; Linux counts its own overhead, as much again.
Answer<uint64_t> buffer_size(const Descriptor& socket, Buffer which);
/// Clamped to `max`, and by the system to its own limits.
Answer<> set_buffer_size(Descriptor& socket, Buffer which, uint64_t value, uint64_t max);

/// What no socket may be bound to or talk to, whatever the policy: another family than its own, and
/// IPv4 inside IPv6.
Answer<> check_family(const Endpoint& endpoint, Family family);
/// As above, and neither 0 as an address nor as a port.
Answer<> check_remote(const Endpoint& endpoint, Family family);

}  // namespace wasmcloud::wasi::sockets
