#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace wasmcloud::engine {

class Engine;
class Module;

struct CodeCacheOptions {
  /// Holds nothing else; made if it is not there.
  std::string folder;
  /// The oldest entries go when all together are larger.
  uint64_t max_bytes = uint64_t{2} << 30;
};

/// Native code of modules compiled before, on disk.
///
/// What is loaded from it runs with our rights, so the folder must be this user's alone, and every
/// entry carries a digest that is checked on the very bytes that are loaded. An entry that is
/// corrupt, foreign or of another build is the same as none. Several processes may share a folder.
///
/// Thread: any. Every function blocks; never on a loop.
class CodeCache {
 public:
  /// Errors: Errc::Denied if the folder, or what its name leads to, could be changed by others;
  /// Errc::Io and the like if it cannot be made.
  static Result<std::unique_ptr<CodeCache>> open(const CodeCacheOptions& options);
  ~CodeCache();
  CodeCache(const CodeCache&) = delete;
  CodeCache& operator=(const CodeCache&) = delete;

  /// The module, from the cache or else compiled and stored. Trouble with the cache is logged and
  /// costs a compilation. Errors: those of Module::compile.
  Result<std::shared_ptr<const Module>> load_or_compile(const std::shared_ptr<Engine>& engine,
                                                        std::span<const std::byte> wasm) const;
  /// The module if it is in the cache, else null.
  std::shared_ptr<const Module> load(const std::shared_ptr<Engine>& engine,
                                     std::span<const std::byte> wasm) const;
  Result<void> store(const Module& module, std::span<const std::byte> wasm) const;

 private:
  struct Impl;
  explicit CodeCache(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud::engine
