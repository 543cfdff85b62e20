#pragma once

#include "host/plugin.h"

#include <memory>

namespace wasmcloud::plugins::blobstore {

/// wasi:blobstore (types, container, blobstore): a store for each grant, in memory and gone with
/// its workload, or in files.
std::unique_ptr<host::Plugin> make_plugin();

}  // namespace wasmcloud::plugins::blobstore
