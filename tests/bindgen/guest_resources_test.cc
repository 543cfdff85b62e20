// The host's typed calls of a resource that a guest implements: c-resources, made by another
// generator's C bindings.
#include "base/loop.h"
#include "bindings/test/resources_1/counters.h"
#include "component/component.h"
#include "component/instance.h"
#include "component/linker.h"
#include "engine/engine.h"
#include "wasi/context.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace wasmcloud {
namespace {

namespace counters = wit::test::resources_1::counters;
using counters::Counter;

class GuestResources : public testing::Test {
 protected:
  struct Guest {
    std::unique_ptr<component::Instance> instance;
    counters::Guest calls;
  };

  void SetUp() override {
    std::ifstream in(WASH_GUESTS_DIR "/c-resources.wasm", std::ios::binary);
    if (!in) GTEST_SKIP() << "component c-resources.wasm is not there";
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    wasi::add_to_linker(linker_);
    auto loaded = component::Component::load(engine::Engine::create({}).value(),
                                             std::as_bytes(std::span(text)));
    ASSERT_TRUE(loaded) << loaded.error().message();
    auto prepared = linker_.prepare(std::move(*loaded));
    ASSERT_TRUE(prepared) << prepared.error().message();
    prepared_ = *prepared;
  }

  Guest fresh() {
    auto instance = prepared_->instantiate({.limits = {}, .host = &host_, .loop = &loop_});
    EXPECT_TRUE(instance) << instance.error().message();
    auto calls = counters::Guest::find(*prepared_);
    EXPECT_TRUE(calls) << calls.error().message();
    return {.instance = std::move(*instance), .calls = *calls};
  }
  /// Runs `body`, which calls the guest, on a stack.
  Result<void> on_stack(Guest& guest, std::move_only_function<Result<void>()> body) {
    return run_to_end(loop_, guest.instance->run(std::move(body)));
  }

  Loop loop_;
  wasi::Environment environment_;
  wasi::Context host_{loop_, environment_};
  component::Linker linker_;
  std::shared_ptr<const component::Prepared> prepared_;
};

TEST_F(GuestResources, AreMadeUsedAndDropped) {
  Guest guest = fresh();
  component::Instance& in = *guest.instance;
  const auto done = on_stack(guest, [&]() -> Result<void> {
    auto one = TRY(guest.calls.counter_constructor(in, 5));
    EXPECT_EQ(TRY(guest.calls.counter_add(in, *one, 2)), 7U);
    auto two = TRY(guest.calls.counter_constructor(in, 30));
    EXPECT_EQ(TRY(guest.calls.counter_value(in, *one)), 7U);
    EXPECT_EQ(TRY(guest.calls.alive(in)), 2U);
    auto both = TRY(guest.calls.counter_merge(in, std::move(one), std::move(two)));
    EXPECT_EQ(TRY(guest.calls.counter_value(in, *both)), 37U);
    EXPECT_EQ(TRY(guest.calls.alive(in)), 1U) << "the guest has dropped what it was given";
    TRY(in.drop(std::move(both)));
    EXPECT_EQ(TRY(guest.calls.alive(in)), 0U);
    return {};
  });
  EXPECT_TRUE(done) << done.error().message();
}

TEST_F(GuestResources, ComeInOtherValues) {
  Guest guest = fresh();
  component::Instance& in = *guest.instance;
  const auto done = on_stack(guest, [&]() -> Result<void> {
    auto parsed = TRY(guest.calls.counter_parse(in, "42"));
    EXPECT_TRUE(parsed);
    if (parsed) EXPECT_EQ(TRY(guest.calls.counter_value(in, **parsed)), 42U);
    auto wrong = TRY(guest.calls.counter_parse(in, "x"));
    EXPECT_FALSE(wrong);
    if (!wrong) EXPECT_EQ(wrong.error(), "no number");
    auto all = TRY(guest.calls.up_to(in, 10));
    EXPECT_EQ(all.size(), 10U);
    std::vector<Counter*> borrowed;
    for (const auto& each : all) borrowed.push_back(each.get());
    EXPECT_EQ(TRY(guest.calls.largest(in, std::move(borrowed))), 9U);
    EXPECT_EQ(TRY(guest.calls.largest(in, {})), std::nullopt);
    for (auto& each : all) TRY(in.drop(std::move(each)));
    EXPECT_EQ(TRY(guest.calls.alive(in)), 1U);
    return {};
  });
  EXPECT_TRUE(done) << done.error().message();
}

TEST_F(GuestResources, WhatIsOnlyLetGoOfTheGuestKeeps) {
  Guest guest = fresh();
  component::Instance& in = *guest.instance;
  const auto done = on_stack(guest, [&]() -> Result<void> {
    static_cast<void>(TRY(guest.calls.counter_constructor(in, 1)));
    EXPECT_EQ(TRY(guest.calls.alive(in)), 1U);
    return {};
  });
  EXPECT_TRUE(done) << done.error().message();
}

TEST_F(GuestResources, OfOneInstanceAreRefusedByAnother) {
  Guest one = fresh();
  Guest two = fresh();
  std::unique_ptr<Counter> counter;
  const auto made = on_stack(one, [&]() -> Result<void> {
    counter = TRY(one.calls.counter_constructor(*one.instance, 3));
    return {};
  });
  ASSERT_TRUE(made) << made.error().message();
  const auto wrong = on_stack(two, [&]() -> Result<void> {
    const auto value = two.calls.counter_value(*two.instance, *counter);
    EXPECT_FALSE(value);
    if (!value) {
      EXPECT_EQ(value.error().code(), Errc::Invalid);
      EXPECT_EQ(value.error().message(),
                "the counter of test:resources/counters@1.0.0 belongs to another instance");
    }
    const auto dropped = two.instance->drop(std::move(counter));
    EXPECT_FALSE(dropped);
    const auto nothing = two.calls.counter_merge(*two.instance, nullptr, nullptr);
    EXPECT_FALSE(nothing);
    EXPECT_EQ(TRY(two.calls.alive(*two.instance)), 0U) << "it goes on";
    return {};
  });
  EXPECT_TRUE(wrong) << wrong.error().message();
}

TEST_F(GuestResources, ADestructorThatTrapsEndsItsInstance) {
  Guest guest = fresh();
  component::Instance& in = *guest.instance;
  const auto done = on_stack(guest, [&]() -> Result<void> {
    return in.drop(TRY(guest.calls.counter_constructor(in, 666)));
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Trap);
  EXPECT_TRUE(in.is_poisoned());
}

}  // namespace
}  // namespace wasmcloud
