#include "component/handle_table.h"

#include "component/support/fake_context.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

constinit const HostResourceType kThing{"test:pkg/things", "thing"};
constinit const HostResourceType kOther{"test:pkg/things", "other"};

struct Counted : HostResource {
  explicit Counted(int& drops) : drops_(drops) {}
  ~Counted() override { ++drops_; }
  int& drops_;
};

TEST(HandleTable, GivesOutTheFirstFreeIndexFromOneAndReusesTheLastFreedFirst) {
  HandleTable table;
  const GuestResourceType type{.name = "r"};
  for (uint32_t i = 1; i <= 3; ++i) EXPECT_EQ(table.add_own(type, {.number = i}), i);
  ASSERT_TRUE(table.drop(1, type));
  ASSERT_TRUE(table.drop(3, type));
  EXPECT_EQ(table.add_own(type, {.number = 0}), 3u);
  EXPECT_EQ(table.add_own(type, {.number = 0}), 1u);
  EXPECT_EQ(table.add_own(type, {.number = 0}), 4u);
}

TEST(HandleTable, NamesAnUnknownIndex) {
  HandleTable table;
  const GuestResourceType type{.name = "r"};
  EXPECT_EQ(table.drop(0, type).error().message(), "unknown handle index 0");
  EXPECT_EQ(table.drop(5, type).error().message(), "unknown handle index 5");
}

TEST(HandleTable, TellsResourceTypesApart) {
  HandleTable table;
  const GuestResourceType one{.name = "one"};
  const GuestResourceType two{.name = "two"};
  ASSERT_TRUE(table.add_own(one, {.number = 7}));
  EXPECT_EQ(table.representation(1, two).error().message(),
            "handle index 1 used with the wrong type, expected two, found one");
  EXPECT_EQ(table.representation(1, one)->number, 7u);
}

TEST(HandleTable, StopsAtItsLimit) {
  HandleTable table;
  table.set_limit(1);
  const GuestResourceType type{.name = "r"};
  ASSERT_TRUE(table.add_own(type, {.number = 1}));
  const auto second = table.add_own(type, {.number = 1});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::Limit);
  EXPECT_EQ(second.error().message(), "the component instance's limit of 1 handles is reached");
}

TEST(CanonicalContext, DropsAHostObjectExactlyOnce) {
  int drops = 0;
  {
    FakeContext context;
    EXPECT_EQ(context.give(std::make_unique<Counted>(drops), kThing), 1u);
    EXPECT_EQ(context.give(std::make_unique<Counted>(drops), kThing), 2u);
    EXPECT_EQ(drops, 0);
    auto taken = context.take(1, kThing);
    ASSERT_TRUE(taken);
    taken->reset();
    EXPECT_EQ(drops, 1);
  }
  EXPECT_EQ(drops, 2);
}

TEST(CanonicalContext, LendsUntilTheCallEnds) {
  int drops = 0;
  FakeContext context;
  ASSERT_TRUE(context.give(std::make_unique<Counted>(drops), kThing));
  for (int i = 0; i < 9; ++i) ASSERT_TRUE(context.borrow(1, kThing));
  EXPECT_FALSE(context.borrow(1, kOther));
  EXPECT_EQ(context.take(1, kThing).error().message(),
            "cannot remove owned resource while borrowed: handle index 1");
  context.end_lends();
  EXPECT_TRUE(context.take(1, kThing));
  EXPECT_EQ(drops, 1);
}

TEST(CanonicalContext, LendsAnObjectOfTheHostToTheGuest) {
  int drops = 0;
  FakeContext context;
  Counted object(drops);
  EXPECT_EQ(context.lend(object, kThing), 1u);
  EXPECT_EQ(context.borrow(1, kThing), &object);
  EXPECT_FALSE(context.take(1, kThing));
  context.end_lends();
  EXPECT_TRUE(context.handles().drop(1, kThing));
  EXPECT_EQ(drops, 0);
}

TEST(CanonicalContext, ChecksWhatReallocReturns) {
  struct Bad : FakeContext {
    using FakeContext::FakeContext;
    uint32_t answer = 0;
    Result<uint32_t> call_realloc(uint32_t, uint32_t, uint32_t, uint32_t) override {
      return answer;
    }
  } context(64);
  context.answer = 2;
  EXPECT_EQ(context.allocate(4, 4).error().code(), Errc::Trap);
  context.answer = 64;
  EXPECT_EQ(context.allocate(4, 4).error().code(), Errc::Trap);
  EXPECT_EQ(context.allocate(0, 4), 64u);
  context.answer = 60;
  EXPECT_EQ(context.allocate(4, 4), 60u);
}

}  // namespace
}  // namespace wasmcloud::component
