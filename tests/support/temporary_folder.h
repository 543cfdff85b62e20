#pragma once

#include "base/file.h"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace wasmcloud::testing {

/// A fresh folder that goes away with this object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "wash-test-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    // Without links, since programs print where they really are.
    path_ = std::filesystem::canonical(pattern);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string path(std::string_view inside) const { return path_ + "/" + std::string(inside); }
  /// Writes a file, with the folders above it.
  std::string write(std::string_view inside, std::string_view content) const {
    const std::string target = path(inside);
    std::filesystem::create_directories(std::filesystem::path(target).parent_path());
    EXPECT_TRUE(write_file(target, content).has_value()) << target;
    return target;
  }
  std::string read(std::string_view inside) const {
    return read_file(path(inside)).value_or("<cannot be read>");
  }

 private:
  std::string path_;
};

}  // namespace wasmcloud::testing
