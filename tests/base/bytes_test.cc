#include "base/bytes.h"

#include "base/utf8.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

TEST(Bytes, AdoptsABufferWithoutCopyingIt) {
  std::string text(100, 'x');
  const char* const where = text.data();
  Bytes bytes(std::move(text));
  EXPECT_EQ(bytes.text().data(), where);
  EXPECT_EQ(bytes.size(), 100u);
  Bytes moved = std::move(bytes);
  EXPECT_EQ(moved.text().data(), where);
  EXPECT_TRUE(bytes.empty());  // NOLINT(bugprone-use-after-move): that is the point
}

TEST(Bytes, ReleasesItsOwnerOnce) {
  int released = 0;
  {
    Bytes bytes(std::as_bytes(std::span("abc", 3)), &released,
                [](void* owner) noexcept { ++*static_cast<int*>(owner); });
    Bytes other;
    other = std::move(bytes);
    other.remove_prefix(1);
    EXPECT_EQ(other.text(), "bc");
    other.truncate(1);
    EXPECT_EQ(other.text(), "b");
    other.remove_prefix(9);
    EXPECT_TRUE(other.empty());
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

TEST(Utf8, AcceptsExactlyWhatIsWellFormed) {
  for (std::string_view good :
       {"", "a", "0123456789abcdef", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "ascii then \xc3\xa9"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "0123456\x80",
        "\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Utf8, FindsOneIllFormedByteInLongText) {
  for (const size_t size : {63, 64, 65, 127, 128, 200}) {
    std::string text(size, 'a');
    ASSERT_TRUE(is_utf8(text)) << size;
    for (size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      ASSERT_FALSE(is_utf8(text)) << at << " of " << size;
      text[at] = 'a';
    }
  }
}

TEST(Utf8, EveryScalarValueComesBack) {
  for (uint32_t value = 0; value < 0x110000; value += value < 0x1000 ? 1 : 97) {
    if (!is_scalar_value(value)) continue;
    std::string text;
    append_utf8(text, static_cast<char32_t>(value));
    ASSERT_TRUE(is_utf8(text)) << value;
    std::string_view rest = text;
    ASSERT_EQ(take_utf8(rest), static_cast<char32_t>(value));
    ASSERT_TRUE(rest.empty());
  }
}

}  // namespace
}  // namespace wasmcloud
