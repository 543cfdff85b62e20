#pragma once

#include "wash/command.h"
#include "wash/directories.h"
#include "wash/outcome.h"
#include "wash/terminal.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::wash {

/// What a command is run with.
struct Invocation {
  const Arguments& arguments;
  const CommandPath& path;
  Terminal& terminal;
  OutputFormat format = OutputFormat::Text;
  bool verbose = false;
  /// False with --non-interactive, or where stdin is no terminal: questions answer themselves.
  bool interactive = false;
  /// Absolute. Paths on the command line are relative to it.
  std::string working_directory;
  /// Absolute. Paths in the configuration are relative to it.
  std::string project;
  Directories directories;
  Environment environment;
};

/// `run` for the table of commands, with its error as an outcome.
template <Result<Outcome> (*run)(const Invocation&)>
Outcome outcome_of(const Invocation& invocation) {
  Result<Outcome> outcome = run(invocation);
  return outcome ? std::move(*outcome) : Outcome::failed(outcome.error());
}

/// The parts of a flag that takes lists with commas and may be repeated, or those of `configured`
/// where it is not given; empty ones are left out. Views of what was given.
std::vector<std::string_view> list_of(const Arguments& arguments, std::string_view flag,
                                      const std::vector<std::string>& configured);

/// `path` as seen from `folder`, made absolute and free of "." and "..".
std::string resolve(std::string_view path, const std::string& folder);

}  // namespace wasmcloud::wash
