#pragma once

#include "base/error.h"
#include "engine/store.h"
#include "engine/values.h"

#include <memory>
#include <span>

namespace wasmcloud::engine {

class Module;

/// What one import of a module is bound to. `env` is handed to the function at each call, by any
/// store on any thread, and outlives every store.
struct HostImport {
  HostFunc function = nullptr;
  void* env = nullptr;
};

/// A module all of whose imports are functions of the host, looked up and checked once.
///
/// Thread: any; immutable.
class InstancePre {
 public:
  /// `imports` in the module's order.
  /// Errors: Errc::Invalid if an import is not a function or their number differs;
  /// Errc::Unsupported if one name is imported twice and bound to different functions.
  static Result<std::shared_ptr<const InstancePre>> create(std::shared_ptr<const Module> module,
                                                           std::span<const HostImport> imports);
  ~InstancePre();
  InstancePre(const InstancePre&) = delete;
  InstancePre& operator=(const InstancePre&) = delete;

  const std::shared_ptr<const Module>& module() const;
  /// Errors: as `Store::instantiate`.
  Result<CoreInstance> instantiate(Store& store) const;

 private:
  struct Impl;
  explicit InstancePre(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Host functions prepared once, for modules that also import other things.
///
/// Thread: any once filled.
class HostFuncSet {
 public:
  explicit HostFuncSet(std::shared_ptr<Engine> engine);
  ~HostFuncSet();
  HostFuncSet(const HostFuncSet&) = delete;
  HostFuncSet& operator=(const HostFuncSet&) = delete;

  /// Returns the function's index. `env` outlives every store.
  size_t add(const FuncType& type, HostFunc function, void* env);
  size_t size() const;
  /// The function as a value of `store`, which keeps it alive.
  Func get(Store& store, size_t index) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::engine
