#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace wasmcloud::engine {
class CodeCache;
class Engine;
class Module;
}  // namespace wasmcloud::engine

namespace wasmcloud::component {

struct LoadOptions {
  Features features;
  /// Where compiled core modules are kept; null: compiled anew.
  engine::CodeCache* cache = nullptr;
  /// Runs work on another thread, at some time or never, and returns at once. Core modules are
  /// compiled or taken from the cache there too; null: one after another by the caller.
  std::function<void(std::move_only_function<void()>)> run_beside = nullptr;
  /// How much work may run beside the caller's.
  size_t helpers = 0;
};

/// A component that is decoded and valid, with the bytes that it refers to.
struct CheckedComponent {
  std::vector<std::byte> bytes;
  ValidatedComponent definition;
};

/// A component that is ready to be linked: decoded, valid, its core modules compiled.
///
/// Thread: any; immutable, shared by all loops.
class Component {
 public:
  /// `check` and `compile`. Takes long: never on a loop.
  static Result<std::shared_ptr<const Component>> load(
      const std::shared_ptr<engine::Engine>& engine, std::span<const std::byte> bytes,
      const LoadOptions& options = {});
  /// What can be done before there is an engine. Errors: those of `decode` and `validate`.
  static Result<CheckedComponent> check(std::span<const std::byte> bytes, const Features& features);
  /// Errors: those of `engine::Module::compile`.
  static Result<std::shared_ptr<const Component>> compile(
      const std::shared_ptr<engine::Engine>& engine, CheckedComponent checked,
      const LoadOptions& options = {});

  const ValidatedComponent& definition() const { return checked_.definition; }
  /// By ModuleId.
  std::span<const std::shared_ptr<const engine::Module>> modules() const { return modules_; }
  /// The bytes of a core module, by ModuleId.
  std::span<const std::byte> module_bytes(ModuleId id) const;
  const std::shared_ptr<engine::Engine>& engine() const { return engine_; }

  /// Names of what the root imports and exports, in declared order.
  std::vector<std::string_view> import_names() const;
  std::vector<std::string_view> export_names() const;

 private:
  Component() = default;

  std::shared_ptr<engine::Engine> engine_;
  CheckedComponent checked_;
  std::vector<std::shared_ptr<const engine::Module>> modules_;
};

}  // namespace wasmcloud::component
