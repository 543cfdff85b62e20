#pragma once

#include "base/error.h"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace wasmcloud::bindgen {

/// Which functions can wait. The file has a line for each: "wasi:io/poll#poll", without a version,
/// or with one to mean that one only. Empty lines, and lines that begin with '#', say nothing.
class Waiting {
 public:
  /// Errors: Errc::Malformed with file:line. `path` is for messages.
  Result<void> read(std::string_view path, std::string_view text);

  /// `interface` as in "wasi:io/poll@0.2.12".
  bool contains(std::string_view interface, std::string_view function);
  /// Errors: Errc::Invalid, naming lines of `interfaces` that no `contains` asked for: they are
  /// misspelled.
  Result<void> check_used(const std::set<std::string>& interfaces) const;

 private:
  struct Line {
    std::string where;
    bool used = false;
  };
  std::map<std::string, Line, std::less<>> lines_;
};

/// "wasi:io/poll@0.2.12" without the version.
std::string_view without_version(std::string_view interface);

}  // namespace wasmcloud::bindgen
