#include "wasi/random/random.h"

#include "wasi/random/bindings_0_2.h"
#include "wasi/random/bindings_0_3.h"

#include <gtest/gtest.h>

#include <set>

namespace wasmcloud::wasi::random {
namespace {

TEST(Random, FillsEveryPartOfALargeBuffer) {
  std::vector<std::byte> bytes(1 << 20);
  ASSERT_TRUE(fill(bytes));
  for (size_t page = 0; page < bytes.size(); page += 4096) {
    const std::set<std::byte> values(bytes.begin() + page, bytes.begin() + page + 64);
    EXPECT_GT(values.size(), 8U) << "at " << page;
  }
}

TEST(Random, TwoInstancesDiffer) {
  Seed seed;
  EXPECT_EQ(seed.get().value(), seed.get().value());
  EXPECT_NE(seed.get().value(), Seed().get().value());
  EXPECT_NE(next_u64().value(), next_u64().value());
  Insecure a;
  Insecure b;
  EXPECT_NE(a.next_u64(), b.next_u64());
}

TEST(Random, WhoAsksForTooMuchTrapsIn02AndGetsLessIn03) {
  EXPECT_EQ(v0_2::RandomInterface().get_random_bytes(kMaxRandomBytes + 1).error().code(),
            Errc::Trap);
  EXPECT_EQ(v0_3::RandomInterface().get_random_bytes(~uint64_t{0})->size(), kMaxRandomBytes);
  EXPECT_EQ(v0_3::RandomInterface().get_random_bytes(0)->size(), 0U);
  EXPECT_EQ(v0_3::InsecureInterface().get_insecure_random_bytes(~uint64_t{0})->size(),
            kMaxRandomBytes);
  EXPECT_EQ(v0_3::InsecureInterface().get_insecure_random_bytes(9)->size(), 9U);
}

TEST(Random, InsecureFillsOddSizes) {
  Insecure generator;
  for (size_t size : {size_t{0}, size_t{1}, size_t{7}, size_t{8}, size_t{9}, size_t{1000}}) {
    std::vector<std::byte> bytes(size + 1);
    generator.fill(std::span(bytes).first(size));
    EXPECT_EQ(bytes[size], std::byte{0});
  }
}

}  // namespace
}  // namespace wasmcloud::wasi::random
