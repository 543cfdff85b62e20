#pragma once

#include <cstdint>

namespace wasmcloud::wasi::clocks {

/// A moment since the Unix epoch; `nanoseconds` is below 1,000,000,000.
struct WallTime {
  uint64_t seconds = 0;
  uint32_t nanoseconds = 0;

  bool operator==(const WallTime&) const = default;
};

WallTime wall_now();
WallTime wall_resolution();

}  // namespace wasmcloud::wasi::clocks
