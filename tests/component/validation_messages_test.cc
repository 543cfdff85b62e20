// Every refusal tells the rule and the byte offset. Messages are in validation_messages.txt; run
// with --rebaseline to rewrite them, and read the difference.
#include "component/decoder.h"
#include "component/support/component_builder.h"
#include "component/validator.h"
#include "support/golden.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using wasmcloud::testing::Code;
using wasmcloud::testing::Wasm;
using wasmcloud::testing::WasmBuilder;
using wasmcloud::testing::WasmBytes;

struct Refused {
  const char* what;
  ComponentBuilder component;
};

/// A core module with functions "f": [] -> [], "g": [i32 i32 i32 i32] -> [i32] and a memory "m", as
/// core functions 0 and 1 and memory 0.
ComponentBuilder with_core() {
  WasmBuilder core;
  core.func(core.type({}, {}), Code(), "f");
  core.func(core.type({Wasm::I32, Wasm::I32, Wasm::I32, Wasm::I32}, {Wasm::I32}), Code().i32(0),
            "g");
  core.memory(1, {}, "m");
  return ComponentBuilder()
      .module(core.build())
      .items(2, {raw({0x00, 0x00, 0x00})})
      .items(6, {raw({0x00, 0x00, 0x01, 0x00}).text("f"), raw({0x00, 0x00, 0x01, 0x00}).text("g"),
                 raw({0x00, 0x02, 0x01, 0x00}).text("m")});
}

ComponentBuilder types(std::vector<WasmBytes> list) { return ComponentBuilder().types(list); }
ComponentBuilder import_of(std::string_view name,
                           std::initializer_list<unsigned> rest = {0x01, 0x00}) {
  return types({raw({0x40, 0x00, 0x01, 0x00})}).imports({named(name, rest)});
}
ComponentBuilder cut(const ComponentBuilder& builder, size_t bytes) {
  WasmBytes body;
  const auto all = builder.bytes();
  body.bytes.assign(all.begin(), all.end() - static_cast<ptrdiff_t>(bytes));
  return ComponentBuilder().section(4, body);
}

const std::vector<WasmBytes> kResource{raw({0x3f, 0x7f, 0x00})};

