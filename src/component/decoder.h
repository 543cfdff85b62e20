#pragma once

#include "base/error.h"
#include "component/definitions.h"

#include <cstddef>
#include <span>

namespace wasmcloud::component {

enum class BinaryKind : uint8_t { NotWasm, CoreModule, Component };

/// What the preamble says; reads eight bytes at most.
BinaryKind binary_kind(std::span<const std::byte> bytes);

/// Reads a whole component, nested ones included, checking its grammar and the limits of limits.h.
/// Core modules are only delimited. The result refers to `bytes` by offset and does not hold them.
/// Errors: Errc::Malformed with an offset; Errc::Limit; Errc::Unsupported for a version other than
/// ours.
Result<DecodedComponent> decode(std::span<const std::byte> bytes);

}  // namespace wasmcloud::component
