#pragma once

#include "base/error.h"
#include "component/value.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace wasmcloud::conformance {

struct Invoke {
  std::string field;
  std::vector<component::Value> arguments;
};

/// One command of a script, as `wasm-tools json-from-wast` writes it.
struct Command {
  std::string type;
  uint32_t line = 0;
  std::string filename;     ///< of a binary, beside the script
  std::string module_type;  ///< "binary" or "text"
  std::string name;         ///< `name`, or `instance` of module_instance
  std::string module;       ///< of module_instance
  std::string text;         ///< expected failure
  std::optional<Invoke> action;
  std::vector<component::Value> expected;
};

struct Script {
  std::filesystem::path folder;  ///< of the binaries
  std::vector<Command> commands;
};

/// What a suite's index says about one script.
struct Notes {
  std::set<std::string> requires_features;
};

/// Errors: Errc::Malformed.
Result<Script> read_script(const std::filesystem::path& json);
/// From the `index.json` above the script; empty without one.
Result<Notes> read_notes(const std::filesystem::path& wast);

/// Equal, where any NaN is any NaN.
bool is_same(const component::Value& a, const component::Value& b);

}  // namespace wasmcloud::conformance
