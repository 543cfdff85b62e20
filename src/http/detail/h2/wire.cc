#include "http/detail/h2/wire.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace wasmcloud::http::detail::h2 {
namespace {

constexpr size_t kBuffer = size_t{16} * 1024;
constexpr size_t kMaxParts = 64;
/// Owned bytes of less than this are copied: cheaper than a part of their own.
constexpr size_t kCopyOwned = 1024;

}  // namespace

void Wire::copy(std::span<const std::byte> bytes) {
  size_ += bytes.size();
  while (!bytes.empty()) {
    if (used_ == buffer_.capacity()) {
      close_region();
      buffer_ = ByteBuffer(kBuffer);
      used_ = region_begin_ = 0;
    }
    const size_t now = std::min(bytes.size(), buffer_.capacity() - used_);
    std::memcpy(buffer_.data() + used_, bytes.data(), now);
    used_ += now;
    bytes = bytes.subspan(now);
  }
}

void Wire::push(Bytes bytes) {
  if (bytes.size() < kCopyOwned) return copy(bytes);
  close_region();
  size_ += bytes.size();
  parts_.push_back(std::move(bytes));
}

void Wire::clear() {
  parts_.clear();
  next_ = size_ = 0;
  region_begin_ = used_;
}

void Wire::close_region() {
  if (used_ > region_begin_) parts_.push_back(buffer_.slice(region_begin_, used_ - region_begin_));
  region_begin_ = used_;
}

int Wire::send(Transport& transport) {
  close_region();
  std::array<iovec, kMaxParts> parts;
  while (size_ > 0) {
    size_t count = 0;
    size_t offered = 0;
    for (size_t i = next_; i < parts_.size() && count < kMaxParts; ++i) {
      parts[count++] = {.iov_base = const_cast<std::byte*>(parts_[i].data()),
                        .iov_len = parts_[i].size()};
      offered += parts_[i].size();
    }
    const ssize_t sent = transport.write(std::span(parts.data(), count));
    if (sent < 0) return static_cast<int>(sent);
    size_ -= static_cast<size_t>(sent);
    for (auto left = static_cast<size_t>(sent); left > 0;) {
      Bytes& part = parts_[next_];
      const size_t now = std::min(left, part.size());
      part.remove_prefix(now);
      if (part.empty()) {
        part = {};
        ++next_;
      }
      left -= now;
    }
    if (static_cast<size_t>(sent) < offered) return 0;
  }
  parts_.clear();
  next_ = 0;
  if (!buffer_.is_shared()) used_ = region_begin_ = 0;
  return 0;
}

}  // namespace wasmcloud::http::detail::h2
