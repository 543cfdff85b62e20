#pragma once

#include "http/detail/transport.h"
#include "http/tls.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

/// Takes a connected socket over and speaks TLS on it, on the side that `context` is for.
///
/// The handshake begins with the first operation; until it is done, nothing is read or taken. What
/// was written counts as taken once the kernel has all of it, so who closes when nothing is left
/// has sent everything. The peer's end is one only if the peer said so (close_notify); a connection
/// that just ends is an error, and whatever was delimited by its end is cut off. Closing in an
/// orderly way, and shutting down, tell the peer; aborting does not.
///
/// `server_name`, for a client: the name or address that the server's certificate must be for. A
/// name is also sent (SNI). `protocols` are what a client offers by ALPN, the best
/// first: "h2", "http/1.1"; none: no ALPN.
std::unique_ptr<Transport> make_tls_transport(Loop& loop, int socket, const TlsContext& context,
                                              const std::string& server_name = {},
                                              std::span<const std::string_view> protocols = {});

/// Does the handshake of a transport that nobody owns yet; at once without TLS. Errors: as
/// `Transport::explain`; Errc::Cancelled.
Task<void> secure(Loop& loop, Transport& transport);

}  // namespace wasmcloud::http::detail
