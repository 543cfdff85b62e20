#pragma once

#include "base/loop.h"
#include "component/value.h"
#include "wash/terminal.h"

namespace wasmcloud::wash {

// Streams and futures in a call's result are read side by side, since a guest may fill them in any
// order; so what comes before its turn is kept, up to kMostKept values.

/// Values that are kept of all streams of a result together.
inline constexpr size_t kMostKept = 1'000'000;

/// Writes the value in WAVE and a newline to stdout, a stream as the list of what it gives, as it
/// comes. Errors: those of the guest; Errc::Limit; Errc::Closed where nobody reads any more.
Task<void> print_result(Loop& loop, Terminal& terminal, component::Value value);

/// The value with the list of what each stream gave, and each future's value, in their places.
/// Errors: those of the guest; Errc::Limit.
Task<component::Value> complete_result(Loop& loop, component::Value value);

}  // namespace wasmcloud::wash
