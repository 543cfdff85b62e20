#pragma once

#include "host/plugin.h"

#include <memory>

namespace wasmcloud::plugins::keyvalue {

/// wasi:keyvalue (store, atomics, batch): a store in memory for each grant, gone with its workload.
std::unique_ptr<host::Plugin> make_plugin();

}  // namespace wasmcloud::plugins::keyvalue
