#pragma once

#include "wash/command.h"

#include <string>
#include <vector>

namespace wasmcloud::wash {

struct Parsed {
  CommandPath path;
  Arguments arguments;
};

/// Reads the words after the program's name against the table.
/// Errors: Errc::Usage, with what was probably meant, and the path of commands that was understood.
struct ParseFailure {
  CommandPath path;
  std::string message;
  std::string hint;  ///< "did you mean '--address'?"; may be empty
};
std::expected<Parsed, ParseFailure> parse(const Command& root, std::vector<std::string> words);

}  // namespace wasmcloud::wash
