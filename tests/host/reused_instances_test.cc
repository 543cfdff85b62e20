// What requests of WASI 0.3 may do to each other in the instance that they share: guest p3-http.
#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <thread>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

class Reused : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p3-http"); }
  /// One instance for all requests, unless a test says otherwise.
  static WorkloadConfig config() {
    WorkloadConfig made;
    made.limits.request_timeout = 20s;
    made.limits.reuse.max_calls = 10'000;
    made.limits.reuse.max_calls_at_once = 100;
    made.limits.reuse.idle_timeout = 1h;
    return made;
  }
  static std::unique_ptr<GuestServer> start(WorkloadConfig made = config()) {
    return std::make_unique<GuestServer>(load_guest("p3-http", std::move(made)));
  }
  /// No guest loses its turn there, however slow the machine is.
  static std::unique_ptr<GuestServer> start_without_ticks() {
    static Host* const kHost = [] {  // never destroyed, as `test_host`
      HostOptions options;
      options.engine.slots = 8;
      options.engine.tick = 1h;
      options.cache_folder = WASH_BINARY_DIR "/code-cache";
      return Host::create(options).value().release();
    }();
    return std::make_unique<GuestServer>(kHost->load(*find_guest("p3-http"), config()).value());
  }
  static std::string say(GuestServer& server, std::string_view path) {
    return std::string(body_of(server.get(path)));
  }
  static bool comes_to(GuestServer& server, std::string_view path, std::string_view value) {
    return GuestServer::eventually([&] { return say(server, path) == value; });
  }
  static std::unique_ptr<http::RawClient> begin(GuestServer& server, std::string_view path) {
    auto client = std::make_unique<http::RawClient>(server.port());
    EXPECT_TRUE(client->send(fmt::format("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", path)));
    return client;
  }
};

TEST_F(Reused, OneInstanceAnswersAsManyCallsAsItMay) {
  WorkloadConfig made = config();
  made.limits.reuse.max_calls = 3;
  const auto server = start(std::move(made));
  for (const char* said : {"1\n", "2\n", "3\n", "1\n", "2\n", "3\n", "1\n"}) {
    EXPECT_EQ(say(*server, "/calls"), said);
  }
}

TEST_F(Reused, AnotherInstanceIsMadeWhereOneHasNoRoom) {
  WorkloadConfig made = config();
  made.limits.reuse.max_calls_at_once = 2;
  const auto server = start(std::move(made));
  std::vector<std::unique_ptr<http::RawClient>> waiting;
  for (int i = 0; i < 2; ++i) waiting.push_back(begin(*server, "/wait?ms=100000"));
  ASSERT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 2; }));
  EXPECT_EQ(say(*server, "/calls"), "1\n");
  EXPECT_EQ(say(*server, "/running"), "1\n");
}

TEST_F(Reused, AnInstanceThatIsIdleForLongEnds) {
  WorkloadConfig made = config();
  made.limits.reuse.idle_timeout = 20ms;
  const auto server = start(std::move(made));
  EXPECT_EQ(say(*server, "/calls"), "1\n");
  EXPECT_TRUE(GuestServer::eventually([&] {
    std::this_thread::sleep_for(100ms);
    return say(*server, "/calls") == "1\n";
  }));
}

TEST_F(Reused, AnInstanceThatHasGrownIsRetired) {
  WorkloadConfig made = config();
  made.limits.reuse.max_memory_bytes = uint64_t{16} << 20;
  const auto server = start(std::move(made));
  EXPECT_EQ(say(*server, "/keep?kib=1024"), "1\n");
  EXPECT_EQ(say(*server, "/keep?kib=1024"), "2\n");
  EXPECT_EQ(say(*server, "/keep?kib=20480"), "3\n");
  EXPECT_EQ(say(*server, "/keep?kib=1024"), "1\n");
}

TEST_F(Reused, AClientThatLeavesHasItsCallCancelledUpToTheHostsFunction) {
  const auto server = start();
  for (int i = 1; i <= 3; ++i) {
    // The guest waits for the clock for far longer than the test.
    auto client = begin(*server, "/wait?ms=1000000");
    ASSERT_TRUE(comes_to(*server, "/running", "2\n"));
    client.reset();
    EXPECT_TRUE(comes_to(*server, "/dropped", fmt::format("{}\n", i)));
    EXPECT_EQ(say(*server, "/running"), "1\n");
  }
}

