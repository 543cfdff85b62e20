#pragma once

#include "host/plugin.h"

#include <memory>

namespace wasmcloud::plugins::config {

/// wasi:config/store: a workload's configuration, read only.
std::unique_ptr<host::Plugin> make_plugin();

}  // namespace wasmcloud::plugins::config
