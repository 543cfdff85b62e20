#pragma once

#include "base/error.h"
#include "base/secret.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace wasmcloud::oci::detail {

inline constexpr size_t kBoxKeySize = 32;
inline constexpr size_t kBoxNonceSize = 24;

/// NaCl's secret box: XSalsa20 with Poly1305, the 16 bytes of the latter first. `key` and `nonce`
/// have the sizes above.
Result<std::string> seal_box(std::string_view plain, std::string_view key, std::string_view nonce);
/// Errors: Errc::Denied where the box was not sealed with this key, or was changed.
Result<Secret> open_box(std::string_view box, std::string_view key, std::string_view nonce);

}  // namespace wasmcloud::oci::detail
