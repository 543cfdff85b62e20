#include "component/decoder.h"

#include "component/limits.h"
#include "component/support/component_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace wasmcloud::component {
namespace {

using ::testing::HasSubstr;
using wasmcloud::testing::WasmBytes;

Error error_of(const ComponentBuilder& builder) {
  auto decoded = decode(builder.bytes());
  EXPECT_FALSE(decoded.has_value());
  return decoded ? Error(Errc::Internal, "decoded") : std::move(decoded).error();
}

TEST(BinaryKind, TellsModulesFromComponentsByTheirLayer) {
  EXPECT_EQ(binary_kind(ComponentBuilder().bytes()), BinaryKind::Component);
  EXPECT_EQ(binary_kind(raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00}).bytes),
            BinaryKind::CoreModule);
  EXPECT_EQ(binary_kind(raw({0x00, 0x61, 0x73, 0x6d}).bytes), BinaryKind::NotWasm);
  EXPECT_EQ(binary_kind(raw({'#', '!', '/', 'b', 'i', 'n', '/', 's'}).bytes), BinaryKind::NotWasm);
}

TEST(Decoder, ReadsAnEmptyComponent) {
  const auto decoded = decode(ComponentBuilder().bytes());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  EXPECT_EQ(decoded->components.size(), 1u);
  EXPECT_TRUE(decoded->root().definitions.empty());
}

TEST(Decoder, RefusesVersionsThatNobodyMakesAnyMore) {
  auto bytes = ComponentBuilder().bytes();
  bytes[4] = std::byte{0x0c};
  const auto decoded = decode(bytes);
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().code(), Errc::Unsupported);
  EXPECT_THAT(decoded.error().message(), HasSubstr("expected 0xd"));
}

TEST(Decoder, KeepsDefinitionsInFileOrderAndNumbersNestedComponents) {
  const ComponentBuilder inner = ComponentBuilder().component(ComponentBuilder());
  const auto decoded =
      decode(ComponentBuilder().component(inner).types({raw({0x73})}).component({}).bytes());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  ASSERT_EQ(decoded->components.size(), 4u);
  const auto& root = decoded->root().definitions;
  ASSERT_EQ(root.size(), 3u);
  EXPECT_EQ(std::get<ComponentId>(root[0].what), ComponentId{1});
  EXPECT_TRUE(std::holds_alternative<TypeDefinition>(root[1].what));
  EXPECT_EQ(std::get<ComponentId>(root[2].what), ComponentId{3});
  EXPECT_EQ(std::get<ComponentId>((*decoded)[ComponentId{1}].definitions[0].what), ComponentId{2});
}

TEST(Decoder, ReadsAllNameForms) {
  const WasmBytes attributes =
      raw({0x02}).text("c").u32(2).byte(0x02).text("\u2603").byte(0x00).text("a:b/c");
  const auto decoded = decode(ComponentBuilder()
                                  .types({raw({0x42, 0x00})})
                                  .imports({raw({0x00}).text("a").append(raw({0x05, 0x00})),
                                            raw({0x01}).text("b").append(raw({0x05, 0x00})),
                                            WasmBytes(attributes).append(raw({0x05, 0x00}))})
                                  .bytes());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  const auto& last = std::get<Import>(decoded->root().definitions[3].what);
  EXPECT_EQ(last.name.name, "c");
  EXPECT_EQ(last.name.implements, "a:b/c");
  EXPECT_EQ(last.name.external_id, "\u2603");
  EXPECT_EQ(std::get<Import>(decoded->root().definitions[2].what).name.name, "b");
}

TEST(Decoder, ReadsDebuggingDataAndForgivesItsFaults) {
  const WasmBytes good =
      WasmBytes().text("component-name").byte(0x00).sized(WasmBytes().text("hello"));
  const auto named_component = decode(ComponentBuilder().section(0, good).bytes());
  ASSERT_TRUE(named_component.has_value());
  EXPECT_EQ(named_component->debug_name, "hello");
  const WasmBytes bad = WasmBytes().text("component-name").byte(0x00).u32(1'000'000);
  EXPECT_TRUE(decode(ComponentBuilder().section(0, bad).bytes()).has_value());
}

struct BadCase {
  std::string name;
  unsigned section;
  WasmBytes body;
  std::string message;
};

class MalformedSections : public ::testing::TestWithParam<BadCase> {};

TEST_P(MalformedSections, SayWhatIsWrongAndWhere) {
  const BadCase& row = GetParam();
  const Error error = error_of(ComponentBuilder().section(row.section, row.body));
  EXPECT_THAT(error.message(), HasSubstr(row.message));
  EXPECT_THAT(error.message(), HasSubstr("offset 0x"));
}

