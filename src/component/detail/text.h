#pragma once

#include "base/error.h"
#include "component/canonical_context.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace wasmcloud::component {

/// A string as a guest gives it: a pointer, and a length in the units of the encoding, tagged in
/// its highest bit if that is latin1+utf16.
struct TextPlace {
  uint32_t at = 0;
  uint32_t length = 0;
};

/// No string or list is longer than this when it crosses.
inline constexpr uint32_t kMaxTransferBytes = (uint32_t{1} << 28) - 1;

/// Lifts from the one and lowers into the other, with the calls of `realloc` that the specification
/// lists for each pair of encodings (CanonicalABI.md, "Storing", store_string).
Result<TextPlace> copy_text(CanonicalContext& from, TextPlace text, CanonicalContext& to);
/// Lifts, as UTF-8.
Result<std::string> lift_text(CanonicalContext& from, TextPlace text);
/// Lowers well-formed UTF-8.
Result<TextPlace> lower_text(std::string_view text, CanonicalContext& to);

}  // namespace wasmcloud::component
