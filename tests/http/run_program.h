#pragma once

#include "base/process.h"

#include <string>
#include <vector>

namespace wasmcloud::http {

/// Runs a client that others wrote: what it printed, behind its exit code.
inline std::string run_program(std::vector<std::string> command) {
  if (find_program(command[0]).empty()) return "not installed";
  Loop loop;
  ProcessOptions options;
  options.command = std::move(command);
  options.output = Output::Capture;
  auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  if (!finished) return finished.error().message();
  return fmt::format("{}:{}", finished->status.code, finished->output);
}

}  // namespace wasmcloud::http
