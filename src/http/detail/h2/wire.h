#pragma once

#include "base/bytes.h"
#include "http/detail/transport.h"

#include <cstddef>
#include <span>
#include <vector>

namespace wasmcloud::http::detail::h2 {

/// Frames on their way out: small things are put together in one buffer, larger ones stay where
/// they are, and all of it leaves in as few system calls as the transport allows.
class Wire {
 public:
  void copy(std::span<const std::byte> bytes);
  void push(Bytes bytes);
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear();

  /// Hands the transport what it takes now. Returns 0, or a negative errno.
  int send(Transport& transport);

 private:
  void close_region();

  ByteBuffer buffer_;
  size_t used_ = 0;
  size_t region_begin_ = 0;  ///< [region_begin_, used_) is the last part, not yet in `parts_`
  std::vector<Bytes> parts_;
  size_t next_ = 0;
  size_t size_ = 0;
};

}  // namespace wasmcloud::http::detail::h2
