#pragma once

#include <string>
#include <vector>

namespace wasmcloud::wash {

/// The whole program: reads the words after its name, runs the command, prints its outcome.
/// The result is the process's exit code.
int run_app(std::vector<std::string> words);

}  // namespace wasmcloud::wash
