#include "wasi/random/random.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace wasmcloud::wasi::random {

Result<void> fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return fail_errno(errno, "reading random bytes");
    }
    out = out.subspan(static_cast<size_t>(got));
  }
  return {};
}

Result<Bytes> bytes(size_t size) {
  Result<void> filled;
  Bytes made = Bytes::filled(size, [&](std::span<std::byte> into) {
    filled = fill(into);
    return into.size();
  });
  TRY(std::move(filled));
  return made;
}

Result<uint64_t> next_u64() {
  uint64_t value = 0;
  TRY(fill(std::as_writable_bytes(std::span(&value, 1))));
  return value;
}

uint64_t Insecure::next_u64() {
  if (!seeded_) {
    // Without a seed from the kernel the sequence is the same each time, which "insecure" allows.
    state_ = random::next_u64().value_or(0x853C49E6748FEA9BULL);
    seeded_ = true;
  }
  // SplitMix64: one addition and a mix of the state.
  uint64_t mixed = state_ += 0x9E3779B97F4A7C15ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31U);
}

void Insecure::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const uint64_t value = next_u64();
    const size_t now = std::min(out.size(), sizeof(value));
    std::memcpy(out.data(), &value, now);
    out = out.subspan(now);
  }
}

Bytes Insecure::bytes(size_t size) {
  return Bytes::filled(size, [&](std::span<std::byte> into) {
    fill(into);
    return into.size();
  });
}

Result<std::tuple<uint64_t, uint64_t>> Seed::get() {
  if (!value_) {
    const uint64_t first = TRY(next_u64());
    value_.emplace(first, TRY(next_u64()));
  }
  return *value_;
}

}  // namespace wasmcloud::wasi::random
