#pragma once

#include <string_view>

namespace wasmcloud::conformance {

/// Whether `message`, ours, tells of the kind of failure that `expected` does, a fragment of
/// another engine's message. Fragments that nobody knows only ask for a failure.
bool is_kind(std::string_view expected, std::string_view message);

}  // namespace wasmcloud::conformance
