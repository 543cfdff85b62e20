#include "http/detail/client/connect.h"

#include "base/blocking_threads.h"
#include "base/host_lookup.h"
#include "http/detail/client/tunnel.h"
#include "http/detail/tls_transport.h"
#include "http/failure.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netdb.h>

#include <cstring>
#include <ranges>
#include <vector>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Lookups at a time in the whole process.
constexpr size_t kLookups = 4;
/// What a name may have at most: each costs a try.
constexpr size_t kMaxAddresses = 16;

BlockingThreads& lookup_threads() {
  // Never destroyed: the end of the process does not wait for a resolver.
  static BlockingThreads* const kThreads = new BlockingThreads(kLookups);
  return *kThreads;
}

using Endpoints = std::vector<tcp::endpoint>;

/// Blocks.
Result<Endpoints> look_up(const std::string& host, uint16_t port) {
  const auto found = look_up_host(host);
  if (!found) {
    return fail(make_failure(
        Failure::DnsError, fmt::format("looking up {}: {}", host, ::gai_strerror(found.error()))));
  }
  Endpoints out;
  for (const HostAddress& each : *found | std::views::take(kMaxAddresses)) {
    tcp::endpoint endpoint;
    endpoint.resize(each.size);
    std::memcpy(endpoint.data(), &each.storage, each.size);
    endpoint.port(port);
    out.push_back(endpoint);
  }
  if (out.empty()) {
    return fail(make_failure(Failure::DnsError, fmt::format("{} has no address", host)));
  }
  return out;
}

Task<Endpoints> endpoints_of(Loop& loop, const std::string& host, uint16_t port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) co_return Endpoints{{address, port}};
  co_return co_await loop.offload([&] { return look_up(host, port); }, &lookup_threads());
}

Failure failure_for(int number) {
  switch (number) {
    case ECONNREFUSED:
      return Failure::ConnectionRefused;
    case ETIMEDOUT:
      return Failure::ConnectionTimeout;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return Failure::DestinationUnroutable;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return Failure::ConnectionLimitReached;
    default:
      return Failure::DestinationUnavailable;
  }
}

Task<TcpSocket> connect_to(Loop& loop, tcp::endpoint endpoint) {
  TcpSocket socket(loop.executor());
  boost::system::error_code ignored;
  socket.open(endpoint.protocol(), ignored);
  if (socket.is_open()) avoid_pacing(socket.native_handle(), *endpoint.data());
  auto [error] = co_await socket.async_connect(endpoint, asio::as_tuple(kAwait));
  if (error == asio::error::operation_aborted) co_return fail(Errc::Cancelled, "connecting");
  if (error) {
    const std::string what = fmt::format("connecting to {}:{}: {}", endpoint.address().to_string(),
                                         endpoint.port(), error.message());
    co_return fail(make_failure(failure_for(error.value()), what));
  }
  socket.set_option(tcp::no_delay(true), ignored);
  co_return std::move(socket);
}

/// Tries them one after the other, each for its share of what time is left.
Task<TcpSocket> connect_to_any(Loop& loop, std::string host, uint16_t port,
                               Clock::time_point deadline) {
  const Endpoints endpoints = CO_TRY(co_await endpoints_of(loop, host, port));
  std::optional<Error> last;
  for (size_t i = 0; i < endpoints.size(); ++i) {
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) break;
    auto connected = co_await with_deadline(loop, left / (endpoints.size() - i), "connecting",
                                            connect_to(loop, endpoints[i]));
    if (connected || connected.error().code() == Errc::Cancelled) co_return connected;
    last.emplace(std::move(connected).error());
  }
  if (last && failure_of(*last)) co_return fail(std::move(*last));
  co_return fail(make_failure(Failure::ConnectionTimeout,
                              fmt::format("connecting to {}:{} took too long", host, port)));
}

/// A connection to the destination, or to a proxy that takes what is for it.
Task<TcpSocket> reach(Loop& loop, const Destination& destination, Clock::time_point deadline) {
  if (destination.proxy == nullptr)
    co_return co_await connect_to_any(loop, destination.host, destination.port, deadline);
  const Proxy& proxy = *destination.proxy;
  auto socket = co_await connect_to_any(loop, proxy.host, proxy.port, deadline);
  if (!socket) co_return fail(std::move(socket).error().within(proxy.describe()));
  if (!destination.is_tunnelled()) co_return socket;
  auto opened = co_await with_deadline(loop, deadline - Clock::now(), "the tunnel",
                                       open_tunnel(*socket, destination));
  if (opened) co_return socket;
  if (opened.error().code() != Errc::Timeout) co_return fail(std::move(opened).error());
  co_return fail(make_failure(Failure::ConnectionTimeout,
                              fmt::format("{} took too long to answer", proxy.describe())));
}

Failure failure_of_handshake(const Error& error) {
  switch (error.code()) {
    case Errc::Denied:
      return Failure::TlsCertificateError;
    case Errc::Refused:
      return Failure::TlsAlertReceived;
    case Errc::Malformed:
      return Failure::TlsProtocolError;
    default:
      return Failure::ConnectionTerminated;
  }
}

Task<std::shared_ptr<const TlsContext>> context_of(Loop& loop, std::shared_ptr<ClientTls> tls) {
  if (auto made = tls->made()) co_return made;
  auto context = co_await loop.offload([&] { return tls->make(); });
  if (context) co_return std::move(*context);
  co_return fail(make_failure(Failure::TlsProtocolError, context.error().message()));
}

Task<std::unique_ptr<Transport>> secure_socket(Loop& loop, int socket,
                                               const Destination& destination,
                                               const TlsContext& context, Clock::duration limit) {
  const std::string_view protocol = destination.http2 ? "h2" : "http/1.1";
  auto transport =
      make_tls_transport(loop, socket, context, destination.host, std::span(&protocol, 1));
  auto secured = co_await with_deadline(loop, limit, "the handshake", secure(loop, *transport));
  if (!secured && secured.error().code() == Errc::Timeout) {
    co_return fail(
        make_failure(Failure::ConnectionTimeout,
                     fmt::format("the handshake with {} took too long", destination.host)));
  }
  if (!secured) {
    co_return fail(make_failure(
        failure_of_handshake(secured.error()),
        fmt::format("the handshake with {}: {}", destination.host, secured.error().message())));
  }
  if (destination.http2 && transport->protocol() != protocol) {
    co_return fail(make_failure(Failure::ProtocolError,
                                fmt::format("{} does not speak HTTP/2", destination.host)));
  }
  co_return transport;
}

}  // namespace

Task<std::unique_ptr<Transport>> connect(Loop& loop, Destination destination,
                                         std::shared_ptr<ClientTls> tls,
                                         Clock::time_point deadline) {
  std::shared_ptr<const TlsContext> context;
  if (destination.scheme == Scheme::Https) context = CO_TRY(co_await context_of(loop, tls));
  TcpSocket socket = CO_TRY(co_await reach(loop, destination, deadline));
  boost::system::error_code error;
  const int number = socket.release(error);
  if (error) co_return fail(make_failure(Failure::DestinationUnavailable, error.message()));
  if (context == nullptr) co_return make_socket_transport(loop, number);
  co_return co_await secure_socket(loop, number, destination, *context, deadline - Clock::now());
}

}  // namespace wasmcloud::http::detail
