#include "http/detail/client/tunnel.h"

#include "http/authority.h"
#include "http/detail/response_parser.h"
#include "http/failure.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace wasmcloud::http::detail {
namespace asio = boost::asio;

namespace {

constexpr ParserLimits kLimits = {.max_start_line_bytes = size_t{8} * 1024,
                                  .max_header_bytes = size_t{64} * 1024,
                                  .max_header_fields = 256,
                                  .max_body_bytes = UINT64_MAX};
/// All that a proxy may say before the tunnel is open.
constexpr size_t kMaxAnswer = size_t{128} * 1024;

Secret request_for(const Destination& destination) {
  const std::string target = join_authority(destination.host, destination.port);
  const Secret& who = destination.proxy->authorization;
  // At once, so that no shorter copy of it is left behind.
  return Secret(fmt::format("CONNECT {0} HTTP/1.1\r\nhost: {0}\r\n{1}{2}{3}\r\n", target,
                            who.empty() ? "" : "proxy-authorization: ", who.reveal(),
                            who.empty() ? "" : "\r\n"));
}

Error broken(const Destination& destination, const boost::system::error_code& error) {
  if (error == asio::error::operation_aborted) return Error(Errc::Cancelled, "opening a tunnel");
  return make_failure(
      Failure::ConnectionTerminated,
      fmt::format("{} closed the connection: {}", destination.proxy->describe(), error.message()));
}

Error no_answer(const Destination& destination, std::string_view why) {
  return make_failure(Failure::ProtocolError, fmt::format("{} does not answer as a proxy: {}",
                                                          destination.proxy->describe(), why));
}

}  // namespace

Task<void> open_tunnel(TcpSocket& socket, const Destination& destination) {
  const Secret request = request_for(destination);
  const std::string_view text = request.reveal();
  const auto [failed, sent] = co_await asio::async_write(
      socket, asio::buffer(text.data(), text.size()), asio::as_tuple(kAwait));
  if (failed) co_return fail(broken(destination, failed));
  ResponseHead head;
  ResponseParser parser(kLimits);
  parser.reset(head, /*to_head=*/false);
  std::string input;
  for (size_t all = 0; all < kMaxAnswer;) {
    std::array<char, 4096> part;
    const auto [error, size] =
        co_await socket.async_read_some(asio::buffer(part), asio::as_tuple(kAwait));
    if (error) co_return fail(broken(destination, error));
    all += size;
    input.append(part.data(), size);
    while (!input.empty()) {
      input.erase(0, parser.parse_head(input));
      if (parser.refusal()) co_return fail(no_answer(destination, parser.refusal()->reason));
      if (!parser.head_done()) break;
      if (head.status >= 300) co_return fail(refusal_of_proxy(destination, head.status));
      if (head.status >= 200) {
        // The server waits to be greeted.
        if (!input.empty()) co_return fail(no_answer(destination, "it says more than it should"));
        co_return Result<void>();
      }
      parser.reset(head, /*to_head=*/false);
    }
  }
  co_return fail(no_answer(destination, "its answer does not end"));
}

Error refusal_of_proxy(const Destination& destination, uint16_t status) {
  const Proxy& proxy = *destination.proxy;
  if (status == 407) {
    std::string text =
        proxy.authorization.empty()
            ? fmt::format(
                  "{} asks for a user and password; write them in front of its name, as in "
                  "http://USER:PASSWORD@HOST:PORT",
                  proxy.describe())
            : fmt::format("{} does not accept the user and password in that variable",
                          proxy.describe());
    return Error(Errc::Denied, std::move(text))
        .with_number(number_of(Failure::DestinationUnavailable));
  }
  const std::string_view phrase = reason_phrase(status);
  return make_failure(
      Failure::DestinationUnavailable,
      fmt::format("{} answered {}{}{} when asked for {}; what is to be asked without it, name in "
                  "NO_PROXY",
                  proxy.describe(), status, phrase.empty() ? "" : " ", phrase,
                  join_authority(destination.host, destination.port)));
}

}  // namespace wasmcloud::http::detail
