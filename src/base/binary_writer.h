#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace wasmcloud {

/// Puts together the encodings that WebAssembly's binaries are made of (core, "Binary Format").
class BinaryWriter {
 public:
  void reserve(size_t bytes) { out_.reserve(bytes); }
  BinaryWriter& byte(uint8_t value) {
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  /// LEB128.
  BinaryWriter& u32(uint64_t value);
  /// An index where negative numbers mean something else: one bit less to a byte.
  BinaryWriter& s33(uint32_t value);
  /// A length and the text.
  BinaryWriter& name(std::string_view text);
  BinaryWriter& raw(std::string_view bytes) {
    out_.append(bytes);
    return *this;
  }
  BinaryWriter& raw(std::span<const std::byte> bytes) {
    return raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  BinaryWriter& section(uint8_t id, std::string_view body);
  BinaryWriter& custom_section(std::string_view name, std::string_view content);

  size_t size() const { return out_.size(); }
  const std::string& str() const { return out_; }
  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(out_)); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace wasmcloud
