#include "http/detail/receive_buffer.h"

#include <algorithm>
#include <cstring>

namespace wasmcloud::http::detail {
namespace {

/// With less room than this, a read is not worth its system call.
constexpr size_t kMinRead = size_t{2} * 1024;

}  // namespace

std::span<std::byte> ReceiveBuffer::room(size_t wanted) {
  const auto rest = [this] { return std::span(memory_.data() + end_, memory_.capacity() - end_); };
  const size_t left = end_ - begin_;
  if (!memory_.is_shared() && left < memory_.capacity() && memory_.capacity() >= wanted) {
    if (left > 0 || wanted > kForHead || memory_.capacity() == kForHead) {
      if (left == 0 || memory_.capacity() - end_ < kMinRead) {
        if (left > 0) std::memmove(memory_.data(), memory_.data() + begin_, left);
        begin_ = 0;
        end_ = left;
      }
      if (memory_.capacity() - end_ >= kMinRead) return rest();
    }
  } else if (memory_.capacity() - end_ >= kMinRead) {
    return rest();
  }
  ByteBuffer larger(std::max(wanted, left * 2));
  if (left > 0) std::memcpy(larger.data(), memory_.data() + begin_, left);
  memory_ = std::move(larger);
  begin_ = 0;
  end_ = left;
  return rest();
}

}  // namespace wasmcloud::http::detail