TEST_F(Reused, ManyClientsThatLeaveAtOnceHaveTheirCallsCancelled) {
  const auto server = start();
  std::vector<std::unique_ptr<http::RawClient>> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(begin(*server, "/wait?ms=1000000"));
  ASSERT_TRUE(comes_to(*server, "/running", "11\n"));
  clients.clear();
  EXPECT_TRUE(comes_to(*server, "/dropped", "10\n"));
  EXPECT_EQ(say(*server, "/running"), "1\n");
}

TEST_F(Reused, AClientThatLeavesInTheMiddleOfABodyEndsItsStream) {
  const auto server = start();
  {
    auto client = begin(*server, "/ticks");
    EXPECT_TRUE(client->receive_until("tick\n").ends_with("tick\n"));
  }
  EXPECT_TRUE(comes_to(*server, "/dropped", "1\n"));
}

TEST_F(Reused, ADeadlineCancelsOneCallAndTheOthersGoOn) {
  WorkloadConfig made = config();
  made.limits.request_timeout = 3s;
  const auto server = start(std::move(made));
  auto late = begin(*server, "/wait?ms=1000000");
  ASSERT_TRUE(comes_to(*server, "/running", "2\n"));
  std::this_thread::sleep_for(2s);
  auto other = begin(*server, "/wait?ms=1200");
  EXPECT_EQ(status_of(late->response()), "504");
  EXPECT_TRUE(other->response().ends_with("waited\n"));
  EXPECT_EQ(status_of(server->get("/")), "200");
}

TEST_F(Reused, WhoIgnoresADeadlineIsTrapped) {
  WorkloadConfig made = config();
  made.limits.request_timeout = 300ms;
  const auto server = start(std::move(made));
  auto stubborn = begin(*server, "/stubborn");
  EXPECT_EQ(status_of(stubborn->response()), "504");
  // Another instance answers, or this one before the guest has begun to compute.
  EXPECT_TRUE(GuestServer::eventually([&] { return say(*server, "/running") == "1\n"; }));
}

TEST_F(Reused, ASpinningGuestIsStoppedAtItsDeadlineWhileOthersGoOn) {
  WorkloadConfig made = config();
  made.limits.request_timeout = 1s;
  made.limits.reuse.max_calls_at_once = 1;
  const auto server = start(std::move(made));
  auto spinning = begin(*server, "/spin");
  ASSERT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 1; }));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status_of(server->get("/")), "200");
  const std::string response = spinning->response();
  EXPECT_EQ(status_of(response), "504") << response;
}

TEST_F(Reused, ATrapEndsTheCallsOfItsInstanceAndNoOthers) {
  const auto server = start();
  auto waiting = begin(*server, "/wait?ms=1000000");
  auto writing = begin(*server, "/ticks");
  EXPECT_TRUE(writing->receive_until("tick\n").ends_with("tick\n"));
  ASSERT_TRUE(comes_to(*server, "/running", "2\n"));
  EXPECT_EQ(status_of(server->get("/trap")), "500");
  // Its head has not left; that of the other has.
  EXPECT_EQ(status_of(waiting->response()), "500");
  EXPECT_FALSE(writing->rest().ends_with("0\r\n\r\n"));
  EXPECT_EQ(say(*server, "/calls"), "1\n");
}

TEST_F(Reused, ATrapBehindTheHeadIs500WhileNothingHasLeft) {
  const auto server = start_without_ticks();
  const std::string response = server->get("/early-trap");
  EXPECT_EQ(status_of(response), "500") << response;
  EXPECT_EQ(body_of(response), "Internal Server Error\n");
  EXPECT_EQ(say(*server, "/calls"), "1\n");
  if (const auto answer = get_by_http2(*server, "/early-trap")) {
    EXPECT_EQ(*answer, "Internal Server Error\n 500 2 0");
  }
}

TEST_F(Reused, ATrapBehindTheHeadCutsItsResponse) {
  const auto server = start();
  const std::string response = server->get("/late-trap");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_TRUE(response.ends_with("half of(cut off)")) << response;
  EXPECT_EQ(say(*server, "/calls"), "1\n");
}

TEST_F(Reused, ABodyThatItsGuestGivesUpIsCutOff) {
  const auto server = start();
  const std::string response = server->get("/cut");
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK\r\n")) << response;
  EXPECT_TRUE(response.ends_with("half of(cut off)")) << response;
  EXPECT_EQ(say(*server, "/calls"), "2\n");
}

TEST_F(Reused, AnErrorCodeIs500AndTheInstanceGoesOn) {
  const auto server = start();
  EXPECT_EQ(status_of(server->get("/error")), "500");
  EXPECT_EQ(say(*server, "/calls"), "2\n");
  EXPECT_NE(server->failures().at(0).find("on purpose"), std::string::npos)
      << server->failures().at(0);
}

