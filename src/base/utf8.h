#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud {

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Whether `value` is a Unicode scalar value.
constexpr bool is_scalar_value(uint32_t value) {
  return value < 0xd800 || (value >= 0xe000 && value < 0x110000);
}

/// Takes one character off the front of well-formed, non-empty UTF-8.
char32_t take_utf8(std::string_view& text);

/// Appends `value`, a Unicode scalar value, as UTF-8.
void append_utf8(std::string& out, char32_t value);

}  // namespace wasmcloud
