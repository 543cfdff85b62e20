#include "wasi/filesystem/file_system.h"

#include "wasi/filesystem/temp_tree.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cerrno>
#include <set>

namespace wasmcloud::wasi::filesystem {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

FilePtr open(const TempTree& tree, std::string_view path, OpenFlags flags = {},
             Access access = {.read = true, .write = true}) {
  return open_at(*tree.root(), Follow::Yes, path, flags, access).value();
}

TEST(FileSystem, CreatesWritesReadsAndCuts) {
  const TempTree tree;
  const FilePtr file = open(tree, "a", {.create = true, .exclusive = true});
  EXPECT_EQ(file->write(bytes_of("hello"), 0).value(), 5U);
  EXPECT_EQ(file->write(bytes_of("!"), 7).value(), 1U);
  EXPECT_EQ(file->read(100, 0).value().first.text(), std::string_view("hello\0\0!", 8));
  EXPECT_TRUE(file->read(100, 0).value().second);
  EXPECT_FALSE(file->read(2, 0).value().second);
  EXPECT_TRUE(file->read(1, 1000).value().second);
  EXPECT_TRUE(file->read(1, ~uint64_t{0}).value().second);
  EXPECT_TRUE(file->append(bytes_of("end")));
  EXPECT_EQ(file->stat().value().size, 11U);
  EXPECT_TRUE(file->set_size(2));
  EXPECT_EQ(tree.get("root/a"), "he");
  EXPECT_TRUE(file->sync());
  EXPECT_TRUE(file->sync_data());
  EXPECT_TRUE(file->advise(0, 100, Advice::WillNeed));
  EXPECT_EQ(number_of(file->write(bytes_of("x"), ~uint64_t{0})), EFBIG);
  EXPECT_EQ(number_of(file->set_size(~uint64_t{0})), EINVAL);
}

TEST(FileSystem, OpenFlagsMean) {
  const TempTree tree;
  tree.put("root/file", "text");
  const FilePtr root = tree.root();
  const Access both = {.read = true, .write = true};
  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, "none", {}, both)), ENOENT);
  EXPECT_EQ(
      number_of(open_at(*root, Follow::Yes, "file", {.create = true, .exclusive = true}, both)),
      EEXIST);
  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, "file", {.directory = true}, both)), ENOTDIR);
  EXPECT_EQ(number_of(open_at(*root, Follow::Yes, ".", {}, both)), EISDIR);
  EXPECT_EQ(
      number_of(open_at(*root, Follow::Yes, "new", {.create = true, .directory = true}, both)),
      EINVAL);
  EXPECT_EQ(open(tree, "file", {.truncate = true})->stat().value().size, 0U);
  EXPECT_EQ(number_of(open_at(*open(tree, "file"), Follow::Yes, "x", {}, both)), ENOTDIR);
}

TEST(FileSystem, ADescriptorDoesWhatItWasOpenedForOnly) {
  const TempTree tree;
  tree.put("root/file", "text");
  const FilePtr reader = open(tree, "file", {}, {.read = true});
  EXPECT_EQ(number_of(reader->write(bytes_of("x"), 0)), EBADF);
  EXPECT_EQ(number_of(reader->append(bytes_of("x"))), EBADF);
  EXPECT_EQ(number_of(reader->set_size(0)), EBADF);
  const FilePtr writer = open(tree, "file", {}, {.write = true});
  EXPECT_EQ(number_of(writer->read(1, 0)), EBADF);
  const FilePtr neither = open(tree, "file", {}, {});
  EXPECT_EQ(number_of(neither->read(1, 0)), EBADF);
  EXPECT_EQ(neither->stat().value().size, 4U);
  EXPECT_EQ(number_of(tree.root()->read(1, 0)), EISDIR);
}

