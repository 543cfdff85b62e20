#include "component/composition/composition.h"

#include "component/decoder.h"
#include "component/encoder.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using Bytes = std::vector<std::byte>;

std::string message_of(const auto& result) {
  return result ? "no error" : result.error().message();
}

// --- Components made here: they pass on what they import ---

struct Function {
  std::string name;
  std::vector<std::pair<std::string, TypeKind>> params = {};
  std::optional<TypeKind> result = {};
  bool is_async = false;
};
using Interface = std::vector<Function>;

InstanceTypeDefinition type_of(const Interface& interface) {
  InstanceTypeDefinition out;
  for (const Function& function : interface) {
    FunctionTypeDefinition type{.is_async = function.is_async};
    for (const auto& [name, kind] : function.params)
      type.params.push_back({.name = name, .type = ValueTypeRef{.primitive = kind}});
    if (function.result) type.result = ValueTypeRef{.primitive = *function.result};
    const auto index = static_cast<uint32_t>(out.declarations.size() / 2);
    out.declarations.push_back({.what = TypeDefinition(std::move(type))});
    out.declarations.push_back(
        {.what = ExportDeclaration{
             .name = {.name = function.name},
             .type = {.kind = ExternDescriptor::Kind::Function, .index = index}}});
  }
  return out;
}

/// Imports instances, and exports some of them, by position, under other names.
Bytes component(const std::vector<std::pair<std::string, Interface>>& imports,
                const std::vector<std::pair<std::string, uint32_t>>& exports) {
  Encoder out;
  for (const auto& [name, interface] : imports) {
    const TypeIndex type = out.type(type_of(interface));
    out.import({.name = {.name = name},
                .type = {.kind = ExternDescriptor::Kind::Instance, .index = type.value}});
  }
  for (const auto& [name, index] : exports)
    out.add_export({.name = {.name = name}, .item = {.sort = Sort::Instance, .index = index}});
  return out.finish();
}

const Interface kAdd = {{.name = "add", .params = {{"n", TypeKind::U32}}, .result = TypeKind::U32}};

std::vector<std::string> import_names(const Bytes& binary) {
  const auto valid = validate(decode(binary).value(), binary);
  EXPECT_TRUE(valid) << message_of(valid);
  std::vector<std::string> names;
  if (!valid) return names;
  for (const ImportInfo& import : valid->root().imports)
    names.push_back(valid->types.text(import.name));
  return names;
}

// --- What is composed ---

struct Plugged {
  Bytes outer;
  std::vector<Bytes> plugs;

  Result<Bytes> compose() const {
    Composition composition;
    composition.parts.push_back({.name = "outer.wasm", .bytes = outer});
    composition.instances.push_back({.name = "outer", .part = 0});
    for (size_t i = 0; i < plugs.size(); ++i) {
      composition.parts.push_back({.name = fmt::format("plug-{}.wasm", i), .bytes = plugs[i]});
      composition.instances.push_back({.name = fmt::format("plug-{}", i), .part = i + 1});
      composition.instances[0].plugs.push_back(i + 1);
    }
    composition.exported = {0};
    return component::compose(composition);
  }
};

TEST(Composition, PassesOnWhatNobodyGives) {
  const Plugged plugged{
      .outer = component({{"a:a/left@1.0.0", kAdd}, {"a:a/right", kAdd}}, {{"a:a/whole", 0}}),
      .plugs = {component({{"a:a/below", kAdd}}, {{"a:a/left@1.0.0", 0}})}};
  const auto binary = plugged.compose();
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(import_names(*binary), (std::vector<std::string>{"a:a/below", "a:a/right"}));
  EXPECT_EQ(*plugged.compose(), *binary) << "and is the same again";
}

TEST(Composition, MeetsAnyVersionOfATrack) {
  const Plugged plugged{.outer = component({{"a:a/b@1.2.0", kAdd}}, {}),
                        .plugs = {component({{"c:c/c", kAdd}}, {{"a:a/b@1.4.1", 0}})}};
  const auto binary = plugged.compose();
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(import_names(*binary), (std::vector<std::string>{"c:c/c"}));
}

