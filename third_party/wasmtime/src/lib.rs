//! The seam: what the host needs of Wasmtime and its C API does not offer. Header: `src/engine/detail/seam.h`.
//!
//! `wasm_config_t`, `wasm_engine_t` and `wasmtime_store_t` are `#[repr(C)]` structs with one field, the Rust value,
//! so a pointer to one is a pointer to the other. The version is pinned exactly, and the engine's tests
//! would fail at once if that changed.

use wasmtime::{Config, Enabled, Engine, Error, PoolingAllocationConfig, ResourceLimiter, Result};
pub use wasmtime_c_api::*;

const _: () = assert!(size_of::<wasm_config_t>() == size_of::<Config>());
const _: () = assert!(size_of::<wasm_engine_t>() == size_of::<Engine>());
const _: () = assert!(size_of::<wasmtime_store_t>() == size_of::<WasmtimeStore>());

/// Resets used slots by asking the kernel which pages were written, where the kernel can tell.
#[unsafe(no_mangle)]
pub extern "C" fn wash_pooling_config_pagemap_scan(config: &mut wasmtime_pooling_allocation_config_t) {
    // SAFETY: see the module's comment.
    let config = unsafe { &mut *(config as *mut _ as *mut PoolingAllocationConfig) };
    config.pagemap_scan(Enabled::Auto);
}

#[unsafe(no_mangle)]
pub extern "C" fn wash_pagemap_scan_available() -> bool {
    PoolingAllocationConfig::is_pagemap_scan_available()
}

/// An engine, or null and an error. `wasm_engine_new_with_config` aborts instead, and takes the configuration,
/// which a caller that wants to try a smaller pool still needs.
#[unsafe(no_mangle)]
pub extern "C" fn wash_engine_new(
    config: &wasm_config_t,
    error: &mut Option<Box<wasmtime_error_t>>,
) -> Option<Box<wasm_engine_t>> {
    // SAFETY: see the module's comment.
    let config = unsafe { &*(config as *const _ as *const Config) };
    match Engine::new(config) {
        // SAFETY: a box of one is a box of the other.
        Ok(engine) => Some(unsafe { Box::from_raw(Box::into_raw(Box::new(engine)) as *mut wasm_engine_t) }),
        Err(e) => {
            *error = Some(Box::new(wasmtime_error_t::from(e)));
            None
        }
    }
}

/// How many threads compile at once in this process. Only the first call before any compilation counts.
#[unsafe(no_mangle)]
pub extern "C" fn wash_set_compile_threads(threads: usize) -> bool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_ok()
}

/// Limits of one store, counted over all its instances. The C API's own limiter bounds each memory by itself,
/// so a tree of components could hold many times its limit.
#[repr(C)]
pub struct wash_store_limits_t {
    pub memory_bytes: u64,
    pub table_elements: u64,
    pub instances: u64,
    pub tables: u64,
    pub memories: u64,
    /// Set here when a growth was refused: 1 memory, 2 table.
    pub refused: u32,
    pub memory_bytes_used: u64,
    pub table_elements_used: u64,
}

struct Limiter(*mut wash_store_limits_t);

// SAFETY: a store and its limits are used by one thread at a time; the C++ side owns both.
unsafe impl Send for Limiter {}
unsafe impl Sync for Limiter {}

impl Limiter {
    fn limits(&mut self) -> &mut wash_store_limits_t {
        // SAFETY: `wash_store_limit` requires that the limits outlive the store.
        unsafe { &mut *self.0 }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let limits = self.limits();
        if maximum.is_some_and(|m| desired > m) {
            return Ok(false);
        }
        let used = limits.memory_bytes_used.saturating_add((desired - current) as u64);
        if used > limits.memory_bytes {
            limits.refused = 1;
            return Ok(false);
        }
        limits.memory_bytes_used = used;
        Ok(true)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let limits = self.limits();
        if maximum.is_some_and(|m| desired > m) {
            return Ok(false);
        }
        let used = limits.table_elements_used.saturating_add((desired - current) as u64);
        if used > limits.table_elements {
            limits.refused = 2;
            return Ok(false);
        }
        limits.table_elements_used = used;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: Error) -> Result<()> {
        Ok(())
    }

    fn instances(&self) -> usize {
        // SAFETY: as in `limits`.
        unsafe { (*self.0).instances as usize }
    }

    fn tables(&self) -> usize {
        unsafe { (*self.0).tables as usize }
    }

    fn memories(&self) -> usize {
        unsafe { (*self.0).memories as usize }
    }
}

/// `limits` must outlive the store; `Limiter` itself lives on the heap until the store's closure is dropped.
#[unsafe(no_mangle)]
pub extern "C" fn wash_store_limit(store: &mut wasmtime_store_t, limits: *mut wash_store_limits_t) {
    // SAFETY: see the module's comment.
    let store = unsafe { &mut *(store as *mut _ as *mut WasmtimeStore) };
    let mut limiter = Box::new(Limiter(limits));
    store.limiter(move |_| {
        let pointer: *mut Limiter = &mut *limiter;
        // SAFETY: the box is owned by this closure, which the store keeps as long as it calls it.
        unsafe { &mut *pointer }
    });
}

/// Where compiled code came from, for a compilation cache: changes when code of another build would not load.
#[unsafe(no_mangle)]
pub extern "C" fn wash_engine_compatibility_hash(engine: &wasm_engine_t) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    // SAFETY: see the module's comment.
    let engine = unsafe { &*(engine as *const _ as *const Engine) };
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.finish()
}

