#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <thread>

namespace wasmcloud::host {
namespace {

struct Said {
  const char* guest;
  const char* path;
  const char* fields;
  const char* status;
  const char* body;
};

class Guests : public testing::TestWithParam<Said> {};

TEST_P(Guests, SayWhatTheyAreFor) {
  const Said& row = GetParam();
  REQUIRE_GUEST(row.guest);
  GuestServer server(load_guest(row.guest));
  for (int i = 0; i < 3; ++i) {
    const std::string response = server.get(row.path, row.fields);
    EXPECT_EQ(status_of(response), row.status) << response;
    EXPECT_EQ(body_of(response), row.body);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Guests,
    testing::Values(
        Said{"p2-hello", "/", "", "200", "hello from rust p2\n"},
        Said{"p2-composed-hello", "/", "x-pass: yes\r\n", "200", "hello from rust p2\n"},
        Said{"p2-composed-hello", "/no", "", "401", "no pass\n"},
        Said{"c-hello", "/some/path?q=1", "", "200", "hello from c at /some/path?q=1\n"},
        Said{"cpp-hello", "/p", "b: 1\r\na: 2\r\n", "200", "hello from c++ at /p\na\nb\n"},
        Said{"go-hello", "/p", "b: 1\r\na: 2\r\n", "200", "hello from go at /p\na b\n"}),
    [](const auto& row) {
      std::string name = row.param.guest;
      std::erase(name, '-');
      return name + row.param.status;
    });

TEST(Hello, KeepsItsConnectionAndSaysWhatTheGuestSet) {
  REQUIRE_GUEST("p2-hello");
  GuestServer server(load_guest("p2-hello"));
  http::RawClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    const std::string response = client.response();
    EXPECT_NE(response.find("content-type: text/plain\r\n"), std::string::npos) << response;
    EXPECT_TRUE(response.ends_with("hello from rust p2\n"));
  }
  EXPECT_EQ(server.server().connections(), 1U);
  EXPECT_TRUE(GuestServer::eventually([&] { return server.log().size() == 50; }));
  EXPECT_EQ(server.log().front(), "GET / 200");
}

TEST(Hello, ManyConnectionsOnTwoLoops) {
  REQUIRE_GUEST("p2-hello");
  GuestServer server(load_guest("p2-hello"), 2);
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      http::RawClient client(server.port());
      for (int n = 0; n < 100; ++n) {
        if (!client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")) return;
        if (client.response().ends_with("hello from rust p2\n")) ++good;
      }
    });
  }
  for (auto& each : clients) each.join();
  EXPECT_EQ(good, 800);
}

std::string pattern(size_t size) {
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  return text;
}

TEST(Echo, TenMebibytesBothWaysByReadAndBySplice) {
  REQUIRE_GUEST("p2-echo");
  GuestServer server(load_guest("p2-echo"));
  const std::string body = pattern(10 << 20);
  for (const char* path : {"/", "/splice"}) {
    http::RawClient client(server.port());
    // The echo streams, so what is sent must be read meanwhile.
    std::thread sender([&] {
      EXPECT_TRUE(client.send(fmt::format(
          "POST {} HTTP/1.1\r\nhost: a\r\ncontent-type: text/x\r\nx-one: 1\r\nother: 2\r\n"
          "content-length: {}\r\n\r\n",
          path, body.size())));
      EXPECT_TRUE(client.send(body));
    });
    const std::string response = client.response();
    sender.join();
    EXPECT_EQ(status_of(response), "200");
    EXPECT_TRUE(body_of(response) == body) << path << ": " << body_of(response).size() << " bytes";
    const std::string head = response.substr(0, response.find("\r\n\r\n"));
    EXPECT_NE(head.find("content-type: text/x"), std::string::npos);
    EXPECT_NE(head.find("x-one: 1"), std::string::npos);
    EXPECT_EQ(head.find("other"), std::string::npos);
  }
}

TEST(Echo, WhatIsSentComesBackBeforeTheRestIsSent) {
  REQUIRE_GUEST("p2-echo");
  GuestServer server(load_guest("p2-echo"));
  for (const char* path : {"/", "/splice"}) {
    http::RawClient client(server.port());
    ASSERT_TRUE(client.send(fmt::format(
        "POST {} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n", path)));
    EXPECT_TRUE(client.receive_until("first\r\n").ends_with("first\r\n"));
    ASSERT_TRUE(client.send("6\r\nsecond\r\n"));
    EXPECT_TRUE(client.receive_until("second\r\n").ends_with("second\r\n"));
    ASSERT_TRUE(client.send("0\r\nx-sum: 11\r\n\r\n"));
    EXPECT_NE(client.receive_until("\r\n\r\n").find("x-sum: 11"), std::string::npos);
  }
}

