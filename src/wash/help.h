#pragma once

#include "wash/command.h"

#include <string>

namespace wasmcloud::wash {

/// "Usage: wash dev [OPTIONS] [FILE]"
std::string usage_of(const CommandPath& path);
/// All of a command's help, with a newline at its end.
std::string help_of(const CommandPath& path);
/// The whole command line as one Markdown page.
std::string markdown_of(const Command& root);

}  // namespace wasmcloud::wash
