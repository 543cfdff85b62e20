#include "http/detail/record_cutter.h"

#include "base/check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace wasmcloud::http::detail {

std::span<const std::byte> RecordCutter::take(size_t max) {
  if (parts_.empty()) return {};
  const auto* const bytes = static_cast<const std::byte*>(parts_[0].iov_base) + begin_;
  const size_t size = std::min(max, parts_[0].iov_len - begin_);
  begin_ += size;
  if (begin_ == parts_[0].iov_len) {
    parts_ = parts_.subspan(1);
    begin_ = 0;
  }
  return {bytes, size};
}

void RecordCutter::skip(size_t size) {
  while (size > 0) {
    CHECK(!parts_.empty());
    size -= take(size).size();
  }
}

std::span<const std::byte> RecordCutter::next() {
  // Not on the stack: a guest's is small.
  static thread_local std::unique_ptr<std::array<std::byte, kRecord>> gathered;
  std::span<const std::byte> part = take(kRecord);
  while (part.empty() && !parts_.empty()) part = take(kRecord);
  if (part.size() == kRecord || parts_.empty()) return part;
  if (!gathered) gathered = std::make_unique<std::array<std::byte, kRecord>>();
  size_t size = 0;
  while (true) {
    if (!part.empty()) std::memcpy(gathered->data() + size, part.data(), part.size());
    size += part.size();
    if (size == kRecord || parts_.empty()) return {gathered->data(), size};
    part = take(kRecord - size);
  }
}

}  // namespace wasmcloud::http::detail
