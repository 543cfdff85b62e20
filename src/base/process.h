#pragma once

#include "base/loop.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud {

/// How a program ended.
struct ExitStatus {
  int code = 0;    ///< what it returned, if `signal` is 0
  int signal = 0;  ///< what killed it, or 0

  bool ok() const { return code == 0 && signal == 0; }
  /// "exit status 3", "killed by signal 9 (Killed)".
  std::string describe() const;
};

enum class Input : uint8_t {
  /// The parent's; nothing where that is a terminal, which a process group of its own may not read.
  Inherit,
  Null,
  Text,  ///< `input_text`
};
enum class Output : uint8_t { Inherit, Capture, Null };

struct ProcessOptions {
  /// The program, looked up in PATH unless it holds a slash, and its arguments.
  std::vector<std::string> command;
  /// Added to the parent's environment, and over it.
  std::vector<std::pair<std::string, std::string>> environment;
  /// Empty: the parent's.
  std::string directory;
  Input input = Input::Null;
  std::string input_text;
  Output output = Output::Inherit;
  Output errors = Output::Inherit;
  /// How long the group may take to end after SIGTERM, when the waiting task is cancelled.
  std::chrono::milliseconds grace = std::chrono::milliseconds(2000);
};

struct Finished {
  ExitStatus status;
  std::string output;  ///< what was captured, at most `kMaxCaptured`
  std::string errors;
};

inline constexpr size_t kMaxCaptured = size_t{16} << 20;

/// Runs a program in a process group of its own until it ends. It gets no descriptors but the three
/// standard ones. If the task is cancelled, the whole group gets SIGTERM, and SIGKILL after
/// `grace`. Errors: Errc::NotFound where there is no such program or directory, Errc::Denied,
/// Errc::Io; Errc::Cancelled when it was stopped that way.
Task<Finished> run_process(Loop& loop, ProcessOptions options);

/// The file that `program` names, as a shell finds it in PATH; empty if there is none.
std::string find_program(const std::string& program);

}  // namespace wasmcloud
