// Instances of WASI 0.2 that answer one request after another: guest p2-hostile.
#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

class Reused02 : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p2-hostile"); }
  /// One instance for all requests of a loop, unless a test says otherwise.
  static WorkloadConfig config() {
    WorkloadConfig made;
    made.limits.request_timeout = 20s;
    made.limits.reuse.max_calls_0_2 = 10'000;
    made.limits.reuse.idle_timeout = 1h;
    return made;
  }
  static std::unique_ptr<GuestServer> start(WorkloadConfig made = config()) {
    return std::make_unique<GuestServer>(load_guest("p2-hostile", std::move(made)));
  }
  static std::string say(GuestServer& server, std::string_view path) {
    return std::string(body_of(server.get(path)));
  }
  static std::unique_ptr<http::RawClient> begin(GuestServer& server, std::string_view path) {
    auto client = std::make_unique<http::RawClient>(server.port());
    EXPECT_TRUE(client->send(fmt::format("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", path)));
    return client;
  }
};

TEST_F(Reused02, HasAFreshInstanceUnlessItAsksForMore) {
  const auto server = start({});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, OneInstanceAnswersAsManyCallsAsItMay) {
  WorkloadConfig made = config();
  made.limits.reuse.max_calls_0_2 = 3;
  const auto server = start(std::move(made));
  for (const char* said : {"1", "2", "3", "1", "2", "3", "1"}) {
    EXPECT_EQ(say(*server, "/calls"), said);
  }
}

TEST_F(Reused02, AnsweringIsAsInAFreshOne) {
  const auto server = start();
  const std::string body(100'000, 'x');
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(body_of(server->request("POST", "/echo", "", body)) == body);
    EXPECT_EQ(status_of(server->get("/silent")), "500");
    EXPECT_EQ(status_of(server->get("/no-end")), "500");
    EXPECT_TRUE(server->get("/").ends_with("fine"));
  }
  EXPECT_EQ(say(*server, "/calls"), "1");
  EXPECT_EQ(say(*server, "/calls"), "2");
}

TEST_F(Reused02, ACallThatWaitsHasItsInstanceToItself) {
  const auto server = start();
  EXPECT_EQ(say(*server, "/calls"), "1");
  auto waiting = begin(*server, "/stall");
  ASSERT_TRUE(GuestServer::eventually([&] { return server->server().active_requests() == 1; }));
  EXPECT_EQ(say(*server, "/calls"), "1");
  EXPECT_EQ(say(*server, "/calls"), "2");
}

TEST_F(Reused02, ATrapEndsTheInstance) {
  const auto server = start();
  for (const char* path : {"/trap", "/late-trap"}) {
    EXPECT_EQ(say(*server, "/calls"), "1");
    EXPECT_EQ(say(*server, "/calls"), "2");
    EXPECT_EQ(status_of(server->get(path)), "500") << path;
  }
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, SoDoesAClientThatLeaves) {
  const auto server = start();
  EXPECT_EQ(say(*server, "/calls"), "1");
  begin(*server, "/stall")->close();
  EXPECT_TRUE(GuestServer::eventually([&] { return server->failures().size() == 1; }));
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, AndADeadline) {
  WorkloadConfig made = config();
  made.limits.request_timeout = 200ms;
  const auto server = start(std::move(made));
  for (const char* path : {"/stall", "/spin"}) {
    EXPECT_EQ(say(*server, "/calls"), "1");
    EXPECT_EQ(status_of(server->get(path)), "504") << path;
  }
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, CpuTimeIsEachCallsOwn) {
  WorkloadConfig made = config();
  made.limits.request_cpu_time = 200ms;
  const auto server = start(std::move(made));
  EXPECT_EQ(status_of(server->get("/spin")), "500");
  EXPECT_EQ(status_of(server->get("/spin")), "500");
  for (const std::string& failure : server->failures()) {
    EXPECT_NE(failure.find("200 ms of CPU time"), std::string::npos) << failure;
  }
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, WhoKeepsSomethingOfARequestEndsWithIt) {
  const auto server = start();
  for (const char* path : {"/keep-request", "/keep-request-body"}) {
    EXPECT_EQ(say(*server, "/calls"), "1");
    EXPECT_EQ(say(*server, path), "2") << path;
  }
  EXPECT_EQ(say(*server, "/calls"), "1");
  // Of this one nobody will ever see the end.
  EXPECT_EQ(status_of(server->get("/keep-response-body")), "500");
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, WhoKeepsMoreWithEachRequestIsRetired) {
  const auto server = start();
  EXPECT_EQ(say(*server, "/keep-fields"), "1") << "that may be for good";
  EXPECT_EQ(say(*server, "/calls"), "2");
  EXPECT_EQ(say(*server, "/keep-fields"), "3");
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, WhoGrewIsRetired) {
  WorkloadConfig made = config();
  made.limits.memory_bytes = uint64_t{128} << 20;
  const auto server = start(std::move(made));
  EXPECT_EQ(say(*server, "/calls"), "1");
  EXPECT_EQ(say(*server, "/keep-memory"), "2");
  EXPECT_EQ(say(*server, "/keep-memory"), "3") << "more than half of what it may have";
  EXPECT_EQ(say(*server, "/calls"), "1");
}

