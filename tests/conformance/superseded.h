#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wasmcloud::conformance {

/// Why the command at `line` of a script is not run, if it is one of those whose expectation was
/// given up.
std::optional<std::string_view> superseded(std::string_view script, uint32_t line);

}  // namespace wasmcloud::conformance
