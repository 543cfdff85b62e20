// A server may answer what it likes, over HTTP/1.1 and HTTP/2: the exchange ends, in a response or
// a failure, and nothing is left behind.
//
// The first byte's bits: 1, HTTP/2; 2, the request has a body; 4, what is sent is taken in pieces;
// 8, what is received comes in pieces; 16, the request is cancelled half-way; 32, HEAD; 64, a
// second exchange follows on the same connection.
#include "base/check.h"
#include "fuzz/support/harness.h"
#include "http/detail/client/connection.h"
#include "http/detail/h2/client_session.h"
#include "http/memory_transport.h"

#include <cstdint>

using namespace wasmcloud;
using namespace wasmcloud::http;
using http::detail::ClientConnection;
using http::detail::ClientPool;
using http::detail::Http1Exchange;
using http::detail::h2::ClientSession;
using http::detail::h2::ClientStream;

namespace {

constexpr std::string_view kSettings("\0\0\0\4\0\0\0\0\0", 9);

RequestHead request(uint8_t mode) {
  RequestHead head;
  head.version = (mode & 1) != 0 ? Version::Http2 : Version::Http11;
  head.authority = "127.0.0.1:1";
  head.path_with_query = "/";
  head.headers.append_valid("x-one", "1");
  if ((mode & 32) != 0) head.method = Method::Kind::Head;
  if ((mode & 2) != 0) head.method = Method::Kind::Post;
  return head;
}

void read_what_is_there(ClientExchange& exchange) {
  if (!exchange.is_answered()) return;
  while (!exchange.response_body().try_read(100).empty()) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 64 * 1024) return 0;
  const uint8_t mode = data[0];
  fuzz::Dice dice(mode);
  std::string stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((mode & 1) != 0) stream.insert(0, kSettings);

  Loop loop;
  ClientOptions options;
  options.max_header_bytes = 2000;
  options.max_header_fields = 16;
  options.read_window_bytes = 1000;
  options.write_window_bytes = 1000;
  options.quota = std::make_shared<ConnectionQuota>(1);
  CHECK(options.quota->try_acquire());
  // Nothing is sent again: there is no server to connect to.
  auto pool = make_ref<ClientPool>(loop, options);
  auto made = std::make_unique<MemoryTransport>(loop);
  MemoryTransport& transport = *made;
  if ((mode & 4) != 0) transport.appetite = [&] { return size_t{dice.roll(60)}; };

  std::vector<Ref<ClientExchange>> exchanges;
  Ref<ClientConnection> connection;
  Ref<ClientSession> session;
  const auto begin = [&] {
    if ((mode & 1) != 0) {
      auto exchange = make_ref<ClientStream>(pool, ClientTimeouts());
      CHECK(exchange->begin(request(mode)));
      session->run(exchange);
      exchanges.push_back(exchange);
    } else {
      auto exchange = make_ref<Http1Exchange>(pool, ClientTimeouts());
      CHECK(exchange->begin(request(mode)));
      connection->start(exchange);
      exchanges.push_back(exchange);
    }
    BodyWriter& body = exchanges.back()->request_body();
    if ((mode & 2) != 0) static_cast<void>(body.write(std::as_bytes(std::span("0123456789", 10))));
    if (body.state() == BodyState::Open) static_cast<void>(body.finish());
  };
  loop.post([&] {
    if ((mode & 1) != 0) {
      session = make_ref<ClientSession>(pool, std::move(made), Scheme::Http, "127.0.0.1:1");
      session->start();
    } else {
      connection = make_ref<ClientConnection>(pool, std::move(made), Scheme::Http, "127.0.0.1:1");
    }
    begin();
  });
  fuzz::settle(loop);

  std::string_view left = stream;
  bool again = (mode & 64) != 0;
  while (!left.empty() && transport.is_reading()) {
    const size_t piece = (mode & 8) != 0 ? 1 + dice.roll(40) : left.size();
    loop.post([&] {
      // What was posted before may have closed it.
      if (!transport.is_reading()) return;
      left.remove_prefix(transport.deliver(left.substr(0, piece)));
      read_what_is_there(*exchanges.back());
    });
    fuzz::settle(loop);
    loop.post([&] {
      read_what_is_there(*exchanges.back());
      if ((mode & 16) != 0 && left.size() < stream.size() / 2) exchanges.front()->cancel();
      const bool free = (mode & 1) != 0 ? session->has_room() : connection->is_idle();
      if (again && free && exchanges.front()->is_answered()) {
        again = false;
        begin();
      }
    });
    fuzz::settle(loop);
  }
  loop.post([&] {
    if (transport.is_reading()) transport.deliver({});
    for (const auto& each : exchanges) read_what_is_there(*each);
    // One that was refused waits for another connection.
    pool->close();
  });
  fuzz::settle(loop);
  for (const auto& each : exchanges) {
    CHECK(each->is_answered() || (mode & 16) != 0);
    if (auto head = each->take_head(); head && (mode & 16) == 0) {
      CHECK(head->status >= 200 && head->status <= 999);
    }
  }
  loop.post([&] {
    for (const auto& each : exchanges) each->cancel();
    if (connection) connection->stop();
    if (session) session->close(http::detail::Transport::Close::Abort);
    exchanges.clear();
    connection = nullptr;
    session = nullptr;
    pool = nullptr;
  });
  // A connection that was being made for one that was refused is still to fail.
  loop.run_until([&] { return options.quota->used() == 0; });
  return 0;
}
