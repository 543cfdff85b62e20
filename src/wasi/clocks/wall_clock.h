#pragma once

#include <cstdint>

namespace wasmcloud::wasi::clocks {

inline constexpr uint32_t kNanoseconds = 1'000'000'000;  ///< in a second

/// A moment counted from the Unix epoch; `nanoseconds` is below 1,000,000,000, and goes forwards
/// before the epoch too.
struct WallTime {
  int64_t seconds = 0;
  uint32_t nanoseconds = 0;

  bool operator==(const WallTime&) const = default;
};

/// `Time` of WASI 0.2, which begins with the epoch; what was before is shown as that.
template <class Time>
Time since_epoch(WallTime time) {
  if (time.seconds < 0) return {};
  return {.seconds = static_cast<uint64_t>(time.seconds), .nanoseconds = time.nanoseconds};
}

WallTime wall_now();
WallTime wall_resolution();

}  // namespace wasmcloud::wasi::clocks
