#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <span>

namespace wasmcloud::http::detail {

/// Walks over the parts of a write, a TLS record at a time: small parts are put together, since
/// each record costs; large ones are not copied.
class RecordCutter {
 public:
  /// What one record holds (RFC 8446, section 5.1).
  static constexpr size_t kRecord = size_t{16} * 1024;

  explicit RecordCutter(std::span<const iovec> parts) : parts_(parts) {}

  /// At most what is there.
  void skip(size_t size);
  /// Empty at the end. Valid until the next call for any of this thread's.
  std::span<const std::byte> next();

 private:
  std::span<const std::byte> take(size_t max);

  std::span<const iovec> parts_;
  size_t begin_ = 0;  ///< in the first part
};

}  // namespace wasmcloud::http::detail