WasmBytes one(std::initializer_list<unsigned> bytes) { return raw({0x01}).append(raw(bytes)); }

INSTANTIATE_TEST_SUITE_P(
    Table, MalformedSections,
    ::testing::Values(
        BadCase{"UnknownSection", 13, {}, "section id 0x0d at offset 0x8"},
        BadCase{"BytesLeftOver", 7, raw({0x00, 0x00}), "1 bytes too many at the end of types"},
        BadCase{"HugeCount", 7, raw({0xbf, 0x84, 0x3d}), "cannot fit"},
        BadCase{"CountAboveLimit", 7, raw({0xff, 0xff, 0xff, 0xff, 0x0f}),
                "more than the limit of 1000000"},
        BadCase{"LongNumber", 7, raw({0x80, 0x80, 0x80, 0x80, 0x80, 0x00}), "longer than 32 bits"},
        BadCase{"NumberWithTooManyBits", 7, raw({0xff, 0xff, 0xff, 0xff, 0x7f}),
                "more than 32 bits"},
        BadCase{"UnknownType", 7, one({0x30}), "type 0x30 at offset 0xb is unknown"},
        BadCase{"EmptyRecord", 7, one({0x72, 0x00}), "at least one"},
        BadCase{"ManyFlags", 7, raw({0x01, 0x6e, 33}).append([] {
                  WasmBytes labels;
                  for (int i = 0; i < 33; ++i) labels.text("f" + std::to_string(i));
                  return labels;
                }()),
                "more than 32 flags"},
        BadCase{"CaseThatRefines", 7, one({0x71, 0x01, 0x01, 'a', 0x00, 0x01}), "expected 0x00"},
        BadCase{"NamedResults", 7, one({0x40, 0x00, 0x01, 0x01}), "expected 0x00"},
        BadCase{"NegativeTypeIndex", 7, one({0x70, 0x40}), "neither primitive nor an index"},
        BadCase{"AsyncResource", 7, one({0x3e, 0x7f, 0x00}), "type 0x3e"},
        BadCase{"BadUtf8Name", 10, raw({0x01, 0x00, 0x01, 0xff, 0x01, 0x00}), "not UTF-8"},
        BadCase{"UnknownNameForm", 10, one({0x03, 0x01, 'a', 0x01, 0x00}), "name form 0x03"},
        BadCase{"TwiceTheSameAttribute", 10,
                raw({0x01, 0x02, 0x01, 'a', 0x02, 0x02, 0x00, 0x02, 0x00, 0x05, 0x00}),
                "duplicate name attribute"},
        BadCase{"AsyncResourceDrop", 8, one({0x07, 0x00}), "canonical definition 0x07"},
        BadCase{"BackpressureSet", 8, one({0x08}), "canonical definition 0x08"},
        BadCase{"CancellableYield", 8, one({0x0c, 0x01}), "expected 0x00"},
        BadCase{"UnknownOption", 8, one({0x01, 0x00, 0x00, 0x01, 0x0a}), "expected 0x00 to 0x09"},
        BadCase{"TwoEncodings", 8, one({0x01, 0x00, 0x00, 0x02, 0x00, 0x01}),
                "conflicts with option"},
        BadCase{"TwoMemories", 8, one({0x01, 0x00, 0x00, 0x02, 0x03, 0x00, 0x03, 0x00}),
                "more than once"},
        BadCase{"ManyOptions", 8,
                raw({0x01, 0x01, 0x00, 0x00, 11}).append(raw({6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6})),
                "more than the limit of 10"},
        BadCase{"OuterAliasOfAFunction", 6, one({0x01, 0x02, 0x00, 0x00}),
                "cannot be an outer alias"},
        BadCase{"CoreExportOfAComponentSort", 6, one({0x01, 0x01, 0x00, 0x01, 'a'}),
                "core instance exports no func"},
        BadCase{"CoreFunctionAsExport", 11, one({0x00, 0x01, 'a', 0x00, 0x00, 0x00, 0x00}),
                "exported by a component"}),
    [](const auto& info) { return info.param.name; });

TEST(Decoder, BoundsTheNestingOfComponents) {
  ComponentBuilder nested;
  for (uint32_t i = 0; i < kMaxNesting; ++i) nested = ComponentBuilder().component(nested);
  EXPECT_TRUE(decode(nested.bytes()).has_value());
  const Error error = error_of(ComponentBuilder().component(nested));
  EXPECT_EQ(error.code(), Errc::Limit);
}

