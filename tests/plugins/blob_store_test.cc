// Both stores of objects, held to the same.
#include "plugins/blobstore/file_store.h"
#include "plugins/blobstore/memory_store.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace wasmcloud::plugins::blobstore {
namespace {

class BlobStores : public ::testing::TestWithParam<bool> {
 protected:
  std::unique_ptr<Store> open(StoreLimits limits = {}) {
    if (!GetParam()) return std::make_unique<MemoryStore>(limits);
    return FileStore::open(folder_.path("blobs"), limits).value();
  }
  static std::string get(const Store& store, std::string_view object) {
    const auto content = store.get("c", object);
    return content ? std::string(content->text()) : content.error().message();
  }

  testing::TemporaryFolder folder_;
};

TEST_P(BlobStores, KeepObjectsInContainers) {
  const auto store = open();
  EXPECT_FALSE(*store->exists("c"));
  EXPECT_EQ(store->put("c", "o", "x").error().message(), "there is no container 'c'");
  ASSERT_TRUE(store->create("c"));
  EXPECT_EQ(store->create("c").error().message(), "container 'c' already exists");
  EXPECT_TRUE(*store->exists("c"));
  EXPECT_GT(*store->created_at("c"), 0U);
  ASSERT_TRUE(store->put("c", "o", "first"));
  ASSERT_TRUE(store->put("c", "o", "second one"));
  ASSERT_TRUE(store->put("c", "../escape", ""));
  EXPECT_EQ(get(*store, "o"), "second one");
  EXPECT_EQ(get(*store, "../escape"), "");
  EXPECT_EQ(get(*store, "none"), "there is no object 'none' in the container 'c'");
  EXPECT_EQ(*store->list("c"), (std::vector<std::string>{"../escape", "o"}));
  EXPECT_EQ(store->info("c", "o")->size, 10U);
  EXPECT_EQ(store->info("c", "none").error().code(), Errc::NotFound);
  ASSERT_TRUE(store->remove("c", "o"));
  ASSERT_TRUE(store->remove("c", "o"));
  EXPECT_EQ(store->list("c")->size(), 1U);
  ASSERT_TRUE(store->remove("c"));
  ASSERT_TRUE(store->remove("c"));
  EXPECT_FALSE(*store->exists("c"));
  EXPECT_EQ(store->list("c").error().message(), "there is no container 'c'");
  EXPECT_FALSE(std::filesystem::exists(folder_.path("escape")));
}

TEST_P(BlobStores, RefuseWhatIsBeyondTheirLimits) {
  const auto store = open({.object_bytes = 4});
  ASSERT_TRUE(store->create("c"));
  EXPECT_EQ(store->put("c", "o", "12345").error().message(),
            "the object has 5 bytes; at most 4 are allowed");
}

INSTANTIATE_TEST_SUITE_P(All, BlobStores, ::testing::Bool(),
                         [](const auto& row) { return row.param ? "Files" : "Memory"; });

TEST(BlobMemory, IsBounded) {
  MemoryStore store({.objects = 3, .total_bytes = 8});
  ASSERT_TRUE(store.create("c"));
  ASSERT_TRUE(store.put("c", "a", "1234567"));
  EXPECT_EQ(store.put("c", "b", "x").error().message(), "the store's limit of 8 bytes is reached");
  ASSERT_TRUE(store.put("c", "a", "12"));
  ASSERT_TRUE(store.put("c", "b", "x"));
  EXPECT_EQ(store.put("c", "d", "").error().message(), "the store's limit of 3 objects is reached");
  ASSERT_TRUE(store.remove("c"));
  ASSERT_TRUE(store.create("d"));
  ASSERT_TRUE(store.put("d", "a", "1234567"));
}

TEST(BlobFiles, OutliveTheStore) {
  const testing::TemporaryFolder folder;
  {
    const auto store = FileStore::open(folder.path("b")).value();
    ASSERT_TRUE(store->create("c"));
    ASSERT_TRUE(store->put("c", "o", "kept"));
  }
  EXPECT_EQ(FileStore::open(folder.path("b")).value()->get("c", "o")->text(), "kept");
}

}  // namespace
}  // namespace wasmcloud::plugins::blobstore
