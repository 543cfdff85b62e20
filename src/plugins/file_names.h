#pragma once

#include "base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::plugins {

// Names of guests as names of files: letters, digits, '-' and '_' stay, every other byte is '%' and
// two digits, and nothing at all is '%'. So no name leads elsewhere, two are never one, and files
// that have a '.' in their name are nobody's: temporary ones.

/// Errors: Errc::Limit where it is too long for a file; `what` is "the key", for the message.
Result<std::string> to_file_name(std::string_view name, std::string_view what);
/// The name that a file stands for; nothing for files of others.
std::optional<std::string> from_file_name(std::string_view file);

}  // namespace wasmcloud::plugins
