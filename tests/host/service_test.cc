#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <thread>

// Components of WASI 0.3 that answer HTTP requests, and the reuse of their instances.

namespace wasmcloud::host {
namespace {

struct Said {
  const char* guest;
  const char* method;
  const char* path;
  const char* sent;
  const char* status;
  const char* body;
};

class Services : public testing::TestWithParam<Said> {};

TEST_P(Services, SayWhatTheyAreFor) {
  const Said& row = GetParam();
  REQUIRE_GUEST(row.guest);
  GuestServer server(load_guest(row.guest));
  for (int i = 0; i < 3; ++i) {
    const std::string response = server.request(row.method, row.path, "", row.sent);
    EXPECT_EQ(status_of(response), row.status) << response;
    EXPECT_EQ(body_of(response), row.body);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Services,
    testing::Values(Said{"p3-hello", "GET", "/", "", "200", "hello from rust p3\n"},
                    Said{"c-p3-hello", "GET", "/", "", "200", "hello from c p3\n"},
                    Said{"js-p3-hello", "GET", "/a", "", "200", "hello from quickjs p3 at /a\n"},
                    Said{"p3-composed-hello", "GET", "/", "", "401", "no pass\n"},
                    Said{"p3-echo", "POST", "/", "abc", "200", "abc"},
                    Said{"p3-echo", "POST", "/upper", "abc", "200", "ABC"},
                    Said{"p3-echo", "POST", "/forward", "abc", "200", "abc"},
                    Said{"p3-server", "GET", "/", "", "200", "hello from rust p3 server\n"},
                    Said{"p3-server", "GET", "/ticks", "", "200",
                         "tick 0\ntick 1\ntick 2\ntick 3\ntick 4\n"},
                    Said{"p3-server", "GET", "/status/404", "", "404", ""},
                    Said{"p3-server", "GET", "/error", "", "500", "Internal Server Error\n"},
                    Said{"p3-server", "GET", "/trap", "", "500", "Internal Server Error\n"},
                    Said{"p3-server", "POST", "/count", "12345", "200", "5 bytes, trailers []\n"},
                    Said{"p3-service-handler", "GET", "/", "", "200", "counted 0\n"}),
    [](const auto& row) {
      std::string name = fmt::format("{}{}{}", row.param.guest, row.param.path, row.param.status);
      std::erase_if(name, [](char c) { return c == '-' || c == '/'; });
      return name;
    });

TEST(Service, TheMiddlewareLetsAPassThrough) {
  REQUIRE_GUEST("p3-composed-hello");
  GuestServer server(load_guest("p3-composed-hello"));
  const std::string response = server.get("/", "x-pass: yes\r\n");
  EXPECT_EQ(status_of(response), "200");
  EXPECT_NE(response.find("x-gate: open"), std::string::npos) << response;
  EXPECT_EQ(body_of(response), "hello from rust p3\n");
}

TEST(Service, TenMebibytesBothWays) {
  REQUIRE_GUEST("p3-echo");
  GuestServer server(load_guest("p3-echo"));
  std::string body(10 << 20, ' ');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  for (const char* path : {"/", "/forward"}) {
    http::RawClient client(server.port());
    // The echo streams, so what is sent must be read meanwhile.
    std::thread sender([&] {
      EXPECT_TRUE(client.send(fmt::format(
          "POST {} HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", path, body.size())));
      EXPECT_TRUE(client.send(body));
    });
    const std::string response = client.response();
    sender.join();
    EXPECT_EQ(status_of(response), "200");
    EXPECT_TRUE(body_of(response) == body) << path << ": " << body_of(response).size() << " bytes";
  }
}

TEST(Service, WhatIsSentComesBackBeforeTheRestIsSent) {
  REQUIRE_GUEST("p3-echo");
  GuestServer server(load_guest("p3-echo"));
  http::RawClient client(server.port());
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n"));
  EXPECT_TRUE(client.receive_until("first\r\n").ends_with("first\r\n"));
  ASSERT_TRUE(client.send("6\r\nsecond\r\n"));
  EXPECT_TRUE(client.receive_until("second\r\n").ends_with("second\r\n"));
  ASSERT_TRUE(client.send("0\r\n\r\n"));
  EXPECT_TRUE(client.receive_until("0\r\n\r\n").ends_with("0\r\n\r\n"));
}

TEST(Service, TrailersComeAndGo) {
  REQUIRE_GUEST("p3-server");
  GuestServer server(load_guest("p3-server"));
  http::RawClient client(server.port());
  ASSERT_TRUE(client.send("GET /trailers HTTP/1.1\r\nhost: a\r\nte: trailers\r\n\r\n"));
  EXPECT_NE(client.receive_until("done\r\n\r\n").find("x-end: done"), std::string::npos);
  ASSERT_TRUE(client.send(
      "POST /count HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"
      "0\r\nx-a: 1\r\n\r\n"));
  const std::string response = client.response();
  EXPECT_TRUE(response.contains("3 bytes, trailers")) << response;
  EXPECT_TRUE(response.contains("x-a")) << response;
}

TEST(Service, ManyRequestsAtOnceInOneInstance) {
  REQUIRE_GUEST("p3-server");
  WorkloadConfig config;
  config.limits.reuse.max_calls_at_once = 100;
  GuestServer server(load_guest("p3-server", config));
  std::vector<std::unique_ptr<http::RawClient>> clients;
  const auto begin = Clock::now();
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(clients.back()->send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n"));
  }
  for (const auto& client : clients) EXPECT_TRUE(client->response().contains("\r\nwaited 1"));
  // One after another they would take five seconds.
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(4));
}

TEST(Service, ATrapEndsOnlyTheCallsOfItsInstance) {
  REQUIRE_GUEST("p3-server");
  WorkloadConfig config;
  config.limits.reuse.max_calls_at_once = 1;
  GuestServer server(load_guest("p3-server", config));
  http::RawClient slow(server.port());
  ASSERT_TRUE(slow.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_EQ(status_of(server.get("/trap")), "500");
  EXPECT_TRUE(slow.response().contains("\r\nwaited 1"));
  EXPECT_EQ(status_of(server.get("/")), "200");
}

TEST(Service, ATrapCutsOffTheAnswersOfItsInstance) {
  REQUIRE_GUEST("p3-echo");
  REQUIRE_GUEST("p3-server");
  GuestServer server(load_guest("p3-server"));
  http::RawClient slow(server.port());
  ASSERT_TRUE(slow.send("GET /ticks HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_TRUE(slow.receive_until("tick 0\n").ends_with("tick 0\n"));
  EXPECT_EQ(status_of(server.get("/trap")), "500");
  EXPECT_FALSE(slow.response().contains("tick 4"));
  EXPECT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 0; }));
}

TEST(Service, AnInstanceIsRetiredAfterItsCalls) {
  REQUIRE_GUEST("p3-hello");
  WorkloadConfig config;
  config.limits.reuse.max_calls = 3;
  GuestServer server(load_guest("p3-hello", config));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(status_of(server.get("/")), "200");
}

TEST(Service, AClientThatLeavesEndsItsCall) {
  REQUIRE_GUEST("p3-server");
  GuestServer server(load_guest("p3-server"));
  {
    http::RawClient client(server.port());
    ASSERT_TRUE(client.send("GET /never HTTP/1.1\r\nhost: a\r\n\r\n"));
    EXPECT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  }
  EXPECT_TRUE(GuestServer::eventually([&] { return !server.failures().empty(); }));
  EXPECT_TRUE(server.failures().front().starts_with("Cancelled")) << server.failures().front();
  EXPECT_EQ(status_of(server.get("/")), "200");
}

TEST(Service, ADeadlineAnswersForTheGuest) {
  REQUIRE_GUEST("p3-server");
  WorkloadConfig config;
  config.limits.request_timeout = std::chrono::milliseconds(200);
  GuestServer server(load_guest("p3-server", config));
  EXPECT_EQ(status_of(server.get("/never")), "504");
  EXPECT_EQ(status_of(server.get("/")), "200");
}

TEST(Service, AnotherWorkloadTakesOver) {
  REQUIRE_GUEST("p3-server");
  REQUIRE_GUEST("p3-hello");
  GuestServer server(load_guest("p3-server"));
  http::RawClient slow(server.port());
  ASSERT_TRUE(slow.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  server.serve(load_guest("p3-hello"));
  EXPECT_TRUE(server.get("/").ends_with("hello from rust p3\n"));
  EXPECT_TRUE(slow.response().contains("\r\nwaited 1"));
}

}  // namespace
}  // namespace wasmcloud::host