TEST_F(Reused02, AnInstanceThatIsIdleForLongEnds) {
  WorkloadConfig made = config();
  made.limits.reuse.idle_timeout = 20ms;
  const auto server = start(std::move(made));
  EXPECT_EQ(say(*server, "/calls"), "1");
  EXPECT_TRUE(GuestServer::eventually([&] {
    std::this_thread::sleep_for(100ms);
    return say(*server, "/calls") == "1";
  }));
}

TEST_F(Reused02, NoMoreAreKeptThanThePoolHoldsAndNoRequestWaits) {
  WorkloadConfig made = config();
  made.limits.reuse.max_instances = 1;
  const auto workload = load_guest("p2-hostile", std::move(made));
  GuestServer server(workload);
  EXPECT_EQ(say(server, "/calls"), "1");
  auto waiting = begin(server, "/stall");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  // The one that is kept is in use.
  EXPECT_EQ(say(server, "/calls"), "1");
  EXPECT_EQ(say(server, "/calls"), "1");
  EXPECT_EQ(workload->kept_instances(), 1U);
  waiting->close();
  EXPECT_TRUE(GuestServer::eventually([&] { return workload->kept_instances() == 0; }));
  EXPECT_EQ(say(server, "/calls"), "1");
  EXPECT_EQ(say(server, "/calls"), "2");
}

TEST_F(Reused02, ManyLoopsAndConnections) {
  GuestServer server(load_guest("p2-hostile", config()), 2);
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      http::RawClient client(server.port());
      for (int n = 0; n < 100; ++n) {
        if (!client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")) return;
        if (client.response().ends_with("fine")) ++good;
      }
    });
  }
  for (auto& each : clients) each.join();
  EXPECT_EQ(good, 800);
}

/// As many instances as the engine's pool has room for.
class FullEngine : public testing::Test {
 protected:
  static constexpr uint32_t kSlots = 8;
  void SetUp() override {
    REQUIRE_GUEST("p2-hostile");
    HostOptions options;
    options.engine.slots = kSlots;
    options.cache_folder = WASH_BINARY_DIR "/code-cache";
    host_ = Host::create(options).value();
    if (host_->engine().value()->options().slots != kSlots) GTEST_SKIP() << "there is no pool";
  }
  std::shared_ptr<const Workload> load(uint32_t calls) {
    WorkloadConfig made;
    made.limits.request_timeout = 100s;
    made.limits.reuse.max_calls_0_2 = calls;
    made.limits.reuse.idle_timeout = 1h;
    return host_->load(*find_guest("p2-hostile"), std::move(made)).value();
  }
  /// Uses all slots at once, and leaves their instances idle.
  static void fill(GuestServer& server) {
    std::vector<std::unique_ptr<http::RawClient>> clients;
    for (uint32_t i = 0; i < kSlots; ++i) {
      clients.push_back(std::make_unique<http::RawClient>(server.port()));
      EXPECT_TRUE(
          clients.back()->send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\na"));
      EXPECT_TRUE(clients.back()->receive_until("\r\n\r\n").contains("200 OK"));
    }
    for (auto& client : clients) {
      EXPECT_TRUE(client->send("b"));
      EXPECT_TRUE(client->receive_until("0\r\n\r\n").contains('b'));
    }
  }

  std::unique_ptr<Host> host_;
};

TEST_F(FullEngine, WhatIsIdleOnOneLoopIsGivenUpForARequestOfAnother) {
  // Of two servers, each with a loop of its own.
  const auto workload = load(1000);
  GuestServer idle(workload);
  GuestServer busy(workload);
  fill(idle);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(busy.get("/calls")), std::to_string(i + 1));
  fill(busy);
  EXPECT_EQ(body_of(idle.get("/calls")), "1");
}

TEST_F(FullEngine, AlsoForAnotherWorkloadsFreshInstance) {
  GuestServer idle(load(1000));
  fill(idle);
  GuestServer fresh(load(1));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(body_of(fresh.get("/calls")), "1");
}

TEST_F(FullEngine, WhatIsInUseIsNot) {
  const auto one = load(1000);
  GuestServer server(one);
  std::vector<std::unique_ptr<http::RawClient>> stalled;
  for (uint32_t i = 1; i <= kSlots; ++i) {
    stalled.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(stalled.back()->send("GET /stall HTTP/1.1\r\nhost: a\r\n\r\n"));
    ASSERT_TRUE(GuestServer::eventually([&] { return one->admission().active() == i; }));
  }
  GuestServer other(load(1000));
  EXPECT_EQ(status_of(other.get("/")), "503");
}

}  // namespace
}  // namespace wasmcloud::host
