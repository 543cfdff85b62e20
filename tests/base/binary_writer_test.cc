#include "base/binary_writer.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

using namespace std::string_view_literals;

TEST(BinaryWriter, WritesNumbersInSevenBitsAByte) {
  EXPECT_EQ(BinaryWriter().u32(0).u32(127).u32(128).u32(0xffffffff).take(),
            "\x00\x7f\x80\x01\xff\xff\xff\xff\x0f"sv);
  // The sign takes a bit.
  EXPECT_EQ(BinaryWriter().s33(0).s33(63).s33(64).s33(0xffffffff).take(),
            "\x00\x3f\xc0\x00\xff\xff\xff\xff\x0f"sv);
}

TEST(BinaryWriter, WritesWhatHasALength) {
  EXPECT_EQ(BinaryWriter().name("ab").section(7, "xyz").custom_section("n", "12").take(),
            "\x02"
            "ab\x07\x03xyz\x00\x04\x01n12"sv);
}

}  // namespace
}  // namespace wasmcloud
