#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace wasmcloud {

/// A file descriptor that is closed by its last owner, or -1.
class OwnedDescriptor {
 public:
  OwnedDescriptor() = default;
  explicit OwnedDescriptor(int fd) : fd_(fd) {}
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : fd_(other.release()) {}
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedDescriptor();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  /// For who wants to know whether it went well. An errno, or 0.
  int close();

 private:
  int fd_ = -1;
};

/// Writes all of it, waiting where the descriptor does not block. Blocks: not on a loop that
/// serves. An errno, or 0.
int write_all(int fd, std::span<const std::byte> bytes);
inline int write_all(int fd, std::string_view text) {
  return write_all(fd, std::as_bytes(std::span(text)));
}

}  // namespace wasmcloud
