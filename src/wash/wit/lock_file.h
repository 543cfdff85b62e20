#pragma once

#include "base/error.h"
#include "base/semver.h"

#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::wash {

/// One version of a package that came from a registry, as `wkg.lock` has it.
struct LockedVersion {
  std::string requirement;  ///< "=0.2.0", or "*" where the WIT names no version
  SemVer version;
  std::string digest;  ///< of the package's bytes: "sha256:..."
  bool operator==(const LockedVersion&) const = default;
};

struct LockedPackage {
  std::string name;                     ///< "ns:name"
  std::optional<std::string> registry;  ///< the namespace's registry, not the server it points to
  std::vector<LockedVersion> versions;
  bool operator==(const LockedPackage&) const = default;
};

/// `wkg.lock` of version 1: which versions of packages were taken from registries.
struct LockFile {
  std::vector<LockedPackage> packages;

  /// Empty where there is no such file, or nothing in it. Errors: Errc::Malformed with a place;
  /// Errc::Unsupported for another version of the format.
  static Result<LockFile> read(const std::string& path);
  /// Sorted, so that equal content is an equal file.
  Result<void> write(const std::string& path) const;

  const LockedVersion* find(const std::string& name, const std::string& requirement) const;
  void set(const std::string& name, const std::string& registry, LockedVersion version);
  /// Whether any version was there.
  bool remove(const std::string& name);
};

}  // namespace wasmcloud::wash
