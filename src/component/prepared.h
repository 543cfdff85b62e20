#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "component/canonical_context.h"
#include "engine/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

class Component;
class Instance;
struct Lifted;
struct Plan;
struct TypeDescription;
struct FunctionDescription;

/// A function that a prepared component exports; good for every instance of it, as long as the
/// `Prepared` lives.
class ExportedFunction {
 public:
  ExportedFunction() = default;
  explicit ExportedFunction(const Lifted& lifted) : lifted_(&lifted) {}

  bool is_none() const { return lifted_ == nullptr; }
  /// As in messages: "wasi:cli/run@0.2.0#run".
  const std::string& name() const;
  bool is_async() const;
  const Lifted& lifted() const { return *lifted_; }

 private:
  const Lifted* lifted_ = nullptr;
};

struct InstanceOptions {
  engine::StoreLimits limits;
  uint32_t max_handles = 1'000'000;  ///< in one component's table
  uint32_t max_threads = 10'000;     ///< tasks that have not ended, and the threads they made
  /// CPU time that a call of the host may use, with what goes on behind its result; then the
  /// instance is over, with Errc::Limit. 0: any.
  Clock::duration call_cpu_time{};
  /// More calls may come at any time and wake what waits, so nothing is a deadlock.
  bool is_shared = false;
  HostState* host = nullptr;  ///< what host functions see; outlives the instance
  /// Of parts that were linked: what host functions see that a part calls, by its number in
  /// `Prepared::parts`. Else empty.
  std::span<HostState* const> hosts = {};
  Loop* loop = nullptr;  ///< needed by host functions that wait
};

/// A component with all its imports matched: a flat list of steps with every name resolved. It
/// keeps the component, and what the linker's functions point to must outlive it.
///
/// Thread: any; immutable, shared by all loops.
class Prepared {
 public:
  explicit Prepared(std::unique_ptr<const Plan> plan);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  /// A fresh instance in a store of its own. Start functions run, and cannot wait. Thread: the
  /// loop's, which then owns the instance.
  /// Errors: Errc::Trap if a start function traps; Errc::Limit.
  Result<std::unique_ptr<Instance>> instantiate(const InstanceOptions& options) const;
  /// The same in two steps: the store, and then `Instance::start`, which may run on a stack of that
  /// store, under a deadline.
  std::unique_ptr<Instance> create(const InstanceOptions& options) const;

  /// Function `function` of the exported instance `instance` (any version of its track); an empty
  /// `instance` means the root. `expected` is checked if given.
  /// Errors: Errc::NotFound; Errc::Invalid if the type differs.
  Result<ExportedFunction> find(std::string_view instance, std::string_view function,
                                const FunctionDescription* expected = nullptr) const;
  /// Whether an instance of that name, or another version of its track, is exported.
  bool exports_instance(std::string_view instance) const;

  /// Core modules that the root exports.
  std::vector<std::pair<std::string, std::shared_ptr<const engine::Module>>> exported_modules()
      const;
  const Component& component() const;
  /// Which of the parts that were linked are in here, by their numbers there; the first is 0. Empty
  /// for a component by itself.
  std::span<const uint32_t> parts() const;
  /// All components in here, in that order.
  std::vector<const Component*> components() const;
  /// Core instances that each instance makes.
  size_t core_instances() const;
  /// Linear memories that values go through: about what each instance takes of the engine's pool.
  uint32_t memories() const;
  const Plan& plan() const { return *plan_; }

 private:
  std::unique_ptr<const Plan> plan_;
};

}  // namespace wasmcloud::component
