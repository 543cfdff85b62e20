#pragma once

#include "base/loop.h"
#include "wash/config/config.h"

#include <functional>
#include <string>

namespace wasmcloud::wash {

/// What one build needs to know.
struct BuildPlan {
  std::string project;         ///< absolute
  std::string command;         ///< for sh -c
  std::string component_path;  ///< as configured
  StringMap env;
  WitConfig wit;
  /// Where the preview 1 adapters are.
  std::string adapters;
  /// The build's stdout goes to stderr: stdout is for the result alone.
  bool stdout_is_result = false;
};

enum class Purpose : uint8_t { Build, Dev };

/// Errors: Errc::Invalid where no command is configured.
Result<BuildPlan> plan_build(const Config& config, Purpose purpose, std::string project,
                             std::string adapters);

/// Runs the command and sees that a component comes out of it; its path, absolute.
/// `progress` gets a line for each step. Errors: Errc::Cancelled after the command's process group
/// was ended; else what went wrong.
Task<std::string> build_component(Loop& loop, const BuildPlan& plan,
                                  const std::function<void(std::string_view)>& progress);

/// `<folder of the executable>/adapters`, or `share/wash/adapters` beside its `bin`.
std::string find_adapters();

}  // namespace wasmcloud::wash
