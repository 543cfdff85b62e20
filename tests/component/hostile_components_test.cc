// Components made to be slow or large: small for what they ask, so either refused or bounded. What
// is counted are the validator's own steps, never time.
#include "component/decoder.h"
#include "component/limits.h"
#include "component/support/component_builder.h"
#include "component/validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using ::testing::HasSubstr;
using wasmcloud::testing::WasmBytes;

constexpr uint64_t kSteps = 1'000'000;  // what every component may spend; see work.h

std::string label(uint64_t number) { return "n" + std::to_string(number); }

Result<uint64_t> steps_of(const ComponentBuilder& component) {
  return TRY(validate(TRY(decode(component.bytes())), component.bytes())).steps;
}

/// "too many steps", or how it ended otherwise.
std::string refusal(const ComponentBuilder& component) {
  const auto steps = steps_of(component);
  if (steps) return fmt::format("valid after {} steps", *steps);
  const std::string& message = steps.error().message();
  return message.starts_with("checking types takes too many steps") ? "too many steps" : message;
}

/// The steps for n and for 4n: what is linear grows fourfold, what is quadratic sixteenfold.
void expect_linear(ComponentBuilder (*make)(uint64_t), uint64_t n) {
  const auto few = steps_of(make(n));
  const auto many = steps_of(make(4 * n));
  ASSERT_TRUE(few) << few.error().message();
  ASSERT_TRUE(many) << many.error().message();
  EXPECT_LE(*many, 6 * *few + 1000);
  EXPECT_LE(*many, kSteps);
}

/// instancetype with these declarators
WasmBytes instance_type(const std::vector<WasmBytes>& declarators) {
  WasmBytes type = raw({0x42}).u32(declarators.size());
  for (const WasmBytes& item : declarators) type.append(item);
  return type;
}
WasmBytes export_of(std::string_view name, std::initializer_list<unsigned> descriptor) {
  return raw({0x04}).append(named(name, descriptor));
}

TEST(Hostile, NestedTypesAreWalkedOnce) {
  // tuple<T, T> over and over has 2^n parts and n nodes. Named once, so exported functions may use
  // it.
  expect_linear(
      [](uint64_t n) {
        ComponentBuilder out;
        std::vector<WasmBytes> types{raw({0x72, 0x01}).text("a").append(raw({0x7f}))};
        out.types(types).exports({named("r", {0x03, 0x00, 0x00})});  // type 1
        types = {raw({0x6f, 0x02, 0x01, 0x01})};                     // type 2
        for (uint64_t i = 0; i < 12; ++i) {
          const auto last = static_cast<unsigned>(2 + i);
          types.push_back(raw({0x6f, 0x02, last, last}));
        }
        const auto top = static_cast<unsigned>(1 + types.size());
        WasmBytes function = raw({0x40}).u32(4);
        for (uint64_t i = 0; i < 4; ++i) function.text(label(i)).byte(top);
        types.push_back(function.append(raw({0x01, 0x00})));
        out.types(types);
        std::vector<WasmBytes> imports;
        out.types({instance_type({})});
        for (uint64_t i = 0; i < n; ++i) imports.push_back(named(label(i), {0x05, top + 2}));
        return out.imports(imports);
      },
      200);
}

