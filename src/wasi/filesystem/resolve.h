#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace wasmcloud::wasi::filesystem {

/// A descriptor that closes itself.
class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedFd();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// openat2 beneath `directory`: nothing in `path`, nor any link on the way, leads out of it.
/// Errors: EPERM if it would.
Result<OwnedFd> open_beneath(int directory, std::string_view path, int flags, unsigned mode = 0);

/// The directory that holds the last name of a path, and that name: never empty, `.`, `..`, nor
/// with a slash in it, so that a call with it stays in the directory.
struct Parent {
  /// Resolves all but the last name. Errors: those of `open_beneath`; `no_name`, an errno, if the
  /// path ends in `.` or `..`.
  static Result<Parent> resolve(int directory, std::string_view path, int no_name);

  /// With a slash after the name, it must be a directory. Errors: ENOTDIR.
  Result<void> check_slash() const;

  OwnedFd directory;
  std::string name;
  bool slash_after = false;
};

}  // namespace wasmcloud::wasi::filesystem
