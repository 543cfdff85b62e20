#pragma once
// What third_party/wasmtime/src/lib.rs adds to the engine's C API. Not there when a ready
// installation is used (WASH_ENGINE_SEAM is not defined).

#include <wasm.h>
#include <wasmtime.h>

#include <cstddef>
#include <cstdint>

extern "C" {

/// Limits of one store, counted over all its instances. Same layout as in lib.rs.
struct wash_store_limits_t {
  uint64_t memory_bytes;
  uint64_t table_elements;
  uint64_t instances;
  uint64_t tables;
  uint64_t memories;
  uint32_t refused;  // 1: a memory, 2: a table could not grow
  uint64_t memory_bytes_used;
  uint64_t table_elements_used;
};

#ifdef WASH_ENGINE_SEAM
void wash_pooling_config_pagemap_scan(wasmtime_pooling_allocation_config_t* config);
bool wash_pagemap_scan_available(void);
/// Null and an error; the configuration stays the caller's.
wasm_engine_t* wash_engine_new(const wasm_config_t* config, wasmtime_error_t** error);
bool wash_set_compile_threads(size_t threads);
/// `limits` outlives the store.
void wash_store_limit(wasmtime_store_t* store, wash_store_limits_t* limits);
uint64_t wash_engine_compatibility_hash(const wasm_engine_t* engine);
#endif
}
