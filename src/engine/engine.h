#pragma once

#include "base/error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

struct wasm_engine_t;

namespace wasmcloud::engine {

enum class Optimise : uint8_t { Speed, Nothing };

/// Core proposals that are off unless asked for; those at phase 4 and later are on.
struct CoreProposals {
  /// Objects are never collected: suspended stacks are no roots for a collector. A store's memory
  /// limit counts them.
  bool gc = false;
  bool wide_arithmetic = false;

  friend bool operator==(const CoreProposals&, const CoreProposals&) = default;
};

struct EngineOptions {
  /// Linear memories that may live at once; instances, tables and stacks follow from it. 0: no
  /// pool, everything is allocated on demand.
  uint32_t slots = 1000;
  /// Bounds of what one module may have in a pool.
  uint64_t max_memory_bytes = uint64_t{4} << 30;
  size_t max_table_elements = 100'000;
  /// Size of a suspendable stack, and how much of it one activation of wasm may use.
  size_t stack_bytes = kDefaultStackBytes;
  size_t max_wasm_stack = size_t{512} << 10;
  /// Threads that compile at once in this process; 0: one less than there are cores. Only the first
  /// engine that compiles decides. None is started before that.
  unsigned compile_threads = 0;
  Optimise optimise = Optimise::Speed;
  CoreProposals proposals = {};
  /// How often a guest that computes is interrupted to yield its loop and to look at its deadline.
  std::chrono::milliseconds tick{10};

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr size_t kDefaultStackBytes = size_t{4} << 20;
#else
  static constexpr size_t kDefaultStackBytes = size_t{2} << 20;
#endif
#else
  static constexpr size_t kDefaultStackBytes = size_t{2} << 20;
#endif
};

/// What is shared by all modules and stores of a process: settings, compiled code's memory, the
/// pool that instances are taken from.
///
/// Thread: any. Modules and stores keep what they need of it alive.
class Engine {
 public:
  /// A pool that cannot be reserved is halved, then given up, with a log line that says so. Raises
  /// the limit of open files to the hard limit.
  /// Errors: Errc::Invalid for options that contradict each other.
  static Result<std::shared_ptr<Engine>> create(const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// As given, except that `slots` is what could be reserved; 0: on demand.
  const EngineOptions& options() const;
  /// Text that differs whenever code compiled by one engine might not load in another.
  std::string_view compatibility() const;

  /// What a slot's memory keeps resident: `budget` shared by slots and stacks, in bounds.
  static size_t keep_resident_for(uint64_t budget, uint64_t slots, uint64_t stacks);

  struct Impl;
  Impl& impl() const { return *impl_; }

 private:
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::engine
