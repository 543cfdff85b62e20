#pragma once

#include <string>

namespace wasmcloud::wash {

// Both are made from `config_shape()`, which the reader checks by, so they say what it does.

/// JSON Schema (draft 2020-12) of the configuration, for editors.
std::string config_json_schema();
/// The reference of all keys, in Markdown.
std::string config_reference();

}  // namespace wasmcloud::wash
