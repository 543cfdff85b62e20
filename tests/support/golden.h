#pragma once

#include "base/file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace wasmcloud::testing {

/// True if the test binary was started with --rebaseline: golden files are written, not compared.
inline bool rebaseline() {
  const auto arguments = ::testing::internal::GetArgvs();
  return std::find(arguments.begin(), arguments.end(), "--rebaseline") != arguments.end();
}

/// Compares with a golden file, exactly.
inline void expect_golden(const std::string& path, std::string_view actual) {
  if (rebaseline()) {
    EXPECT_TRUE(write_file(path, actual).has_value()) << path;
    return;
  }
  EXPECT_EQ(std::string(actual), read_file(path).value_or("<there is no such file>"))
      << path << " differs; run with --rebaseline to rewrite it, and read the difference";
}

inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace wasmcloud::testing
