#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace wasmcloud::http::detail {

/// Bytes that are added behind and taken in front.
class ByteWindow {
 public:
  std::span<const std::byte> bytes() const { return std::span(bytes_).subspan(begin_); }
  size_t size() const { return bytes_.size() - begin_; }
  void add(std::span<const std::byte> more) {
    if (begin_ > 0 && bytes_.size() + more.size() > bytes_.capacity()) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(begin_));
      begin_ = 0;
    }
    bytes_.insert(bytes_.end(), more.begin(), more.end());
  }
  void remove(size_t count) {
    begin_ += count;
    if (begin_ < bytes_.size()) return;
    bytes_.clear();
    begin_ = 0;
  }

 private:
  std::vector<std::byte> bytes_;
  size_t begin_ = 0;
};

}  // namespace wasmcloud::http::detail
