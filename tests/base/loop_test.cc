#include "base/loop.h"

#include "base/loop_threads.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsATaskToItsEnd) {
  Loop loop;
  auto task = [](Loop* l) -> Task<int> {
    CO_TRY(co_await sleep_for(*l, 1ms));
    co_return 7;
  };
  EXPECT_EQ(run_to_end(loop, task(&loop)).value(), 7);
}

TEST(Loop, RunsOneTaskAfterTheOther) {
  Loop loop;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(run_to_end(loop, sleep_for(loop, 1ms)));
    EXPECT_FALSE(loop.is_stopped());
  }
}

TEST(Loop, RunsAgainAfterItRanOutOfWork) {
  Loop loop;
  auto task = [](Loop* l) -> Task<int> {
    co_return CO_TRY(co_await l->offload([]() -> Result<int> { return 7; }));
  };
  EXPECT_EQ(run_to_end(loop, task(&loop)).value(), 7);
  EXPECT_EQ(run_to_end(loop, task(&loop)).value(), 7);
}

TEST(Loop, OffloadResumesOnTheLoop) {
  Loop loop;
  auto task = [](Loop* l) -> Task<bool> {
    const auto before = std::this_thread::get_id();
    const auto there = CO_TRY(co_await l->offload(
        []() -> Result<std::thread::id> { return std::this_thread::get_id(); }));
    co_return there != before&& std::this_thread::get_id() == before&& Loop::current() == l;
  };
  EXPECT_TRUE(run_to_end(loop, task(&loop)).value());
}

TEST(Deadline, CancelsATaskThatIsLate) {
  Loop loop;
  auto result = run_to_end(loop, with_deadline(loop, 5ms, "the nap", sleep_for(loop, 1h)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
  EXPECT_EQ(result.error().message(), "the nap took longer than 5 ms");
}

TEST(Deadline, LeavesAnEarlyTaskAlone) {
  Loop loop;
  EXPECT_TRUE(run_to_end(loop, with_deadline(loop, 1h, "the nap", sleep_for(loop, 1ms))));
}

TEST(Deadline, OutlivesATaskThatWaitsAgainAfterItsCancellation) {
  Loop loop;
  auto stubborn = [](Loop* l) -> Task<void> {
    for (int i = 0; i < 3; ++i) static_cast<void>(co_await sleep_for(*l, 1h));
    co_return Result<void>();
  };
  auto result = run_to_end(loop, with_deadline(loop, 5ms, "the naps", stubborn(&loop)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
}

TEST(TaskGroup, ACancelledTaskThatWaitsAgainIsCancelled) {
  Loop loop;
  auto task = [](Loop* l) -> Task<int> {
    TaskGroup group(*l);
    int cancelled = 0;
    group.on_error([&](const Error& error) { cancelled += error.code() == Errc::Cancelled; });
    group.spawn(
        [](Loop* on) -> Task<void> {
          static_cast<void>(co_await sleep_for(*on, 1h));
          static_cast<void>(co_await sleep_for(*on, 1h));
          co_return Result<void>();
        },
        l);
    CO_TRY(co_await sleep_for(*l, 1ms));
    group.cancel();
    CO_TRY(co_await group.finish());
    co_return cancelled;
  };
  EXPECT_EQ(run_to_end(loop, task(&loop)).value(), 1);
}

TEST(TaskGroup, ATaskMayCancelItsOwnGroupBeforeItWaits) {
  Loop loop;
  TaskGroup group(loop);
  int errors = 0;
  group.on_error([&](const Error&) { ++errors; });
  group.spawn(
      [](TaskGroup* own) -> Task<void> {
        own->cancel();
        co_return Result<void>();
      },
      &group);
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_EQ(errors, 0);
}

TEST(Deadline, OfATaskThatCancelsItsWaiter) {
  Loop loop;
  TaskGroup group(loop);
  std::optional<Result<void>> result;
  group.spawn(
      [](Loop* on, TaskGroup* own, std::optional<Result<void>>* out) -> Task<void> {
        auto inner = [](Loop* l, TaskGroup* all) -> Task<void> {
          all->cancel();
          co_return co_await sleep_for(*l, 1h);
        };
        out->emplace(co_await with_deadline(*on, 1h, "the nap", inner(on, own)));
        co_return Result<void>();
      },
      &loop, &group, &result);
  loop.run_until([&] { return group.size() == 0; });
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().code(), Errc::Cancelled);
}

TEST(LoopThreads, RunATaskOnEachLoop) {
  LoopThreads threads(2);
  for (size_t i = 0; i < threads.size(); ++i) {
    Loop* seen = nullptr;
    ASSERT_TRUE(threads.run_on(i, [](Loop** out) -> Task<void> {
      *out = Loop::current();
      co_return Result<void>();
    }(&seen)));
    EXPECT_EQ(seen, &threads[i]);
  }
}

TEST(TaskGroup, CancelReachesATaskThatDidNotStartYet) {
  Loop loop;
  TaskGroup group(loop);
  std::vector<Errc> errors;
  group.on_error([&](const Error& error) { errors.push_back(error.code()); });
  group.spawn(sleep_for(loop, 1h));
  group.cancel();
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_EQ(errors, std::vector<Errc>{Errc::Cancelled});
}

TEST(TaskGroup, CancelReachesATaskBetweenTwoWaits) {
  Loop loop;
  TaskGroup group(loop);
  Event event(loop);
  bool ran_on = false;
  group.spawn(
      [](Loop* l, Event* first, bool* out) -> Task<void> {
        CO_TRY(co_await first->wait());
        CO_TRY(co_await with_deadline(*l, 2h, "the nap", sleep_for(*l, 1h)));
        *out = true;
        co_return Result<void>();
      },
      &loop, &event, &ran_on);
  // The task is on its way to the loop when it is cancelled.
  loop.post([&] {
    event.set();
    loop.post([&] { group.cancel(); });
  });
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_FALSE(ran_on);
}

TEST(TaskGroup, CancelEndsTheWaitsOfItsTasks) {
  Loop loop;
  auto task = [](Loop* l) -> Task<int> {
    TaskGroup group(*l);
    int cancelled = 0;
    group.on_error([&](const Error& error) { cancelled += error.code() == Errc::Cancelled; });
    Event never(*l);
    group.spawn(sleep_for(*l, 1h));
    group.spawn(never.wait());
    CO_TRY(co_await sleep_for(*l, 1ms));
    group.cancel();
    CO_TRY(co_await group.finish());
    co_return cancelled;
  };
  EXPECT_EQ(run_to_end(loop, task(&loop)).value(), 2);
}

}  // namespace
}  // namespace wasmcloud
