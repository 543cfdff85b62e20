#pragma once

#include <cstdint>
#include <string_view>

namespace wasmcloud::component {

/// How strings lie in a guest's memory (canonical options 00, 01, 02).
enum class StringEncoding : uint8_t {
  Utf8,
  Utf16,
  Latin1Utf16,  ///< Latin-1, or UTF-16 when the highest bit of the length is set
};

/// The option's name in the text format.
constexpr std::string_view name_of(StringEncoding encoding) {
  switch (encoding) {
    case StringEncoding::Utf8:
      return "utf8";
    case StringEncoding::Utf16:
      return "utf16";
    case StringEncoding::Latin1Utf16:
      return "latin1+utf16";
  }
  return "?";
}

}  // namespace wasmcloud::component
