#pragma once

#include "base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace wasmcloud::conformance {

/// What is expected of a command other than what its script says, and why.
struct Exception {
  enum class Kind : uint8_t {
    Skip,      ///< cannot be run yet: not supported, or not a test of a runtime
    Opposite,  ///< later rules: the command must not come out as the script says
  };
  Kind kind = Kind::Skip;
  std::string why;
};

/// The exceptions of one script.
struct Exceptions {
  std::optional<Exception> script;         ///< of whatever in it is not supported
  std::map<uint32_t, Exception> commands;  ///< by line

  bool empty() const { return !script && commands.empty(); }
};

/// The table `exceptions.txt`, by the path of a script within the suites' folder. A line is
///
///     SCRIPT LINE|* skip|opposite WHY
///
/// and `*` stands for every command of the script that is not supported.
using ExceptionTable = std::map<std::string, Exceptions>;

/// Errors: Errc::NotFound; Errc::Malformed with the line.
Result<ExceptionTable> read_exceptions(const std::filesystem::path& path);

/// The exceptions of the entry that the path of the script ends with.
Exceptions exceptions_of(const ExceptionTable& table, const std::filesystem::path& script);

}  // namespace wasmcloud::conformance
