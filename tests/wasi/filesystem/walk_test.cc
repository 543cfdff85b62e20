// A walk by name against the kernel's openat2, over a table of paths and many made at random.
#include "wasi/filesystem/resolve.h"
#include "wasi/filesystem/temp_tree.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <random>

namespace wasmcloud::wasi::filesystem {
namespace {

/// What opening said: "EXDEV", or which inode was opened.
struct Opened {
  int error = 0;
  uint64_t inode = 0;
};

Opened seen(int fd, int error) {
  if (fd < 0) return {.error = error};
  struct stat status{};
  ::fstat(fd, &status);
  return {.error = 0, .inode = status.st_ino};
}

Opened by_kernel(int directory, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? 0600 : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const OwnedDescriptor fd(
      static_cast<int>(syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how)));
  const int error = errno == EXDEV ? EPERM : errno;
  return seen(fd.get(), error);
}

Opened by_walk(int directory, const std::string& path, int flags) {
  const auto fd = walk_beneath(directory, path, flags, 0600);
  return fd ? seen(fd->get(), 0) : seen(-1, fd.error().number());
}

class Walk : public ::testing::Test {
 protected:
  Walk() {
    tree_.put("root/file", "inside");
    tree_.put("root/dir/inner", "inner");
    tree_.put("root/dir/deep/leaf", "leaf");
    tree_.link("file", "root/to-file");
    tree_.link("dir", "root/to-dir");
    tree_.link("dir/", "root/to-dir-slash");
    tree_.link("../file", "root/dir/up-file");
    tree_.link("../../outside/secret", "root/dir/out");
    tree_.link("/etc/passwd", "root/absolute");
    tree_.link("loop", "root/loop");
    tree_.link("none", "root/dangling");
    tree_.link(".", "root/self");
    tree_.link("..", "root/up");
    tree_.link("to-dir/up-file", "root/chain");
  }

  void SetUp() override {
    const Opened root = by_kernel(root_->fd(), ".", O_PATH);
    if (root.error != 0) GTEST_SKIP() << "this kernel has no openat2 to compare with";
  }

  void compare(const std::string& path, int flags) {
    const Opened kernel = by_kernel(root_->fd(), path, flags);
    const Opened walk = by_walk(root_->fd(), path, flags);
    EXPECT_EQ(walk.error, kernel.error) << "'" << path << "' with flags " << flags;
    EXPECT_EQ(walk.inode, kernel.inode) << "'" << path << "' with flags " << flags;
  }

  TempTree tree_;
  FilePtr root_ = tree_.root();
};

constexpr int kFlags[] = {O_PATH,
                          O_PATH | O_NOFOLLOW,
                          O_RDONLY,
                          O_RDONLY | O_NOFOLLOW,
                          O_RDONLY | O_DIRECTORY,
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
                          O_RDWR,
                          O_RDWR | O_CREAT | O_EXCL};

TEST_F(Walk, OpensWhatTheKernelOpens) {
  for (const char* path : {"file",
                           "./file",
                           "dir",
                           "dir/",
                           "dir//",
                           "dir/inner",
                           "dir//inner",
                           "dir/./inner",
                           "dir/../file",
                           "file/",
                           "file/x",
                           "file/..",
                           "to-file",
                           "to-file/",
                           "to-dir",
                           "to-dir/",
                           "to-dir/inner",
                           "to-dir-slash",
                           "dir/up-file",
                           "dir/out",
                           "dir/out/",
                           "absolute",
                           "absolute/x",
                           "loop",
                           "loop/x",
                           "dangling/x",
                           "self",
                           "self/self",
                           "self/file",
                           "up",
                           "up/root/file",
                           "chain",
                           "..",
                           "../root",
                           "dir/../..",
                           "dir/../../x",
                           ".",
                           "./",
                           "/",
                           "/file",
                           "",
                           "none",
                           "none/",
                           "none/x",
                           "dir/deep/../../to-dir/deep/leaf"}) {
    for (const int flags : kFlags) {
      // What is new is another file each time.
      if ((flags & O_CREAT) != 0 && std::string_view(path).starts_with("none")) continue;
      compare(path, flags);
    }
  }
}

TEST_F(Walk, OpensWhatTheKernelOpensOfRandomPaths) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  constexpr const char* kNames[] = {"file",   "dir", "inner", "deep",  "leaf", "to-file",
                                    "to-dir", "up",  "self",  "chain", "loop", "absolute",
                                    ".",      "..",  "",      "out",   "none", "up-file"};
  for (int i = 0; i < 20'000; ++i) {
    std::string path;
    for (size_t names = random() % 6 + 1; names > 0; --names) {
      path += kNames[random() % std::size(kNames)];
      if (names > 1 || random() % 4 == 0) path += '/';
    }
    compare(path, kFlags[random() % 7]);
  }
}

TEST_F(Walk, IsBoundedInDepthAndLength) {
  std::string deep;
  for (size_t i = 0; i <= kMaxWalkDepth; ++i) deep += "d/";
  std::filesystem::create_directories(tree_.path("root/" + deep));
  EXPECT_EQ(by_walk(root_->fd(), deep + "d", O_PATH).error, ENAMETOOLONG);
  EXPECT_EQ(by_walk(root_->fd(), std::string(5000, 'x'), O_PATH).error, ENAMETOOLONG);
  std::string there_and_back;
  for (int i = 0; i < 400; ++i) there_and_back += "dir/../";
  EXPECT_EQ(by_walk(root_->fd(), there_and_back + "file", O_PATH).error, 0);
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem
