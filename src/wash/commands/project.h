#pragma once

#include "wash/config/config.h"
#include "wash/invocation.h"

namespace wasmcloud::wash {

/// The checked configuration of this invocation's project; its warnings are logged. `flags` is what
/// the command line overrides.
Result<Config> load_project(const Invocation& invocation, Value flags = {});

}  // namespace wasmcloud::wash
