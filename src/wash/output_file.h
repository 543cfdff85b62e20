#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// Writes a file that a person named: as a whole or not at all. A link is followed, and what is no
/// regular file (/dev/stdout, /dev/null, a pipe) is written to, and not replaced.
/// Errors: Errc::NotFound without the folder; Errc::Invalid for a folder; Errc::Io.
Result<void> write_output(const std::string& path, std::string_view content);

}  // namespace wasmcloud::wash
