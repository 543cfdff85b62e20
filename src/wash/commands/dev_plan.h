#pragma once

#include "wash/commands/guest_flags.h"
#include "wash/config/config.h"
#include "wash/dev/component_host.h"

#include <string>
#include <vector>

namespace wasmcloud::wash {

/// The workload that a project's configuration describes, with what the flags say over it; nothing
/// of it is built or read yet but what `configs` and `secrets` name. `project` is absolute.
/// Errors: as `Sources::apply`; Errc::NotFound for a volume that is no folder.
Result<DevWorkload> plan_workload(const Config& config, const std::string& project,
                                  const GuestSettings& settings);

/// The configuration file of the project, and the files that `configs` and `secrets` name.
std::vector<std::string> files_of(const Config& config, const std::string& project);

/// A component file by itself, with what the flags say. `file` is absolute.
DevWorkload plan_file(const std::string& file, const GuestSettings& settings);

}  // namespace wasmcloud::wash
