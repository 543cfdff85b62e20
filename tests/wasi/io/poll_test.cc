#include "wasi/clocks/monotonic_clock.h"
#include "wasi/io/pieces.h"
#include "wasi/io/waitable.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::io {
namespace {

using namespace std::chrono_literals;

TEST(Poll, ReturnsAllThatAreReadyWithoutWaiting) {
  Loop loop;
  AlwaysReady ready;
  FedSource silent;
  std::array<Waitable*, 3> list{&ready, &silent, &ready};
  EXPECT_EQ(run_to_end(loop, poll(loop, list)).value(), (std::vector<uint32_t>{0, 2}));
}

TEST(Poll, WaitsForTheFirstOfManyWhileTheLoopGoesOn) {
  Loop loop;
  FedSource slow;
  FedSource fast;
  const Ref<Waitable> never = clocks::after_duration(loop, ~uint64_t{0});
  bool ticked = false;
  loop.post([&] {
    ticked = true;
    loop.post([&] { fast.feed("x"); });
  });
  std::array<Waitable*, 3> list{&slow, &*never, &fast};
  EXPECT_EQ(run_to_end(loop, poll(loop, list)).value(), (std::vector<uint32_t>{2}));
  EXPECT_TRUE(ticked);
}

TEST(Poll, TellsOfOneSourceTwiceWhenItIsListedTwice) {
  Loop loop;
  FedSource source;
  loop.post([&] { source.end(); });
  std::array<Waitable*, 2> list{&source, &source};
  EXPECT_EQ(run_to_end(loop, poll(loop, list)).value(), (std::vector<uint32_t>{0, 1}));
}

TEST(Poll, TrapsOnAnEmptyList) {
  Loop loop;
  const auto result = run_to_end(loop, poll(loop, {}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
}

TEST(Poll, ACancelledPollLeavesNothingBehind) {
  Loop loop;
  FedSource source;
  std::array<Waitable*, 1> list{&source};
  const auto result = run_to_end(loop, with_deadline(loop, 1ms, "the poll", poll(loop, list)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
  source.feed("nobody listens");  // touches no listener that is gone
}

}  // namespace
}  // namespace wasmcloud::wasi::io
