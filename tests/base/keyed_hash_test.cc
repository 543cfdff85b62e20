#include "base/keyed_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <unordered_set>

namespace wasmcloud {
namespace {

TEST(KeyedHash, IsOneFunctionThroughoutTheProcess) {
  const std::string text(1000, 'x');
  EXPECT_EQ(KeyedHash()(text), KeyedHash()(std::string(text)));
  EXPECT_EQ(KeyedHash()(uint64_t{7}), KeyedHash()(uint64_t{7}));
  EXPECT_EQ(hash_seed(), hash_seed());
  EXPECT_NE(KeyedHash()(std::string_view("a")), KeyedHash()(std::string_view("b")));
  EXPECT_NE(KeyedHash()(std::string_view("")), KeyedHash()(std::string_view("\0", 1)));
}

TEST(KeyedHash, DependsOnEveryByte) {
  for (const size_t size : {1, 7, 8, 9, 64, 100}) {
    std::unordered_set<size_t> hashes;
    for (size_t i = 0; i < size; ++i) {
      std::string text(size, 'a');
      text[i] = 'b';
      hashes.insert(KeyedHash()(text));
    }
    EXPECT_EQ(hashes.size(), size);
  }
}

template <class Set>
size_t fullest(const Set& set) {
  size_t most = 0;
  for (size_t i = 0; i < set.bucket_count(); ++i) most = std::max(most, set.bucket_size(i));
  return most;
}

TEST(KeyedHash, SpreadsKeysThatWereChosenToCollide) {
  // Multiples of the number of buckets all fall into one of them where a number is its own hash.
  constexpr uint64_t kKeys = 20'000;
  std::unordered_set<uint64_t> plain;
  plain.reserve(kKeys);
  std::unordered_set<uint64_t, KeyedHash> keyed;
  keyed.reserve(kKeys);
  const uint64_t step = plain.bucket_count();
  for (uint64_t i = 0; i < kKeys; ++i) {
    plain.insert(i * step);
    keyed.insert(i * step);
  }
  ASSERT_EQ(fullest(plain), kKeys);
  EXPECT_LT(fullest(keyed), 40u);
}

}  // namespace
}  // namespace wasmcloud
