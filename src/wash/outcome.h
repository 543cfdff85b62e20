#pragma once

#include "base/error.h"
#include "wash/value.h"

#include <string>

namespace wasmcloud::wash {

enum class OutputFormat : uint8_t { Text, Json };

/// What the process gives back to its caller.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,
  kExitUsage = 2,
  kExitInterrupted = 130,
};

/// What a command ends with. It is printed to stdout, also when it failed.
struct Outcome {
  std::string message;
  bool success = true;
  Value data = {};
  int exit_code = kExitOk;
  /// Wrong flags or arguments: told on stderr, with the command's usage.
  bool is_usage_error = false;
  /// Text mode prints nothing: the command's own output was all.
  bool quiet = false;
  /// Text mode prints to stderr: stdout belongs to the guest.
  bool to_stderr = false;

  static Outcome ok(std::string message, Value data = {});
  static Outcome failed(const Error& error, Value data = {});
};

/// What to print, with the newline at its end; in JSON an object of exactly message, success, data.
std::string render(const Outcome& outcome, OutputFormat format);

}  // namespace wasmcloud::wash
