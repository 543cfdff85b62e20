#include "wasi/filesystem/temp_tree.h"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <thread>

namespace wasmcloud::wasi::filesystem {
namespace {

/// A path that leads to `outside` in some way, by the name of the way.
struct Way {
  const char* name;
  const char* path;
};

class Escape : public testing::TestWithParam<Way> {
 protected:
  Escape() {
    std::filesystem::create_directories(tree.path("root/dir/deep"));
    tree.put("root/file", "inside");
    tree.link("../outside", "root/up");
    tree.link("../../outside", "root/dir/up");
    tree.link(tree.path("outside").string(), "root/absolute");
    tree.link("/", "root/slash");
    tree.link("up", "root/chain");
    tree.link("..", "root/parent");
    tree.link("/proc/self/root", "root/proc");
    tree.link("/dev/fd/0", "root/fd");
  }
  TempTree tree;
};

constexpr Way kWays[] = {
    {"DotDot", "../outside"},
    {"DotDotInTheMiddle", "dir/../../outside"},
    {"DotDotManyTimes", "dir/deep/../../../outside"},
    {"DotDotThroughAFolderThatIsThere", "./dir/./../../outside"},
    {"DotDotAlone", ".."},
    {"DotDotSlash", "../"},
    {"Absolute", "/etc"},
    {"AbsoluteRoot", "/"},
    {"ManySlashes", "//"},
    {"RelativeLink", "up"},
    {"RelativeLinkFromAFolder", "dir/up"},
    {"AbsoluteLink", "absolute"},
    {"LinkToRoot", "slash/etc"},
    {"ChainOfLinks", "chain"},
    {"LinkToParent", "parent/outside"},
    {"LinkIntoProc", "proc/etc"},
};

INSTANTIATE_TEST_SUITE_P(Ways, Escape, testing::ValuesIn(kWays),
                         [](const auto& row) { return row.param.name; });

TEST_P(Escape, NoCallGetsOut) {
  const FilePtr root = tree.root();
  const std::string way = GetParam().path;
  const std::string secret = way + "/secret";
  const std::string made = way + "/made";

  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, way, {}, Access::read_only())), EPERM);
  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, way, {.directory = true}, Access::read_only())),
            EPERM);
  EXPECT_EQ(number_of(stat_at(*root, Follow::Yes, way)), EPERM);
  EXPECT_EQ(number_of(identity_at(*root, Follow::Yes, way)), EPERM);
  EXPECT_EQ(number_of(set_times_at(*root, Follow::Yes, way, {}, {.kind = NewTime::Kind::Now})),
            EPERM);
  for (const Follow follow : {Follow::No, Follow::Yes}) {
    EXPECT_EQ(number_of(open_at(*root, follow, secret, {}, Access::read_only())), EPERM);
    EXPECT_EQ(number_of(open_at(*root, follow, made, {.create = true}, Access::read_write())),
              EPERM);
    EXPECT_EQ(number_of(open_at(*root, follow, secret, {.truncate = true}, Access::read_write())),
              EPERM);
    EXPECT_EQ(number_of(stat_at(*root, follow, secret)), EPERM);
    EXPECT_EQ(number_of(stat_at(*root, follow, way + "/.")), EPERM);
    EXPECT_EQ(number_of(set_times_at(*root, follow, secret, {}, {})), EPERM);
  }
  EXPECT_EQ(number_of(create_directory_at(*root, made)), EPERM);
  EXPECT_EQ(number_of(remove_directory_at(*root, way + "/dir")), EPERM);
  EXPECT_EQ(number_of(unlink_file_at(*root, secret)), EPERM);
  EXPECT_EQ(number_of(readlink_at(*root, secret)), EPERM);
  EXPECT_EQ(number_of(symlink_at(*root, "file", made)), EPERM);
  EXPECT_EQ(number_of(link_at(*root, secret, *root, "stolen")), EPERM);
  EXPECT_EQ(number_of(link_at(*root, "file", *root, made)), EPERM);
  EXPECT_EQ(number_of(rename_at(*root, secret, *root, "stolen")), EPERM);
  EXPECT_EQ(number_of(rename_at(*root, "file", *root, made)), EPERM);

  EXPECT_EQ(tree.get("outside/secret"), "secret");
  EXPECT_FALSE(tree.exists("outside/made"));
  EXPECT_FALSE(tree.exists("root/stolen"));
  EXPECT_EQ(tree.get("root/file"), "inside");
}

TEST_P(Escape, AnOpenedFolderIsNoWayOutEither) {
  const FilePtr root = tree.root();
  const FilePtr dir =
      open_at(*root, Follow::Yes, "dir", {.directory = true}, Access::read_only()).value();
  EXPECT_EQ(number_of(stat_at(*dir, Follow::Yes, std::string("../") + GetParam().path)), EPERM);
}

TEST_F(Escape, LinksThemselvesCanBeSeenMovedAndRemoved) {
  const FilePtr root = tree.root();
  EXPECT_EQ(stat_at(*root, Follow::No, "up").value().type, Type::SymbolicLink);
  EXPECT_EQ(readlink_at(*root, "up").value(), "../outside");
  EXPECT_EQ(number_of(readlink_at(*root, "absolute")), EPERM);
  EXPECT_EQ(number_of(open_at(*root, Follow::No, "up", {}, Access::read_only())), ELOOP);
  EXPECT_TRUE(rename_at(*root, "up", *root, "moved"));
  EXPECT_TRUE(unlink_file_at(*root, "moved"));
  EXPECT_EQ(number_of(symlink_at(*root, "/etc/passwd", "passwd")), EPERM);
  EXPECT_TRUE(tree.exists("outside/secret"));
}

