// How long guests may compute: p2-hostile in fresh instances, p3-http in shared ones.
#include "host/command.h"
#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <thread>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

WorkloadConfig with_cpu_time(Clock::duration limit) {
  WorkloadConfig made;
  made.limits.request_timeout = 100s;
  made.limits.request_cpu_time = limit;
  made.limits.reuse.max_calls = 10'000;
  made.limits.reuse.max_calls_at_once = 100;
  made.limits.reuse.idle_timeout = 1h;
  return made;
}

std::unique_ptr<http::RawClient> begin(GuestServer& server, std::string_view path) {
  auto client = std::make_unique<http::RawClient>(server.port());
  EXPECT_TRUE(client->send(fmt::format("GET {} HTTP/1.1\r\nhost: a\r\n\r\n", path)));
  return client;
}

TEST(CpuTime, EndsAFreshInstanceThatSpinsWhileOthersGoOn) {
  REQUIRE_GUEST("p2-hostile");
  GuestServer server(load_guest("p2-hostile", with_cpu_time(200ms)));
  auto spinning = begin(server, "/spin");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  EXPECT_TRUE(server.get("/").ends_with("fine"));
  const std::string response = spinning->response();
  EXPECT_EQ(status_of(response), "500") << response;
  EXPECT_EQ(body_of(response), "Internal Server Error\n");
  EXPECT_TRUE(server.get("/").ends_with("fine"));
  ASSERT_TRUE(GuestServer::eventually([&] { return !server.failures().empty(); }));
  EXPECT_EQ(server.failures(),
            std::vector<std::string>{"Limit: the call used more than its limit of 200 ms of CPU "
                                     "time"});
}

TEST(CpuTime, DoesNotPassWhileAGuestWaits) {
  REQUIRE_GUEST("p2-hostile");
  WorkloadConfig made = with_cpu_time(20ms);
  made.limits.request_timeout = 500ms;
  GuestServer server(load_guest("p2-hostile", std::move(made)));
  EXPECT_EQ(status_of(server.get("/stall")), "504");
}

TEST(CpuTime, EndsAStartFunctionThatSpins) {
  REQUIRE_GUEST("spin-at-start-http");
  GuestServer server(load_guest("spin-at-start-http", with_cpu_time(100ms)));
  EXPECT_EQ(status_of(server.get("/")), "500");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.failures().size() == 1; }));
  EXPECT_NE(server.failures().front().find("CPU time"), std::string::npos)
      << server.failures().front();
}

TEST(CpuTime, EndsACommandThatSpins) {
  REQUIRE_GUEST("spin-at-start");
  WorkloadConfig made;
  made.limits.command_cpu_time = 100ms;
  Loop loop;
  const auto status = run_to_end(loop, run_command(loop, load_guest("spin-at-start", made)));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code(), Errc::Limit);
  EXPECT_EQ(status.error().message(), "the call used more than its limit of 100 ms of CPU time");
}

TEST(CpuTime, EndsASharedInstanceThatSpinsAndNoOther) {
  REQUIRE_GUEST("p3-http");
  WorkloadConfig made = with_cpu_time(200ms);
  made.limits.reuse.max_calls_at_once = 2;
  GuestServer server(load_guest("p3-http", std::move(made)));
  auto waiting = begin(server, "/wait?ms=1000000");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  auto spinning = begin(server, "/spin");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 2; }));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(body_of(server.get("/")), "hello from p3\n");
  EXPECT_EQ(status_of(spinning->response()), "500");
  EXPECT_EQ(status_of(waiting->response()), "500") << "it shares the instance";
  for (const std::string& failure : server.failures()) {
    EXPECT_EQ(failure, "Limit: the call used more than its limit of 200 ms of CPU time");
  }
  EXPECT_EQ(body_of(server.get("/calls")), "6\n") << "the other instance goes on";
}

TEST(CpuTime, OfCallsInOneInstanceIsEachCallsOwn) {
  REQUIRE_GUEST("p3-http");
  GuestServer server(load_guest("p3-http", with_cpu_time(300ms)));
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int n = 0; n < 8; ++n) {
        if (status_of(server.get("/work?n=20")) == "200") ++good;
      }
    });
  }
  for (auto& each : clients) each.join();
  // In one instance these are far beyond the limit of a call.
  EXPECT_EQ(good, 64);
  EXPECT_EQ(body_of(server.get("/calls")), "65\n");
}

TEST(CpuTime, CountsWhatGoesOnBehindTheAnswer) {
  REQUIRE_GUEST("p3-http");
  GuestServer server(load_guest("p3-http", with_cpu_time(200ms)));
  EXPECT_EQ(body_of(server.get("/work?n=1&behind=1000000000")), "worked\n");
  // In a fresh instance, once the other was ended.
  EXPECT_TRUE(GuestServer::eventually([&] { return body_of(server.get("/calls")) == "1\n"; }));
}

}  // namespace
}  // namespace wasmcloud::host
