#pragma once

#include <sys/socket.h>

#include <expected>
#include <string>
#include <vector>

namespace wasmcloud {

/// An address as system calls take it, its port 0.
struct HostAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// Asks the system's resolver for a host's IPv4 and IPv6 addresses, in the order to try them. What
/// is not expected is the resolver's own code (EAI_NONAME, EAI_AGAIN, ...). Blocks, for as long as
/// the resolver likes.
std::expected<std::vector<HostAddress>, int> look_up_host(const std::string& name);

}  // namespace wasmcloud
