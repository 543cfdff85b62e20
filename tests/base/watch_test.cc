#include "base/watch.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;
using Paths = std::vector<std::string>;

class FileWatchTest : public ::testing::Test {
 protected:
  void watch() {
    auto made = FileWatch::tree(loop_, folder_.path(), [](std::string_view path, FileKind kind) {
      return path.starts_with("target") && kind == FileKind::Directory;
    });
    ASSERT_TRUE(made.has_value()) << made.error().message();
    watch_ = std::move(*made);
  }

  /// The changes that follow, gathered until `last` is among them: the kernel may report in parts.
  Paths until(const std::string& last) {
    Paths all;
    while (std::find(all.begin(), all.end(), last) == all.end()) {
      auto next = run_to_end(loop_, with_deadline(loop_, 20s, "a change", watch_->next(10ms)));
      if (!next) {
        ADD_FAILURE() << next.error().message();
        break;
      }
      all.insert(all.end(), next->begin(), next->end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

  testing::TemporaryFolder folder_;
  Loop loop_;
  std::unique_ptr<FileWatch> watch_;
};

TEST_F(FileWatchTest, ReportsFilesWrittenInAllFolders) {
  folder_.write("src/deep/a.txt", "1");
  watch();
  folder_.write("src/deep/a.txt", "2");
  folder_.write("top.txt", "2");
  const Paths changed = until("top.txt");
  EXPECT_TRUE(std::ranges::count(changed, "src/deep/a.txt"));
}

TEST_F(FileWatchTest, FollowsFoldersThatAppearLater) {
  watch();
  folder_.write("new/deeper/first.txt", "1");
  EXPECT_TRUE(std::ranges::count(until("new/deeper/first.txt"), "new/deeper/first.txt"));
  folder_.write("new/deeper/second.txt", "1");
  EXPECT_TRUE(std::ranges::count(until("new/deeper/second.txt"), "new/deeper/second.txt"));
}

TEST_F(FileWatchTest, SkipsWhatTheFilterSays) {
  folder_.write("target/out", "1");
  watch();
  folder_.write("target/out", "2");
  folder_.write("target/other", "2");
  folder_.write("z.txt", "2");
  for (const std::string& path : until("z.txt")) EXPECT_FALSE(path.starts_with("target")) << path;
}

TEST_F(FileWatchTest, ReportsRemovedAndMovedFiles) {
  folder_.write("a.txt", "1");
  folder_.write("b.txt", "1");
  watch();
  std::filesystem::remove(folder_.path("a.txt"));
  std::filesystem::rename(folder_.path("b.txt"), folder_.path("c.txt"));
  EXPECT_EQ(until("c.txt"), (Paths{"a.txt", "b.txt", "c.txt"}));
}

TEST_F(FileWatchTest, PassesOverFilesThatCameAndWent) {
  folder_.write("a.txt", "1");
  watch();
  // As sed -i does.
  std::ofstream(folder_.path("sedXYZ")) << "2";
  std::filesystem::rename(folder_.path("sedXYZ"), folder_.path("a.txt"));
  EXPECT_EQ(run_to_end(loop_, watch_->next(50ms)).value(), Paths{"a.txt"});
}

TEST_F(FileWatchTest, PassesOverAFolderMadeAsideAndRenamed) {
  watch();
  folder_.write("target8x1/tag", "1");
  std::filesystem::rename(folder_.path("target8x1"), folder_.path("target"));
  folder_.write("z.txt", "2");
  for (const std::string& path : until("z.txt"))
    EXPECT_FALSE(path.starts_with("target8x1")) << path;
}

TEST_F(FileWatchTest, FollowsAFolderToItsNewName) {
  folder_.write("old/a.txt", "1");
  watch();
  std::filesystem::rename(folder_.path("old"), folder_.path("new"));
  EXPECT_TRUE(std::ranges::count(until("new/a.txt"), "old"));
  folder_.write("new/a.txt", "2");
  EXPECT_EQ(until("new/a.txt").front(), "new/a.txt");
}

TEST_F(FileWatchTest, GathersABurstOfChanges) {
  watch();
  std::optional<Result<Paths>> changed;
  TaskGroup group(loop_);
  group.spawn(
      [](FileWatch* from, std::optional<Result<Paths>>* out) -> Task<void> {
        out->emplace(co_await from->next(300ms));
        co_return Result<void>();
      },
      watch_.get(), &changed);
  group.spawn(
      [](Loop* loop, const testing::TemporaryFolder* folder) -> Task<void> {
        for (int i = 0; i < 5; ++i) {
          CO_TRY(co_await sleep_for(*loop, 10ms));
          folder->write("a.txt", std::to_string(i));
        }
        folder->write("b.txt", "");
        co_return Result<void>();
      },
      &loop_, &folder_);
  loop_.run_until([&] { return group.size() == 0; });
  ASSERT_TRUE(changed.has_value() && changed->has_value());
  EXPECT_TRUE(std::ranges::count(**changed, "a.txt"));
  EXPECT_TRUE(std::ranges::count(**changed, "b.txt"));
  EXPECT_TRUE(watch_->pending().empty());
}

TEST_F(FileWatchTest, ReportsAlthoughTheChangesNeverEnd) {
  watch();
  bool reported = false;
  TaskGroup group(loop_);
  group.spawn(
      [](FileWatch* from, bool* out) -> Task<void> {
        static_cast<void>(CO_TRY(co_await from->next(20ms)));
        *out = true;
        co_return Result<void>();
      },
      watch_.get(), &reported);
  group.spawn(
      [](Loop* loop, const testing::TemporaryFolder* folder, const bool* until) -> Task<void> {
        for (int i = 0; !*until; ++i) {
          folder->write("a.txt", std::to_string(i));
          CO_TRY(co_await sleep_for(*loop, 5ms));
        }
        co_return Result<void>();
      },
      &loop_, &folder_, &reported);
  loop_.run_until([&] { return group.size() == 0; });
}

TEST_F(FileWatchTest, TellsOfOthersWhereverTheyAre) {
  const testing::TemporaryFolder outside;
  outside.write("asked/for", "1");
  outside.write("all/first", "1");
  folder_.write("hidden/asked-for", "1");
  folder_.write("asked.skip", "1");
  auto made = FileWatch::tree(loop_, folder_.path(), [](std::string_view path, FileKind) {
    return path == "hidden" || path.ends_with(".skip");
  });
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE((*made)->also({outside.path("asked/for"), outside.path("all"),
                             folder_.path("hidden/asked-for"), folder_.path("asked.skip"),
                             outside.path("not/there")}));
  outside.write("asked/for", "2");
  outside.write("asked/another", "");
  outside.write("all/second", "");
  folder_.write("hidden/asked-for", "2");
  folder_.write("hidden/another", "");
  folder_.write("asked.skip", "2");
  folder_.write("other.skip", "");
  std::vector<std::string> expected = {"asked.skip", outside.path("all/second"),
                                       outside.path("asked/for"), folder_.path("hidden/asked-for")};
  std::ranges::sort(expected);
  EXPECT_EQ((*made)->pending(), expected);
  ASSERT_TRUE((*made)->also({}));
  outside.write("asked/for", "3");
  folder_.write("asked.skip", "3");
  EXPECT_TRUE((*made)->pending().empty());
}

TEST_F(FileWatchTest, EndsWhenItsRootIsGone) {
  std::filesystem::create_directory(folder_.path("root"));
  auto made = FileWatch::tree(loop_, folder_.path("root"),
                              [](std::string_view, FileKind) { return false; });
  std::filesystem::remove(folder_.path("root"));
  const auto next = run_to_end(loop_, (*made)->next(1ms));
  EXPECT_EQ(next.error().message(),
            fmt::format("the watched folder {}/root is gone", folder_.path()));
}

TEST(FileWatch, OfNothingIsAnError) {
  Loop loop;
  const auto made =
      FileWatch::tree(loop, "/no/such/folder", [](std::string_view, FileKind) { return false; });
  EXPECT_EQ(made.error().message(), "watching /no/such/folder: No such file or directory");
}

}  // namespace
}  // namespace wasmcloud
