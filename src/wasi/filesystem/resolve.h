#pragma once

#include "base/descriptor.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud::wasi::filesystem {

/// How paths are resolved beneath a directory.
enum class Resolver : uint8_t {
  Kernel,  ///< openat2
  Walk,    ///< a name at a time, for kernels before 5.6 and sandboxes that know no openat2
};

/// What this process uses: Kernel if a first call finds that it works. Thread: any.
Resolver resolver();
/// For tests, before anything is resolved.
void use_resolver(Resolver resolver);

/// Opens a path beneath `directory`: nothing in `path`, nor any link on the way, leads out of it.
/// Errors: EPERM if it would.
Result<OwnedDescriptor> open_beneath(int directory, std::string_view path, int flags,
                                     unsigned mode = 0);

/// `Resolver::Walk`. Folders on the way are held open instead of following the disk's `..`, and
/// links are read and walked like paths, so nothing that is put in place meanwhile leads out
/// either. Errors besides: ENAMETOOLONG beyond `kMaxWalkDepth`, since each level holds a
/// descriptor.
Result<OwnedDescriptor> walk_beneath(int directory, std::string_view path, int flags,
                                     unsigned mode);
inline constexpr size_t kMaxWalkDepth = 128;

/// The directory that holds the last name of a path, and that name: never empty, `.`, `..`, nor
/// with a slash in it, so that a call with it stays in the directory.
struct Parent {
  /// Resolves all but the last name. Errors: those of `open_beneath`; `no_name`, an errno, if the
  /// path ends in `.` or `..`.
  static Result<Parent> resolve(int directory, std::string_view path, int no_name);

  /// With a slash after the name, it must be a directory. Errors: ENOTDIR.
  Result<void> check_slash() const;

  OwnedDescriptor directory;
  std::string name;
  bool slash_after = false;
};

}  // namespace wasmcloud::wasi::filesystem
