#include "component/instance.h"

#include "component/support/components.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

Value text(std::string_view value) { return Value(std::string(value)); }

#define ASSERT_OK(result) ASSERT_TRUE(result) << (result).error().message()

std::string message_of(const auto& result) {
  return result ? "no error" : result.error().message();
}

TEST(Instance, CallsTheHostAndIsCalled) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("sum", {Value(1u), Value(2u), Value(3u)}), Value(6u));
  EXPECT_EQ((*test)->call("greet", {text("gr\xc3\xbcn")}), text("hello gr\xc3\xbcn"));
}

TEST(Instance, WaitsOnAStack) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("wait", {Value(21u)}), Value(42u));
  EXPECT_EQ((*test)->host.waits, 1);
}

TEST(Instance, TrapsWhereItWaitsOffAStack) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  const std::vector<Value> arguments{Value(21u)};
  const auto result = (*test)->instance->call(*(*test)->prepared->find("", "wait"), arguments);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
}

TEST(Instance, DropsHostResourcesWhenTheGuestDoes) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("use-thing", {Value(5u)}), Value(5u));
  EXPECT_EQ((*test)->host.drops, 1);
}

TEST(Instance, DropsTheRestOfTheHostResourcesWithTheStore) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("keep-thing", {Value(5u)}), Value(1u));
  EXPECT_EQ((*test)->call("keep-thing", {Value(6u)}), Value(2u));
  EXPECT_EQ((*test)->host.drops, 0);
  (*test)->instance.reset();
  EXPECT_EQ((*test)->host.drops, 2);
}

TEST(Instance, RefusesCallsAfterATrap) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  const auto trapped = (*test)->call("fail", {});
  ASSERT_FALSE(trapped);
  EXPECT_EQ(trapped.error().code(), Errc::Trap);
  EXPECT_TRUE((*test)->instance->is_poisoned());
  EXPECT_EQ(message_of((*test)->call("sum", {Value(1u), Value(2u), Value(3u)})),
            "cannot enter component instance: it trapped before");
}

TEST(Instance, RefusesArgumentsOfTheWrongNumberOrType) {
  auto test = TestInstance::create(component_path("host-calls"));
  ASSERT_OK(test);
  EXPECT_EQ(message_of((*test)->call("wait", {})), "wait takes 1 arguments, not 0");
  EXPECT_EQ((*test)->call("wait", {text("x")}).error().code(), Errc::Invalid);
  EXPECT_EQ((*test)->call("wait", {Value(1u)}), Value(2u)) << "and goes on";
}

TEST(Linker, NamesAllThatIsMissing) {
  const auto component = load_test_component(component_path("host-calls"));
  ASSERT_OK(component);
  Linker linker;
  EXPECT_EQ(message_of(linker.prepare(*component)),
            "imports test:host/api@0.2.0, which this host does not have");
  linker.instance("test:host/api@0.2.7");
  const auto prepared = linker.prepare(*component);
  ASSERT_FALSE(prepared);
  EXPECT_EQ(prepared.error().code(), Errc::NotFound);
  EXPECT_TRUE(prepared.error().message().contains(
      "imports test:host/api@0.2.0 function add, which this host does not have\n"))
      << prepared.error().message();
  EXPECT_TRUE(prepared.error().message().contains(
      "imports test:host/api@0.2.0 resource thing, which this host does not have"));
}

TEST(Linker, DoesNotServeAnotherTrack) {
  const auto component = load_test_component(component_path("host-calls"));
  ASSERT_OK(component);
  Linker linker;
  TestHost::add_to(linker, "test:host/api@0.3.0");
  EXPECT_EQ(message_of(linker.prepare(*component)),
            "imports test:host/api@0.2.0, which this host does not have");
}

