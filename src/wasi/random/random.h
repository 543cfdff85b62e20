#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace wasmcloud::wasi::random {

/// The most bytes one call may ask for; a guest that wants more asks again.
inline constexpr uint64_t kMaxRandomBytes = 16ULL << 20;

/// Fills `out` from the kernel's cryptographic generator. Does not block once the machine has
/// started. Errors: Errc::Io.
Result<void> fill(std::span<std::byte> out);
Result<uint64_t> next_u64();

/// A fast generator for data that may be guessed; seeded once from the kernel.
///
/// Thread: one loop.
class Insecure {
 public:
  void fill(std::span<std::byte> out);
  uint64_t next_u64();

 private:
  uint64_t state_ = 0;
  bool seeded_ = false;
};

/// 128 bits that differ between instances, for hash tables.
Result<std::pair<uint64_t, uint64_t>> seed();

}  // namespace wasmcloud::wasi::random
