#pragma once

#include "base/bytes.h"
#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>

namespace wasmcloud::wasi::random {

/// The most bytes one call may ask for; a guest that wants more asks again.
inline constexpr uint64_t kMaxRandomBytes = 16ULL << 20;

/// Fills `out` from the kernel's cryptographic generator. Does not block once the machine has
/// started. Errors: Errc::Io.
Result<void> fill(std::span<std::byte> out);
Result<Bytes> bytes(size_t size);
Result<uint64_t> next_u64();

/// A fast generator for data that may be guessed; seeded once from the kernel.
///
/// Thread: one loop.
class Insecure {
 public:
  void fill(std::span<std::byte> out);
  Bytes bytes(size_t size);
  uint64_t next_u64();

 private:
  uint64_t state_ = 0;
  bool seeded_ = false;
};

/// 128 bits that differ between instances, for hash tables.
///
/// Thread: one loop.
class Seed {
 public:
  /// The same each time.
  Result<std::tuple<uint64_t, uint64_t>> get();

 private:
  std::optional<std::tuple<uint64_t, uint64_t>> value_;
};

}  // namespace wasmcloud::wasi::random
