#include "component/validator.h"

#include "component/decoder.h"
#include "component/limits.h"
#include "component/support/component_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using ::testing::HasSubstr;
using wasmcloud::testing::Code;
using wasmcloud::testing::Wasm;
using wasmcloud::testing::WasmBuilder;
using wasmcloud::testing::WasmBytes;

Result<ValidatedComponent> check(const ComponentBuilder& builder, const Features& features = {}) {
  return validate(TRY(decode(builder.bytes())), builder.bytes(), features);
}

std::string message_of(const ComponentBuilder& builder, const Features& features = {}) {
  const auto valid = check(builder, features);
  return valid ? "valid" : valid.error().message();
}

Errc code_of(const ComponentBuilder& builder, const Features& features = {}) {
  const auto valid = check(builder, features);
  return valid ? Errc::Exists : valid.error().code();
}

/// A resource defined here, exported as "r", with a function "f" that makes one.
ComponentBuilder resource_maker() {
  WasmBuilder core;
  core.func(core.type({}, {Wasm::I32}), Code().i32(7), "make");
  core.memory(1, {}, "memory");
  return ComponentBuilder()
      .module(core.build())
      .items(2, {raw({0x00, 0x00, 0x00})})                     // core instance 0
      .items(6, {raw({0x00, 0x00, 0x01, 0x00}).text("make")})  // core func 0
      .types({raw({0x3f, 0x7f, 0x00})})                        // type 0: resource
      .canons({raw({0x02, 0x00}), raw({0x04, 0x00})})          // core func 1, 2
      .exports({named("r", {0x03, 0x00, 0x00})})               // type 1
      .types(
          {raw({0x69, 0x01}), raw({0x40, 0x00, 0x00, 0x02})})  // type 2: own, type 3: func -> own
      .canons({raw({0x00, 0x00, 0x00, 0x00, 0x03})})           // func 0
      .exports({named("f", {0x01, 0x00, 0x00})});
}

TEST(Validator, SaysWhatARuntimeNeeds) {
  const auto valid = check(resource_maker());
  ASSERT_TRUE(valid.has_value()) << valid.error().message();
  const ComponentInfo& root = valid->root();
  ASSERT_EQ(root.resources.size(), 1u);
  const ResourceId resource = root.resources[0].id;
  EXPECT_EQ(root.resources[0].from, ResourceOrigin::From::Definition);

  ASSERT_EQ(root.canons.size(), 3u);
  EXPECT_EQ(root.canons[0].resource, resource);
  EXPECT_EQ(valid->types.core().function(root.canons[0].core).params.size(), 1u);
  const FunctionType& lifted = valid->types[root.canons[2].function];
  ASSERT_TRUE(lifted.result.has_value());
  EXPECT_EQ(valid->types.kind(*lifted.result), TypeKind::Own);
  EXPECT_EQ(valid->types.resource(*lifted.result), resource);

  ASSERT_EQ(root.exports.size(), 2u);
  EXPECT_EQ(valid->types.text(root.exports[1].name), "f");
  EXPECT_EQ(root.exports[1].item.sort, Sort::Function);
  EXPECT_EQ(valid->types[root.type].fresh, std::vector{resource});
}

TEST(Validator, GivesEachInstanceResourcesOfItsOwn) {
  // Two instances of one component: a function that takes the resource of the first does not take
  // the second's.
  const ComponentBuilder two =
      ComponentBuilder()
          .component(resource_maker())
          .items(5, {raw({0x00, 0x00, 0x00}), raw({0x00, 0x00, 0x00})})
          .items(6, {raw({0x03, 0x00, 0x00, 0x01, 'r'}), raw({0x03, 0x00, 0x01, 0x01, 'r'})});
  const auto valid = check(two);
  ASSERT_TRUE(valid.has_value()) << valid.error().message();
  const ComponentInfo& root = valid->root();
  ASSERT_EQ(root.resources.size(), 2u);
  EXPECT_NE(root.resources[0].id, root.resources[1].id);
  EXPECT_EQ(root.resources[1].from, ResourceOrigin::From::Instance);
  EXPECT_EQ(root.resources[1].index, 1u);
  ASSERT_EQ(root.resources[1].path.size(), 1u);
  EXPECT_EQ(valid->types.text(root.resources[1].path[0]), "r");
  EXPECT_EQ(root.types[0].resource(), root.resources[0].id);
  EXPECT_EQ(root.types[1].resource(), root.resources[1].id);
  EXPECT_EQ(valid->components[1].parent, ComponentId{0});
}

