#pragma once

#include "component/component.h"
#include "host/plugin.h"
#include "host/workload.h"

namespace wasmcloud::host::detail {

/// A component of a workload while plugins are bound.
struct BoundComponent {
  const component::Component* component;
  const ComponentConfig* config;
  component::Linker* linker;  ///< for what plugins define
  bool is_service = false;    ///< what it exports serves nobody in the workload
};

/// Matches what components import, and none of the others exports, with what
/// their workload was granted, and lets plugins define the granted imports. Returns what the
/// plugins keep for the workload. Errors: Errc::Denied for imports that a plugin serves and nothing
/// grants, one a line, each with the grant that is missing; those of `Plugin::bind`.
Result<std::vector<std::shared_ptr<void>>> bind_plugins(
    std::span<const std::unique_ptr<Plugin>> plugins, std::span<const BoundComponent> components,
    const WorkloadConfig& workload);

}  // namespace wasmcloud::host::detail
