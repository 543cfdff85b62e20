#pragma once

#include "wash/config/config.h"
#include "wash/invocation.h"

namespace wasmcloud::wash {

enum class Warnings : uint8_t { Log, Ignore };

/// The checked configuration of this invocation's project.
Result<Config> load_project(const Invocation& invocation, Warnings warnings = Warnings::Log);

}  // namespace wasmcloud::wash