TEST(Validator, FindsResourcesOfImportedInstances) {
  // (import "i" (instance (export "n" (instance (export "r" (type (sub resource)))))))
  const WasmBytes inner = raw({0x42, 0x01, 0x04, 0x00, 0x01, 'r', 0x03, 0x01});
  const WasmBytes outer =
      raw({0x42, 0x02, 0x01}).append(inner).append(raw({0x04, 0x00, 0x01, 'n', 0x05, 0x00}));
  const auto valid = check(ComponentBuilder().types({outer}).imports(
      {named("i", {0x05, 0x00}), named("j", {0x05, 0x00})}));
  ASSERT_TRUE(valid.has_value()) << valid.error().message();
  const auto& resources = valid->root().resources;
  ASSERT_EQ(resources.size(), 2u);
  EXPECT_EQ(resources[0].from, ResourceOrigin::From::Import);
  EXPECT_EQ(resources[1].index, 1u);
  EXPECT_NE(resources[0].id, resources[1].id);
  EXPECT_EQ(resources[0].path.size(), 2u);
}

TEST(Validator, MakesAnAscribedResourceAbstract) {
  const auto valid =
      check(ComponentBuilder()
                .types({raw({0x3f, 0x7f, 0x00})})
                .exports({raw({0x00}).text("r").append(raw({0x03, 0x00, 0x01, 0x03, 0x01}))}));
  ASSERT_TRUE(valid.has_value()) << valid.error().message();
  const auto& resources = valid->root().resources;
  ASSERT_EQ(resources.size(), 2u);
  EXPECT_EQ(resources[1].from, ResourceOrigin::From::Same);
  EXPECT_EQ(resources[1].same, resources[0].id);
}

struct GateCase {
  std::string name;
  ComponentBuilder component;
  bool Features::* feature;
};

class Gates : public ::testing::TestWithParam<GateCase> {};

TEST_P(Gates, OpenWithTheirFeature) {
  const GateCase& row = GetParam();
  Features features = Features::all();
  EXPECT_EQ(message_of(row.component, features), "valid");
  features.*row.feature = false;
  EXPECT_EQ(code_of(row.component, features), Errc::Unsupported);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Gates,
    ::testing::Values(
        GateCase{"Streams", ComponentBuilder().types({raw({0x66, 0x00})}), &Features::async},
        GateCase{"AsyncFunctions", ComponentBuilder().types({raw({0x43, 0x00, 0x01, 0x00})}),
                 &Features::async},
        GateCase{"Maps", ComponentBuilder().types({raw({0x63, 0x73, 0x73})}), &Features::map},
        GateCase{"ErrorContexts", ComponentBuilder().types({raw({0x70, 0x64})}),
                 &Features::error_context},
        GateCase{"FixedLists", ComponentBuilder().types({raw({0x67, 0x7d, 0x04})}),
                 &Features::fixed_length_lists},
        GateCase{"Threads", ComponentBuilder().canons({raw({0x26})}), &Features::threading},
        GateCase{"AsyncCancels", ComponentBuilder().canons({raw({0x06, 0x01})}),
                 &Features::more_async_builtins},
        GateCase{"Forwarding",
                 ComponentBuilder().types({raw({0x66, 0x00})}).canons({raw({0x2e, 0x00})}),
                 &Features::forward},
        GateCase{"Slots64", ComponentBuilder().canons({raw({0x0a, 0x7e, 0x00})}),
                 &Features::memory64},
        GateCase{"Attributes",
                 ComponentBuilder()
                     .types({raw({0x40, 0x00, 0x01, 0x00})})
                     .imports({raw({0x02}).text("a").u32(1).byte(0x02).text("x").append(
                         raw({0x01, 0x00}))}),
                 &Features::implements},
        GateCase{"Accessors",
                 ComponentBuilder()
                     .types({raw({0x40, 0x00, 0x00, 0x79})})
                     .imports({named("[get]a", {0x01, 0x00})}),
                 &Features::accessors}),
    [](const auto& info) { return info.param.name; });

TEST(Validator, RefusesWhatNobodyRuns) {
  EXPECT_EQ(code_of(ComponentBuilder().items(12, {raw({0x7d, 0x01, 0x2a})})), Errc::Unsupported);
  EXPECT_EQ(code_of(ComponentBuilder().section(9, raw({0x00, 0x00, 0x00}))), Errc::Unsupported);
  EXPECT_EQ(code_of(ComponentBuilder().imports({named("v", {0x02, 0x01, 0x79})})),
            Errc::Unsupported);
}

