#pragma once

#include "component/component.h"
#include "host/plugin.h"
#include "host/workload.h"

namespace wasmcloud::host::detail {

/// Matches what a component imports with what its workload was granted, and lets plugins define the
/// granted imports in `linker`. Returns what the plugins keep for the workload.
/// Errors: Errc::Denied for imports that a plugin serves and nothing grants, one a line, each with
/// the grant that is missing; those of `Plugin::bind`.
Result<std::vector<std::shared_ptr<void>>> bind_plugins(
    std::span<const std::unique_ptr<Plugin>> plugins, const component::Component& component,
    const WorkloadConfig& config, component::Linker& linker);

}  // namespace wasmcloud::host::detail
