#pragma once

#include "component/linker.h"
#include "component/prepared.h"

#include <cstdint>

namespace wasmcloud::conformance {

/// What the host functions of one script remember.
struct HostCounters {
  uint32_t drops = 0;
  uint32_t last_drop = 0;
};

/// What scripts import from the host. `counters` outlives the linker.
void add_host_imports(component::Linker& linker, HostCounters& counters);

/// Offers what an instance exports to later components: core modules, which is what scripts use.
void export_to(component::LinkerInstance& linker, const component::Prepared& prepared);

}  // namespace wasmcloud::conformance
