#pragma once

#include "base/error.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud {

/// Base 64 with the alphabet of RFC 4648, section 4, padded, on one line.
std::string to_base64(std::span<const std::byte> bytes);
inline std::string to_base64(std::string_view text) {
  return to_base64(std::as_bytes(std::span(text)));
}
/// What such text says. Line ends and blanks are skipped; padding may be missing. Errors:
/// Errc::Malformed, without any of the text, which may be secret.
Result<std::string> from_base64(std::string_view text);

}  // namespace wasmcloud
