#include "plugins/keyvalue/file_store.h"

#include "plugins/file_names.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace wasmcloud::plugins::keyvalue {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class FileStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<FileStore> open(StoreLimits limits = {}) {
    return FileStore::open(folder_.path("kv"), limits).value();
  }
  static std::string get(const Store& store, std::string_view key) {
    const auto value = store.get("b", key);
    if (!value) return value.error().message();
    return *value ? std::string((*value)->text()) : "<none>";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(FileStoreTest, DataOutlivesTheStore) {
  {
    const auto store = open();
    ASSERT_TRUE(store->set("b", "k", bytes("one")));
    ASSERT_TRUE(store->set("b", "k", bytes("two")));
    ASSERT_TRUE(store->set("other", "k", bytes("three")));
    EXPECT_EQ(*store->increment("b", "n", 40), 40U);
  }
  const auto store = open();
  EXPECT_EQ(get(*store, "k"), "two");
  EXPECT_EQ(*store->increment("b", "n", 2), 42U);
  EXPECT_EQ(get(*store, "n"), "42");
  EXPECT_TRUE(*store->exists("b", "k"));
  ASSERT_TRUE(store->remove("b", "k"));
  ASSERT_TRUE(store->remove("b", "k"));
  EXPECT_FALSE(*store->exists("b", "k"));
  EXPECT_EQ(get(*store, "k"), "<none>");
}

TEST_F(FileStoreTest, NoKeyLeadsOutOfItsBucket) {
  const auto store = open();
  const std::vector<std::string> keys = {
      "",  ".",   "..",  "../../escape",        "/etc/passwd", "a/b",  "a%2Fb",
      "%", "%2E", "Ä\n", std::string("\0x", 2), ".lock",       "a.tmp"};
  for (const std::string& key : keys) ASSERT_TRUE(store->set("..", key, bytes(key))) << key;
  for (const std::string& key : keys) {
    const auto value = store->get("..", key);
    ASSERT_TRUE(value.has_value() && value->has_value()) << key;
    EXPECT_EQ((*value)->text(), key);
  }
  auto sorted = keys;
  std::ranges::sort(sorted);
  EXPECT_EQ(store->list("..", std::nullopt)->keys, sorted);
  // Everything is below the root, in the one folder of that bucket.
  size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path("kv")))
    folders += entry.is_directory();
  EXPECT_EQ(folders, 1U);
  EXPECT_FALSE(fs::exists(folder_.path("escape")));
}

TEST_F(FileStoreTest, ListsPagesOfSortedKeys) {
  const auto store = open();
  for (int i = 0; i < 150; ++i)
    ASSERT_TRUE(store->set("b", fmt::format("key {:03}", i), bytes("x")));
  folder_.write("kv/b/key.123.0.tmp", "left by a crash");
  const auto first = store->list("b", std::nullopt);
  ASSERT_EQ(first->keys.size(), Store::kPageKeys);
  EXPECT_EQ(first->keys.front(), "key 000");
  const auto second = store->list("b", first->cursor);
  EXPECT_EQ(second->keys.size(), 50U);
  EXPECT_EQ(second->keys.back(), "key 149");
  EXPECT_FALSE(second->cursor.has_value());
  EXPECT_TRUE(store->list("empty", std::nullopt)->keys.empty());
}

TEST_F(FileStoreTest, RemovesWhatACrashHasLeft) {
  ASSERT_TRUE(open()->set("b", "key", bytes("whole")));
  folder_.write("kv/b/key.123.0.tmp", "half of it");
  folder_.write("kv/b/.note", "somebody else's");
  const auto store = open();
  EXPECT_FALSE(fs::exists(folder_.path("kv/b/key.123.0.tmp")));
  EXPECT_TRUE(fs::exists(folder_.path("kv/b/.note")));
  EXPECT_EQ(get(*store, "key"), "whole");
}

TEST_F(FileStoreTest, CountsFromManyThreadsAndStores) {
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;  // NOLINT(ban): what is tested
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this] {
      const auto store = open();
      for (int n = 0; n < kEach; ++n) EXPECT_TRUE(store->increment("b", "n", 1));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(get(*open(), "n"), fmt::format("{}", kThreads * kEach));
}

TEST_F(FileStoreTest, RefusesWhatIsBeyondItsLimits) {
  const auto store = open({.value_bytes = 4, .batch_keys = 1});
  EXPECT_EQ(store->set("b", "k", bytes("12345")).error().message(),
            "the value has 5 bytes; at most 4 are allowed");
  EXPECT_EQ(store->get("b", std::string(230, 'a')).error().message(),
            "the key is too long for a file's name: 220 bytes are allowed, and characters other "
            "than letters, digits, - and _ count three times");
  const std::vector<std::string> two = {"a", "b"};
  EXPECT_EQ(store->get_many("b", two).error().message(),
            "the batch has 2 keys; at most 1 are allowed");
  ASSERT_TRUE(store->set("b", "t", bytes("text")));
  EXPECT_EQ(store->increment("b", "t", 1).error().message(),
            "the value is no number: expected 8 bytes or decimal text, found 4 bytes");
}

TEST(FileNames, OnlyOursAreRead) {
  for (const char* const file : {"a.b", "%2", "%GG", "a b", ".lock", "%-1"})
    EXPECT_FALSE(from_file_name(file).has_value()) << file;
  EXPECT_EQ(from_file_name("a%20b"), "a b");
}

}  // namespace
}  // namespace wasmcloud::plugins::keyvalue
