#pragma once

#include "bindgen/unit.h"
#include "bindgen/waiting.h"

namespace wasmcloud::bindgen {

/// A generated file: a path below the output folder, and its text.
struct File {
  std::string path;
  std::string text;
};

/// The files of one unit. Errors: Errc::Unsupported, with the place in the WIT, for what has no
/// C++ shape yet.
Result<std::vector<File>> generate(const Units& units, const Unit& unit, Waiting& waiting);

}  // namespace wasmcloud::bindgen
