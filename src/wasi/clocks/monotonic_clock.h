#pragma once

#include "wasi/io/waitable.h"

namespace wasmcloud::wasi::clocks {

/// Nanoseconds since some moment in the past that stays the same for the process.
uint64_t monotonic_now();
uint64_t monotonic_resolution();

/// Ready once `monotonic_now()` is at least `instant`.
Ref<io::Waitable> at_instant(Loop& loop, uint64_t instant);
/// Ready `duration` nanoseconds from now.
Ref<io::Waitable> after_duration(Loop& loop, uint64_t duration);

}  // namespace wasmcloud::wasi::clocks
