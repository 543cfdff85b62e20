#pragma once

#include "base/loop.h"

#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// Makes a component of a core module, in place, with `wasm-tools` and the preview 1 adapter: the
/// command one for a module with `_start`, else the reactor one.
/// Errors: Errc::NotFound with what to install, where `wasm-tools` or the adapter is missing;
/// Errc::Invalid with the tool's own words; Errc::Cancelled.
Task<void> componentize(Loop& loop, std::string path, std::string_view bytes, std::string adapters);

}  // namespace wasmcloud::wash
