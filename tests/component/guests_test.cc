// Components that toolchains made, without a host: what they import traps.
#include "component/support/components.h"
#include "component/wave.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace wasmcloud::component {
namespace {

#define ASSERT_OK(result) ASSERT_TRUE(result) << (result).error().message()

Value text(std::string_view value) { return Value(std::string(value)); }

std::filesystem::path guest_path(const std::string& name) {
  return std::string(WASH_SHARED_DIR) + "/guests/" + name + ".wasm";
}

/// Enough memory for what other languages bring along.
const std::shared_ptr<engine::Engine>& large_engine() {
  static const std::shared_ptr<engine::Engine> engine =
      engine::Engine::create({.slots = 0}).value();
  return engine;
}

struct Guest {
  std::shared_ptr<const Prepared> prepared;
  std::unique_ptr<Instance> instance;

  static Result<Guest> create(const std::string& name, PrepareOptions::Shims shims) {
    const auto component = TRY(Component::load(large_engine(), read_component(guest_path(name))));
    Guest out;
    out.prepared = TRY(
        Linker().prepare(component, {.shims = shims, .missing = PrepareOptions::Missing::Trap}));
    out.instance = TRY(out.prepared->instantiate({}));
    return out;
  }
  Result<Value> call(std::string_view function, std::vector<Value> arguments) {
    const ExportedFunction exported =
        TRY(prepared->find("guests:p2/roundtrip", std::string(function)));
    std::vector<Value> values = TRY(instance->call(exported, arguments));
    return values.empty() ? Value(Value::Tuple{}) : values[0];
  }
};

class Guests : public testing::Test {
  void SetUp() override {
    if (!std::filesystem::exists(guest_path("p2-hello"))) {
      GTEST_SKIP() << "the ready-made components are not here";
    }
  }
};

TEST_F(Guests, SendEveryKindOfValueBack) {
  auto guest = Guest::create("p2-values", PrepareOptions::Shims::Bypass);
  ASSERT_OK(guest);
  const std::vector<Value> ints{Value(uint8_t{255}),    Value(int8_t{-128}), Value(uint16_t{65535}),
                                Value(int16_t{-32768}), Value(~uint32_t{0}), Value(INT32_MIN),
                                Value(~uint64_t{0}),    Value(INT64_MIN)};
  EXPECT_EQ(guest->call("ints", ints), Value(Value::Tuple{ints}));
  EXPECT_EQ(guest->call("floats", {Value(1.5f), Value(-0.0)}),
            Value(Value::Tuple{{Value(1.5f), Value(-0.0)}}));
  EXPECT_EQ(guest->call("truth", {Value(true), Value(U'🍰')}),
            Value(Value::Tuple{{Value(true), Value(U'🍰')}}));
  EXPECT_EQ(guest->call("text", {text("")}), text(""));
  EXPECT_EQ(guest->call("text", {text("gr\xc3\xbcn")}), text("gr\xc3\xbcn"));
  EXPECT_EQ(guest->call("strings", {Value(Value::List{{text("a"), text("")}})}),
            Value(Value::List{{text("a"), text("")}}));
  EXPECT_EQ(guest->call("access-of", {Value(Value::Flags{{"read", "admin"}})}),
            Value(Value::Flags{{"read", "admin"}}));
  EXPECT_EQ(guest->call("colour-of", {Value(Value::Enum{"blue"})}), Value(Value::Enum{"blue"}));
  for (const Value& shape :
       {Value(Value::Variant{"none", {}}), Value(Value::Variant{"circle", {Value(2.5)}}),
        Value(Value::Variant{"named", {text("x")}}),
        Value(
            Value::Variant{"box", {Value(Value::Tuple{{Value(uint8_t{1}), Value(~uint64_t{0})}})}}),
        Value(Value::Variant{"many", {Value(Value::List{{Value(int16_t{-1})}})}})}) {
    EXPECT_EQ(guest->call("shape-of", {shape}), shape) << write_wave(shape);
  }
}

struct Shape {
  const char* name;
  size_t bypassed;
  size_t followed;
};

class GuestShapes : public testing::TestWithParam<Shape> {};

TEST_P(GuestShapes, AreMadeOfTheseCoreInstances) {
  if (!std::filesystem::exists(guest_path(GetParam().name))) {
    GTEST_SKIP() << "the ready-made components are not here";
  }
  auto bypassed = Guest::create(GetParam().name, PrepareOptions::Shims::Bypass);
  ASSERT_OK(bypassed);
  EXPECT_EQ(bypassed->prepared->core_instances(), GetParam().bypassed);
  auto followed = Guest::create(GetParam().name, PrepareOptions::Shims::Follow);
  ASSERT_OK(followed);
  EXPECT_EQ(followed->prepared->core_instances(), GetParam().followed);
}

INSTANTIATE_TEST_SUITE_P(, GuestShapes,
                         testing::Values(Shape{"p2-hello", 1, 3}, Shape{"p2-cli", 1, 3},
                                         Shape{"p2-composed-hello", 2, 6}, Shape{"c-hello", 3, 4},
                                         Shape{"cpp-hello", 3, 4}),
                         [](const auto& row) {
                           std::string name = row.param.name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace wasmcloud::component
