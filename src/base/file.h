#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud {

/// The whole file. Blocks: not on a loop that serves.
/// Errors: Errc::NotFound, Errc::Denied, Errc::Io; Errc::Limit where it holds more than
/// `max_bytes`; Errc::Invalid for a directory.
Result<std::string> read_file(const std::string& path, uint64_t max_bytes = uint64_t{1} << 30);

/// What is there after the machine has lost its power.
enum class Durable : uint8_t {
  No,   ///< the old content or the new one, or no file
  Yes,  ///< the new content, once the call has returned
};

/// Puts `content` in place of the file by a rename, so that readers see the old or the new one,
/// also after a crash of the process; that may leave a file whose name ends in ".tmp".
Result<void> write_file(const std::string& path, std::string_view content,
                        Durable durable = Durable::No);

/// Waits until the disk has what was made, renamed and removed in a folder.
Result<void> sync_folder(const std::string& path);

/// True for anything that exists under this name, also a directory.
bool file_exists(const std::string& path);

}  // namespace wasmcloud
