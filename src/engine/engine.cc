#include "engine/engine.h"

#include "base/log.h"
#include "engine/detail/host_memory.h"
#include "engine/detail/impl.h"

#include <sys/resource.h>

#include <algorithm>

namespace wasmcloud::engine {
namespace {

constexpr size_t kMinKeepResident = size_t{64} << 10;
constexpr size_t kMaxKeepResident = size_t{512} << 10;
constexpr size_t kTableKeepResident = size_t{32} << 10;
/// Below this a pool is not worth having.
constexpr uint32_t kMinSlots = 8;
/// A component is usually a main module with a shim, an adapter and a fixup around it.
constexpr uint32_t kInstancesPerSlot = 8;
constexpr uint32_t kTablesPerSlot = 4;
constexpr uint32_t kMaxTablesPerModule = 16;
constexpr uint32_t kMaxMemoriesPerModule = 16;
/// What the engine keeps for an instance beside its memory; grows with a module's functions and
/// imports.
constexpr size_t kMaxInstanceBytes = size_t{16} << 20;

using PoolHandle =
    detail::Handle<wasmtime_pooling_allocation_config_t, wasmtime_pooling_allocation_config_delete>;

/// Modules and their memory images are files to the kernel; the usual soft limit is low.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log::warn("the limit of open files could not be raised to {}", limit.rlim_max);
  }
}

PoolHandle make_pool(const EngineOptions& options) {
  PoolHandle pool(wasmtime_pooling_allocation_config_new());
  auto* p = pool.get();
  const uint32_t slots = options.slots;
  wasmtime_pooling_allocation_config_total_memories_set(p, slots);
  wasmtime_pooling_allocation_config_total_stacks_set(p, slots);
  wasmtime_pooling_allocation_config_total_gc_heaps_set(p, slots);
  wasmtime_pooling_allocation_config_total_core_instances_set(p, slots * kInstancesPerSlot);
  wasmtime_pooling_allocation_config_total_tables_set(p, slots * kTablesPerSlot);
  wasmtime_pooling_allocation_config_max_core_instance_size_set(p, kMaxInstanceBytes);
  wasmtime_pooling_allocation_config_max_tables_per_module_set(p, kMaxTablesPerModule);
  wasmtime_pooling_allocation_config_max_memories_per_module_set(p, kMaxMemoriesPerModule);
  wasmtime_pooling_allocation_config_table_elements_set(p, options.max_table_elements);
  wasmtime_pooling_allocation_config_max_memory_size_set(p, options.max_memory_bytes);
  // The default of 100 makes each request over many components map its memory anew.
  wasmtime_pooling_allocation_config_max_unused_warm_slots_set(p, slots);
  wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(
      p, Engine::keep_resident_for(detail::host_memory_limit() / 8, slots, slots));
  wasmtime_pooling_allocation_config_table_keep_resident_set(p, kTableKeepResident);
#ifdef WASH_ENGINE_SEAM
  wash_pooling_config_pagemap_scan(p);
#endif
  return pool;
}

detail::ConfigHandle make_config(const EngineOptions& options) {
  detail::ConfigHandle config(wasm_config_new());
  auto* c = config.get();
  wasmtime_config_epoch_interruption_set(c, true);
  wasmtime_config_max_wasm_stack_set(c, options.max_wasm_stack);
  wasmtime_config_async_stack_size_set(c, options.stack_bytes);
  wasmtime_config_memory_init_cow_set(c, true);
  // Only the collector that never collects is there.
  wasmtime_config_wasm_gc_set(c, options.proposals.gc);
  wasmtime_config_wasm_wide_arithmetic_set(c, options.proposals.wide_arithmetic);
  wasmtime_config_cranelift_opt_level_set(
      c, options.optimise == Optimise::Speed ? WASMTIME_OPT_LEVEL_SPEED : WASMTIME_OPT_LEVEL_NONE);
  if (options.slots != 0) {
    const PoolHandle pool = make_pool(options);
    wasmtime_pooling_allocation_strategy_set(c, pool.get());
  }
  return config;
}

Result<detail::EngineHandle> make_native(const EngineOptions& options) {
  detail::ConfigHandle config = make_config(options);
#ifdef WASH_ENGINE_SEAM
  wasmtime_error_t* error = nullptr;
  detail::EngineHandle engine(wash_engine_new(config.get(), &error));
  if (!engine) return fail(detail::to_error(Errc::Invalid, error));
#else
  if (options.stack_bytes < options.max_wasm_stack || options.max_wasm_stack == 0) {
    return fail(Errc::Invalid, "max_wasm_stack {} must be between 1 and stack_bytes {}",
                options.max_wasm_stack, options.stack_bytes);
  }
  // Takes the configuration over, and aborts instead of returning an error.
  detail::EngineHandle engine(wasm_engine_new_with_config(config.release()));
#endif
  return engine;
}

/// The engine with the largest pool that could be had; `options.slots` says which.
Result<detail::EngineHandle> make_largest(EngineOptions& options) {
  const uint32_t wanted = options.slots;
#ifndef WASH_ENGINE_SEAM
  // Without the seam a pool that cannot be reserved ends the process.
  options.slots = 0;
#endif
  std::string reason;
  while (options.slots != 0) {
    auto engine = make_native(options);
    if (engine) {
      if (options.slots != wanted) {
        log::warn("a pool for {} instances could not be reserved ({}); it has {}", wanted, reason,
                  options.slots);
      }
      return engine;
    }
    if (reason.empty()) reason = engine.error().message();
    options.slots = options.slots / 2 < kMinSlots ? 0 : options.slots / 2;
  }
  auto engine = TRY(make_native(options));
  if (wanted != 0) {
    log::warn("no pool for {} instances could be reserved ({}); memory is allocated on demand",
              wanted, reason.empty() ? "built without the seam" : reason);
  }
  return engine;
}

std::string compatibility_of([[maybe_unused]] wasm_engine_t* engine, const EngineOptions& options) {
  std::string text = fmt::format("wasmtime {} opt {} stack {} features epoch,{}{}",
                                 WASMTIME_VERSION, static_cast<int>(options.optimise),
                                 options.max_wasm_stack, options.proposals.gc ? "gc" : "nogc",
                                 options.proposals.wide_arithmetic ? ",wide-arithmetic" : "");
#ifdef WASH_ENGINE_SEAM
  text += fmt::format(" hash {:016x}", wash_engine_compatibility_hash(engine));
#endif
  return text;
}

}  // namespace

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

const EngineOptions& Engine::options() const { return impl_->options; }
std::string_view Engine::compatibility() const { return impl_->compatibility; }

size_t Engine::keep_resident_for(uint64_t budget, uint64_t slots, uint64_t stacks) {
  const uint64_t share = budget / std::max<uint64_t>(slots + stacks, 1);
  return std::clamp<uint64_t>(share, kMinKeepResident, kMaxKeepResident);
}

Result<std::shared_ptr<Engine>> Engine::create(const EngineOptions& options) {
  raise_file_limit();
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->native = TRY(make_largest(impl->options));
  impl->stack_functions = detail::make_stack_functions(impl->native.get());
  impl->compatibility = compatibility_of(impl->native.get(), impl->options);
  impl->ticker = std::make_unique<detail::Ticker>(impl->native.get(), options.tick);
  return std::shared_ptr<Engine>(new Engine(std::move(impl)));
}

}  // namespace wasmcloud::engine
