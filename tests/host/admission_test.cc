#include "host/admission.h"

#include "host/guest_server.h"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

TEST(Admission, GivesPlacesInTheOrderTheyWereAskedForAndRefusesBeyondTheLine) {
  Loop loop;
  Admission admission("test", 1, 2);
  ASSERT_TRUE(admission.try_enter());
  std::vector<int> order;
  std::vector<Errc> refused;
  TaskGroup tasks(loop);
  for (int i = 0; i < 3; ++i) {
    tasks.spawn(
        [](Admission* to, Loop* on, int number, std::vector<int>* in,
           std::vector<Errc>* out) -> Task<void> {
          auto entered = co_await to->wait(*on, 10s);
          if (!entered) {
            out->push_back(entered.error().code());
            EXPECT_EQ(entered.error().number(), EAGAIN);
            EXPECT_EQ(entered.error().message(),
                      "1 requests run and 2 wait; the workload's limits are 1 and 2");
            co_return Result<void>();
          }
          in->push_back(number);
          EXPECT_EQ(to->active(), 1U);
          co_await boost::asio::post(on->executor(), kAwait);
          to->leave();
          co_return Result<void>();
        },
        &admission, &loop, i, &order, &refused);
  }
  loop.run_until([&] { return !refused.empty(); });
  EXPECT_EQ(admission.waiting(), 2U);
  EXPECT_TRUE(order.empty());
  // Not past those who wait.
  EXPECT_FALSE(admission.try_enter());
  admission.leave();
  loop.run_until([&] { return tasks.size() == 0; });
  EXPECT_EQ(order, (std::vector<int>{0, 1}));
  EXPECT_EQ(refused, std::vector<Errc>{Errc::Limit});
  EXPECT_EQ(admission.active(), 0U);
}

TEST(Admission, WhoIsCancelledOrTooLateLeavesTheLine) {
  Loop loop;
  Admission admission("test", 1, 2);
  ASSERT_TRUE(admission.try_enter());
  const auto late = run_to_end(loop, admission.wait(loop, 20ms));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Errc::Limit);
  EXPECT_EQ(late.error().number(), EAGAIN);
  EXPECT_EQ(late.error().message(), "none of 1 places came free within 20 ms");
  EXPECT_EQ(admission.waiting(), 0U);
  std::optional<Errc> ended;
  TaskGroup tasks(loop);
  tasks.spawn(
      [](Admission* to, Loop* on, std::optional<Errc>* out) -> Task<void> {
        auto entered = co_await to->wait(*on, 1h);
        *out = entered ? Errc::Internal : entered.error().code();
        co_return Result<void>();
      },
      &admission, &loop, &ended);
  loop.run_until([&] { return admission.waiting() == 1; });
  tasks.cancel();
  loop.run_until([&] { return tasks.size() == 0; });
  EXPECT_EQ(ended, Errc::Cancelled);
  EXPECT_EQ(admission.waiting(), 0U);
  admission.leave();
  EXPECT_EQ(admission.active(), 0U);
}

/// Enters and leaves over and over; some give up while they wait.
Task<void> come_and_go(Admission* admission, Loop* loop, int rounds, std::atomic<int>* inside,
                       std::atomic<int>* most, std::atomic<int>* done) {
  for (int i = 0; i < rounds; ++i) {
    if (!admission->try_enter()) {
      const auto limit = i % 7 == 0 ? Clock::duration(20us) : Clock::duration(10s);
      auto entered = co_await admission->wait(*loop, limit);
      if (!entered) {
        EXPECT_EQ(entered.error().code(), Errc::Limit);
        continue;
      }
    }
    const Admission::Place place(*admission);
    const int now = ++*inside;
    int before = most->load();
    while (now > before && !most->compare_exchange_weak(before, now)) {
    }
    co_await boost::asio::post(loop->executor(), kAwait);
    --*inside;
    ++*done;
  }
  co_return Result<void>();
}

