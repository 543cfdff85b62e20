#include "base/host_lookup.h"

#include <netdb.h>

#include <cstring>

namespace wasmcloud {

std::expected<std::vector<HostAddress>, int> look_up_host(const std::string& name) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;  // else each address comes once a kind of socket
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
  if (error != 0) return std::unexpected(error);
  std::vector<HostAddress> out;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    const bool is_ip = each->ai_family == AF_INET || each->ai_family == AF_INET6;
    if (!is_ip || each->ai_addrlen > sizeof(sockaddr_storage)) continue;
    HostAddress& address = out.emplace_back();
    address.size = each->ai_addrlen;
    std::memcpy(&address.storage, each->ai_addr, address.size);
  }
  ::freeaddrinfo(found);
  return out;
}

}  // namespace wasmcloud
