#include "plugins/keyvalue/memory_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <thread>

namespace wasmcloud::plugins::keyvalue {
namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string get(const MemoryStore& store, std::string_view key) {
  auto found = store.get("b", key);
  if (!found) return found.error().message();
  return *found ? std::string((*found)->text()) : "none";
}

std::string told(const Result<void>& result) { return result ? "done" : result.error().message(); }

std::vector<std::tuple<std::string, Bytes>> entries(
    std::initializer_list<std::pair<const char*, const char*>> pairs) {
  std::vector<std::tuple<std::string, Bytes>> out;
  for (const auto& [key, value] : pairs)
    out.emplace_back(key, Bytes::copy_of(std::string_view(value)));
  return out;
}

TEST(MemoryStore, KeepsWhatWasSetLast) {
  MemoryStore store;
  EXPECT_EQ(get(store, "a"), "none");
  EXPECT_TRUE(store.set("b", "a", bytes("one")));
  EXPECT_TRUE(store.set("b", "a", bytes("two")));
  EXPECT_EQ(get(store, "a"), "two");
  EXPECT_TRUE(*store.exists("b", "a"));
  EXPECT_TRUE(store.remove("b", "a"));
  EXPECT_TRUE(store.remove("b", "a"));
  EXPECT_FALSE(*store.exists("b", "a"));
}

TEST(MemoryStore, KeepsBucketsApart) {
  MemoryStore store;
  EXPECT_TRUE(store.set("b", "a", bytes("one")));
  EXPECT_FALSE(*store.exists("other", "a"));
  EXPECT_TRUE(store.set("", "a", bytes("")));
  EXPECT_EQ(get(store, "a"), "one");
}

TEST(MemoryStore, ListsPagesOfSortedKeys) {
  MemoryStore store;
  for (int i = 249; i >= 0; --i) EXPECT_TRUE(store.set("b", fmt::format("{:03}", i), bytes("")));
  std::vector<std::string> all;
  std::optional<uint64_t> cursor;
  int pages = 0;
  do {
    auto page = *store.list("b", cursor);
    all.insert(all.end(), page.keys.begin(), page.keys.end());
    cursor = page.cursor;
    ++pages;
  } while (cursor);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(all.size(), 250U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  // A cursor that nobody gave out.
  EXPECT_TRUE(store.list("b", std::numeric_limits<uint64_t>::max())->keys.empty());
  EXPECT_TRUE(store.list("none", 0)->keys.empty());
}

TEST(MemoryStore, IncrementsNumbersOfEitherKind) {
  MemoryStore store;
  EXPECT_EQ(*store.increment("b", "n", 5), 5U);
  EXPECT_EQ(*store.increment("b", "n", 0), 5U);
  EXPECT_EQ(get(store, "n"), std::string("\5\0\0\0\0\0\0\0", 8));
  EXPECT_TRUE(store.set("b", "t", bytes("41")));
  EXPECT_EQ(*store.increment("b", "t", 1), 42U);
  constexpr uint64_t kHighest = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(*store.increment("b", "n", kHighest), kHighest);
  EXPECT_TRUE(store.set("b", "t", bytes("x")));
  EXPECT_EQ(store.increment("b", "t", 1).error().message(),
            "the value is no number: expected 8 bytes or decimal text, found 1 bytes");
}

TEST(MemoryStore, CountsFromManyThreads) {
  MemoryStore store;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) EXPECT_TRUE(store.increment("b", "n", 1));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(*store.increment("b", "n", 0), 4000U);
}

TEST(MemoryStore, RefusesWhatIsPastALimitAndNamesIt) {
  MemoryStore store({.bucket_name_bytes = 4,
                     .key_bytes = 4,
                     .value_bytes = 100,
                     .keys = 3,
                     .total_bytes = 400,
                     .batch_keys = 2});
  EXPECT_EQ(told(store.check_bucket("12345")),
            "the bucket's name has 5 bytes; at most 4 are allowed");
  EXPECT_EQ(told(store.set("b", "12345", bytes(""))), "the key has 5 bytes; at most 4 are allowed");
  EXPECT_EQ(told(store.set("b", "a", bytes(std::string(101, 'x')))),
            "the value has 101 bytes; at most 100 are allowed");
  EXPECT_EQ(told(store.set_many("b", entries({{"a", ""}, {"b", ""}, {"c", ""}}))),
            "the batch has 3 keys; at most 2 are allowed");
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(store.set("b", key, bytes("")));
  EXPECT_EQ(told(store.set("b", "d", bytes(""))), "the store's limit of 3 keys is reached");
  EXPECT_TRUE(store.set("b", "a", bytes(std::string(100, 'x'))));
  EXPECT_TRUE(store.set("b", "b", bytes(std::string(100, 'x'))));
  EXPECT_EQ(told(store.set("b", "c", bytes(std::string(100, 'x')))),
            "the store's limit of 400 bytes is reached");
  // What is removed makes room.
  EXPECT_TRUE(store.remove("b", "a"));
  EXPECT_TRUE(store.set("b", "c", bytes(std::string(100, 'x'))));
}

TEST(MemoryStore, SetsAllOfABatchOrNothing) {
  MemoryStore store({.keys = 3});
  EXPECT_TRUE(store.set("b", "a", bytes("one")));
  EXPECT_TRUE(store.set("b", "z", bytes("last")));
  EXPECT_FALSE(store.set_many("b", entries({{"a", "x"}, {"a", "y"}, {"c", "1"}, {"d", "2"}})));
  EXPECT_EQ(get(store, "a"), "one");
  EXPECT_EQ(get(store, "c"), "none");
  EXPECT_TRUE(store.set_many("b", entries({{"a", "x"}, {"c", "1"}})));
  EXPECT_EQ(get(store, "c"), "1");
  const std::string keys[] = {"c", "none", "a"};
  auto many = *store.get_many("b", keys);
  EXPECT_EQ(many[0]->text(), "1");
  EXPECT_FALSE(many[1]);
  EXPECT_EQ(many[2]->text(), "x");
  EXPECT_TRUE(store.remove_many("b", keys));
  EXPECT_EQ(store.list("b", std::nullopt)->keys, std::vector<std::string>{"z"});
}

}  // namespace
}  // namespace wasmcloud::plugins::keyvalue
