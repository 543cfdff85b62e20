#include "base/connection_quota.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

std::shared_ptr<ConnectionQuota> quota(size_t limit, std::shared_ptr<ConnectionQuota> above = {}) {
  return std::make_shared<ConnectionQuota>(limit, std::string(), std::move(above));
}

TEST(ConnectionQuota, CountsInTheOneAboveToo) {
  const auto all = quota(3);
  const auto one = quota(2, all);
  const auto other = quota(2, all);
  EXPECT_TRUE(one->try_acquire());
  EXPECT_TRUE(one->try_acquire());
  EXPECT_FALSE(one->try_acquire()) << "its own limit";
  EXPECT_TRUE(other->try_acquire());
  EXPECT_FALSE(other->try_acquire()) << "the limit of all";
  EXPECT_EQ(other->used(), 1U) << "what was refused is not counted";
  EXPECT_EQ(all->used(), 3U);
  one->release();
  EXPECT_TRUE(other->try_acquire());
}

TEST(ConnectionQuota, SlotsGoBackWithTheirOwner) {
  const auto all = quota(1);
  {
    const auto slot = ConnectionSlot::take(all);
    ASSERT_TRUE(slot.has_value());
    EXPECT_FALSE(ConnectionSlot::take(all).has_value());
  }
  auto slot = ConnectionSlot::take(all);
  ASSERT_TRUE(slot.has_value());
  ConnectionSlot kept = std::move(*slot);
  slot.reset();
  EXPECT_EQ(all->used(), 1U);
  kept = ConnectionSlot();
  EXPECT_EQ(all->used(), 0U);
  EXPECT_TRUE(ConnectionSlot::take(nullptr).has_value());
}

TEST(ConnectionQuota, AsksThoseWhoseConnectionsWouldDo) {
  Loop loop;
  const auto all = quota(2);
  const auto one = quota(1, all);
  const auto other = quota(2, all);
  int asked_of_one = 0;
  int asked_of_other = 0;
  const auto asker = one->join(loop, [] { FAIL() << "the asker is not asked"; });
  const auto beside = one->join(loop, [&] { ++asked_of_one; });
  const auto elsewhere = other->join(loop, [&] { ++asked_of_other; });
  ASSERT_TRUE(one->try_acquire());
  one->ask_others(*asker);
  loop.run_until([&] { return asked_of_one == 1; });
  EXPECT_EQ(asked_of_other, 0) << "another workload's connections are of no use";
  one->release();
  ASSERT_TRUE(other->try_acquire() && other->try_acquire());
  one->ask_others(*asker);
  loop.run_until([&] { return asked_of_other == 1 && asked_of_one == 2; });
}

}  // namespace
}  // namespace wasmcloud
