#pragma once

#include "base/error.h"
#include "wash/config/config.h"

#include <string>

namespace wasmcloud::wash {

/// Sees to it that all WIT packages a project names are in its `wit/deps`: copies those that
/// `wit.sources` and the `[overrides]` of wkg.toml name by a local path, and checks the rest.
///
/// Nothing to do where there is no WIT folder. Blocks.
/// Errors: Errc::NotFound for a package that is nowhere, with what to do; Errc::Unsupported for a
/// source that is not a local path; Errc::Malformed with file:line:column for broken WIT.
Result<void> provide_wit_dependencies(const std::string& project, const WitConfig& config);

}  // namespace wasmcloud::wash