TEST(FileSystem, AReadOnlyTreeCannotBeChanged) {
  const TempTree tree;
  tree.put("root/dir/file", "text");
  const FilePtr root = tree.root(Access::read_only());
  const FilePtr dir =
      open_at(*root, Follow::Yes, "dir", {.directory = true}, Access::read_only()).value();
  for (const FilePtr& base : {root, dir}) {
    const std::string file = base == root ? "dir/file" : "file";
    EXPECT_EQ(number_of(open_at(*base, Follow::Yes, file, {}, {.read = true, .write = true})),
              EROFS);
    EXPECT_EQ(
        number_of(open_at(*base, Follow::Yes, file, {}, {.read = true, .mutate_directory = true})),
        EROFS);
    EXPECT_EQ(number_of(open_at(*base, Follow::Yes, "new", {.create = true}, {.read = true})),
              EROFS);
    EXPECT_EQ(number_of(open_at(*base, Follow::Yes, file, {.truncate = true}, {.read = true})),
              EROFS);
    EXPECT_EQ(number_of(create_directory_at(*base, "new")), EROFS);
    EXPECT_EQ(number_of(remove_directory_at(*base, "dir")), EROFS);
    EXPECT_EQ(number_of(unlink_file_at(*base, file)), EROFS);
    EXPECT_EQ(number_of(symlink_at(*base, "a", "b")), EROFS);
    EXPECT_EQ(number_of(link_at(*base, file, *base, "b")), EROFS);
    EXPECT_EQ(number_of(rename_at(*base, file, *base, "b")), EROFS);
    EXPECT_EQ(number_of(set_times_at(*base, Follow::No, file, {}, {})), EROFS);
    EXPECT_EQ(number_of(base->set_times({}, {})), EROFS);
    const FilePtr opened = open_at(*base, Follow::Yes, file, {}, {.read = true}).value();
    EXPECT_EQ(number_of(opened->set_times({}, {})), EROFS);
    EXPECT_EQ(opened->read(9, 0).value().first.text(), "text");
  }
  // Nor by way of a tree that may be changed.
  EXPECT_EQ(number_of(link_at(*root, "dir/file", *tree.root(), "b")), EROFS);
  EXPECT_EQ(number_of(rename_at(*tree.root(), "dir/file", *root, "b")), EROFS);
}

TEST(FileSystem, DirectoriesAreMadeAndRemoved) {
  const TempTree tree;
  const FilePtr root = tree.root();
  EXPECT_TRUE(create_directory_at(*root, "d/"));
  EXPECT_EQ(number_of(create_directory_at(*root, "d")), EEXIST);
  EXPECT_EQ(number_of(create_directory_at(*root, ".")), EEXIST);
  EXPECT_EQ(number_of(create_directory_at(*root, "x/y")), ENOENT);
  tree.put("root/d/f", "");
  EXPECT_EQ(number_of(remove_directory_at(*root, "d")), ENOTEMPTY);
  EXPECT_EQ(number_of(remove_directory_at(*root, "d/f")), ENOTDIR);
  EXPECT_EQ(number_of(remove_directory_at(*root, ".")), EINVAL);
  EXPECT_EQ(number_of(unlink_file_at(*root, "d")), EISDIR);
  EXPECT_EQ(number_of(unlink_file_at(*root, "d/f/")), ENOTDIR);
  EXPECT_TRUE(unlink_file_at(*root, "d/f"));
  EXPECT_TRUE(remove_directory_at(*root, "d/"));
}

TEST(FileSystem, LinksAndRenames) {
  const TempTree tree;
  tree.put("root/a", "text");
  std::filesystem::create_directory(tree.path("root/d"));
  const FilePtr root = tree.root();
  const FilePtr dir =
      open_at(*root, Follow::Yes, "d", {.directory = true}, Access::read_only()).value();
  EXPECT_TRUE(link_at(*root, "a", *dir, "b"));
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().link_count, 2U);
  EXPECT_EQ(identity_at(*root, Follow::No, "a").value(),
            identity_at(*dir, Follow::No, "b").value());
  EXPECT_TRUE(rename_at(*dir, "b", *root, "c"));
  EXPECT_EQ(tree.get("root/c"), "text");
  EXPECT_TRUE(rename_at(*root, "d/", *root, "e/"));
  EXPECT_EQ(number_of(rename_at(*root, "a", *root, "z/")), ENOTDIR);
  EXPECT_EQ(number_of(rename_at(*root, ".", *root, "z")), EBUSY);
  EXPECT_TRUE(symlink_at(*root, "../c", "e/link"));
  EXPECT_EQ(readlink_at(*root, "e/link").value(), "../c");
  EXPECT_EQ(stat_at(*root, Follow::Yes, "e/link").value().type, Type::RegularFile);
  EXPECT_EQ(number_of(readlink_at(*root, "c")), EINVAL);
  tree.link("loop", "root/loop");
  EXPECT_EQ(number_of(stat_at(*root, Follow::Yes, "loop")), ELOOP);
}

