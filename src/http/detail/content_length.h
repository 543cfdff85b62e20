#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace wasmcloud::http::detail {

/// Takes a content-length field of a message to be sent; a second one must say the same. Errors:
/// Errc::Invalid.
Result<void> take_content_length(std::string_view value, std::optional<uint64_t>& declared);

}  // namespace wasmcloud::http::detail