TEST(Validator, NamesTheOffsetOfAnUnknownIndex) {
  EXPECT_THAT(message_of(ComponentBuilder().types({raw({0x70, 0x05})})),
              HasSubstr("unknown type 5"));
  EXPECT_THAT(message_of(ComponentBuilder().types({raw({0x70, 0x05})})),
              HasSubstr("offset 0xb; there are 0"));
}

TEST(Validator, ShowsHostileNamesWithoutTheirControlCharacters) {
  const auto import = [](const std::string& name) {
    return ComponentBuilder()
        .types({raw({0x40, 0x00, 0x01, 0x00})})
        .imports({named(name, {0x01, 0x00})});
  };
  EXPECT_THAT(message_of(import("a\n\x1b[2Jb")),
              HasSubstr("\"a??[2Jb\" is not a valid extern name"));
  EXPECT_LT(message_of(import(std::string(50'000, '_'))).size(), 1'100u);
}

TEST(Validator, ComparesNamesWithoutCaseAndHyphens) {
  const auto two = [](std::string_view a, std::string_view b) {
    return ComponentBuilder()
        .types({raw({0x40, 0x00, 0x01, 0x00})})
        .imports({named(a, {0x01, 0x00}), named(b, {0x01, 0x00})});
  };
  EXPECT_EQ(message_of(two("foo", "bar")), "valid");
  EXPECT_EQ(message_of(two("a:b/foo-bar", "foo-bar")), "valid");
  EXPECT_THAT(message_of(two("foo", "FOO")), HasSubstr("conflicts with previous name"));
  EXPECT_THAT(message_of(two("foo-bar", "foobar")), HasSubstr("conflicts with previous name"));
}

// --- Hostile components: small ones whose types are huge when written out. ---

TEST(Validator, RefusesTypesThatGrowByDoubling) {
  std::vector<WasmBytes> types{raw({0x6f, 0x02, 0x7f, 0x7f})};
  for (unsigned i = 0; i < 60; ++i) types.push_back(raw({0x6f, 0x02, i, i}));
  EXPECT_THAT(message_of(ComponentBuilder().types(types)), HasSubstr("limit of 1000000"));
}

TEST(Validator, RefusesDeepTypes) {
  std::vector<WasmBytes> types{raw({0x70, 0x7f})};
  for (unsigned i = 0; i < kMaxTypeDepth; ++i) types.push_back(raw({0x70}).s64(i));
  EXPECT_THAT(message_of(ComponentBuilder().types(types)), HasSubstr("nesting is too deep"));
}

TEST(Validator, RefusesInstancesThatGrowByDoubling) {
  // Each instance exports the one before twice.
  std::vector<WasmBytes> instances{raw({0x01, 0x00})};
  for (unsigned i = 0; i < 60; ++i) {
    instances.push_back(
        raw({0x01, 0x02}).append(named("a", {0x05, i})).append(named("b", {0x05, i})));
  }
  EXPECT_THAT(message_of(ComponentBuilder().items(5, instances)), HasSubstr("limit of 1000000"));
}

TEST(Validator, RefusesMoreWorkThanAnyRealComponentGives) {
  // Many instances of a component with many exports that mention its resource: quadratic, so
  // bounded.
  ComponentBuilder maker;
  maker.types({raw({0x3f, 0x7f, 0x00})})
      .exports({named("r", {0x03, 0x00, 0x00})})
      .types({raw({0x69, 0x01})});
  std::vector<WasmBytes> exports;
  for (unsigned i = 0; i < 20'000; ++i)
    exports.push_back(raw({0x00}).text("t" + std::to_string(i)).append(raw({0x03, 0x02, 0x00})));
  maker.exports(exports);
  std::vector<WasmBytes> instances(4'000, raw({0x00, 0x00, 0x00}));
  EXPECT_EQ(code_of(ComponentBuilder().component(maker).items(5, instances)), Errc::Limit);
}

TEST(Validator, ChecksSizesOfValuesForLargePointers) {
  Features features = Features::all();
  const auto list = [](uint32_t length) {
    return ComponentBuilder().types({raw({0x67, 0x73}).u32(length)});
  };
  EXPECT_EQ(message_of(list((1u << 24) - 1), features), "valid");
  EXPECT_THAT(message_of(list(1u << 24), features),
              HasSubstr("would have 268435456 bytes or more"));
}

}  // namespace
}  // namespace wasmcloud::component
