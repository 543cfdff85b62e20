#pragma once

#include "host/host.h"

namespace wasmcloud::plugins {

/// Gives a host all plugins of this folder. What a workload gets of them is up to its grants.
/// Errors: as `host::Host::add_plugin`.
Result<void> add_all(host::Host& host);

}  // namespace wasmcloud::plugins
