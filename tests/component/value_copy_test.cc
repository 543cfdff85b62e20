#include "component/detail/value_copy.h"

#include "component/detail/dynamic_values.h"
#include "component/support/fake_context.h"
#include "component/wave.h"
#include "engine/values.h"

#include <gtest/gtest.h>

#include <array>

namespace wasmcloud::component {
namespace {

using Kind = TypeDescription::Kind;
using engine::RawValue;

const GuestResourceType kMine{.name = "mine", .instance = 7};

constexpr NamedType kPoint[] = {{"x", &describe::kS32}, {"y", &describe::kU8}};
constexpr TypeDescription kPointType{.kind = Kind::Record, .parts = kPoint};
constexpr NamedType kPointElement[] = {{"", &kPointType}};
constexpr TypeDescription kPointList{.kind = Kind::List, .parts = kPointElement};
constexpr NamedType kStringElement[] = {{"", &describe::kString}};
constexpr TypeDescription kStringOption{.kind = Kind::Option, .parts = kStringElement};
constexpr NamedType kFlagLabels[] = {{"a"}, {"b"}, {"c"}};
constexpr TypeDescription kFlagsType{.kind = Kind::Flags, .parts = kFlagLabels};
constexpr NamedType kCases[] = {
    {"int", &describe::kU64}, {"none"}, {"float", &describe::kF32}, {"text", &describe::kString}};
constexpr TypeDescription kVariantType{.kind = Kind::Variant, .parts = kCases};
constexpr NamedType kResultParts[] = {{"ok", &kPointList}, {"error", &kVariantType}};
constexpr TypeDescription kResultType{.kind = Kind::Result, .parts = kResultParts};
constexpr NamedType kU16Element[] = {{"", &describe::kU16}};
constexpr TypeDescription kFour{.kind = Kind::FixedList, .parts = kU16Element, .length = 4};
constexpr NamedType kPair[] = {{"", &describe::kString}, {"", &describe::kU32}};
constexpr TypeDescription kMapType{.kind = Kind::Map, .parts = kPair};
constexpr NamedType kAllFields[] = {
    {"b", &describe::kBool}, {"c", &describe::kChar}, {"f", &describe::kF64}, {"o", &kStringOption},
    {"fl", &kFlagsType},     {"v", &kVariantType},    {"l", &kPointList},     {"r", &kResultType},
    {"four", &kFour},        {"m", &kMapType}};
constexpr TypeDescription kAll{.kind = Kind::Record, .parts = kAllFields};

Value point(int32_t x, uint8_t y) { return Value(Value::Record{{"x", "y"}, {Value(x), Value(y)}}); }
Value text(std::string_view value) { return Value(std::string(value)); }

Value everything() {
  Value::Record all;
  auto add = [&](std::string_view name, Value value) {
    all.names.emplace_back(name);
    all.values.push_back(std::move(value));
  };
  add("b", Value(true));
  add("c", Value(U'☃'));
  add("f", Value(-0.5));
  add("o", Value(Value::Option{{text("gr\xc3\xbcn")}}));
  add("fl", Value(Value::Flags{{"a", "c"}}));
  add("v", Value(Value::Variant{"float", {Value(1.5f)}}));
  add("l", Value(Value::List{{point(-1, 2), point(3, 4)}}));
  add("r", Value(Value::Result{false, {Value(Value::Variant{"text", {text("no")}})}}));
  add("four", Value(Value::List{{Value(uint16_t{1}), Value(uint16_t{2}), Value(uint16_t{3}),
                                 Value(uint16_t{4})}}));
  add("m", Value(Value::List{{Value(Value::Tuple{{text("k"), Value(7u)}})}}));
  return Value(std::move(all));
}

TEST(DynamicValues, ComeBackAsTheyWereThroughMemory) {
  RuntimeTypes types;
  const RuntimeType& type = *types.from(kAll);
  FakeContext context;
  const uint32_t block = *context.allocate(type.size, type.align);
  const Value value = everything();
  const Result<void> lowered = lower_memory(context, type, value, block);
  ASSERT_TRUE(lowered) << lowered.error().message();
  const Result<Value> lifted = lift_memory(context, type, block);
  ASSERT_TRUE(lifted) << lifted.error().message();
  EXPECT_EQ(*lifted, value) << write_wave(*lifted);
}

TEST(DynamicValues, ComeBackAsTheyWereThroughCoreValues) {
  RuntimeTypes types;
  FakeContext context;
  for (const Value& value :
       {Value(Value::Variant{"int", {Value(~uint64_t{0})}}), Value(Value::Variant{"none", {}}),
        Value(Value::Variant{"float", {Value(-2.5f)}}),
        Value(Value::Variant{"text", {text("x")}})}) {
    const RuntimeType& type = *types.from(kVariantType);
    EXPECT_EQ(type.flat_count, 3u);
    std::array<RawValue, 3> flat;
    flat.fill({.u64 = ~uint64_t{0}});
    ASSERT_TRUE(lower_flat(context, type, value, flat.data()));
    EXPECT_EQ(lift_flat(context, type, flat.data()), value);
  }
}

TEST(DynamicValues, RefuseAValueOfAnotherType) {
  RuntimeTypes types;
  FakeContext context;
  std::array<RawValue, 3> flat;
  const Result<void> lowered =
      lower_flat(context, *types.from(describe::kU32), text("3"), flat.data());
  ASSERT_FALSE(lowered);
  EXPECT_EQ(lowered.error().code(), Errc::Invalid);
  EXPECT_EQ(lowered.error().message(), "\"3\" is not a value of type u32");
}

TEST(RuntimeType, LaysOutAsTheSpecificationSays) {
  RuntimeTypes types;
  const RuntimeType& variant = *types.from(kVariantType);
  EXPECT_EQ(variant.size, 16u);
  EXPECT_EQ(variant.align, 8u);
  EXPECT_EQ(variant.payload_offset, 8u);
  const RuntimeType& pair = *types.from(kPointType);
  EXPECT_EQ(pair.size, 8u);
  EXPECT_FALSE(pair.is_plain) << "padding must not be copied";
  EXPECT_TRUE(types.from(kFour)->is_plain);
  EXPECT_FALSE(types.from(kFlagsType)->is_plain);
  EXPECT_EQ(types.from(kAll), types.from(kAll)) << "types are interned";
}

struct TwoGuests {
  FakeContext from{65536, StringEncoding::Utf8};
  FakeContext to{65536, StringEncoding::Utf16};
  RuntimeTypes types;
};

TEST(ValueCopy, CopiesEveryKindOfValue) {
  TwoGuests guests;
  const RuntimeType& type = *guests.types.from(kAll);
  const uint32_t source = *guests.from.allocate(type.size, type.align);
  ASSERT_TRUE(lower_memory(guests.from, type, everything(), source));
  const uint32_t sink = *guests.to.allocate(type.size, type.align);
  const Result<void> copied =
      ValueCopy(guests.from, guests.to).memory_to_memory(type, source, sink);
  ASSERT_TRUE(copied) << copied.error().message();
  EXPECT_EQ(lift_memory(guests.to, type, sink), everything());
}

TEST(ValueCopy, CopiesPlainListsInOnePiece) {
  TwoGuests guests;
  constexpr NamedType kBytes[] = {{"", &describe::kU8}};
  const RuntimeType& type = *guests.types.from({.kind = Kind::List, .parts = kBytes});
  std::array<RawValue, 2> flat;
  flat[0].u64 = 64;
  flat[1].u64 = 1000;
  guests.from.buffer()[64 + 999] = std::byte{42};
  std::array<RawValue, 2> out;
  ASSERT_TRUE(ValueCopy(guests.from, guests.to).flat_to_flat(type, flat.data(), out.data()));
  EXPECT_EQ(out[1].u64, 1000u);
  EXPECT_EQ(guests.to.buffer()[out[0].u32 + 999], std::byte{42});
  EXPECT_EQ(guests.to.allocations().size(), 1u);
}

std::string trap_of(const TypeDescription& description, std::vector<uint64_t> values) {
  TwoGuests guests;
  std::vector<RawValue> flat(values.size());
  for (size_t i = 0; i < values.size(); ++i) flat[i].u64 = values[i];
  std::array<RawValue, 16> out;
  const Result<void> copied =
      ValueCopy(guests.from, guests.to)
          .flat_to_flat(*guests.types.from(description), flat.data(), out.data());
  return copied ? "no trap" : copied.error().message();
}

TEST(ValueCopy, TrapsOnWhatIsNoValue) {
  EXPECT_EQ(trap_of(describe::kChar, {0xd800}), "invalid `char` bit pattern: 0xd800");
  EXPECT_EQ(trap_of(describe::kChar, {0x110000}), "invalid `char` bit pattern: 0x110000");
  EXPECT_EQ(trap_of(describe::kChar, {0x10ffff}), "no trap");
  EXPECT_EQ(trap_of(kVariantType, {4, 0, 0}), "invalid variant discriminant: 4 of 4");
  EXPECT_EQ(trap_of(kPointList, {2, 0}), "unaligned pointer: list at 0x2, to 4");
  EXPECT_EQ(trap_of(kPointList, {0, 8193}), "list content out-of-bounds: 65544 bytes at 0x0");
  EXPECT_EQ(trap_of(kPointList, {0, ~0u}),
            "list content out-of-bounds: 4294967295 elements of 8 bytes are too many");
}

TEST(ValueCopy, MovesOwnedHandlesAndLendsBorrowedOnes) {
  RuntimeTypes types;
  FakeContext from;
  FakeContext to;
  auto describe_handle = [&](TypeKind kind, ResourceType resource) {
    return RuntimeType{.kind = kind, .flat_count = 1, .resource = resource};
  };
  ASSERT_EQ(from.handles().add_own(kMine, {.number = 42}), 1u);
  RawValue handle{.u64 = 1};
  RawValue out;
  {
    ValueCopy copy(from, to);
    ASSERT_TRUE(copy.flat_to_flat(describe_handle(TypeKind::Borrow, kMine), &handle, &out));
    EXPECT_EQ(out.u64, 1u);
    EXPECT_EQ(to.borrows().open, 1u);
    EXPECT_FALSE(copy.flat_to_flat(describe_handle(TypeKind::Own, kMine), &handle, &out)) << "lent";
  }
  from.end_lends();
  ASSERT_TRUE(to.handles().drop(1, kMine));
  EXPECT_EQ(to.borrows().open, 0u);
  ASSERT_TRUE(
      ValueCopy(from, to).flat_to_flat(describe_handle(TypeKind::Own, kMine), &handle, &out));
  EXPECT_EQ(from.handles().size(), 0u);
  EXPECT_EQ(to.handles().representation(1, kMine)->number, 42u);
}

}  // namespace
}  // namespace wasmcloud::component
