#include "base/file.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace wasmcloud {
namespace {

TEST(File, IsReadAsItWasWritten) {
  const testing::TemporaryFolder folder;
  const std::string content(100'000, 'x');
  ASSERT_TRUE(write_file(folder.path("a"), content));
  EXPECT_EQ(read_file(folder.path("a")).value(), content);
  ASSERT_TRUE(write_file(folder.path("a"), ""));
  EXPECT_EQ(read_file(folder.path("a")).value(), "");
  // No temporary file is left beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, OfProcHasNoSizeAndIsReadWhole) {
  EXPECT_FALSE(read_file("/proc/self/status").value().empty());
}

TEST(File, SaysWhatIsWrong) {
  const testing::TemporaryFolder folder;
  const auto missing = read_file(folder.path("none"));
  EXPECT_EQ(missing.error().code(), Errc::NotFound);
  EXPECT_EQ(missing.error().message(),
            fmt::format("reading {}/none: No such file or directory", folder.path()));
  EXPECT_EQ(read_file(folder.path()).error().code(), Errc::Invalid);
  folder.write("big", "12345");
  EXPECT_EQ(read_file(folder.path("big"), 4).error().code(), Errc::Limit);
  EXPECT_EQ(read_file(folder.path("big"), 5).value(), "12345");
  EXPECT_EQ(write_file(folder.path("none/a"), "").error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace wasmcloud
