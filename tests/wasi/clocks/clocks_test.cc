#include "wasi/clocks/bindings_0_3.h"
#include "wasi/clocks/monotonic_clock.h"
#include "wasi/clocks/wall_clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace wasmcloud::wasi::clocks {
namespace {

TEST(MonotonicClock, NeverGoesBack) {
  uint64_t before = monotonic_now();
  for (int i = 0; i < 1000; ++i) {
    const uint64_t now = monotonic_now();
    ASSERT_GE(now, before);
    before = now;
  }
  EXPECT_GT(monotonic_resolution(), 0U);
}

TEST(MonotonicClock, AnInstantInThePastIsReadyAtOnce) {
  Loop loop;
  EXPECT_TRUE(at_instant(loop, 0)->is_ready());
  EXPECT_TRUE(after_duration(loop, 0)->is_ready());
}

TEST(MonotonicClock, ADurationIsWaitedForInFull) {
  Loop loop;
  const uint64_t before = monotonic_now();
  const auto timer = after_duration(loop, 5'000'000);
  EXPECT_FALSE(timer->is_ready());
  ASSERT_TRUE(run_to_end(loop, io::wait_for(loop, *timer)));
  EXPECT_GE(monotonic_now() - before, 5'000'000U);
  ASSERT_TRUE(run_to_end(loop, io::wait_for(loop, *timer)));
}

TEST(MonotonicClock, ATimerDroppedWhileItRunsIsFreedAtOnce) {
  Loop loop;
  {
    const auto timer = after_duration(loop, ~uint64_t{0});
    Event event(loop);
    Signal::Listener listener(event);
    timer->listen(listener);
  }
  // Only the cancelled handler is left to run.
  int polls = 0;
  loop.post([&] { ++polls; });
  loop.run_until([&] { return polls == 1; });
}

TEST(MonotonicClock, OfWasi03IsWaitedForInATask) {
  Loop loop;
  v0_3::MonotonicClock clock(loop);
  const uint64_t before = clock.now().value();
  ASSERT_TRUE(run_to_end(loop, clock.wait_until(before)));
  ASSERT_TRUE(run_to_end(loop, clock.wait_for(0)));
  ASSERT_TRUE(run_to_end(loop, clock.wait_for(5'000'000)));
  EXPECT_GE(clock.now().value() - before, 5'000'000U);
  TaskGroup tasks(loop);
  tasks.spawn(clock.wait_for(~uint64_t{0}));
  loop.post([&] { tasks.cancel(); });
  loop.run_until([&] { return tasks.size() == 0; });
}

TEST(WallClock, OfWasi03TellsTheSame) {
  v0_3::SystemClock clock;
  EXPECT_LE(clock.now()->seconds - ::time(nullptr), 1);
  EXPECT_GT(clock.get_resolution().value(), 0U);
}

TEST(WallClock, OfWasi02BeginsWithTheEpoch) {
  struct Time {
    uint64_t seconds;
    uint32_t nanoseconds;
    bool operator==(const Time&) const = default;
  };
  EXPECT_EQ(since_epoch<Time>({.seconds = 3, .nanoseconds = 4}), (Time{3, 4}));
  EXPECT_EQ(since_epoch<Time>({.seconds = -3, .nanoseconds = 4}), (Time{0, 0}));
}

TEST(WallClock, TellsTheTime) {
  const WallTime now = wall_now();
  EXPECT_LE(static_cast<time_t>(now.seconds) - ::time(nullptr), 1);
  EXPECT_LT(now.nanoseconds, 1'000'000'000U);
  EXPECT_NE(wall_resolution(), WallTime{});
}

}  // namespace
}  // namespace wasmcloud::wasi::clocks