TEST(Composition, LetsTheFirstPlugGive) {
  const Plugged plugged{.outer = component({{"a:a/b", kAdd}, {"a:a/d", kAdd}}, {}),
                        .plugs = {component({{"first:x/x", kAdd}}, {{"a:a/b", 0}}),
                                  component({{"second:x/x", kAdd}}, {{"a:a/b", 0}, {"a:a/d", 0}})}};
  const auto binary = plugged.compose();
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(import_names(*binary), (std::vector<std::string>{"first:x/x", "second:x/x"}));
}

TEST(Composition, MergesImportsOfOneTrackUnderTheNewestVersion) {
  const Interface more = {kAdd[0], {.name = "more"}};
  const Plugged plugged{
      .outer = component({{"w:w/io@0.2.1", more}, {"a:a/b", kAdd}, {"w:w/io@0.3.0", kAdd}}, {}),
      .plugs = {component({{"w:w/io@0.2.7", kAdd}}, {{"a:a/b", 0}})}};
  const auto binary = plugged.compose();
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(import_names(*binary), (std::vector<std::string>{"w:w/io@0.2.7", "w:w/io@0.3.0"}));
  const auto valid = validate(decode(*binary).value(), *binary);
  const ExternType& merged = valid->root().imports[0].type;
  EXPECT_EQ(valid->types[merged.instance()].exports.size(), 2u) << "add and more";
}

TEST(Composition, EmbedsAComponentOfSeveralInstancesOnce) {
  const Bytes part = component({{"a:a/b", kAdd}}, {{"a:a/b", 0}});
  Composition composition{
      .parts = {{.name = "part", .bytes = part}}, .instances = {}, .exported = {1}};
  composition.instances.push_back({.name = "below", .part = 0});
  composition.instances.push_back({.name = "above", .part = 0, .plugs = {0}});
  const auto binary = compose(composition);
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(decode(*binary)->components.size(), 2u) << "the whole and the part";
}

TEST(Composition, GivesByName) {
  const Bytes user = component({{"a:a/b", kAdd}, {"a:a/c", kAdd}}, {{"a:a/done", 1}});
  const Bytes giver = component({{"d:d/d", kAdd}}, {{"e:e/e", 0}});
  Composition composition{
      .parts = {{.name = "user", .bytes = user}, {.name = "giver", .bytes = giver}},
      .instances = {{.name = "user",
                     .part = 0,
                     .wires = {{.import = "a:a/b", .instance = 1, .item = "e:e/e"}}},
                    {.name = "giver", .part = 1}},
      .exported = {0}};
  const auto binary = compose(composition);
  ASSERT_TRUE(binary) << message_of(binary);
  EXPECT_EQ(import_names(*binary), (std::vector<std::string>{"d:d/d", "a:a/c"}));
  composition.instances[0].wires[0] = {.import = "a:a/bb", .instance = 1};
  EXPECT_EQ(message_of(compose(composition)),
            "user does not import 'a:a/bb'; did you mean 'a:a/b'?");
  composition.instances[0].wires[0] = {.import = "a:a/b", .instance = 1};
  EXPECT_EQ(message_of(compose(composition)), "giver does not export 'a:a/b'; there is e:e/e");
}

struct Misfit {
  const char* name;
  Interface offered;
  const char* message;
};

class CompositionErrors : public testing::TestWithParam<Misfit> {};

