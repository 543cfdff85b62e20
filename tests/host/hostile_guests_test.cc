#include "host/guest_server.h"

#include <gtest/gtest.h>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

/// A guest that breaks every rule, with a short deadline and little memory.
class Hostile : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p2-hostile"); }
  static WorkloadConfig config(Clock::duration timeout = 20s) {
    WorkloadConfig made;
    made.limits.request_timeout = timeout;
    made.limits.memory_bytes = 32 << 20;
    return made;
  }
  static std::unique_ptr<GuestServer> start(Clock::duration timeout = 20s) {
    return std::make_unique<GuestServer>(load_guest("p2-hostile", config(timeout)));
  }
  static void expect_fine(GuestServer& server) { EXPECT_TRUE(server.get("/").ends_with("fine")); }
};

TEST_F(Hostile, ATrapBeforeTheAnswerIs500WithoutInternals) {
  const auto server = start();
  const std::string response = server->get("/trap");
  EXPECT_EQ(status_of(response), "500");
  EXPECT_EQ(body_of(response), "Internal Server Error\n");
  EXPECT_EQ(response.find("wasm"), std::string::npos);
  expect_fine(*server);
}

TEST_F(Hostile, ATrapBeforeAnythingHasLeftIs500) {
  const auto server = start();
  const std::string response = server->get("/late-trap");
  EXPECT_EQ(status_of(response), "500") << response;
  EXPECT_EQ(body_of(response), "Internal Server Error\n");
  expect_fine(*server);
}

TEST_F(Hostile, ATrapBeforeAnythingHasLeftIs500OverHttp2) {
  const auto server = start();
  const auto answer = get_by_http2(*server, "/late-trap");
  if (!answer) GTEST_SKIP() << "curl is not installed";
  EXPECT_EQ(*answer, "Internal Server Error\n 500 2 0");
  expect_fine(*server);
}

TEST_F(Hostile, ATrapAfterTheHeadHasLeftResetsTheStreamOfHttp2) {
  const auto server = start();
  const auto answer = get_by_http2(*server, "/later-trap");
  if (!answer) GTEST_SKIP() << "curl is not installed";
  EXPECT_TRUE(*answer == "half of  200 2 92" || *answer == kOnlyReset) << *answer;
  expect_fine(*server);
}

TEST_F(Hostile, ATrapAfterTheHeadHasLeftCutsTheConnection) {
  const auto server = start();
  const std::string response = server->get("/later-trap");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_TRUE(response.ends_with("half of (cut off)")) << response;
  expect_fine(*server);
}

TEST_F(Hostile, ABodyDroppedBeforeItsEndIs500) {
  const auto server = start();
  EXPECT_EQ(status_of(server->get("/no-end")), "500");
  EXPECT_TRUE(GuestServer::eventually([&] { return server->log().size() == 1; }));
  EXPECT_EQ(server->log(), std::vector<std::string>{"GET /no-end 500"});
  expect_fine(*server);
}

TEST_F(Hostile, NoAnswerIs500) {
  const auto server = start();
  EXPECT_EQ(status_of(server->get("/silent")), "500");
  expect_fine(*server);
}

TEST_F(Hostile, ExhaustedMemoryCostsOneRequest) {
  const auto server = start();
  EXPECT_EQ(status_of(server->get("/grow")), "500");
  expect_fine(*server);
}

TEST_F(Hostile, EndlessRecursionCostsOneRequest) {
  const auto server = start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(status_of(server->get("/recurse")), "500");
  expect_fine(*server);
}

TEST_F(Hostile, ASpinningGuestIsStoppedAtItsDeadlineWhileOthersGoOn) {
  const auto server = start(1s);
  http::RawClient spinning(server->port());
  ASSERT_TRUE(spinning.send("GET /spin HTTP/1.1\r\nhost: a\r\n\r\n"));
  for (int i = 0; i < 5; ++i) expect_fine(*server);
  EXPECT_TRUE(GuestServer::eventually([&] { return server->log().size() == 5; }));
  const std::string response = spinning.response();
  EXPECT_EQ(status_of(response), "504") << response;
  EXPECT_EQ(body_of(response), "the request took too long\n");
}

TEST_F(Hostile, AWaitingGuestIsStoppedAtItsDeadline) {
  const auto server = start(200ms);
  EXPECT_EQ(status_of(server->get("/stall")), "504");
  expect_fine(*server);
}

