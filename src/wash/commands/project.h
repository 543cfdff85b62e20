#pragma once

#include "wash/config/config.h"
#include "wash/invocation.h"

namespace wasmcloud::wash {

enum class Warnings : uint8_t { Log, Ignore };

/// Where the configuration of the project in a folder is.
ConfigPlaces config_places(const Invocation& invocation, const std::string& project);

/// The checked configuration of the project in a folder, or of this invocation's.
Result<Config> load_project(const Invocation& invocation, const std::string& project,
                            Warnings warnings = Warnings::Log);
Result<Config> load_project(const Invocation& invocation, Warnings warnings = Warnings::Log);

}  // namespace wasmcloud::wash