std::vector<Refused> refused() {
  const WasmBytes func = raw({0x40, 0x00, 0x01, 0x00});
  return {
      // Grammar.
      {"a section that is not there", ComponentBuilder().section(13, raw({}))},
      {"a section with a byte too many", ComponentBuilder().section(7, raw({0x00, 0x00}))},
      {"a section that is cut", cut(types({raw({0x7f})}), 1)},
      {"a preamble that is cut", ComponentBuilder().section(4, raw({0x00, 0x61, 0x73}))},
      {"another magic number",
       ComponentBuilder().section(4, raw({0x00, 0x61, 0x73, 0x6e, 0x0d, 0x00, 0x01, 0x00}))},
      {"another version",
       ComponentBuilder().section(4, raw({0x00, 0x61, 0x73, 0x6d, 0x0e, 0x00, 0x01, 0x00}))},
      {"a core module for a component",
       ComponentBuilder().section(4, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00}))},
      {"a number of 33 bits", ComponentBuilder().section(7, raw({0xff, 0xff, 0xff, 0xff, 0x1f}))},
      {"a number of six bytes",
       ComponentBuilder().section(7, raw({0x80, 0x80, 0x80, 0x80, 0x80, 0x00}))},
      {"more items than bytes", ComponentBuilder().section(7, raw({0x05, 0x7f}))},
      {"an unknown type", types({raw({0x10})})},
      {"an unknown value type", types({raw({0x70, 0x5f})})},
      {"a negative type index", types({raw({0x70, 0xff, 0x7f})})},
      {"a flag of 2", types({raw({0x6a, 0x02})})},
      {"an unknown sort", ComponentBuilder().items(6, {raw({0x06})})},
      {"an unknown core sort", ComponentBuilder().items(6, {raw({0x00, 0x05})})},
      {"an unknown alias", ComponentBuilder().items(6, {raw({0x03, 0x03})})},
      {"an outer alias of a function",
       ComponentBuilder().items(6, {raw({0x01, 0x02, 0x00, 0x00})})},
      {"an unknown declarator", types({raw({0x42, 0x01, 0x05})})},
      {"an import in an instance type", types({raw({0x42, 0x01, 0x03})})},
      {"an unknown name form", ComponentBuilder().imports({raw({0x03})})},
      {"an unknown name attribute",
       ComponentBuilder().imports({raw({0x02, 0x01, 'a', 0x01, 0x03})})},
      {"an unknown extern kind", ComponentBuilder().imports({raw({0x00, 0x01, 'a', 0x06})})},
      {"an unknown instance", ComponentBuilder().items(5, {raw({0x02})})},
      {"an unknown core instance", ComponentBuilder().items(2, {raw({0x02})})},
      {"an unknown canonical definition", ComponentBuilder().canons({raw({0x7f})})},
      {"an unknown option", ComponentBuilder().canons({raw({0x01, 0x00, 0x00, 0x01, 0x0a})})},
      {"an option twice",
       ComponentBuilder().canons({raw({0x01, 0x00, 0x00, 0x02, 0x03, 0x00, 0x03, 0x00})})},
      {"two encodings", ComponentBuilder().canons({raw({0x01, 0x00, 0x00, 0x02, 0x00, 0x01})})},
      {"a name that is no UTF-8",
       ComponentBuilder().imports({raw({0x00, 0x01, 0xff, 0x01, 0x00})})},
      {"a name behind the end", ComponentBuilder().imports({raw({0x00, 0x7f, 'a'})})},
      {"a core type that is none", ComponentBuilder().items(3, {raw({0x00, 0x60, 0x00, 0x00})})},
      {"a resource of f32", types({raw({0x3f, 0x7d, 0x00})})},
      // Types.
      {"a record without fields", types({raw({0x72, 0x00})})},
      {"a label in camel case", types({raw({0x6d, 0x01}).text("aB")})},
      {"a label twice", types({raw({0x6e, 0x02}).text("a-b").text("A-b")})},
      {"a type that comes later", types({raw({0x70, 0x01}), raw({0x7f})})},
      {"a function as a value", types({func, raw({0x70, 0x00})})},
      {"own of no resource", types({raw({0x7f}), raw({0x69, 0x00})})},
      {"a map from floats", types({raw({0x63, 0x76, 0x79})})},
      {"a stream of chars", types({raw({0x66, 0x01, 0x74})})},
      {"a stream of borrows",
       types({raw({0x3f, 0x7f, 0x00}), raw({0x68, 0x00}), raw({0x66, 0x01, 0x01})})},
      {"a borrow as a result",
       types({raw({0x3f, 0x7f, 0x00}), raw({0x68, 0x00}), raw({0x40, 0x00, 0x00, 0x01})})},
      {"a resource in an instance type", types({raw({0x42, 0x01, 0x01, 0x3f, 0x7f, 0x00})})},
      {"a destructor of another type", with_core().types({raw({0x3f, 0x7f, 0x01, 0x00})})},
      {"an alias of a function in a type",
       types({raw({0x42, 0x01, 0x02, 0x01, 0x00, 0x00, 0x01, 'a'})})},
      {"an outer alias too far", ComponentBuilder().items(6, {raw({0x03, 0x02, 0x01, 0x00})})},
      {"an outer alias of another's resource",
       ComponentBuilder().types(kResource).component(
           ComponentBuilder().items(6, {raw({0x03, 0x02, 0x01, 0x00})}))},
      {"an unknown core type in a module type",
       ComponentBuilder().items(3, {raw({0x50, 0x01, 0x03, 0x01, 'a', 0x00, 0x00})})},
      {"an export of a module type twice",
       ComponentBuilder().items(3, {raw({0x50, 0x03, 0x01, 0x60, 0x00, 0x00, 0x03, 0x01, 'a', 0x00,
                                         0x00, 0x03, 0x01, 'a', 0x00, 0x00})})},
      // Names.
      {"a name in camel case", import_of("aB")},
      {"an interface without a package", import_of("a:/b")},
      {"a name of a release candidate", import_of("[async]a")},
      {"a name twice", types({func}).imports({named("a", {0x01, 0x00}), named("A", {0x01, 0x00})})},
      {"a constructor of nothing", import_of("[constructor]a")},
      {"a method without self", import_of("[method]a.b")},
      {"a static function of nothing", import_of("[static]a.b")},
      {"a method that is a type", import_of("[method]a.b", {0x03, 0x01})},
      {"implements of a function", types({func}).imports({raw({0x02})
                                                              .text("a")
                                                              .append(raw({0x01, 0x00}))
                                                              .text("a:b/c")
                                                              .append(raw({0x01, 0x00}))})},
      {"a version suffix",
       types({func}).imports(
           {raw({0x02}).text("a").append(raw({0x01, 0x01})).text("1").append(raw({0x01, 0x00}))})},
      // Externs.
      {"a function of no function type", types({raw({0x7f})}).imports({named("a", {0x01, 0x00})})},
      {"a module of no module type", import_of("a", {0x00, 0x11, 0x00})},
      {"an export of what is not there",
       ComponentBuilder().exports({named("a", {0x01, 0x00, 0x00})})},
      {"an export of an unnamed type",
       types({raw({0x6e, 0x01}).text("x"),
              raw({0x40, 0x01}).text("p").append(raw({0x00, 0x01, 0x00}))})
           .imports({named("a", {0x01, 0x01})})},
      {"an ascription that does not fit",
       types({func, raw({0x43, 0x00, 0x01, 0x00})})
           .imports({named("a", {0x01, 0x00})})
           .exports({named("b", {0x01, 0x00, 0x01, 0x01, 0x01})})},
      {"a value", ComponentBuilder().imports({named("v", {0x02, 0x01, 0x79})})},
      {"a start function", ComponentBuilder().section(9, raw({0x00, 0x00, 0x00}))},
      // Instances.
      {"an instance of no component", ComponentBuilder().items(5, {raw({0x00, 0x00, 0x00})})},
      {"an argument that is missing",
       ComponentBuilder().component(import_of("a")).items(5, {raw({0x00, 0x00, 0x00})})},
      {"an argument of another kind",
       types({raw({0x7f})})
           .component(import_of("a"))
           .items(5, {raw({0x00, 0x00, 0x01}).text("a").append(raw({0x03, 0x00}))})},
      {"an argument twice", types({raw({0x7f})})
                                .component(ComponentBuilder())
                                .items(5, {raw({0x00, 0x00, 0x02})
                                               .text("a")
                                               .append(raw({0x03, 0x00}))
                                               .text("a")
                                               .append(raw({0x03, 0x00}))})},
      {"an alias of no export", ComponentBuilder()
                                    .items(5, {raw({0x01, 0x00})})
                                    .items(6, {raw({0x01, 0x00, 0x00, 0x01, 'a'})})},
      {"an alias of another sort",
       types({raw({0x7f})})
           .items(5, {raw({0x01, 0x01}).append(named("a", {0x03, 0x00}))})
           .items(6, {raw({0x01, 0x00, 0x00, 0x01, 'a'})})},
      {"a core alias of no export", ComponentBuilder()
                                        .items(2, {raw({0x01, 0x00})})
                                        .items(6, {raw({0x00, 0x00, 0x01, 0x00, 0x01, 'a'})})},
      {"a core export twice",
       ComponentBuilder()
           .canons({raw({0x05})})
           .items(2, {raw({0x01, 0x02, 0x01, 'a', 0x00, 0x00, 0x01, 'a', 0x00, 0x00})})},
      // Canonical definitions.
      {"a lift of another core type", with_core()
                                          .types({raw({0x40, 0x00, 0x00, 0x79})})
                                          .canons({raw({0x00, 0x00, 0x00, 0x00, 0x00})})},
      {"a lift without a memory", with_core()
                                      .types({raw({0x40, 0x00, 0x00, 0x73})})
                                      .canons({raw({0x00, 0x00, 0x00, 0x00, 0x00})})},
      {"a lift without realloc",
       with_core()
           .types({raw({0x40, 0x01}).text("p").append(raw({0x73, 0x01, 0x00}))})
           .canons({raw({0x00, 0x00, 0x00, 0x01, 0x03, 0x00, 0x00})})},
      {"a realloc of another type", with_core().types({func}).canons({raw(
                                        {0x00, 0x00, 0x00, 0x02, 0x03, 0x00, 0x04, 0x00, 0x00})})},
      {"a realloc without a memory",
       with_core().types({func}).canons({raw({0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x00})})},
      {"a callback without async",
       with_core().types({func}).canons({raw({0x00, 0x00, 0x00, 0x01, 0x07, 0x00, 0x00})})},
      {"an async lift of a function that is not",
       with_core().types({func}).canons({raw({0x00, 0x00, 0x00, 0x01, 0x06, 0x00})})},
      {"a lower of no function", ComponentBuilder().canons({raw({0x01, 0x00, 0x00, 0x00})})},
      {"a post-return on a lower", types({func})
                                       .imports({named("a", {0x01, 0x00})})
                                       .canons({raw({0x01, 0x00, 0x00, 0x01, 0x05, 0x00})})},
      {"resource.new of another's",
       ComponentBuilder().imports({named("r", {0x03, 0x01})}).canons({raw({0x02, 0x00})})},
      {"resource.drop of no resource", types({raw({0x7f})}).canons({raw({0x03, 0x00})})},
      {"stream.new of a future", types({raw({0x65, 0x00})}).canons({raw({0x0e, 0x00})})},
      {"a second slot", ComponentBuilder().canons({raw({0x0a, 0x7f, 0x01})})},
      {"waiting with no memory", ComponentBuilder().canons({raw({0x20, 0x00, 0x00})})},
      {"shared-everything threads", ComponentBuilder().canons({raw({0x40, 0x00, 0x00})})},
      // Core modules.
      {"a core module's section out of order",
       ComponentBuilder().section(1, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x03,
                                          0x01, 0x00, 0x01, 0x01, 0x00}))},
      {"a core module's export of nothing",
       ComponentBuilder().section(1, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x07,
                                          0x05, 0x01, 0x01, 'a', 0x00, 0x00}))},
      {"a core module's import that is not given",
       ComponentBuilder()
           .section(1, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x02, 0x08, 0x01, 0x01,
                            'a', 0x01, 'b', 0x02, 0x00, 0x01}))
           .items(2, {raw({0x00, 0x00, 0x00})})},
  };
}

TEST(ValidationMessages, TellTheRuleAndTheOffset) {
  std::string all;
  for (const Refused& row : refused()) {
    const auto valid = [&]() -> Result<void> {
      TRY(validate(TRY(decode(row.component.bytes())), row.component.bytes()));
      return {};
    }();
    ASSERT_FALSE(valid.has_value()) << row.what << " is accepted";
    EXPECT_THAT(valid.error().message(), ::testing::ContainsRegex("offset 0x[0-9a-f]+"))
        << row.what;
    all += fmt::format("{}\n  {}: {}\n", row.what, name_of(valid.error().code()),
                       valid.error().message());
  }
  testing::expect_golden(WASH_SOURCE_DIR "/tests/component/validation_messages.txt", all);
}

}  // namespace
}  // namespace wasmcloud::component