TEST(Linker, ComparesTypes) {
  const auto component = load_test_component(component_path("host-calls"));
  ASSERT_OK(component);
  Linker linker;
  TestHost::add_to(linker);
  static constexpr NamedType kParams[] = {{"a", &describe::kU32}, {"b", &describe::kU64}};
  linker.instance("test:host/api@0.2.7")
      .func("add", {.params = kParams, .result = &describe::kU32},
            [](void*, CanonicalContext&, engine::RawValue*) noexcept { return Result<void>(); });
  EXPECT_EQ(message_of(linker.prepare(*component)),
            "imports test:host/api@0.2.0#add with the wrong type: func(a: u32, b: u32) -> u32, but "
            "this host has func(a: u32, b: u64) -> u32");
}

TEST(Prepared, FindsExportsByTrack) {
  auto test = TestInstance::create(component_path("nested"));
  ASSERT_OK(test);
  EXPECT_TRUE((*test)->prepared->find("test:nested/api@1.9.0", "count"));
  EXPECT_EQ(message_of((*test)->prepared->find("test:nested/api@2.0.0", "count")),
            "the component does not export test:nested/api@2.0.0");
  EXPECT_EQ(message_of((*test)->prepared->find("test:nested/api@1.2.0", "x")),
            "the component does not export function test:nested/api@1.2.0#x");
  static constexpr FunctionDescription kNoResult{};
  EXPECT_EQ((*test)->prepared->find("", "dropped", &kNoResult).error().code(), Errc::Invalid);
}

TEST(NestedComponents, CallEachOther) {
  auto test = TestInstance::create(component_path("nested"));
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("count", {Value(40u)}, "test:nested/api@1.2.0"), Value(40u));
  EXPECT_EQ((*test)->call("count", {Value(2u)}, "test:nested/api@1.2.0"), Value(2u));
  EXPECT_EQ((*test)->call("dropped", {}), Value(42u)) << "the destructor saw both";
  EXPECT_EQ((*test)->call("shout", {text("h\xc3\xb6\xe2\x98\x83")}), text("h\xc3\xb6\xe2\x98\x83"));
  const Value points(
      Value::List{{Value(Value::Record{{"x", "name"}, {Value(-7), text("a")}}),
                   Value(Value::Record{{"x", "name"}, {Value(8), text("\xe2\x98\x83")}})}});
  EXPECT_EQ((*test)->call("points", {points}, "user"), points);
}

class Shims : public testing::TestWithParam<PrepareOptions::Shims> {};

TEST_P(Shims, BehaveTheSameBypassedAndFollowed) {
  auto test = TestInstance::create(component_path("shim"), {.shims = GetParam()});
  ASSERT_OK(test);
  EXPECT_EQ((*test)->call("started", {}), Value(42u)) << "the fixup ran main's start";
  EXPECT_EQ((*test)->call("greet", {text("you")}), text("hello you"));
  EXPECT_EQ((*test)->call("twice", {Value(4u)}), Value(8u)) << "through the adapter";
  auto plain = TestInstance::create(component_path("plain-shim"), {.shims = GetParam()});
  ASSERT_OK(plain);
  for (int i = 0; i < 3; ++i) EXPECT_EQ((*plain)->call("greet", {text("a")}), text("hello a"));
}

TEST_P(Shims, MakeOnlyTheInstancesThatAreNeeded) {
  const bool bypass = GetParam() == PrepareOptions::Shims::Bypass;
  auto test = TestInstance::create(component_path("shim"), {.shims = GetParam()});
  ASSERT_OK(test);
  EXPECT_EQ((*test)->prepared->core_instances(), bypass ? 3u : 4u);
  auto plain = TestInstance::create(component_path("plain-shim"), {.shims = GetParam()});
  ASSERT_OK(plain);
  EXPECT_EQ((*plain)->prepared->core_instances(), bypass ? 1u : 3u);
}

INSTANTIATE_TEST_SUITE_P(, Shims,
                         testing::Values(PrepareOptions::Shims::Bypass,
                                         PrepareOptions::Shims::Follow),
                         [](const auto& row) {
                           return row.param == PrepareOptions::Shims::Bypass ? "Bypassed"
                                                                             : "Followed";
                         });

}  // namespace
}  // namespace wasmcloud::component
