#pragma once

#include "base/loop.h"
#include "http/detail/transport.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <sys/uio.h>

#include <cstddef>
#include <span>

namespace wasmcloud::http::detail {

// What transports share; dear to include, so for their sources alone.

using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;

/// Takes a connected descriptor over.
Socket adopt_socket(Loop& loop, int number);
/// As `Transport::write`.
ssize_t send_now(int number, std::span<const iovec> parts);
/// What the kernel has received for it.
size_t received_bytes(int number);
void close_socket(Socket& socket, Transport::Close how);

}  // namespace wasmcloud::http::detail
