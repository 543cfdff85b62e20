#include "component/limits.h"

#include "component/decoder.h"
#include "component/detail/places.h"
#include "component/detail/text.h"
#include "component/handle_table.h"
#include "component/support/components.h"
#include "component/support/fake_context.h"
#include "component/support/limit_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/mman.h>

namespace wasmcloud::component {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using wasmcloud::testing::WasmBytes;

class Limits : public ::testing::TestWithParam<LimitCase> {};

Result<void> check(const ComponentBuilder& component) {
  TRY(validate(TRY(decode(component.bytes())), component.bytes()));
  return {};
}

TEST_P(Limits, LetThroughSoMuchAndNotOneMore) {
  const LimitCase& row = GetParam();
  const Result<void> most = check(row.make(row.limit));
  EXPECT_TRUE(most.has_value()) << most.error().message();
  const Result<void> more = check(row.make(row.limit + 1));
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().code(), row.code);
  EXPECT_THAT(more.error().message(),
              AllOf(HasSubstr(row.message), ContainsRegex("offset 0x[0-9a-f]+")));
}

INSTANTIATE_TEST_SUITE_P(Table, Limits, ::testing::ValuesIn(limit_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(LimitsOfDecoding, BoundTheBytesBeforeTheyAreRead) {
  // Nothing of it is resident until it is read.
  void* at = ::mmap(nullptr, kMaxComponentBytes + 1, PROT_READ,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(at, MAP_FAILED);
  const std::span bytes(static_cast<const std::byte*>(at), kMaxComponentBytes + 1);
  EXPECT_EQ(decode(bytes).error().code(), Errc::Limit);
  EXPECT_EQ(decode(bytes.first(kMaxComponentBytes)).error().code(), Errc::Malformed);
  ::munmap(at, kMaxComponentBytes + 1);
}

TEST(LimitsOfDecoding, BoundTheDefinitionsOfAllComponentsTogether) {
  // Of one byte each; more would be told only by validation, when all of them lie in memory.
  const auto half = ComponentBuilder().section(7, [] {
    WasmBytes body;
    body.u32(kMaxItems);
    body.bytes.resize(body.bytes.size() + kMaxItems, std::byte{0x7f});
    return body;
  }());
  static_assert(kMaxTotalDefinitions == 2 * kMaxItems);
  ComponentBuilder all;
  all.component(half).component(half);
  EXPECT_TRUE(decode(all.bytes()).has_value());
  const auto more = decode(all.types({raw({0x7f})}).bytes());
  ASSERT_FALSE(more.has_value());
  EXPECT_EQ(more.error().code(), Errc::Limit);
  EXPECT_THAT(more.error().message(), HasSubstr("more definitions than the limit of 2000000 at"));
}

TEST(LimitsOfDecoding, BoundTheOptionsOfACanonicalDefinition) {
  const auto message = [](unsigned count) {
    WasmBytes lower = raw({0x01, 0x00, 0x00}).u32(count);
    for (unsigned i = 0; i < count; ++i) lower.byte(0x00);
    const auto decoded = decode(ComponentBuilder().canons({lower}).bytes());
    return decoded ? "" : decoded.error().message();
  };
  // No ten of them go together, so what is wrong with these is another thing.
  EXPECT_THAT(message(kMaxCanonOptions), HasSubstr("utf8"));
  EXPECT_THAT(message(kMaxCanonOptions + 1),
              HasSubstr("11 canonical options at offset 0xe, more than the limit of 10"));
}

TEST(LimitsOfCalls, BoundWhatOneListOrStringHas) {
  FakeContext context;
  RuntimeType element{.kind = TypeKind::U8, .size = 1, .align = 1};
  const auto list = [&](uint32_t length) {
    const auto checked = check_list(context, 0, length, element);
    return checked ? "" : checked.error().message();
  };
  EXPECT_EQ(list((1u << 28) - 1), "list content out-of-bounds: 268435455 bytes at 0x0");
  EXPECT_EQ(list(1u << 28),
            "list content out-of-bounds: 268435456 elements of 1 bytes are too many");
  const auto text = [&](uint32_t length) {
    const auto lifted = lift_text(context, {.at = 0, .length = length});
    return lifted ? "" : lifted.error().message();
  };
  EXPECT_EQ(text(kMaxTransferBytes), "string content out-of-bounds: 268435455 bytes at 0x0");
  EXPECT_EQ(text(kMaxTransferBytes + 1),
            "string content out-of-bounds: 268435456 bytes are more than 268435455");
}

TEST(LimitsOfCalls, BoundTheHandlesOfAnInstance) {
  static const GuestResourceType kType{.name = "r", .instance = 0};
  static_assert(HandleTable::kMaxEntries == (1u << 28) - 1);
  HandleTable table;
  table.set_limit(3);
  BorrowScope scope;
  ASSERT_TRUE(table.add_own(kType, {.number = 1}));
  ASSERT_TRUE(table.add_borrow(kType, {.number = 2}, scope));
  ASSERT_TRUE(table.add_own(kType, {.number = 3}));
  for (int i = 0; i < 2; ++i) {
    const auto more = i == 0 ? table.add_own(kType, {.number = 4})
                             : table.add_borrow(kType, {.number = 4}, scope);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code(), Errc::Limit);
    EXPECT_THAT(more.error().message(), HasSubstr("limit of 3 handles"));
  }
  EXPECT_EQ(scope.open, 1u);
  ASSERT_TRUE(table.drop(1, kType));
  EXPECT_TRUE(table.add_own(kType, {.number = 5}));
}

// --- What linking makes of a small binary. ---

Result<void> prepared(const ComponentBuilder& builder) {
  Linker linker;
  TRY(linker.prepare(TRY(Component::load(test_engine(), builder.bytes()))));
  return {};
}

std::string refusal(const ComponentBuilder& builder) {
  const auto result = prepared(builder);
  return result ? "none"
                : fmt::format("{}: {}", name_of(result.error().code()), result.error().message());
}

std::vector<WasmBytes> instances(size_t count, unsigned of) {
  return std::vector<WasmBytes>(count, raw({0x00, of, 0x00}));
}

TEST(LimitsOfLinking, BoundTheComponentInstancesOfATree) {
  const ComponentBuilder many =
      ComponentBuilder().component(ComponentBuilder()).items(5, instances(1110, 0));
  ComponentBuilder root;
  root.component(many).items(5, instances(9, 0));
  EXPECT_EQ(refusal(root), "none") << "1 + 9 * 1111 = 10000";
  root.component(ComponentBuilder()).items(5, instances(1, 1));
  EXPECT_EQ(refusal(root), "Limit: the component makes more than 10000 component instances");
}

TEST(LimitsOfLinking, BoundTheCoreInstancesOfATree) {
  const ComponentBuilder many =
      ComponentBuilder()
          .section(1, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00}))
          .items(2, instances(1000, 0));
  ComponentBuilder root;
  root.component(many).items(5, instances(10, 0));
  EXPECT_EQ(refusal(root), "none");
  root.section(1, raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00})).items(2, instances(1, 0));
  EXPECT_EQ(refusal(root), "Limit: the component makes more than 10000 core instances");
}

TEST(LimitsOfLinking, BoundTheDefinitionsThatAreGoneThrough) {
  // A component of half a million types, instantiated again and again.
  WasmBytes types;
  types.u32(500'000);
  types.bytes.resize(types.bytes.size() + 500'000, std::byte{0x7f});
  ComponentBuilder root;
  root.component(ComponentBuilder().section(7, types)).items(5, instances(10, 0));
  EXPECT_EQ(refusal(root), "none");
  root.items(5, instances(1, 0));
  EXPECT_EQ(refusal(root),
            "Limit: the component's instances have more than 5000000 definitions together");
}

}  // namespace
}  // namespace wasmcloud::component