TEST(FileSystem, TimesAreSet) {
  const TempTree tree;
  tree.put("root/a", "text");
  tree.link("a", "root/l");
  const FilePtr root = tree.root();
  const auto at = [](int64_t s) {
    return NewTime{.kind = NewTime::Kind::Given, .time = {.seconds = s, .nanoseconds = 5}};
  };
  EXPECT_TRUE(set_times_at(*root, Follow::Yes, "l", at(100), at(200)));
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().accessed.seconds, 100);
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().modified, (clocks::WallTime{200, 5}));
  EXPECT_TRUE(set_times_at(*root, Follow::No, "l", at(300), at(300)));
  EXPECT_EQ(stat_at(*root, Follow::No, "l").value().modified.seconds, 300);
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().modified.seconds, 200);
  EXPECT_TRUE(open(tree, "a", {}, {.read = true})->set_times({}, {.kind = NewTime::Kind::Now}));
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().accessed.seconds, 100);
  EXPECT_GT(stat_at(*root, Follow::No, "a").value().modified.seconds, 1000000);
  EXPECT_TRUE(set_times_at(*root, Follow::No, "a", at(-7), at(-7)));
  EXPECT_EQ(stat_at(*root, Follow::No, "a").value().modified, (clocks::WallTime{-7, 5}));
  EXPECT_EQ(number_of(set_times_at(*root, Follow::No, "a", {},
                                   {.kind = NewTime::Kind::Given, .time = {1, 1'000'000'000}})),
            EINVAL);
}

TEST(FileSystem, ADirectoryIsReadInPortions) {
  const TempTree tree;
  std::set<std::string> want;
  for (int i = 0; i < 600; ++i) {
    tree.put("root/d/" + std::to_string(i), "");
    want.insert(std::to_string(i));
  }
  const FilePtr dir = open_at(*tree.root(), Follow::Yes, "d", {}, Access::read_only()).value();
  for (int round = 0; round < 2; ++round) {
    const auto reader = DirectoryReader::open(*dir).value();
    std::set<std::string> got;
    for (auto some = reader->next().value(); !some.empty(); some = reader->next().value()) {
      EXPECT_LE(some.size(), 256U);
      for (const auto& entry : some) {
        EXPECT_EQ(entry.type, Type::RegularFile);
        EXPECT_TRUE(got.insert(entry.name).second);
      }
    }
    EXPECT_EQ(got, want);
  }
}

TEST(FileSystem, ANameThatIsNotUtf8IsAnErrorOfItsOwn) {
  const TempTree tree;
  tree.put("root/d/\xff", "");
  tree.put("root/d/a", "");
  const FilePtr dir = open_at(*tree.root(), Follow::Yes, "d", {}, Access::read_only()).value();
  const auto reader = DirectoryReader::open(*dir).value();
  int errors = 0;
  std::vector<std::string> names;
  while (true) {
    const auto some = reader->next();
    if (!some) {
      EXPECT_EQ(some.error().number(), EILSEQ);
      ASSERT_LT(++errors, 3);
      continue;
    }
    if (some->empty()) break;
    for (const auto& entry : *some) names.push_back(entry.name);
  }
  EXPECT_EQ(errors, 1);
  EXPECT_EQ(names, std::vector<std::string>{"a"});
}

TEST(FileSystem, AFifoHoldsNobodyUp) {
  const TempTree tree;
  ASSERT_EQ(::mkfifo(tree.path("root/fifo").c_str(), 0600), 0);
  EXPECT_EQ(number_of(open_at(*tree.root(), Follow::Yes, "fifo", {}, {.write = true})), ENXIO);
  const auto reader = open_at(*tree.root(), Follow::Yes, "fifo", {}, {.read = true});
  EXPECT_EQ((*reader)->type(), Type::Fifo);
}

TEST(FileSystem, APreopenThatIsNotThereIsAClearError) {
  EXPECT_EQ(open_preopen("/does/not/exist", Access::read_only()).error().message(),
            "opening directory '/does/not/exist': No such file or directory");
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem
