#include "http/listener.h"

#include "http/authority.h"
#include "http/detail/transport.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace wasmcloud::http {

Result<OwnedDescriptor> bind_listener(const std::string& address, uint16_t port) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    size = sizeof(v4);
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    size = sizeof(v6);
  } else {
    return fail(Errc::Invalid, "\"{}\" is no IPv4 or IPv6 address", address);
  }
  const std::string doing = "listening on " + join_authority(address, port);
  OwnedDescriptor listener(
      ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.is_open()) return fail_errno(errno, doing);
  // Without it a restarted server would wait for old connections to time out.
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  detail::avoid_pacing(listener.get(), reinterpret_cast<const sockaddr&>(storage));
  if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&storage), size) != 0)
    return fail_errno(errno, doing);
  return listener;
}

Result<OwnedDescriptor> open_listener(const std::string& address, uint16_t port) {
  OwnedDescriptor listener = TRY(bind_listener(address, port));
  if (::listen(listener.get(), 4096) != 0)
    return fail_errno(errno, "listening on " + join_authority(address, port));
  return listener;
}

}  // namespace wasmcloud::http
