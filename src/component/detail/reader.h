#pragma once

#include "base/error.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component::detail {

/// Reads the encodings that core modules and components share from a part of a binary. Errors name
/// the offset in the whole binary.
class ReaderView {
 public:
  /// `definitions` counts what this reader and its parts define, for the limit of a whole binary.
  ReaderView(std::span<const std::byte> bytes, size_t base, uint32_t* definitions = nullptr)
      : bytes_(bytes), base_(base), definitions_(definitions) {}

  size_t offset() const { return base_ + position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  bool at_end() const { return position_ == bytes_.size(); }
  /// The next byte, or nothing at the end.
  std::optional<uint8_t> peek() const;

  Result<uint8_t> byte();
  Result<uint32_t> u32();
  Result<uint64_t> u64();
  /// A signed number of 33 bits, as block and heap types have it.
  Result<int64_t> s33();
  /// Skips any LEB128 number of at most `max_bytes` bytes.
  Result<void> skip_leb(uint32_t max_bytes);
  Result<void> skip(size_t size);
  /// A length and so many bytes of UTF-8.
  Result<std::string> name();
  /// The number of items of a vector. No vector is longer than what is left, so memory may be
  /// reserved by it.
  Result<uint32_t> count(uint32_t max, std::string_view what);
  /// A reader of the next `size` bytes, which this one skips.
  Result<ReaderView> part(size_t size);
  /// A byte that must be `expected`.
  Result<void> expect(uint8_t expected, std::string_view what);
  /// An error unless everything was read.
  Result<void> finish(std::string_view what) const;
  /// Errors: Errc::Limit above kMaxTotalDefinitions.
  Result<void> count_definition();
  /// 0x00 or 0x01.
  Result<bool> flag(std::string_view what);

 private:
  template <class T, uint32_t bits>
  Result<T> unsigned_leb();

  std::span<const std::byte> bytes_;
  size_t base_;
  size_t position_ = 0;
  uint32_t* definitions_;
};

/// Names in a binary may be long and hold control characters; in messages they are shortened and
/// made visible.
Error printable(Error error);

/// Reads `vec(item)` into a vector: `read` is called for each item.
template <class Item, class Read>
Result<std::vector<Item>> read_vector(ReaderView& reader, uint32_t max, std::string_view what,
                                      Read read) {
  const uint32_t count = TRY(reader.count(max, what));
  std::vector<Item> items;
  items.reserve(std::min<size_t>(count, 64));
  for (uint32_t i = 0; i < count; ++i) items.push_back(TRY(read()));
  return items;
}

}  // namespace wasmcloud::component::detail