TEST_F(Reused, TheTaskGoesOnBehindItsAnswerEvenWhenItsInstanceIsRetired) {
  for (const uint32_t calls : {1U, 100U}) {
    WorkloadConfig made = config();
    made.limits.reuse.max_calls = calls;
    Lines said;
    made.errors = said.output();
    const auto server = start(std::move(made));
    EXPECT_EQ(say(*server, "/behind?ms=100"), "answered\n");
    EXPECT_TRUE(said.get().empty());
    EXPECT_TRUE(GuestServer::eventually([&] { return !said.get().empty(); }));
    EXPECT_EQ(said.get(), std::vector<std::string>{"done behind the answer"});
  }
}

TEST_F(Reused, TheGuestHearsWhatBecameOfItsResponse) {
  WorkloadConfig made = config();
  Lines said;
  made.errors = said.output();
  const auto server = start(std::move(made));
  {
    auto client = begin(*server, "/outcome");
    EXPECT_FALSE(client->receive_until("\r\n\r\n").empty());
  }
  ASSERT_TRUE(GuestServer::eventually([&] { return !said.get().empty(); }));
  EXPECT_TRUE(said.get().front().starts_with("sent: Err(")) << said.get().front();
  EXPECT_GT(server->get("/outcome").size(), size_t{64} << 20);
  ASSERT_TRUE(GuestServer::eventually([&] { return said.get().size() == 2; }));
  EXPECT_EQ(said.get().back(), "sent: Ok(())");
}

TEST_F(Reused, ManyLoopsAndConnections) {
  WorkloadConfig made = config();
  made.limits.reuse = Reuse();
  GuestServer server(load_guest("p3-http", std::move(made)), 2);
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      http::RawClient client(server.port());
      for (int n = 0; n < 200; ++n) {
        if (!client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")) return;
        if (client.response().ends_with("hello from p3\n")) ++good;
      }
    });
  }
  for (auto& each : clients) each.join();
  EXPECT_EQ(good, 1600);
}

TEST_F(Reused, AlsoOverHttp2) {
  const auto server = start();
  struct Row {
    std::vector<std::string> arguments;
    const char* path;
    const char* said;
  };
  for (const Row& row :
       {Row{{}, "/", "hello from p3\n 200 2 0"}, Row{{"--data", "abc"}, "/echo", "abc 200 2 0"},
        Row{{}, "/trap", "Internal Server Error\n 500 2 0"},
        Row{{}, "/late-trap", "half of 200 2 92"}, Row{{}, "/cut", "half of 200 2 92"}}) {
    const auto answer = get_by_http2(*server, row.path, row.arguments);
    if (!answer) GTEST_SKIP() << "curl is not installed";
    const bool is_reset = std::string_view(row.said).ends_with(" 92");
    EXPECT_TRUE(*answer == row.said || (is_reset && *answer == kOnlyReset)) << row.path << *answer;
  }
}

TEST_F(Reused, GuestsSendRequestsToEachOther) {
  const auto upstream = start();
  WorkloadConfig made = config();
  made.egress.allowed_hosts.push_back(wasi::http::HostRule::parse("127.0.0.1").value());
  Lines said;
  made.errors = said.output();
  const auto server = start(std::move(made));
  const std::string to = fmt::format("/to/127.0.0.1:{}", upstream->port());
  std::string body(3 << 20, 'x');
  for (int i = 1; i <= 3; ++i) {
    http::RawClient client(server->port());
    std::thread sender([&] {
      EXPECT_TRUE(client.send(fmt::format(
          "POST {}/echo HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", to, body.size())));
      EXPECT_TRUE(client.send(body));
    });
    const std::string response = client.response();
    sender.join();
    EXPECT_TRUE(body_of(response) == body) << response.size();
  }
  ASSERT_TRUE(GuestServer::eventually([&] { return said.get().size() == 3; }));
  EXPECT_EQ(said.get().back(), "sent: Ok(())");
  EXPECT_EQ(upstream->server().connections(), 1U) << "one connection is kept for all three";
}

TEST_F(Reused, ARequestThatCannotBeSentIsAnErrorCode) {
  const auto upstream = start();
  const auto server = start();
  const std::string denied = say(*server, fmt::format("/to/127.0.0.1:{}/", upstream->port()));
  EXPECT_EQ(denied, "ErrorCode::HttpRequestDenied\n");
}

}  // namespace
}  // namespace wasmcloud::host
