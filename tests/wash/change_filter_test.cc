#include "wash/dev/change_filter.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

using Paths = std::vector<std::string>;

class ChangeFilterTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  ChangeFilter filter_{folder_.path(), folder_.path("out.wasm")};
};

TEST_F(ChangeFilterTest, SkipsWhatNobodyEdits) {
  for (const char* path : {".git", "target", "sub/target", "node_modules"})
    EXPECT_TRUE(filter_.skips(path, FileKind::Directory)) << path;
  for (const char* path : {"out.wasm", ".a.rs.swp", "a.rs~", "4913", ".#a.rs", "sub/a.tmp"})
    EXPECT_TRUE(filter_.skips(path, FileKind::File)) << path;
  for (const char* path : {"src/lib.rs", "target", ".wash/config.yaml", "sub/out.wasm"})
    EXPECT_FALSE(filter_.skips(path, FileKind::File)) << path;
}

TEST_F(ChangeFilterTest, ForgetsWritesThatChangeNothing) {
  folder_.write("a", "1");
  EXPECT_EQ(filter_.relevant({"a"}, false), Paths{"a"});
  folder_.write("a", "1");
  EXPECT_EQ(filter_.relevant({"a"}, false), Paths());
  folder_.write("a", "2");
  EXPECT_EQ(filter_.relevant({"a"}, false), Paths{"a"});
}

TEST_F(ChangeFilterTest, CountsRemovedFiles) {
  folder_.write("a", "1");
  EXPECT_EQ(filter_.relevant({"a"}, false), Paths{"a"});
  std::filesystem::remove(folder_.path("a"));
  EXPECT_EQ(filter_.relevant({"a"}, false), Paths{"a"});
  EXPECT_EQ(filter_.relevant({"never-seen"}, false), Paths{"never-seen"});
}

TEST_F(ChangeFilterTest, GivesUpOnFilesThatEveryBuildChanges) {
  for (int build = 1; build < ChangeFilter::kMaxBuildsThatChangeIt; ++build) {
    folder_.write("stamp", std::to_string(build));
    EXPECT_EQ(filter_.relevant({"stamp"}, true), Paths{"stamp"}) << build;
    EXPECT_EQ(filter_.take_given_up(), Paths());
  }
  folder_.write("stamp", "again");
  EXPECT_EQ(filter_.relevant({"stamp"}, true), Paths());
  EXPECT_EQ(filter_.take_given_up(), Paths{"stamp"});
  folder_.write("stamp", "and again");
  EXPECT_EQ(filter_.relevant({"stamp"}, true), Paths());
  EXPECT_EQ(filter_.take_given_up(), Paths());
  // A person's edit counts as ever.
  folder_.write("stamp", "by hand");
  EXPECT_EQ(filter_.relevant({"stamp"}, false), Paths{"stamp"});
}

TEST_F(ChangeFilterTest, ReadsIgnoreFilesAnew) {
  EXPECT_FALSE(filter_.skips("log", FileKind::File));
  folder_.write(".gitignore", "log\n");
  EXPECT_EQ(filter_.relevant({".gitignore"}, false), Paths{".gitignore"});
  EXPECT_TRUE(filter_.skips("log", FileKind::File));
}

TEST_F(ChangeFilterTest, KnowsWhatWasReadAlready) {
  const testing::TemporaryFolder outside;
  for (const std::string& path : {folder_.path("side.wasm"), outside.path("side.wasm")}) {
    const bool is_inside = path == folder_.path("side.wasm");
    const std::string name = is_inside ? "side.wasm" : path;
    const testing::TemporaryFolder& folder = is_inside ? folder_ : outside;
    folder.write("side.wasm", "one");
    filter_.know(path);
    EXPECT_EQ(filter_.relevant({path}, true), Paths());
    folder.write("side.wasm", "two");
    EXPECT_EQ(filter_.relevant({path}, false), Paths{name});
  }
}

TEST_F(ChangeFilterTest, TakesLostEventsAsAChange) {
  EXPECT_EQ(filter_.relevant({""}, false), Paths{"files"});
}

}  // namespace
}  // namespace wasmcloud::wash