TEST(Decoder, BoundsTheNestingOfTypes) {
  const auto nested = [](uint32_t depth) {
    WasmBytes type;
    for (uint32_t i = 0; i < depth; ++i) type.append(raw({0x42, 0x01, 0x01}));
    return ComponentBuilder().types({type.append(raw({0x42, 0x00}))});
  };
  EXPECT_TRUE(decode(nested(kMaxNesting).bytes()).has_value());
  EXPECT_EQ(error_of(nested(kMaxNesting + 1)).code(), Errc::Limit);
}

/// A component with something of everything in it.
ComponentBuilder everything() {
  const auto module = raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00}).bytes;
  return ComponentBuilder()
      .module(module)
      .component(ComponentBuilder())
      .items(2, {raw({0x00, 0x00, 0x01, 0x01, 'a', 0x12, 0x00}),
                 raw({0x01, 0x01, 0x01, 'f', 0x00, 0x00})})
      .items(3, {raw({0x60, 0x01, 0x7f, 0x00}), raw({0x50, 0x01, 0x02, 0x10, 0x01, 0x00, 0x00}),
                 raw({0x4e, 0x01, 0x5f, 0x01, 0x63, 0x00, 0x01}),
                 raw({0x00, 0x50, 0x00, 0x5e, 0x78, 0x00})})
      .items(5, {raw({0x00, 0x00, 0x01, 0x01, 'x', 0x05, 0x00}),
                 raw({0x01, 0x01, 0x00, 0x01, 'y', 0x03, 0x00})})
      .items(6, {raw({0x03, 0x00, 0x00, 0x01, 't'}), raw({0x00, 0x02, 0x01, 0x00, 0x01, 'm'}),
                 raw({0x03, 0x02, 0x01, 0x00})})
      .types({raw({0x72, 0x01, 0x01, 'a', 0x79}), raw({0x71, 0x01, 0x01, 'b', 0x01, 0x00, 0x00}),
              raw({0x70, 0x80, 0x01}), raw({0x67, 0x7d, 0x04}), raw({0x6f, 0x01, 0x7f}),
              raw({0x6e, 0x01, 0x01, 'c'}), raw({0x6d, 0x01, 0x01, 'd'}), raw({0x6b, 0x73}),
              raw({0x6a, 0x01, 0x73, 0x00}), raw({0x69, 0x00}), raw({0x68, 0x00}),
              raw({0x66, 0x00}), raw({0x65, 0x01, 0x64}), raw({0x63, 0x73, 0x73}),
              raw({0x43, 0x01, 0x01, 'p', 0x79, 0x01, 0x00}), raw({0x3f, 0x7f, 0x01, 0x00}),
              raw({0x41, 0x01, 0x03, 0x00, 0x01, 'i', 0x03, 0x01})})
      .canons({raw({0x00, 0x00, 0x00, 0x02, 0x03, 0x00, 0x06, 0x00}), raw({0x09, 0x00, 0x79, 0x00}),
               raw({0x0a, 0x7f, 0x00}), raw({0x11, 0x00, 0x01}), raw({0x20, 0x00, 0x00}),
               raw({0x27, 0x00, 0x00}), raw({0x41, 0x00, 0x00, 0x00})})
      .section(9, raw({0x00, 0x01, 0x00, 0x01}))
      .imports({named("i", {0x02, 0x01, 0x79})})
      .exports({named("e", {0x01, 0x00, 0x01, 0x01, 0x00})})
      .items(12, {raw({0x7d, 0x01, 0x2a})});
}

TEST(Decoder, ReadsEverySection) {
  const auto decoded = decode(everything().bytes());
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  EXPECT_EQ(decoded->root().definitions.size(), 41u);
  EXPECT_EQ(decoded->modules.size(), 1u);
}

TEST(Decoder, ReadsNoFurtherThanWhatIsThere) {
  const auto bytes = everything().bytes();
  // Section by section it may be whole; anything else is an error and no read past the end
  // (sanitizers look).
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> part(bytes.begin(),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const auto decoded = decode(part);
    if (!decoded) EXPECT_FALSE(decoded.error().message().empty());
  }
}

TEST(Decoder, SurvivesAnyChangedByte) {
  const auto bytes = everything().bytes();
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (size_t i = 8; i < bytes.size(); ++i) {
    for (int round = 0; round < 4; ++round) {
      auto changed = bytes;
      changed[i] = std::byte(random() & 0xff);
      static_cast<void>(decode(changed));
    }
  }
}

}  // namespace
}  // namespace wasmcloud::component
