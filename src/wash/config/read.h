#pragma once

#include "base/error.h"
#include "wash/directories.h"
#include "wash/value.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::wash {

// Limits of one configuration: it is written by people, and a few lines of YAML can stand for
// millions of nodes.
inline constexpr size_t kMaxConfigBytes = size_t{1} << 20;
inline constexpr size_t kMaxConfigNodes = 50'000;
inline constexpr size_t kMaxConfigDepth = 32;

using SourceName = std::shared_ptr<const std::string>;

// Each gives a map whose values know their line and column. An empty text is an empty map. Keys
// that appear twice are refused. Errors: Errc::Malformed, Errc::Limit; the message begins with
// "SOURCE:LINE:COLUMN: ".

/// YAML 1.2, core schema: `no` and `012` are a string and a number, not a boolean and an octal one.
Result<Value> read_yaml(std::string_view text, const SourceName& source);
Result<Value> read_json(std::string_view text, const SourceName& source);
Result<Value> read_toml(std::string_view text, const SourceName& source);

/// By the file's ending: .yaml, .yml, .json or .toml. `shown` is its name in messages.
Result<Value> read_config_file(const std::string& path, std::string shown);

/// `WASH_KEY=value` sets the top-level key `key`; a dot in the name nests. A value may be written
/// inline: `{a=1}`, `[x, y]`, true, 3, "text"; anything else is a string.
Value read_environment(const std::vector<std::pair<std::string, std::string>>& variables);
/// All variables of this process.
std::vector<std::pair<std::string, std::string>> environment_variables();

}  // namespace wasmcloud::wash
