#include "base/start_now.h"

#include "base/loop.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;
using Plain = boost::asio::awaitable<void, Executor>;

Plain mark(int* out) {
  *out = 1;
  co_return;
}

Plain nap(Loop* loop, int* out) {
  *out = 1;
  const auto slept = co_await sleep_for(*loop, 1ms);
  *out = slept ? 2 : 3;
}

Plain nap_twice(Loop* loop, int* out) {
  *out = 1;
  static_cast<void>(co_await sleep_for(*loop, 1h));
  *out = 2;
  static_cast<void>(co_await sleep_for(*loop, 1h));
  *out = 3;
}

TEST(StartNow, ATaskThatDoesNotWaitIsDoneWhenItReturns) {
  Loop loop;
  int done = 0;
  const auto signal = std::make_shared<boost::asio::cancellation_signal>();
  start_now(loop.executor(), mark(&done), signal->slot(), signal);
  EXPECT_EQ(done, 1);
}

TEST(StartNow, ATaskThatWaitsGoesOnWithTheLoop) {
  Loop loop;
  int done = 0;
  const auto signal = std::make_shared<boost::asio::cancellation_signal>();
  start_now(loop.executor(), nap(&loop, &done), signal->slot(), signal);
  EXPECT_EQ(done, 1);
  loop.run_until([&] { return done == 2; });
  EXPECT_EQ(done, 2);
}

TEST(StartNow, CancellingEndsItsWaits) {
  Loop loop;
  int done = 0;
  const auto signal = std::make_shared<boost::asio::cancellation_signal>();
  start_now(loop.executor(), nap_twice(&loop, &done), signal->slot(), signal);
  EXPECT_EQ(done, 1);
  signal->emit(boost::asio::cancellation_type::terminal);
  // The second wait ends it by an exception, which is dropped.
  loop.run_until([&] { return done == 2; });
  EXPECT_EQ(done, 2);
}

TEST(StartNow, ATaskThatIsNeverFinishedIsDestroyedWithItsLoop) {
  auto alive = std::make_shared<int>(0);
  std::weak_ptr<int> seen = alive;
  const auto signal = std::make_shared<boost::asio::cancellation_signal>();
  {
    Loop loop;
    auto task = [](Loop* l, std::shared_ptr<int> kept) -> Plain {
      static_cast<void>(co_await sleep_for(*l, 1h));
      *kept = 1;
    };
    start_now(loop.executor(), task(&loop, std::move(alive)), signal->slot(), signal);
    EXPECT_FALSE(seen.expired());
  }
  EXPECT_TRUE(seen.expired());
}

}  // namespace
}  // namespace wasmcloud
