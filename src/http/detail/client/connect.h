#pragma once

#include "base/loop.h"
#include "http/client_tls.h"
#include "http/detail/transport.h"
#include "http/message.h"
#include "http/proxy.h"

#include <cstdint>
#include <memory>
#include <string>

namespace wasmcloud::http::detail {

/// Where a request goes.
struct Destination {
  Scheme scheme = Scheme::Http;
  std::string host;  ///< a name or an address, without brackets
  uint16_t port = 80;
  bool http2 = false;
  /// What is connected to in its place; null: nothing.
  std::shared_ptr<const Proxy> proxy = nullptr;

  /// The proxy passes bytes on, and knows nothing of the request.
  bool is_tunnelled() const { return proxy != nullptr && scheme == Scheme::Https; }
  /// The proxy gets the request, with all of its URL.
  bool is_relayed() const { return proxy != nullptr && scheme == Scheme::Http; }
};

/// Looks the host up and tries its addresses one after the other; each gets its share of the time
/// that is left. Names are looked up on threads of their own, since no answer may come for long.
/// For https, does the handshake too; the server must prove to be who it is called, and agree to
/// HTTP/2 if that is wanted. Through a proxy, it is the proxy that is looked up and connected to,
/// and the handshake is with the server behind it. Errors: Failure::DnsError, ConnectionRefused,
/// ConnectionTimeout, DestinationUnroutable, DestinationUnavailable, ConnectionLimitReached;
/// TlsCertificateError, TlsAlertReceived, TlsProtocolError.
Task<std::unique_ptr<Transport>> connect(Loop& loop, Destination destination,
                                         std::shared_ptr<ClientTls> tls,
                                         Clock::time_point deadline);

}  // namespace wasmcloud::http::detail
