#pragma once
// What the layer's classes hold; shared by its sources, seen by nobody else.

#include "engine/detail/capi.h"
#include "engine/detail/seam.h"
#include "engine/detail/ticker.h"
#include "engine/engine.h"
#include "engine/module.h"
#include "engine/store.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::engine {

struct Engine::Impl {
  EngineOptions options;
  detail::EngineHandle native;
  /// Holds `enter` and `park`, which no guest can name.
  detail::LinkerHandle stack_functions;
  std::string compatibility;
  std::unique_ptr<detail::Ticker> ticker;
};

struct Module::Impl {
  std::shared_ptr<Engine> engine;
  detail::ModuleHandle native;
  std::vector<ImportType> imports;
  std::vector<ExportType> exports;
  bool has_start = false;
};

namespace detail {
/// Tasks that a dropped stack had started and that have not ended yet.
struct Orphans {
  size_t count = 0;
  std::move_only_function<void()> on_none;
};
}  // namespace detail

struct Store::Impl {
  std::shared_ptr<Engine> engine;
  StoreLimits limits;
  wash_store_limits_t native_limits{};
  detail::StoreHandle native;
  Func enter;
  Func park;
  std::atomic<bool> cancelled{false};
  CpuMeter* meter = nullptr;
  /// What the innermost running call will end with: set when a host function or an epoch refuses,
  /// taken as soon as the engine is back in `call`.
  std::optional<Error> pending;
  /// Work that `park`'s callback does instead of parking (see Store::instantiate).
  std::move_only_function<void()> errand;
  /// Stacks that hold a suspended call of this store.
  size_t suspended_stacks = 0;
  /// Of these, stopped in the middle of a guest's code.
  size_t interrupted_stacks = 0;
  std::shared_ptr<detail::Orphans> orphans = std::make_shared<detail::Orphans>();
};

/// The way into private members for the engine's callbacks.
struct Access {
  static Store& store(wasmtime_caller_t* caller) {
    return *static_cast<Store*>(wasmtime_context_get_data(wasmtime_caller_context(caller)));
  }
  /// Made at their first use: many stores need one of them only, or none.
  static const Func& enter_func(Store& store);
  static const Func& park_func(Store& store);
  static wasm_trap_t* enter(Store& store);
  static void start_park(Store& store, wasmtime_async_continuation_t* continuation);
  static Result<void> suspend(Store& store);
  /// Room for one more activation of wasm and the host frames it calls, and nothing forbids it.
  static Result<void> may_enter(Store& store);
  static wasm_trap_t* raise(Store& store, Error error);
  /// The error of a call that failed; takes both over.
  static Error failure(Store& store, wasmtime_error_t* error, wasm_trap_t* trap);
  static wasmtime_error_t* on_epoch(Store& store, uint64_t* delta,
                                    wasmtime_update_deadline_kind_t* kind);
  static Result<CoreInstance> run_start(Store& store, const Module& module, CoreInstance instance);
  /// Runs `work` where the engine allows instantiation, on a stack or off it.
  static Result<void> outside_calls(Store& store, std::move_only_function<void()> work);
  static Error instantiation_failure(Store& store, wasmtime_error_t* error, wasm_trap_t* trap);
};

namespace detail {

/// What a host function's closure points to.
struct HostEntry {
  HostFunc function;
  void* env;
};
wasm_trap_t* call_host(void* entry, wasmtime_caller_t* caller, wasmtime_val_raw_t* values,
                       size_t count) noexcept;
void delete_host_entry(void* entry) noexcept;

/// CPU time of this thread since it was last asked.
Clock::duration take_cpu_time();

/// Defines `enter` and `park`.
LinkerHandle make_stack_functions(wasm_engine_t* engine);

/// The name under which a module's start function is exported, instead of being started by the
/// engine.
inline constexpr std::string_view kStartExport = "wasmcloud:engine/start";
/// The same module without its start section and with the export; nullopt if it has none, or is
/// malformed (the engine will say how).
std::optional<std::string> export_start(std::span<const std::byte> wasm);

/// Lowest address of the running native stack that may be used; 0 until it is known.
extern thread_local uintptr_t t_stack_limit;
uintptr_t thread_stack_limit();
/// Left to host frames below the deepest wasm frame.
#if __has_feature(address_sanitizer)
inline constexpr size_t kHostReserve = size_t{1} << 20;
#else
inline constexpr size_t kHostReserve = size_t{256} << 10;
#endif

}  // namespace detail
}  // namespace wasmcloud::engine