TEST(Admission, ManyLoopsNeverTakeMorePlacesThanThereAreNorLoseOne) {
  LoopThreads threads(4);
  Admission admission("test", 3, 100);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  std::vector<std::thread> waiting;
  for (size_t i = 0; i < threads.size(); ++i) {
    waiting.emplace_back([&, i] {
      EXPECT_TRUE(threads.run_on(i,
                                 [](Loop* loop, Admission* to, std::atomic<int>* in,
                                    std::atomic<int>* max, std::atomic<int>* count) -> Task<void> {
                                   TaskGroup tasks(*loop);
                                   for (int n = 0; n < 8; ++n)
                                     tasks.spawn(come_and_go, to, loop, 300, in, max, count);
                                   co_return co_await tasks.finish();
                                 }(&threads[i], &admission, &inside, &most, &done)));
    });
  }
  for (auto& each : waiting) each.join();
  EXPECT_LE(most, 3);
  EXPECT_EQ(most, 3);
  // Every seventh round, 43 of each 300, may have given up; no other.
  EXPECT_GE(done, 4 * 8 * (300 - 43));
  EXPECT_EQ(admission.active(), 0U);
  EXPECT_EQ(admission.waiting(), 0U);
}

/// A guest that echoes: a request takes a place until its body has been sent.
class FullWorkload : public testing::Test {
 protected:
  static constexpr uint32_t kPlaces = 2;

