#pragma once

#include <string>
#include <string_view>

namespace wasmcloud {

/// Text as a JSON string, with its quotes. What need not be escaped is not, and what has a short
/// escape gets that (as serde_json, which other tools write with, so that equal text is equal
/// bytes).
std::string json_quoted(std::string_view text);

}  // namespace wasmcloud
