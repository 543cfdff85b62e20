#pragma once

#include "base/error.h"
#include "engine/values.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace wasmcloud::engine {

class Engine;

/// A compiled core module.
///
/// Thread: any; immutable, shared by all loops.
class Module {
 public:
  /// Validates and compiles. Takes long: never on a loop.
  /// Errors: Errc::Invalid with the engine's message.
  static Result<std::shared_ptr<const Module>> compile(const std::shared_ptr<Engine>& engine,
                                                       std::span<const std::byte> wasm);
  /// Loads what `serialize` gave. The bytes are native code and are trusted: the caller has checked
  /// that these very bytes come from a compilation of this user (see code_cache.h).
  /// Errors: Errc::Invalid if they are of another version or other settings.
  static Result<std::shared_ptr<const Module>> deserialize(const std::shared_ptr<Engine>& engine,
                                                           std::span<const std::byte> code);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  Result<std::vector<std::byte>> serialize() const;

  const std::vector<ImportType>& imports() const;
  const std::vector<ExportType>& exports() const;
  std::optional<size_t> find_export(std::string_view name) const;
  /// Whether it has a start function, which instantiation runs.
  bool has_start() const;
  const std::shared_ptr<Engine>& engine() const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  explicit Module(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::engine
