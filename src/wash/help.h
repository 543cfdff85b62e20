#pragma once

#include "wash/command.h"
#include "wash/terminal.h"

#include <string>

namespace wasmcloud::wash {

// What all forms of help show of a flag or an argument.

/// "-o, --output <text|json>", with room for the short name where there is none.
std::string flag_head(const Flag& flag);
/// What it does, and what it is without being given.
std::string flag_help(const Flag& flag);
/// "<FILE>", or "[ARGS...]" where it may be left out.
std::string shown(const Positional& positional);

/// "Usage: wash dev [OPTIONS] [FILE]"
std::string usage_of(const CommandPath& path);
/// How wide help is there: as wide as the terminal, within reason.
size_t help_width(const Terminal& terminal, Stream stream);
/// All of a command's help, with a newline at its end.
std::string help_of(const CommandPath& path, size_t width);
/// The whole command line as one Markdown page.
std::string markdown_of(const Command& root);

}  // namespace wasmcloud::wash