TEST(Hostile, ManyNamesInOneScope) {
  expect_linear(
      [](uint64_t n) {
        std::vector<WasmBytes> imports;
        for (uint64_t i = 0; i < n; ++i)
          imports.push_back(named(std::string(200, 'a') + std::to_string(i), {0x01, 0x00}));
        return ComponentBuilder().types({raw({0x40, 0x00, 0x01, 0x00})}).imports(imports);
      },
      2'000);
}

TEST(Hostile, ManyNamedTypes) {
  // Records, each of the one before, all exported.
  expect_linear(
      [](uint64_t n) {
        ComponentBuilder out;
        for (uint64_t i = 0; i < n; ++i) {
          const auto last = static_cast<unsigned>(2 * i - 1);
          WasmBytes record = raw({0x72, 0x01}).text("f");
          if (i % 90 == 0) {
            record.byte(0x7f);
          } else {
            record.s64(last);
          }
          out.types({record});
          out.exports({raw({0x00}).text(label(i)).append(raw({0x03})).u32(2 * i).byte(0x00)});
        }
        return out;
      },
      500);
}

TEST(Hostile, DeepInstanceTypes) {
  // A resource at the bottom of instance types that export each other: imported n times, each of
  // them a resource of its own.
  expect_linear(
      [](uint64_t n) {
        WasmBytes type = instance_type({export_of("r", {0x03, 0x01})});
        for (int i = 0; i < 50; ++i)
          type = instance_type({raw({0x01}).append(type), export_of("i", {0x05, 0x00})});
        std::vector<WasmBytes> imports;
        for (uint64_t i = 0; i < n; ++i) imports.push_back(named(label(i), {0x05, 0x00}));
        return ComponentBuilder().types({type}).imports(imports);
      },
      100);
}

TEST(Hostile, AliasesOfAliases) {
  expect_linear(
      [](uint64_t n) {
        ComponentBuilder out;
        out.types({raw({0x72, 0x01}).text("a").append(raw({0x7f}))});
        std::vector<WasmBytes> aliases;
        for (uint64_t i = 0; i < n; ++i) aliases.push_back(raw({0x03, 0x02, 0x00}).u32(i));
        return out.items(6, aliases);
      },
      10'000);
}

// --- More for a byte than there may be ---

/// A record of 10,000 fields as type 0.
WasmBytes wide_record() {
  WasmBytes record = raw({0x72}).u32(kMaxMembers);
  for (uint64_t i = 0; i < kMaxMembers; ++i) record.text(label(i)).byte(0x7f);
  return record;
}

TEST(Hostile, NamesForALargeTypeAreCounted) {
  // Each `eq` makes a type of its own with 10,000 members: in many scopes, since one has a limit.
  std::vector<WasmBytes> types{wide_record()};
  for (unsigned i = 0; i < 100; ++i) {
    std::vector<WasmBytes> declarators{raw({0x02, 0x03, 0x02, 0x01, 0x00})};
    for (unsigned j = 0; j < 90; ++j)
      declarators.push_back(export_of(label(j), {0x03, 0x00, 0x00}));
    types.push_back(instance_type(declarators));
  }
  EXPECT_EQ(refusal(ComponentBuilder().types(types)), "too many steps");
}

TEST(Hostile, NamesOfManyCoreInstancesAreCounted) {
  // A module that exports a memory by a long name, instantiated 4,000 times.
  WasmBytes module = raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00});
  module.byte(5).sized(raw({0x01, 0x00, 0x01}));
  module.byte(7).sized(raw({0x01}).text(std::string(kMaxNameBytes, 'm')).append(raw({0x02, 0x00})));
  std::vector<WasmBytes> instances(4'000, raw({0x00, 0x00, 0x00}));
  EXPECT_EQ(refusal(ComponentBuilder().module(module.bytes).items(2, instances)), "too many steps");
}

TEST(Hostile, ManyWalksOverOneTypeAreCounted) {
  // An instance with 5,000 exports, imported by many components that are instantiated with it.
  std::vector<WasmBytes> declarators{raw({0x01, 0x40, 0x00, 0x01, 0x00})};
  for (uint64_t i = 0; i < 5'000; ++i) declarators.push_back(export_of(label(i), {0x01, 0x00}));
  const WasmBytes type = instance_type(declarators);
  const ComponentBuilder taker =
      ComponentBuilder().types({type}).imports({named("i", {0x05, 0x00})});
  WasmBytes instance = raw({0x00, 0x00, 0x01}).text("i").append(raw({0x05, 0x00}));
  EXPECT_EQ(refusal(ComponentBuilder()
                        .types({type})
                        .imports({named("i", {0x05, 0x00})})
                        .component(taker)
                        .items(5, std::vector<WasmBytes>(4'000, instance))),
            "too many steps");
}

TEST(Hostile, ComponentTypesAreNotComparedBothWaysAtEachDepth) {
  // Equality of component types looks both ways; at each of n depths that would be 2^n.
  const auto nested = [](unsigned depth) {
    WasmBytes type = raw({0x41, 0x00});
    for (unsigned i = 0; i < depth; ++i) {
      type = raw({0x41, 0x02, 0x01}).append(type).append(export_of("c", {0x03, 0x00, 0x00}));
    }
    return type;
  };
  const ComponentBuilder taker =
      ComponentBuilder().types({nested(60)}).imports({named("t", {0x03, 0x00, 0x00})});
  WasmBytes instance = raw({0x00, 0x00, 0x01}).text("t").append(raw({0x03, 0x00}));
  EXPECT_EQ(refusal(ComponentBuilder().types({nested(60)}).component(taker).items(5, {instance})),
            "too many steps");
}

TEST(Hostile, MessagesAreShortAndEndWithTheOffset) {
  // Types that are huge when written out, and names that are.
  std::vector<WasmBytes> types{raw({0x6f, 0x02, 0x7f, 0x7f})};
  for (unsigned i = 0; i < 15; ++i) types.push_back(raw({0x6f, 0x02, i, i}));
  types.push_back(raw({0x63, 15, 0x7f}));
  EXPECT_THAT(refusal(ComponentBuilder().types(types)),
              HasSubstr("cannot be the key of a map (offset 0x"));
  EXPECT_LT(refusal(ComponentBuilder().types(types)).size(), 1'100u);
}

}  // namespace
}  // namespace wasmcloud::component
