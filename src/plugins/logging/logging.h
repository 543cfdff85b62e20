#pragma once

#include "host/plugin.h"

#include <memory>

namespace wasmcloud::plugins::logging {

/// wasi:logging: lines of guests in the host's log, with the workload they are from.
std::unique_ptr<host::Plugin> make_plugin();

}  // namespace wasmcloud::plugins::logging
