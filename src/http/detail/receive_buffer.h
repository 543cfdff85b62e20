#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace wasmcloud::http::detail {

/// What a connection received and has not parsed yet. Parts of bodies are slices of its memory,
/// which is then not written again.
class ReceiveBuffer {
 public:
  std::string_view unparsed() const {
    return {reinterpret_cast<const char*>(memory_.data()) + begin_, end_ - begin_};
  }
  void consume(size_t size) { begin_ += size; }
  void clear() { begin_ = end_; }

  static constexpr size_t kForHead = size_t{8} * 1024;
  static constexpr size_t kForBody = size_t{64} * 1024;

  /// Where the next read goes, in a buffer of at least `wanted` bytes. Bodies get more room than
  /// heads, and a connection that waits for a head gives a large buffer back.
  std::span<std::byte> room(size_t wanted);
  void received(size_t size) { end_ += size; }

  const ByteBuffer& memory() const { return memory_; }
  /// Gives the memory away; [begin, end) is what is unparsed.
  ByteBuffer take(size_t& begin, size_t& end) {
    begin = begin_;
    end = end_;
    begin_ = end_ = 0;
    return std::move(memory_);
  }

 private:
  ByteBuffer memory_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace wasmcloud::http::detail