TEST_F(Hostile, AClientThatLeavesEndsItsInstance) {
  for (const char* path : {"/stall", "/spin", "/flood"}) {
    const auto server = start();
    {
      http::RawClient client(server->port());
      ASSERT_TRUE(client.send(fmt::format("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", path)));
      ASSERT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 1; }));
      if (std::string_view(path) == "/flood") client.receive_until("xxx");
    }
    EXPECT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 0; }))
        << path;
    expect_fine(*server);
  }
}

TEST_F(Hostile, AFloodIsHeldBackByAClientThatDoesNotRead) {
  const auto server = start();
  http::RawClient client(server->port(), 16 * 1024);
  ASSERT_TRUE(client.send("GET /flood HTTP/1.1\r\nhost: a\r\n\r\n"));
  client.receive_until("xxx");
  for (int i = 0; i < 5; ++i) expect_fine(*server);
}

TEST_F(Hostile, HeadersCannotBeSmuggled) {
  const auto server = start();
  const std::string response = server->get("/header");
  EXPECT_EQ(body_of(response), "value refused: true, name refused: true, forbidden: true");
  EXPECT_EQ(response.find("x-evil"), std::string::npos);
}

TEST_F(Hostile, ABodyShorterThanPromisedIs500) {
  const auto server = start();
  const std::string response = server->get("/short");
  EXPECT_EQ(status_of(response), "500") << response;
  EXPECT_EQ(response.find("only this"), std::string::npos);
  expect_fine(*server);
}

TEST_F(Hostile, DrainingStopsWhatDoesNotEnd) {
  const auto server = start();
  http::RawClient stalled(server->port());
  ASSERT_TRUE(stalled.send("GET /stall HTTP/1.1\r\nhost: a\r\n\r\n"));
  http::RawClient spinning(server->port());
  ASSERT_TRUE(spinning.send("GET /spin HTTP/1.1\r\nhost: a\r\n\r\n"));
  ASSERT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 2; }));
  const auto begin = Clock::now();
  server->drain(100ms);
  EXPECT_LT(Clock::now() - begin, 10s);
}

TEST(Swap, NoRequestFailsWhileTheWorkloadIsReplaced) {
  REQUIRE_GUEST("p2-hello");
  REQUIRE_GUEST("c-hello");
  const auto one = load_guest("p2-hello");
  const auto two = load_guest("c-hello");
  GuestServer server(one, 2);
  std::atomic<bool> stop = false;
  std::atomic<int> bad = 0;
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] {
      http::RawClient client(server.port());
      while (!stop) {
        if (!client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")) break;
        const std::string response = client.response();
        if (!response.ends_with("hello from rust p2\n") &&
            !response.ends_with("hello from c at /\n"))
          ++bad;
        ++answered;
      }
    });
  }
  for (int i = 0; i < 40; ++i) {
    server.serve(i % 2 == 0 ? two : one);
    const int before = answered;
    EXPECT_TRUE(GuestServer::eventually([&] { return answered > before + 2; }));
  }
  stop = true;
  for (auto& each : clients) each.join();
  EXPECT_EQ(bad, 0);
}

TEST(Swap, TheOldWorkloadLivesUntilItsLastRequestEnds) {
  REQUIRE_GUEST("p2-wstd");
  REQUIRE_GUEST("p2-hello");
  auto old = load_guest("p2-wstd");
  const std::weak_ptr<const Workload> watch = old;
  const auto next = load_guest("p2-hello");
  GuestServer server(std::move(old));
  http::RawClient slow(server.port());
  ASSERT_TRUE(slow.send("GET /wait?ms=200 HTTP/1.1\r\nhost: a\r\n\r\n"));
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  server.serve(next);
  EXPECT_TRUE(server.get("/").ends_with("hello from rust p2\n"));
  EXPECT_FALSE(watch.expired());
  EXPECT_TRUE(body_of(slow.response()).starts_with("waited "));
  EXPECT_TRUE(GuestServer::eventually([&] { return watch.expired(); }));
}

TEST(Swap, WithoutAWorkloadTheAnswerIs503) {
  GuestServer server(nullptr);
  const std::string response = server.get("/");
  EXPECT_EQ(status_of(response), "503");
  EXPECT_EQ(body_of(response), "no workload is running\n");
}

}  // namespace
}  // namespace wasmcloud::host
