#pragma once

#include "bindgen/unit.h"
#include "bindgen/waiting.h"

namespace wasmcloud::bindgen {

/// A generated file: a path below the output folder, and its text.
struct File {
  std::string path;
  std::string text;
};

/// Where the functions of an interface find their implementation.
enum class Binding : uint8_t {
  Instance,  ///< in what the embedder attached to the guest's instance
  Shared,    ///< one object, given when linking, for all instances
};

/// The files of one unit. Errors: Errc::Unsupported, with the place in the WIT, for what has no
/// C++ shape yet.
Result<std::vector<File>> generate(const Units& units, const Unit& unit, Waiting& waiting,
                                   Binding binding = Binding::Instance);

}  // namespace wasmcloud::bindgen
