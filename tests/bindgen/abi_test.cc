#include "bindgen/fake_context.h"
#include "bindings/test/shapes_1/shapes.abi.h"
#include "component/abi/call.h"

#include <gtest/gtest.h>

#include <random>

namespace wasmcloud::component::abi {
namespace {

namespace shapes = wit::test::shapes_1::shapes;

using Calls = std::vector<FakeContext::Realloc>;

// Layouts, counted by hand from the rules ("Alignment", "Element Size", "Flattening").
static_assert(Type<shapes::Point>::kSize == 8 && Type<shapes::Point>::kAlign == 4 &&
              Type<shapes::Point>::kFlat == 2);
static_assert(Type<shapes::Color>::kSize == 1 && Type<shapes::Permissions>::kSize == 1);
static_assert(Type<shapes::Wide>::kSize == 2 && Type<shapes::Full>::kSize == 4);
static_assert(Type<shapes::Shape>::kAlign == 8 && Type<shapes::Shape>::kSize == 24 &&
              Type<shapes::Shape>::kFlat == 3);
static_assert(Type<std::tuple<uint8_t, uint64_t>>::kSize == 16);
static_assert(Type<std::optional<uint8_t>>::kSize == 2 &&
              Type<std::optional<uint64_t>>::kSize == 16);
static_assert(Type<std::expected<void, std::monostate>>::kSize == 1 &&
              Type<std::expected<void, std::monostate>>::kFlat == 1);
static_assert(Type<std::array<uint16_t, 3>>::kSize == 6 &&
              Type<std::array<uint16_t, 3>>::kFlat == 3);
static_assert(Type<std::string>::kSize == 8 && Type<std::vector<shapes::Point>>::kFlat == 2);

template <class T>
Result<T> load(FakeContext& context, uint32_t at) {
  Lift in(context);
  T value{};
  if (in.check(at, Type<T>::kSize, Type<T>::kAlign)) Type<T>::load(in, at, value);
  TRY(in.result());
  return value;
}

template <class T>
Result<T> lift(FakeContext& context, std::initializer_list<uint64_t> flat) {
  RawValue values[20] = {};
  size_t i = 0;
  for (const uint64_t value : flat) values[i++].u64 = value;
  Lift in(context);
  T value{};
  Type<T>::lift(in, values, value);
  TRY(in.result());
  return value;
}

template <class T>
std::string trap_of(const Result<T>& result) {
  if (result) return "no trap";
  EXPECT_EQ(result.error().code(), Errc::Trap);
  return result.error().message();
}

TEST(AbiLift, NarrowIntegersWrapAndBoolsAreAnythingButZero) {
  FakeContext context;
  EXPECT_EQ(lift<uint8_t>(context, {0x1ff}), 0xff);
  EXPECT_EQ(lift<int8_t>(context, {0x80}), -128);
  EXPECT_EQ(lift<int16_t>(context, {0xffff'ffff}), -1);
  EXPECT_EQ(lift<bool>(context, {2}), true);
  EXPECT_EQ(lift<bool>(context, {uint64_t{1} << 32}), false);  // only the low half is the value
  context.poke<uint8_t>(3, 0x80);
  EXPECT_EQ(load<bool>(context, 3), true);
}

TEST(AbiLift, CharsAreScalarValues) {
  FakeContext context;
  EXPECT_EQ(lift<char32_t>(context, {0x10ffff}), U'\x10ffff');
  EXPECT_EQ(lift<char32_t>(context, {0xd7ff}), U'\xd7ff');
  for (const uint64_t bad : {0xd800u, 0xdfffu, 0x110000u, 0xffffffffu}) {
    EXPECT_EQ(trap_of(lift<char32_t>(context, {bad})),
              fmt::format("{:#x} is no Unicode scalar value, as a char has to be", bad));
  }
}

TEST(AbiLift, DiscriminantsAreInRange) {
  FakeContext context;
  EXPECT_EQ(lift<shapes::Color>(context, {2}), shapes::Color::Blue);
  EXPECT_EQ(trap_of(lift<shapes::Color>(context, {3})), "discriminant 3 of 3 cases");
  EXPECT_EQ(trap_of(lift<shapes::Shape>(context, {6, 0, 0})), "discriminant 6 of 6 cases");
  EXPECT_EQ(trap_of(lift<std::optional<uint64_t>>(context, {2, 0})), "discriminant 2 of 2 cases");
  context.poke<uint8_t>(8, 255);
  EXPECT_EQ(trap_of(load<shapes::Shape>(context, 8)), "discriminant 255 of 6 cases");
}

TEST(AbiLift, UpperBitsOfJoinedValuesAndUnknownFlagsDoNotCount) {
  FakeContext context;
  const auto circle = lift<shapes::Shape>(context, {1, 0xdead'beef'0000'0000 | 0x3f800000u, 99});
  ASSERT_TRUE(circle);
  EXPECT_EQ(circle->get_circle(), 1.0f);
  EXPECT_EQ(lift<shapes::Permissions>(context, {0xff})->bits, 7u);
  EXPECT_EQ(lift<shapes::Full>(context, {0xffff'ffff})->bits, 0xffff'ffffu);
}

TEST(AbiLift, PointersAndLengthsAreChecked) {
  FakeContext context;
  const auto size = static_cast<uint32_t>(context.bytes_of_guest.size());
  EXPECT_TRUE(lift<std::string>(context, {size, 0}));
  EXPECT_NE(trap_of(lift<std::string>(context, {size, 1})).find("not in bounds"),
            std::string::npos);
  EXPECT_NE(trap_of(lift<std::string>(context, {size + 1, 0})).find("not in bounds"),
            std::string::npos);
  EXPECT_NE(trap_of(lift<std::string>(context, {0xffff'ffff, 1})).find("not in bounds"),
            std::string::npos);
  EXPECT_NE(trap_of(lift<Bytes>(context, {0, 1u << 28})).find("longer than 2^28 - 1"),
            std::string::npos);
  EXPECT_NE(
      trap_of(lift<std::vector<uint64_t>>(context, {0, 1u << 25})).find("longer than 2^28 - 1"),
      std::string::npos);
  EXPECT_NE(
      trap_of(lift<std::vector<uint64_t>>(context, {0, 0xffff'ffff})).find("longer than 2^28 - 1"),
      std::string::npos);
  // Aligned even if empty.
  EXPECT_NE(trap_of(lift<std::vector<uint32_t>>(context, {2, 0})).find("not aligned"),
            std::string::npos);
  EXPECT_NE(trap_of(load<shapes::Point>(context, 2)).find("not aligned"), std::string::npos);
  EXPECT_NE(trap_of(load<shapes::Point>(context, size - 4)).find("not in bounds"),
            std::string::npos);
}

TEST(AbiLift, StringsAreWellFormed) {
  FakeContext context;
  context.poke_text(0, "ab\xc3");
  EXPECT_EQ(lift<std::string>(context, {0, 2}), "ab");
  EXPECT_EQ(trap_of(lift<std::string>(context, {0, 3})), "string is not valid UTF-8");

  FakeContext wide(StringEncoding::Utf16);
  wide.poke<uint16_t>(0, 0xd83d);
  wide.poke<uint16_t>(2, 0xde00);
  EXPECT_EQ(lift<std::string>(wide, {0, 2}), "\xf0\x9f\x98\x80");
  EXPECT_NE(trap_of(lift<std::string>(wide, {0, 1})).find("UTF-16"), std::string::npos);
  EXPECT_NE(trap_of(lift<std::string>(wide, {2, 1})).find("UTF-16"), std::string::npos);
  EXPECT_NE(trap_of(lift<std::string>(wide, {1, 1})).find("not aligned"), std::string::npos);
  EXPECT_NE(trap_of(lift<std::string>(wide, {0, 33})).find("not in bounds"), std::string::npos);

  FakeContext both(StringEncoding::Latin1Utf16);
  both.poke_text(0, "\xe9!");
  EXPECT_EQ(lift<std::string>(both, {0, 2}), "\xc3\xa9!");
  both.poke<uint16_t>(4, 0x20ac);
  EXPECT_EQ(lift<std::string>(both, {4, 1u | 1u << 31}), "\xe2\x82\xac");
  EXPECT_NE(trap_of(lift<std::string>(both, {1, 1})).find("not aligned"), std::string::npos);
}

// Lists in a guest's memory may overlap: 60 bytes claim to be gigabytes.
TEST(AbiLift, WhatACallMakesTheHostAllocateIsBounded) {
  FakeContext context;
  context.bytes_of_guest.resize(1 << 20);
  for (uint32_t i = 0; i < 4096; ++i) {
    context.poke<uint32_t>(i * 8, 0);
    context.poke<uint32_t>(i * 8 + 4, 1 << 20);
  }
  EXPECT_NE(trap_of(lift<std::vector<Bytes>>(context, {0, 4096})).find("bytes of the host"),
            std::string::npos);
}

TEST(AbiLower, BlocksAreAllocatedDepthFirst) {
  FakeContext context;
  const auto base = static_cast<uint32_t>(context.bytes_of_guest.size());
  std::vector<std::vector<std::string>> value{{"ab", ""}, {}};
  Lower out(context);
  RawValue flat[2] = {};
  Type<decltype(value)>::lower(out, value, flat);
  ASSERT_TRUE(out.result());
  EXPECT_EQ(context.calls,
            (Calls{{0, 0, 4, 16}, {0, 0, 4, 16}, {0, 0, 1, 2}, {0, 0, 1, 0}, {0, 0, 4, 0}}));
  EXPECT_EQ(flat[0].u32, base);
  EXPECT_EQ(flat[1].u32, 2u);
  EXPECT_EQ(context.peek<uint32_t>(base + 4), 2u);
}

TEST(AbiLower, AWrongReallocTrapsAndTheGuestIsNotCalledAgain) {
  for (const uint32_t bad : {0xffff'ff00u, 2u}) {
    FakeContext context;
    context.answer = bad;
    std::vector<std::vector<uint32_t>> value{{1}, {2}};
    Lower out(context);
    RawValue flat[2] = {};
    Type<decltype(value)>::lower(out, value, flat);
    EXPECT_NE(trap_of(out.result()).find("realloc return"), std::string::npos);
    EXPECT_EQ(context.calls.size(), 1u);
  }
}

TEST(AbiLower, PlacesForResultsAreChecked) {
  FakeContext context;
  for (const auto& [at, what] : {std::pair<uint32_t, const char*>{4, "not aligned"},
                                 {64, "not in bounds"},
                                 {0xffff'fff8, "not in bounds"}}) {
    RawValue flat[2] = {};
    flat[1].u32 = at;
    shapes::Shape value = shapes::Shape::nothing();
    EXPECT_NE(trap_of(lower_result(context, flat, 1, value)).find(what), std::string::npos);
  }
}

TEST(AbiLower, TextThatIsNotUtf8StaysInTheHost) {
  FakeContext context;
  std::string text = "\xff";
  Lower out(context);
  RawValue flat[2] = {};
  Type<std::string>::lower(out, text, flat);
  const auto result = out.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Internal);
  EXPECT_TRUE(context.calls.empty());
}

// The table of the component-model guide, "Writing values into a guest".
TEST(AbiLower, TranscodingAllocatesAsTheRulesSay) {
  const auto lowered = [](FakeContext& context, std::string text) {
    Lower out(context);
    RawValue flat[2] = {};
    Type<std::string>::lower(out, text, flat);
    EXPECT_TRUE(out.result());
    return std::pair(flat[0].u32, flat[1].u32);
  };
  FakeContext wide(StringEncoding::Utf16);
  lowered(wide, "abc");
  EXPECT_EQ(wide.calls, (Calls{{0, 0, 2, 6}}));
  FakeContext shrunk(StringEncoding::Utf16);
  const auto [at, length] = lowered(shrunk, "\xc3\xa9");
  EXPECT_EQ(shrunk.calls, (Calls{{0, 0, 2, 4}, {64, 4, 2, 2}}));
  EXPECT_EQ(length, 1u);
  EXPECT_EQ(shrunk.peek<uint16_t>(at), 0xe9);
  FakeContext latin(StringEncoding::Latin1Utf16);
  EXPECT_EQ(lowered(latin, "a\xc3\xa9").second, 2u);
  EXPECT_EQ(latin.calls, (Calls{{0, 0, 2, 3}, {64, 3, 2, 2}}));
  FakeContext tagged(StringEncoding::Latin1Utf16);
  EXPECT_EQ(lowered(tagged, "a\xe2\x82\xac").second, 2u | 1u << 31);
  EXPECT_EQ(tagged.calls, (Calls{{0, 0, 2, 4}, {64, 4, 2, 8}, {68, 8, 2, 4}}));
}

// Property: what is lowered lifts to the same, in every encoding.
class RoundTrip : public testing::TestWithParam<StringEncoding> {};

std::string random_text(std::mt19937& random) {
  static constexpr const char* kParts[] = {
      "a", "z9 ", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf", ""};
  std::string text;
  const size_t kinds = random() % 2 == 0 ? 3 : std::size(kParts);
  for (size_t i = random() % 6; i > 0; --i) text += kParts[random() % kinds];
  return text;
}

shapes::Shape random_shape(std::mt19937& random) {
  switch (random() % 6) {
    case 0:
      return shapes::Shape::nothing();
    case 1:
      return shapes::Shape::circle(static_cast<float>(random()));
    case 2:
      return shapes::Shape::rectangle({static_cast<double>(random()), -0.5});
    case 3:
      return shapes::Shape::label(random_text(random));
    case 4:
      return shapes::Shape::value_(uint64_t{random()} << 20);
    default:
      return shapes::Shape::tag_();
  }
}

shapes::Everything random_everything(std::mt19937& random) {
  shapes::Everything value;
  value.a = random() % 2 == 0;
  value.b = static_cast<uint8_t>(random());
  value.c = static_cast<int8_t>(random());
  value.d = static_cast<uint16_t>(random());
  value.e = static_cast<int16_t>(random());
  value.f = static_cast<uint32_t>(random());
  value.g = static_cast<int32_t>(random());
  value.h = uint64_t{random()} * random();
  value.i = -static_cast<int64_t>(random()) * 3;
  value.j = static_cast<float>(random()) / 7;
  value.k = static_cast<double>(random()) / 3;
  value.l = static_cast<char32_t>(0xe000 + random() % 0x1000);
  value.m = random_text(random);
  value.n = Bytes::copy_of(random_text(random));
  for (size_t i = random() % 4; i > 0; --i) value.o.push_back(static_cast<uint32_t>(random()));
  for (size_t i = random() % 4; i > 0; --i)
    value.p.push_back({.x = static_cast<int32_t>(random()), .y = 2});
  if (random() % 2 == 0) value.q = random_text(random);
  if (random() % 2 == 0)
    value.r = static_cast<uint8_t>(random());
  else
    value.r = std::unexpected(random_text(random));
  value.s = {static_cast<uint8_t>(random()), uint64_t{random()} << 30};
  value.t = static_cast<shapes::Color>(random() % 3);
  value.u.bits = random() % 8;
  value.v = random_shape(random);
  for (size_t i = random() % 3; i > 0; --i) {
    auto& list = value.w.emplace_back();
    for (size_t j = random() % 3; j > 0; --j) list.push_back(random_text(random));
  }
  for (size_t i = random() % 3; i > 0; --i) value.x.emplace_back(random_text(random), 7);
  value.y = {static_cast<uint16_t>(random()), 2, 3};
  for (size_t i = random() % 5; i > 0; --i) value.z.push_back(random() % 2 == 0);
  value.namespace_ = {.class_ = 1, .new_ = static_cast<uint8_t>(random()), .export_ = 3};
  return value;
}

void expect_same(const shapes::Everything& x, const shapes::Everything& y) {
  EXPECT_EQ(std::tie(x.a, x.b, x.c, x.d, x.e, x.f, x.g, x.h, x.i, x.j, x.k, x.l, x.m, x.n, x.o),
            std::tie(y.a, y.b, y.c, y.d, y.e, y.f, y.g, y.h, y.i, y.j, y.k, y.l, y.m, y.n, y.o));
  ASSERT_EQ(x.p.size(), y.p.size());
  for (size_t i = 0; i < x.p.size(); ++i) EXPECT_EQ(x.p[i].x, y.p[i].x);
  EXPECT_EQ(x.q, y.q);
  EXPECT_EQ(x.r, y.r);
  EXPECT_EQ(std::tie(x.s, x.t, x.u, x.v.value, x.w, x.x, x.y, x.z),
            std::tie(y.s, y.t, y.u, y.v.value, y.w, y.x, y.y, y.z));
  EXPECT_EQ(x.namespace_.new_, y.namespace_.new_);
}

TEST_P(RoundTrip, WhatIsLoweredLiftsToTheSame) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const shapes::Everything before = random_everything(random);
    random.seed(seed);
    shapes::Everything moved = random_everything(random);
    FakeContext context(GetParam());
    using Parameter = Parameters<shapes::Everything>;
    static_assert(Parameter::kSpilled);
    RawValue flat[16] = {};
    Lower out(context);
    Parameter::lower(out, flat, moved);
    ASSERT_TRUE(out.result());
    Lift in(context);
    Parameter parameters(in, flat);
    const shapes::Everything after = parameters.get<0>();
    ASSERT_TRUE(in.result());
    expect_same(before, after);
  }
}

// Whatever bytes are there, lifting ends, in a value or a trap.
TEST_P(RoundTrip, AnyBytesLiftOrTrap) {
  size_t traps = 0;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937 random(seed);
    shapes::Everything value = random_everything(random);
    FakeContext context(GetParam());
    RawValue flat[16] = {};
    Lower out(context);
    Parameters<shapes::Everything>::lower(out, flat, value);
    ASSERT_TRUE(out.result());
    for (int i = 0; i < 8; ++i)
      context.bytes_of_guest[random() % context.bytes_of_guest.size()] =
          static_cast<std::byte>(random());
    Lift in(context);
    Parameters<shapes::Everything> parameters(in, flat);
    static_cast<void>(parameters.get<0>());
    const auto result = in.result();
    if (!result) EXPECT_EQ(result.error().code(), Errc::Trap);
    traps += result ? 0 : 1;
  }
  EXPECT_GT(traps, 100u);
}

INSTANTIATE_TEST_SUITE_P(Encodings, RoundTrip,
                         testing::Values(StringEncoding::Utf8, StringEncoding::Utf16,
                                         StringEncoding::Latin1Utf16),
                         [](const auto& info) {
                           return info.param == StringEncoding::Utf8    ? "Utf8"
                                  : info.param == StringEncoding::Utf16 ? "Utf16"
                                                                        : "Latin1Utf16";
                         });

}  // namespace
}  // namespace wasmcloud::component::abi
