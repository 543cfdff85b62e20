#pragma once
// What fuzz targets have in common.

#include "base/loop.h"

#include <cstdint>

namespace wasmcloud::fuzz {

/// Choices that follow from the input alone.
class Dice {
 public:
  explicit Dice(uint8_t seed) : state_(seed + 1U) {}
  /// From 0 on, below `below`.
  uint32_t roll(uint32_t below) {
    state_ = state_ * 1664525U + 1013904223U;
    return (state_ >> 16) % below;
  }

 private:
  uint32_t state_;
};

/// Runs everything that is ready.
inline void settle(Loop& loop) {
  for (int turn = 0; turn < 3; ++turn) {
    bool done = false;
    loop.post([&done] { done = true; });
    loop.run_until([&done] { return done; });
  }
}

}  // namespace wasmcloud::fuzz
