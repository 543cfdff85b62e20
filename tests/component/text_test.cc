#include "component/detail/text.h"

#include "component/support/fake_context.h"

#include <gtest/gtest.h>

#include <cstring>

namespace wasmcloud::component {
namespace {

using enum StringEncoding;
using Allocations = std::vector<FakeContext::Allocation>;

constexpr uint32_t kAt = 1024;
constexpr uint32_t kTag = 1u << 31;

/// `text` of `units` units in a guest with this encoding.
TextPlace put(FakeContext& context, std::string_view bytes, uint32_t units) {
  std::memcpy(context.buffer().data() + kAt, bytes.data(), bytes.size());
  return {.at = kAt, .length = units};
}

std::string bytes_of(FakeContext& context, uint32_t at, size_t size) {
  return {reinterpret_cast<const char*>(context.buffer().data()) + at, size};
}

std::string utf16(std::u16string_view text) {
  return {reinterpret_cast<const char*>(text.data()), text.size() * 2};
}

struct Row {
  const char* name;
  StringEncoding from;
  std::string source;
  uint32_t units;
  StringEncoding to;
  std::string expected;
  uint32_t length;
  Allocations allocations;  // old: 0 for none, else whatever the call before returned
};

class Transcoding : public testing::TestWithParam<Row> {};

TEST_P(Transcoding, CallsReallocLikeThis) {
  const Row& row = GetParam();
  FakeContext from(65536, row.from);
  FakeContext to(65536, row.to);
  const Result<TextPlace> copied = copy_text(from, put(from, row.source, row.units), to);
  ASSERT_TRUE(copied) << copied.error().message();
  EXPECT_EQ(copied->length, row.length);
  EXPECT_EQ(bytes_of(to, copied->at, row.expected.size()), row.expected);
  Allocations calls = to.allocations();
  for (FakeContext::Allocation& call : calls) call.old = call.old == 0 ? 0 : 1;
  EXPECT_EQ(calls.size(), row.allocations.size());
  EXPECT_EQ(calls, row.allocations);
}

INSTANTIATE_TEST_SUITE_P(
    , Transcoding,
    testing::Values(
        Row{"Utf8ToUtf8", Utf8, "h\xc3\xb6", 3, Utf8, "h\xc3\xb6", 3, {{0, 0, 1, 3}}},
        Row{"EmptyAllocatesToo", Utf8, "", 0, Utf8, "", 0, {{0, 0, 1, 0}}},
        Row{"Utf16ToUtf16", Utf16, utf16(u"hö🍰"), 4, Utf16, utf16(u"hö🍰"), 4, {{0, 0, 2, 8}}},
        Row{"Latin1ToUtf16", Latin1Utf16, "h\xf6", 2, Utf16, utf16(u"hö"), 2, {{0, 0, 2, 4}}},
        Row{"Latin1ToLatin1", Latin1Utf16, "h\xf6", 2, Latin1Utf16, "h\xf6", 2, {{0, 0, 2, 2}}},
        Row{"AsciiUtf16ToUtf8", Utf16, utf16(u"abc"), 3, Utf8, "abc", 3, {{0, 0, 1, 3}}},
        Row{"Utf16ToUtf8GrowsAndShrinks",
            Utf16,
            utf16(u"aö"),
            2,
            Utf8,
            "a\xc3\xb6",
            3,
            {{0, 0, 1, 2}, {1, 2, 1, 6}, {1, 6, 1, 3}}},
        Row{"Utf16ToUtf8WorstCaseFits",
            Utf16,
            utf16(u"☃"),
            1,
            Utf8,
            "\xe2\x98\x83",
            3,
            {{0, 0, 1, 1}, {1, 1, 1, 3}}},
        Row{"Latin1ToUtf8",
            Latin1Utf16,
            "a\xf6",
            2,
            Utf8,
            "a\xc3\xb6",
            3,
            {{0, 0, 1, 2}, {1, 2, 1, 4}, {1, 4, 1, 3}}},
        Row{"Utf8ToUtf16Shrinks",
            Utf8,
            "a\xc3\xb6",
            3,
            Utf16,
            utf16(u"aö"),
            2,
            {{0, 0, 2, 6}, {1, 6, 2, 4}}},
        Row{"AsciiUtf8ToUtf16", Utf8, "ab", 2, Utf16, utf16(u"ab"), 2, {{0, 0, 2, 4}}},
        Row{"Utf8ToLatin1",
            Utf8,
            "a\xc3\xb6",
            3,
            Latin1Utf16,
            "a\xf6",
            2,
            {{0, 0, 2, 3}, {1, 3, 2, 2}}},
        Row{"Utf8ToTaggedUtf16",
            Utf8,
            "a\xe2\x98\x83",
            4,
            Latin1Utf16,
            utf16(u"a☃"),
            2 | kTag,
            {{0, 0, 2, 4}, {1, 4, 2, 8}, {1, 8, 2, 4}}},
        Row{"Utf16ToLatin1", Utf16, utf16(u"aö"), 2, Latin1Utf16, "a\xf6", 2, {{0, 0, 2, 2}}},
        Row{"Utf16ToTaggedUtf16",
            Utf16,
            utf16(u"a☃"),
            2,
            Latin1Utf16,
            utf16(u"a☃"),
            2 | kTag,
            {{0, 0, 2, 2}, {1, 2, 2, 4}}},
        Row{"TaggedStaysTagged",
            Latin1Utf16,
            utf16(u"a☃"),
            2 | kTag,
            Latin1Utf16,
            utf16(u"a☃"),
            2 | kTag,
            {{0, 0, 2, 4}}},
        Row{"TaggedNarrows",
            Latin1Utf16,
            utf16(u"aö"),
            2 | kTag,
            Latin1Utf16,
            "a\xf6",
            2,
            {{0, 0, 2, 4}, {1, 4, 1, 2}}}),
    [](const auto& row) { return row.param.name; });

TEST(CopyText, TrapsOnWhatIsNoText) {
  auto message = [](StringEncoding encoding, std::string_view bytes, uint32_t units) {
    FakeContext from(2048, encoding);
    FakeContext to;
    const Result<TextPlace> copied = copy_text(from, put(from, bytes, units), to);
    return copied ? std::string("no trap") : copied.error().message();
  };
  EXPECT_EQ(message(Utf8, "\xff", 1), "invalid utf-8 in a string");
  EXPECT_EQ(message(Utf8, "\xe2\x98", 2), "invalid utf-8 in a string");
  EXPECT_EQ(message(Utf16, std::string("\x00\xdc", 2), 1), "invalid utf-16 in a string");
  EXPECT_EQ(message(Utf16, std::string("\x00\xd8", 2), 1), "invalid utf-16 in a string");
  EXPECT_EQ(message(Utf8, "", 2000), "string content out-of-bounds: 2000 bytes at 0x400");
  EXPECT_NE(message(Utf8, "", ~0u), "no trap");
  EXPECT_NE(message(Utf16, "", ~0u), "no trap");
}

TEST(CopyText, WantsUtf16AlignedEvenWhenEmpty) {
  FakeContext from(2048, Utf16);
  FakeContext to;
  const Result<TextPlace> copied = copy_text(from, {.at = 1, .length = 0}, to);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().message(), "string pointer not aligned to 2: 0x1");
}

TEST(LowerText, ComesBackAsItWas) {
  for (const StringEncoding encoding : {Utf8, Utf16, Latin1Utf16}) {
    for (const std::string text : {"", "plain", "gr\xc3\xbcn", "\xe2\x98\x83 \xf0\x9f\x8d\xb0"}) {
      FakeContext context(65536, encoding);
      const Result<TextPlace> place = lower_text(text, context);
      ASSERT_TRUE(place);
      EXPECT_EQ(lift_text(context, *place), text) << name_of(encoding);
    }
  }
}

}  // namespace
}  // namespace wasmcloud::component
