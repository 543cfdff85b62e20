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

TEST(WallClock, TellsTheTime) {
  const WallTime now = wall_now();
  EXPECT_LE(static_cast<time_t>(now.seconds) - ::time(nullptr), 1);
  EXPECT_LT(now.nanoseconds, 1'000'000'000U);
  EXPECT_NE(wall_resolution(), WallTime{});
}

}  // namespace
}  // namespace wasmcloud::wasi::clocks