TEST(Echo, HeadIsAnsweredWithoutABody) {
  REQUIRE_GUEST("p2-echo");
  GuestServer server(load_guest("p2-echo"));
  const std::string response = server.request("HEAD", "/");
  EXPECT_EQ(status_of(response), "204") << response;
}

TEST(Echo, ManyAtOnceOnOneLoop) {
  REQUIRE_GUEST("p2-echo");
  GuestServer server(load_guest("p2-echo"));
  const std::string body = pattern(100000);
  std::vector<std::unique_ptr<http::RawClient>> clients;
  for (int i = 0; i < 40; ++i) {
    clients.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(clients.back()->send(
        fmt::format("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.size())));
    ASSERT_TRUE(clients.back()->send(body.substr(0, 1000)));
  }
  for (auto& client : clients) ASSERT_TRUE(client->send(body.substr(1000)));
  for (auto& client : clients) EXPECT_TRUE(body_of(client->response()) == body);
}

class Wstd : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p2-wstd"); }
  std::unique_ptr<GuestServer> start(WorkloadConfig config = {}) {
    return std::make_unique<GuestServer>(load_guest("p2-wstd", std::move(config)));
  }
};

TEST_F(Wstd, FixedTextStatusAndUnknownPath) {
  const auto server = start();
  EXPECT_EQ(body_of(server->get("/")), "hello from wstd\n");
  EXPECT_EQ(status_of(server->get("/status/418")), "418");
  EXPECT_EQ(status_of(server->get("/nothing")), "404");
}

TEST_F(Wstd, WaitsWithoutHoldingUpOthers) {
  const auto server = start();
  http::RawClient slow(server->port());
  ASSERT_TRUE(slow.send("GET /wait?ms=300 HTTP/1.1\r\nhost: a\r\n\r\n"));
  const auto begin = Clock::now();
  EXPECT_EQ(status_of(server->get("/")), "200");
  EXPECT_TRUE(GuestServer::eventually([&] { return !server->log().empty(); }));
  EXPECT_EQ(server->log(), std::vector<std::string>{"GET / 200"});
  const std::string response = slow.response();
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds(250));
  EXPECT_TRUE(body_of(response).starts_with("waited 3")) << response;
}

TEST_F(Wstd, TicksComeAsTheyAreWritten) {
  const auto server = start();
  http::RawClient client(server->port());
  ASSERT_TRUE(client.send("GET /ticks?n=3&ms=30 HTTP/1.1\r\nhost: a\r\n\r\n"));
  EXPECT_TRUE(client.receive_until("tick 0\n").ends_with("tick 0\n"));
  EXPECT_TRUE(server->log().empty());
  EXPECT_TRUE(client.receive_until("tick 2\n").ends_with("tick 2\n"));
}

TEST_F(Wstd, EchoesAndListsHeaders) {
  const auto server = start();
  const std::string body = pattern(300000);
  EXPECT_TRUE(body_of(server->request("POST", "/echo", "", body)) == body);
  EXPECT_EQ(body_of(server->get("/headers?a=b", "X-B: 2\r\nx-a: 1\r\nconnection: keep-alive\r\n")),
            "GET http://test.example/headers?a=b\nx-a: 1\nx-b: 2\n");
}

TEST_F(Wstd, ClockAndRandom) {
  const auto server = start();
  const std::string response = server->get("/clock");
  const std::string_view wall = body_of(response);
  ASSERT_TRUE(wall.starts_with("wall ")) << wall;
  EXPECT_LE(std::abs(std::stol(std::string(wall.substr(5))) - ::time(nullptr)), 2);
  const std::string one = server->get("/random");
  const std::string two = server->get("/random");
  EXPECT_EQ(body_of(one).size(), 33U);
  EXPECT_NE(body_of(one), body_of(two));
}

TEST_F(Wstd, LogGoesToTheSinksByLine) {
  Lines out;
  Lines err;
  {
    const auto server = start({.output = out.output(), .errors = err.output()});
    EXPECT_EQ(body_of(server->get("/log")), "logged\n");
  }
  EXPECT_EQ(out.get(), std::vector<std::string>{"to stdout"});
  EXPECT_EQ(err.get(), std::vector<std::string>{"to stderr"});
}

TEST_F(Wstd, FailureAndTrapAre500AndTheNextRequestIsFine) {
  const auto server = start();
  for (const char* path : {"/fail", "/trap"}) {
    const std::string response = server->get(path);
    EXPECT_EQ(status_of(response), "500") << response;
    EXPECT_EQ(body_of(server->get("/")), "hello from wstd\n");
  }
}

}  // namespace
}  // namespace wasmcloud::host