TEST_F(Escape, ATrailingSlashFollowsNoLink) {
  const FilePtr root = tree.root();
  tree.link("../outside/new", "root/dangling");
  EXPECT_EQ(number_of(create_directory_at(*root, "dangling/")), EPERM);
  EXPECT_EQ(number_of(remove_directory_at(*root, "up/")), EPERM);
  EXPECT_EQ(number_of(unlink_file_at(*root, "up/")), EPERM);
  EXPECT_EQ(number_of(rename_at(*root, "up/", *root, "stolen")), EPERM);
  EXPECT_EQ(number_of(readlink_at(*root, "up/")), EPERM);
  EXPECT_FALSE(tree.exists("outside/new"));
  // Nor those that stay inside, also where they leave their own folder.
  tree.put("root/folder/file", "");
  tree.link("../folder", "root/folder/self");
  EXPECT_EQ(number_of(create_directory_at(*root, "folder/self/")), EEXIST);
  EXPECT_EQ(number_of(remove_directory_at(*root, "folder/self/")), ENOTDIR);
  EXPECT_EQ(number_of(readlink_at(*root, "folder/self/")), ENOTDIR);
  EXPECT_TRUE(tree.exists("root/folder/self"));
}

TEST_F(Escape, CreatingThroughADanglingLinkMakesNothingOutside) {
  const FilePtr root = tree.root();
  tree.link("../outside/new", "root/dangling");
  EXPECT_EQ(
      number_of(open_at(*root, Follow::Yes, "dangling", {.create = true}, Access::read_write())),
      EPERM);
  EXPECT_FALSE(tree.exists("outside/new"));
}

TEST_F(Escape, MagicLinksAreNotFollowed) {
  const FilePtr proc = open_preopen("/proc/self", Access::read_only()).value();
  for (const char* path : {"root/etc", "cwd/x", "fd/0", "exe"}) {
    EXPECT_FALSE(open_at(*proc, Follow::Yes, path, {}, Access::read_only())) << path;
    EXPECT_FALSE(stat_at(*proc, Follow::Yes, path)) << path;
  }
}

TEST_F(Escape, ZeroBytesAndEmptyPathsAreRefused) {
  const FilePtr root = tree.root();
  const std::string_view zero("file\0/../../x", 13);
  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, zero, {}, Access::read_only())), EINVAL);
  EXPECT_EQ(number_of(unlink_file_at(*root, zero)), EINVAL);
  EXPECT_EQ(number_of(create_directory_at(*root, std::string_view("a\0b", 3))), EINVAL);
  EXPECT_EQ(number_of(stat_at(*root, Follow::Yes, "")), ENOENT);
  EXPECT_EQ(number_of(unlink_file_at(*root, "")), ENOENT);
}

TEST_F(Escape, AFolderSwappedForALinkMeanwhileIsNoWayOut) {
  // One thread swaps `swap` between a folder and a link to outside, as fast as it can.
  std::filesystem::create_directories(tree.path("root/swap"));
  tree.put("root/swap/secret", "inside");
  tree.link("../outside", "root/link");
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    while (!stop) {
      ::renameat2(AT_FDCWD, tree.path("root/swap").c_str(), AT_FDCWD,
                  tree.path("root/link").c_str(), RENAME_EXCHANGE);
    }
  });
  const FilePtr root = tree.root();
  int opened = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto file = open_at(*root, Follow::Yes, "swap/secret", {}, Access::read_only());
    if (file) {
      ++opened;
      EXPECT_EQ((*file)->read(100, 0).value().first.text(), "inside");
    }
    static_cast<void>(
        open_at(*root, Follow::Yes, "swap/made", {.create = true}, Access::read_write()));
    static_cast<void>(unlink_file_at(*root, "swap/made"));
    static_cast<void>(create_directory_at(*root, "swap/made"));
    static_cast<void>(remove_directory_at(*root, "swap/made"));
    static_cast<void>(rename_at(*root, "file", *root, "swap/made"));
    static_cast<void>(rename_at(*root, "swap/made", *root, "file"));
  }
  stop = true;
  swapper.join();
  EXPECT_GT(opened, 0);
  EXPECT_EQ(tree.get("outside/secret"), "secret");
  EXPECT_FALSE(tree.exists("outside/made"));
}

TEST_F(Escape, AFolderMovedAwayMeanwhileTakesNobodyOut) {
  // `..` out of a folder that is moved from deep to shallow: the classic race of path walks.
  std::filesystem::create_directories(tree.path("root/a/b/c"));
  std::atomic<bool> stop = false;
  std::thread mover([&] {
    while (!stop) {
      ::rename(tree.path("root/a/b/c").c_str(), tree.path("root/c").c_str());
      ::rename(tree.path("root/c").c_str(), tree.path("root/a/b/c").c_str());
    }
  });
  const FilePtr root = tree.root();
  for (int i = 0; i < 3000; ++i) {
    EXPECT_FALSE(
        open_at(*root, Follow::Yes, "a/b/c/../../../outside/secret", {}, Access::read_only()));
    EXPECT_FALSE(
        open_at(*root, Follow::Yes, "a/b/c/../../../../outside/secret", {}, Access::read_only()));
  }
  stop = true;
  mover.join();
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem
