#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

/// A number in decimal, without allocating.
class Decimal {
 public:
  explicit Decimal(uint64_t number)
      : size_(static_cast<size_t>(
            std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr -
            digits_.data())) {}
  std::string_view text() const { return {digits_.data(), size_}; }

 private:
  std::array<char, 20> digits_;
  size_t size_;
};

inline char* put(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// One growth instead of one for each part: this is on the way of every response.
template <class... Parts>
inline void append(std::string& text, Parts... parts) {
  const size_t before = text.size();
  const size_t after = before + (parts.size() + ...);
  // libstdc++ 12 may pass more than was asked for.
  text.resize_and_overwrite(after, [&](char* data, size_t) {
    char* at = data + before;
    ((at = put(at, parts)), ...);
    return after;
  });
}

inline void append_field(std::string& text, std::string_view name, std::string_view value) {
  append(text, name, std::string_view(": "), value, std::string_view("\r\n"));
}

}  // namespace wasmcloud::http::detail
