#include "base/bytes.h"

#include <gtest/gtest.h>

#include <cstring>

namespace wasmcloud {
namespace {

TEST(Bytes, KeepsTheOwnerOfARange) {
  auto text = std::make_shared<const std::string>("shared by many");
  const std::weak_ptr<const std::string> watch = text;
  {
    const Bytes bytes(text, std::as_bytes(std::span(*text)).subspan(7));
    text.reset();
    EXPECT_EQ(bytes.text(), "by many");
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Bytes, SplitsWithoutCopying) {
  Bytes rest = Bytes::copy_of(std::string_view("headbody"));
  const Bytes head = rest.split(4);
  EXPECT_EQ(head.text(), "head");
  EXPECT_EQ(rest.text(), "body");
  EXPECT_EQ(head.data() + 4, rest.data());
  const Bytes all = rest.split(4);
  EXPECT_EQ(all.text(), "body");
  EXPECT_TRUE(rest.empty());
}

TEST(Bytes, FillsUpToItsCapacity) {
  const Bytes bytes = Bytes::filled(16, [](std::span<std::byte> memory) {
    std::memcpy(memory.data(), "abc", 3);
    return size_t{3};
  });
  EXPECT_EQ(bytes.text(), "abc");
}

TEST(ByteBuffer, KnowsWhetherSlicesOfItExist) {
  ByteBuffer buffer(8);
  std::memcpy(buffer.data(), "12345678", 8);
  EXPECT_FALSE(buffer.is_shared());
  Bytes slice = buffer.slice(2, 3);
  EXPECT_TRUE(buffer.is_shared());
  buffer = ByteBuffer(8);
  EXPECT_EQ(slice.text(), "345");
  slice = {};
  EXPECT_FALSE(buffer.is_shared());
}

}  // namespace
}  // namespace wasmcloud
