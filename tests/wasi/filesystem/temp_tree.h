#pragma once

#include "wasi/filesystem/file_system.h"
#include "wasi/filesystem/resolve.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace wasmcloud::wasi::filesystem {

/// A folder `root` that a guest sees, and beside it `outside/secret`, which it must never see.
class TempTree {
 public:
  TempTree() {
    // The same tests run a second time without openat2.
    if (::getenv("WASI_TEST_WALK") != nullptr) use_resolver(Resolver::Walk);
    std::string pattern = std::filesystem::temp_directory_path() / "wasi-XXXXXX";
    top_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(top_ / "root");
    std::filesystem::create_directories(top_ / "outside");
    put("outside/secret", "secret");
  }
  ~TempTree() { std::filesystem::remove_all(top_); }

  std::filesystem::path path(std::string_view below) const { return top_ / below; }
  void put(std::string_view below, std::string_view text) const {
    std::filesystem::create_directories(path(below).parent_path());
    std::ofstream(path(below)) << text;
  }
  std::string get(std::string_view below) const {
    std::ifstream file(path(below));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool exists(std::string_view below) const {
    return std::filesystem::exists(std::filesystem::symlink_status(path(below)));
  }
  void link(std::string_view target, std::string_view below) const {
    std::filesystem::create_symlink(target, path(below));
  }
  FilePtr root(Access access = Access::read_write()) const {
    return open_preopen(path("root"), access).value();
  }

 private:
  std::filesystem::path top_;
};

template <class T>
int number_of(const Result<T>& result) {
  return result ? 0 : result.error().number();
}

}  // namespace wasmcloud::wasi::filesystem