  void SetUp() override {
    REQUIRE_GUEST("p2-echo");
    WorkloadConfig config;
    config.limits.max_active_requests = kPlaces;
    config.limits.max_queued_requests = 3;
    config.limits.queue_timeout = 1h;
    workload = load_guest("p2-echo", std::move(config));
    server = std::make_unique<GuestServer>(workload, 2);
    for (uint32_t i = 0; i < kPlaces; ++i) running.push_back(begin());
    ASSERT_TRUE(GuestServer::eventually([&] { return admission().active() == kPlaces; }));
  }
  Admission& admission() { return workload->admission(); }
  std::unique_ptr<http::RawClient> begin() {
    auto client = std::make_unique<http::RawClient>(server->port());
    EXPECT_TRUE(client->send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbo"));
    return client;
  }
  /// Joins the line.
  std::unique_ptr<http::RawClient> wait() {
    const uint32_t before = admission().waiting();
    auto client = begin();
    EXPECT_TRUE(client->send("dy"));
    EXPECT_TRUE(GuestServer::eventually([&] { return admission().waiting() == before + 1; }));
    return client;
  }
  static void expect_body(http::RawClient& client) {
    const std::string response = client.response();
    EXPECT_EQ(status_of(response), "200") << response;
    EXPECT_EQ(body_of(response), "body");
  }
  void finish_running() {
    for (auto& client : running) {
      EXPECT_TRUE(client->send("dy"));
      expect_body(*client);
    }
  }

  std::shared_ptr<const Workload> workload;
  std::unique_ptr<GuestServer> server;
  std::vector<std::unique_ptr<http::RawClient>> running;
};

TEST_F(FullWorkload, QueuesAndThenAnswers) {
  std::vector<std::unique_ptr<http::RawClient>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(wait());
  EXPECT_EQ(admission().active(), kPlaces);
  finish_running();
  for (auto& client : waiting) expect_body(*client);
  EXPECT_TRUE(GuestServer::eventually([&] { return admission().active() == 0; }));
  // A line follows its response.
  EXPECT_TRUE(GuestServer::eventually([&] { return server->log().size() == 5; }));
  EXPECT_EQ(server->log(), std::vector<std::string>(5, "POST / 200"));
}

TEST_F(FullWorkload, Answers503WithRetryAfterWhenTheLineIsFullToo) {
  std::vector<std::unique_ptr<http::RawClient>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(wait());
  const std::string response = server->get("/");
  EXPECT_EQ(status_of(response), "503") << response;
  EXPECT_NE(response.find("\r\nretry-after: 1\r\n"), std::string::npos) << response;
  EXPECT_EQ(body_of(response), "too many requests at once\n");
  // None of the others was lost over it.
  finish_running();
  for (auto& client : waiting) expect_body(*client);
}

TEST_F(FullWorkload, AClientThatLeavesGivesItsTurnUp) {
  auto first = wait();
  auto second = wait();
  first->close();
  EXPECT_TRUE(GuestServer::eventually([&] { return admission().waiting() == 1; }));
  finish_running();
  expect_body(*second);
  EXPECT_TRUE(GuestServer::eventually([&] { return admission().active() == 0; }));
}

TEST_F(FullWorkload, ADrainAnswersWhatWaits) {
  std::vector<std::unique_ptr<http::RawClient>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(wait());
  std::thread draining([&] { server->drain(20s); });
  finish_running();
  for (auto& client : waiting) {
    expect_body(*client);
    EXPECT_TRUE(client->is_closed());
  }
  draining.join();
  EXPECT_EQ(server->server().connections(), 0U);
}

TEST_F(FullWorkload, ADrainCutsOffWhatStillWaitsAfterItsGrace) {
  auto waiting = wait();
  server->drain(50ms);
  EXPECT_EQ(waiting->rest(), "");
  EXPECT_EQ(admission().active(), 0U);
  EXPECT_EQ(admission().waiting(), 0U);
}

TEST_F(FullWorkload, ANewWorkloadHasPlacesOfItsOwn) {
  auto waiting = wait();
  WorkloadConfig config;
  config.limits.max_active_requests = 1;
  server->serve(load_guest("p2-echo", std::move(config)));
  EXPECT_EQ(status_of(server->get("/")), "200");
  finish_running();
  expect_body(*waiting);
}

TEST(Queue, ARequestThatWaitsTooLongGets503) {
  REQUIRE_GUEST("p2-hostile");
  WorkloadConfig config;
  config.limits.max_active_requests = 1;
  config.limits.queue_timeout = 50ms;
  const auto workload = load_guest("p2-hostile", std::move(config));
  GuestServer server(workload);
  http::RawClient stalled(server.port());
  ASSERT_TRUE(stalled.send("GET /stall HTTP/1.1\r\nhost: a\r\n\r\n"));
  ASSERT_TRUE(GuestServer::eventually([&] { return workload->admission().active() == 1; }));
  const std::string response = server.get("/");
  EXPECT_EQ(status_of(response), "503") << response;
  EXPECT_NE(response.find("\r\nretry-after: 1\r\n"), std::string::npos) << response;
  stalled.close();
  EXPECT_TRUE(GuestServer::eventually([&] { return workload->admission().active() == 0; }));
  EXPECT_TRUE(server.get("/").ends_with("fine"));
}

TEST(Queue, AnEngineWithoutRoomIsBusyToo) {
  REQUIRE_GUEST("p2-hostile");
  HostOptions options;
  options.engine.slots = 8;
  options.cache_folder = WASH_BINARY_DIR "/code-cache";
  const auto host = Host::create(options).value();
  if (host->engine().value()->options().slots != 8) GTEST_SKIP() << "there is no pool";
  const auto bytes = *find_guest("p2-hostile");
  const auto one = host->load(bytes, {}).value();
  const auto two = host->load(bytes, {}).value();
  // Two workloads share the pool, and each could fill it.
  EXPECT_EQ(one->admission().places(), 8U);
  GuestServer server(one);
  std::vector<std::unique_ptr<http::RawClient>> stalled;
  for (size_t i = 1; i <= 8; ++i) {
    stalled.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(stalled.back()->send("GET /stall HTTP/1.1\r\nhost: a\r\n\r\n"));
    ASSERT_TRUE(GuestServer::eventually([&] { return one->admission().active() == i; }));
  }
  server.serve(two);
  const std::string response = server.get("/");
  EXPECT_EQ(status_of(response), "503") << response;
  for (auto& client : stalled) client->close();
  EXPECT_TRUE(GuestServer::eventually([&] { return one->admission().active() == 0; }));
  EXPECT_TRUE(server.get("/").ends_with("fine"));
}

}  // namespace
}  // namespace wasmcloud::host
