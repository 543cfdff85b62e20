// Requests that guests send: p2-proxy to real servers of this process.
#include "host/guest_server.h"
#include "http/scripted_server.h"
#include "http/test_server.h"

#include <gtest/gtest.h>

#include <thread>

namespace wasmcloud::host {
namespace {

WorkloadConfig allowing(std::initializer_list<const char*> hosts) {
  WorkloadConfig config;
  for (const char* host : hosts) {
    config.egress.allowed_hosts.push_back(wasi::http::HostRule::parse(host).value());
  }
  return config;
}

std::string target(uint16_t port, std::string_view path = "/") {
  return fmt::format("x-target: http://127.0.0.1:{}{}\r\n", port, path);
}

std::string pattern(size_t size) {
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  return text;
}

TEST(OutgoingRequests, GoWhereTheyMayAndComeBack) {
  REQUIRE_GUEST("p2-proxy");
  REQUIRE_GUEST("p2-echo");
  GuestServer echo(load_guest("p2-echo"));
  GuestServer proxy(load_guest("p2-proxy", allowing({"127.0.0.1"})));
  for (int i = 0; i < 3; ++i) {
    const std::string response = proxy.request(
        "POST", "/", target(echo.port(), "/a?b=c") + "x-one: 1\r\ncontent-type: text/x\r\n",
        "ping");
    EXPECT_EQ(status_of(response), "200");
    EXPECT_EQ(body_of(response), "ping");
    EXPECT_NE(response.find("x-one: 1"), std::string::npos) << response;
  }
  EXPECT_EQ(echo.server().connections(), 1U) << "one connection is kept for all three";
  EXPECT_TRUE(GuestServer::eventually([&] { return echo.log().size() == 3; }));
  EXPECT_EQ(echo.log().front(), "POST /a?b=c 200");
  EXPECT_EQ(status_of(proxy.request("HEAD", "/", target(echo.port()))), "204");
}

TEST(OutgoingRequests, AreDeniedUnlessAllowed) {
  REQUIRE_GUEST("p2-proxy");
  http::TestServer upstream(http::hello);
  const std::string port = std::to_string(upstream.port());
  struct Row {
    std::vector<std::string> allowed;
    std::string url;
    const char* status;
  };
  for (const Row& row :
       {Row{{}, "http://127.0.0.1:" + port, "502"},
        Row{{"localhost"}, "http://127.0.0.1:" + port, "502"},
        Row{{"https://127.0.0.1"}, "http://127.0.0.1:" + port, "502"},
        Row{{"127.0.0.1:1"}, "http://127.0.0.1:" + port, "502"},
        Row{{"127.0.0.1:1", "127.0.0.1:" + port}, "http://127.0.0.1:" + port, "200"},
        Row{{"*"}, "http://localhost:" + port, "200"}}) {
    WorkloadConfig config;
    for (const auto& text : row.allowed) {
      config.egress.allowed_hosts.push_back(wasi::http::HostRule::parse(text).value());
    }
    GuestServer proxy(load_guest("p2-proxy", std::move(config)));
    const std::string response = proxy.get("/", fmt::format("x-target: {}\r\n", row.url));
    EXPECT_EQ(status_of(response), row.status) << row.url;
    if (status_of(response) == "502") {
      EXPECT_EQ(body_of(response), "ErrorCode::HttpRequestDenied\n");
    }
  }
}

TEST(OutgoingRequests, FailuresHaveTheirOwnErrorCodes) {
  REQUIRE_GUEST("p2-proxy");
  GuestServer proxy(load_guest("p2-proxy", allowing({"*"})));
  struct Row {
    std::string url;
    std::string said;
  };
  uint16_t closed = 0;
  {
    http::ScriptedServer gone([](auto&, int) {});
    closed = gone.port();
  }
  for (const Row& row :
       {Row{fmt::format("http://127.0.0.1:{}/", closed), "ErrorCode::ConnectionRefused"},
        Row{"http://no-such-host.invalid/",
            "ErrorCode::DnsError(DnsErrorPayload { rcode: Some(\"address not available\"), "
            "info-code: None })"},
        Row{"ftp://127.0.0.1/", "ErrorCode::HttpProtocolError"},
        Row{"http:///x", "ErrorCode::HttpRequestDenied"}}) {
    const std::string response = proxy.get("/", fmt::format("x-target: {}\r\n", row.url));
    EXPECT_EQ(status_of(response), "502") << row.url;
    EXPECT_EQ(body_of(response), row.said + "\n") << row.url;
  }
}

TEST(OutgoingRequests, SoHaveResponsesThatAreNone) {
  REQUIRE_GUEST("p2-proxy");
  GuestServer proxy(load_guest("p2-proxy", allowing({"*"})));
  struct Row {
    const char* answer;
    const char* said;
  };
  for (const Row& row : {Row{"", "ErrorCode::ConnectionTerminated"},
                         Row{"HTTP/1.1 200", "ErrorCode::HttpResponseIncomplete"},
                         Row{"garbage\r\n\r\n", "ErrorCode::HttpProtocolError"},
                         Row{"HTTP/1.1 101 X\r\n\r\n", "ErrorCode::HttpUpgradeFailed"},
                         Row{"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
                             "ErrorCode::HttpResponseTransferCoding(None)"}}) {
    http::ScriptedServer upstream([&](http::ScriptedServer::Peer& peer, int) {
      peer.receive_until("\r\n\r\n");
      peer.send(row.answer);
    });
    const std::string response = proxy.get("/", target(upstream.port()));
    EXPECT_EQ(status_of(response), "502");
    EXPECT_EQ(body_of(response), std::string(row.said) + "\n");
  }
}

TEST(OutgoingRequests, ACutOffResponseIsCutOffForTheClientToo) {
  REQUIRE_GUEST("p2-proxy");
  GuestServer proxy(load_guest("p2-proxy", allowing({"*"})));
  http::ScriptedServer upstream([&](http::ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + std::string(50000, 'x'));
  });
  http::RawClient client(proxy.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nhost: a\r\n" + target(upstream.port()) + "\r\n"));
  const std::string all = client.rest();
  EXPECT_TRUE(all.starts_with("HTTP/1.1 200")) << all.substr(0, 200);
  EXPECT_LT(all.size(), 100000U);
}

TEST(OutgoingRequests, StreamLargeBodies) {
  REQUIRE_GUEST("p2-proxy");
  const std::string body = pattern(20 << 20);
  std::atomic<size_t> received = 0;
  http::TestServer upstream(
      [&](http::Request& request, http::ResponseWriter& response) -> Task<void> {
        if (request.head.method.kind() == http::Method::Kind::Post) {
          const Bytes all = CO_TRY(co_await request.body().read_all(SIZE_MAX));
          received = all.text() == body ? all.size() : 1;
          co_return response.respond({.status = 200, .headers = {}}, Bytes::from_static("got it"));
        }
        CO_TRY(response.send_head({.status = 200, .headers = {}}));
        CO_TRY(co_await response.body().write_all(std::as_bytes(std::span(body))));
        co_return response.body().finish();
      });
  GuestServer proxy(load_guest("p2-proxy", allowing({"*"})));
  EXPECT_EQ(body_of(proxy.request("POST", "/", target(upstream.port()), body)), "got it");
  EXPECT_EQ(received, body.size());
  EXPECT_TRUE(body_of(proxy.get("/", target(upstream.port()))) == body);
}

TEST(OutgoingRequests, EndWithTheClientThatAskedForThem) {
  REQUIRE_GUEST("p2-proxy");
  std::atomic<bool> closed = false;
  std::atomic<bool> begun = false;
  http::ScriptedServer upstream([&](http::ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    begun = true;
    closed = peer.is_closed();
  });
  GuestServer proxy(load_guest("p2-proxy", allowing({"*"})));
  {
    http::RawClient client(proxy.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nhost: a\r\n" + target(upstream.port()) + "\r\n"));
    EXPECT_TRUE(GuestServer::eventually([&] { return begun.load(); }));
  }
  EXPECT_TRUE(GuestServer::eventually([&] { return closed.load(); }));
}

TEST(OutgoingRequests, OfAWorkloadShareItsQuota) {
  REQUIRE_GUEST("p2-proxy");
  std::atomic<int> open = 0;
  std::atomic<int> most = 0;
  http::TestServer upstream([&](http::Request&, http::ResponseWriter& response) -> Task<void> {
    most = std::max(most.load(), ++open);
    CO_TRY(co_await sleep_for(response.body().loop(), std::chrono::milliseconds(5)));
    --open;
    co_return response.respond({.status = 200, .headers = {}}, Bytes::from_static("ok"));
  });
  auto config = allowing({"*"});
  config.limits.outgoing_connections = 2;
  GuestServer proxy(load_guest("p2-proxy", std::move(config)), 2);
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        if (body_of(proxy.get("/", target(upstream.port()))) == "ok") ++good;
      }
    });
  }
  for (auto& each : clients) each.join();
  EXPECT_EQ(good, 80);
  EXPECT_LE(most, 2);
}

TEST(OutgoingRequests, OfJavaScriptAreFetch) {
  REQUIRE_GUEST("js-hello");
  http::TestServer upstream(http::hello);
  GuestServer js(load_guest("js-hello", allowing({"127.0.0.1"})));
  const std::string response =
      js.get(fmt::format("/get?url=http://127.0.0.1:{}/", upstream.port()));
  EXPECT_EQ(status_of(response), "200") << response;
  EXPECT_EQ(body_of(response), "200 5\n") << "the status and the size of \"hello\"";
}

}  // namespace
}  // namespace wasmcloud::host
