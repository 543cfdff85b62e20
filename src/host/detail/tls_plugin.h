#pragma once

#include "host/plugin.h"

#include <memory>

namespace wasmcloud::host::detail {

/// wasi:tls, for workloads that list it: a draft, which may change with any version. Who speaks TLS
/// is said by `WorkloadConfig::tls`.
std::unique_ptr<Plugin> make_tls_plugin();

}  // namespace wasmcloud::host::detail
