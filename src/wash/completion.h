#pragma once

#include "wash/command.h"

#include <array>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

inline constexpr std::array<std::string_view, 5> kShells = {"bash", "elvish", "fish", "powershell",
                                                            "zsh"};

/// The script that teaches a shell of `kShells` the words of the table: commands, flags, and what
/// a flag with a choice takes. Where none fits, shells complete names of files.
std::string completion_of(const Command& root, std::string_view shell);

}  // namespace wasmcloud::wash
