#pragma once

#include "base/loop.h"
#include "http/detail/client/connect.h"

#include <boost/asio/ip/tcp.hpp>

namespace wasmcloud::http::detail {

using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// Has the proxy at the other end of `socket` connect it to the destination (CONNECT, RFC 9110,
/// section 9.3.6). Errors: those of `refusal_of_proxy`; Failure::ProtocolError for what is no
/// answer; ConnectionTerminated; Errc::Cancelled.
Task<void> open_tunnel(TcpSocket& socket, const Destination& destination);

/// What it means that a proxy answered with this status in place of the server.
Error refusal_of_proxy(const Destination& destination, uint16_t status);

}  // namespace wasmcloud::http::detail