TEST_P(CompositionErrors, NameTheInterfaceAndTheFunction) {
  const Plugged plugged{
      .outer = component({{"a:a/b@1.0.0", kAdd}}, {}),
      .plugs = {component({{"c:c/c", GetParam().offered}}, {{"a:a/b@1.1.0", 0}})}};
  EXPECT_EQ(message_of(plugged.compose()),
            fmt::format("outer imports a:a/b@1.0.0, which plug-0 exports, but they do not fit: "
                        "func add {}",
                        GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Composition, CompositionErrors,
    testing::Values(
        Misfit{"Missing", {{.name = "sub"}}, "is not there"},
        Misfit{"ParameterType",
               {{.name = "add", .params = {{"n", TypeKind::U64}}, .result = TypeKind::U32}},
               "is func(n: u64) -> u32 there, and func(n: u32) -> u32 is needed"},
        Misfit{"ParameterName",
               {{.name = "add", .params = {{"m", TypeKind::U32}}, .result = TypeKind::U32}},
               "is func(m: u32) -> u32 there, and func(n: u32) -> u32 is needed"},
        Misfit{"Async",
               {{.name = "add",
                 .params = {{"n", TypeKind::U32}},
                 .result = TypeKind::U32,
                 .is_async = true}},
               "is async func(n: u32) -> u32 there, and func(n: u32) -> u32 is needed"}),
    [](const auto& row) { return row.param.name; });

TEST(Composition, TellsOfPlugsThatNobodyNeeds) {
  const Plugged plugged{.outer = component({{"a:a/b@1.0.0", kAdd}}, {}),
                        .plugs = {component({{"c:c/c", kAdd}}, {{"a:a/b@2.0.0", 0}})}};
  EXPECT_EQ(message_of(plugged.compose()),
            "outer has no import that plug-0 exports: it imports a:a/b@1.0.0, and plug-0 exports "
            "a:a/b@2.0.0");
}

TEST(Composition, TellsOfImportsThatCannotBeOne) {
  const Interface other = {{.name = "add"}};
  const Plugged plugged{.outer = component({{"w:w/io@0.2.1", other}, {"a:a/b", kAdd}}, {}),
                        .plugs = {component({{"w:w/io@0.2.7", kAdd}}, {{"a:a/b", 0}})}};
  EXPECT_EQ(message_of(plugged.compose()),
            "plug-0 and outer both import w:w/io@0.2.7, but not the same: in outer, func add "
            "is func()");
}

TEST(Composition, TellsOfCircles) {
  const Bytes one = component({{"a:a/two", kAdd}}, {{"a:a/one", 0}});
  const Bytes two = component({{"a:a/one", kAdd}}, {{"a:a/two", 0}});
  const Composition composition{.parts = {{.name = "1", .bytes = one}, {.name = "2", .bytes = two}},
                                .instances = {{.name = "one", .part = 0, .plugs = {1}},
                                              {.name = "two", .part = 1, .plugs = {0}}},
                                .exported = {0}};
  EXPECT_EQ(message_of(compose(composition)),
            "these instances need each other in a circle, so that none can be made first: one "
            "needs two needs one");
}

TEST(Composition, TellsOfExportsOfOneName) {
  const Bytes part = component({{"a:a/b", kAdd}}, {{"a:a/b", 0}});
  const Composition composition{
      .parts = {{.name = "part", .bytes = part}},
      .instances = {{.name = "one", .part = 0}, {.name = "two", .part = 0}},
      .exported = {0, 1}};
  EXPECT_EQ(message_of(compose(composition)),
            "one and two both export a:a/b; export one of them only");
}

TEST(Composition, TellsWhatIsNoComponent) {
  const Bytes part(10);
  EXPECT_EQ(message_of(compose({.parts = {{.name = "x.wasm", .bytes = part}},
                                .instances = {{.name = "x", .part = 0}},
                                .exported = {0}})),
            "x.wasm: it is no component");
}

// --- The encoder ---

TEST(Encoder, WritesWhatTheDecoderReads) {
  Encoder out;
  const TypeIndex list = out.type(
      DefinedType{.kind = TypeKind::List, .first = ValueTypeRef{.primitive = TypeKind::String}});
  const TypeIndex record = out.type(
      DefinedType{.kind = TypeKind::Record,
                  .members = {{.name = "a", .type = ValueTypeRef{.index = list}},
                              {.name = "b", .type = ValueTypeRef{.primitive = TypeKind::F64}}}});
  // An index that needs two bytes: the sign's bit is free.
  for (int i = 0; i < 70; ++i) out.type(DefinedType{.kind = TypeKind::U8});
  const TypeIndex option =
      out.type(DefinedType{.kind = TypeKind::Option, .first = ValueTypeRef{.index = {70}}});
  EXPECT_EQ(option.value, 72u);
  const uint32_t named =
      out.import({.name = {.name = "rec"},
                  .type = {.kind = ExternDescriptor::Kind::TypeEqual, .index = record.value}});
  out.add_export({.name = {.name = "again"}, .item = {.sort = Sort::Type, .index = named}});
  out.custom("note", std::as_bytes(std::span("text")));
  const Bytes binary = out.finish();
  const auto valid = validate(decode(binary).value(), binary);
  ASSERT_TRUE(valid) << message_of(valid);
  EXPECT_EQ(valid->types.to_string(valid->root().exports[0].type.type.value()),
            "record { a: list<string>, b: f64 }");
  EXPECT_EQ(valid->types.to_string(valid->root().types[72].value()), "option<u8>");
}

}  // namespace
}  // namespace wasmcloud::component
