#pragma once

#include "base/error.h"
#include "wash/command.h"

#include <cstddef>
#include <string>

namespace wasmcloud::wash {

/// The manual page of one command, in roff with the macros of man(7). The same for the same table
/// and version: no date.
std::string man_page_of(const CommandPath& path);

/// Writes the pages of all commands into `folder`, which is made: wash.1, wash-config-init.1.
/// Returns how many there are. Errors: Errc::Io, Errc::Denied.
Result<size_t> write_man_pages(const Command& root, const std::string& folder);

}  // namespace wasmcloud::wash
