#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::conformance {

/// One command of a script, as `wasm-tools json-from-wast` writes it.
struct Command {
  std::string type;
  uint32_t line = 0;       ///< in the script
  std::string file;        ///< the binary, a full path; empty where there is none
  bool is_text = false;    ///< the "binary" is text, for tests of text parsers
  std::string name;        ///< what a definition or instance is called from now on
  std::string definition;  ///< module_instance: the definition's name
  std::string text;        ///< what is said to be wrong
  std::string field;       ///< actions: the exported function
  boost::json::array arguments;
  std::optional<boost::json::array> expected;  ///< assert_return
};

struct Script {
  std::string path;   ///< of the script
  std::string suite;  ///< the folder that holds index.json
  std::string name;   ///< the path within it: "validation/kebab.wast"
  component::Features features;
  std::vector<Command> commands;

  /// Why a command is not run: what it expects was given up by the specification or never was a
  /// rule.
  std::optional<std::string> superseded(const Command& command) const;
};

/// Reads a script: a .wast file, which wasm-tools converts into `folder`, or a JSON file beside its
/// binaries. The features are those that the suite's index.json lists for it.
Result<Script> load_script(const std::string& path, const std::string& folder);

}  // namespace wasmcloud::conformance
