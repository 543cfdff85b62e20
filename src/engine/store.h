#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "engine/values.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

struct wasmtime_context;

namespace wasmcloud::engine {

class Engine;
class Module;
class Stack;
class Store;

/// What all instances of one store may hold together.
struct StoreLimits {
  uint64_t memory_bytes = uint64_t{4} << 30;
  uint64_t table_elements = 1'000'000;
  uint64_t instances = 1'000;
  uint64_t tables = 1'000;
  uint64_t memories = 1'000;
};

/// A function of the host as guests call it: arguments are in `values[0..]`, results go to the same
/// place. It checks what the guest gave, and must not throw. An error it returns traps the guest
/// and comes back, as the same Error, out of the outermost call into wasm. It may call into wasm
/// and `park`; after either, memories may have moved.
using HostFunc = Result<void> (*)(void* env, Store& store, RawValue* values) noexcept;

/// Is told what guests compute, for a limit on it.
///
/// Thread: the store's loop.
class CpuMeter {
 public:
  /// A tick has found the guest running; `time` is the CPU time that this stands for: at most a
  /// tick, and never more than the thread has used. So what is counted of short runs is right on
  /// average, and of long ones to a tick. Runs beneath the guest: calls nothing. An error ends the
  /// calls that run.
  virtual Result<void> used(Clock::duration time) = 0;

 protected:
  ~CpuMeter() = default;
};

/// The instances of one tree of components: their memories, one set of limits, one fate.
///
/// Thread: owning loop, but for `cancel`. Its stacks are finished or dropped before it.
class Store {
 public:
  /// `data` is for the owner (`data()`), never touched here.
  static std::unique_ptr<Store> create(const std::shared_ptr<Engine>& engine,
                                       const StoreLimits& limits, void* data = nullptr);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void* data() const { return data_; }
  void set_data(void* data) { data_ = data; }
  const std::shared_ptr<Engine>& engine() const;
  const StoreLimits& limits() const;
  uint64_t memory_bytes_used() const;

  // --- calls

  /// Calls `func`: arguments in `values`, results to the same place, so it has room for the larger
  /// of both. Types are not checked. Beneath a `Stack` the guest may wait; elsewhere its waiting
  /// traps. Errors: what a host function returned; else Errc::Trap with the trap's text, and the
  /// backtrace in `detail()`; Errc::Timeout after the deadline; Errc::Cancelled after `cancel` or
  /// when the stack is being dropped; Errc::Limit where the guest gave up (by `unreachable`) after
  /// it was refused memory or table elements.
  Result<void> call(Func func, std::span<RawValue> values);

  /// From here on calls end with Errc::Timeout, also those that are running (within a tick or two).
  /// A stack that is parked is not woken by it.
  void set_deadline(Clock::time_point deadline) { deadline_ = deadline; }
  void clear_deadline() { deadline_ = Clock::time_point::max(); }
  /// Null for none; outlives the store's calls.
  void set_meter(CpuMeter* meter);
  /// Ends running and later calls with Errc::Cancelled. Thread: any.
  void cancel();
  /// A call trapped. Nothing here refuses later calls: what they would see is up to the owner, who
  /// ends the instances of this store.
  bool is_poisoned() const { return poisoned_; }
  /// The stack that is running now, or null.
  Stack* stack() const { return stack_; }
  /// Some stack was stopped by an epoch in the middle of a guest's code, where nothing else of that
  /// guest may run: its allocator may be half done.
  bool is_interrupted() const;
  /// Errors: Errc::Trap for what is not a function of that type.
  Result<void> check_type(Func func, const FuncType& type);

  // --- instances

  /// Instantiates with `imports` in the module's order and runs the start function, if there is one
  /// (which may wait if this runs on a stack).
  /// Errors: Errc::Invalid if an import does not fit; Errc::Limit if this store's limit is reached,
  /// with number EAGAIN if the pool has no room now; those of `call`.
  Result<CoreInstance> instantiate(const Module& module, std::span<const Extern> imports);
  /// The export at `index` of `module.exports()`, of an instance of that module.
  Extern export_at(const CoreInstance& instance, const Module& module, size_t index);
  /// Errors: Errc::NotFound.
  Result<Extern> export_named(const CoreInstance& instance, std::string_view name);

  /// A host function of this store alone; HostFuncSet makes them cheaper for many stores.
  Func make_func(const FuncType& type, HostFunc function, void* env);

  // --- what instances hold

  /// The whole memory as it is now; growth (any call) may move it.
  std::span<std::byte> bytes(const Memory& memory) const;
  /// Grows by `pages` and returns the size before, in pages. Errors: Errc::Limit.
  Result<uint64_t> grow(const Memory& memory, uint64_t pages);
  uint64_t size(const Table& table) const;
  /// Errors: Errc::Invalid if out of bounds or not a table of functions.
  Result<Func> get(const Table& table, uint64_t index);
  Result<void> set(const Table& table, uint64_t index, Func func);
  /// A global of a number type. Errors: Errc::Invalid for others, or when it is immutable.
  Result<RawValue> get(const Global& global);
  Result<void> set(const Global& global, RawValue value);
  /// `func` as the bits of a funcref argument, and back; null stands for null.
  void* to_raw(Func func);
  Func from_raw(void* funcref);

  struct Impl;
  Impl& impl() const { return *impl_; }
  wasmtime_context* context() const { return context_; }

 private:
  friend class Stack;
  friend struct Access;
  explicit Store(std::unique_ptr<Impl> impl);

  wasmtime_context* context_ = nullptr;
  Stack* stack_ = nullptr;
  void* data_ = nullptr;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool poisoned_ = false;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::engine
