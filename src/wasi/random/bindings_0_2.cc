#include "wasi/random/bindings_0_2.h"

namespace wasmcloud::wasi::random::v0_2 {
namespace {

Result<void> check_size(uint64_t size) {
  if (size <= kMaxRandomBytes) return {};
  return fail(Errc::Trap, "{} random bytes asked for at once; at most {} are given", size,
              kMaxRandomBytes);
}

}  // namespace

Result<Bytes> RandomInterface::get_random_bytes(uint64_t len) {
  TRY(check_size(len));
  Result<void> filled;
  Bytes bytes = Bytes::filled(static_cast<size_t>(len), [&](std::span<std::byte> into) {
    filled = fill(into);
    return into.size();
  });
  TRY(std::move(filled));
  return bytes;
}

Result<uint64_t> RandomInterface::get_random_u64() { return next_u64(); }

Result<Bytes> InsecureInterface::get_insecure_random_bytes(uint64_t len) {
  TRY(check_size(len));
  return Bytes::filled(static_cast<size_t>(len), [&](std::span<std::byte> into) {
    generator_.fill(into);
    return into.size();
  });
}

Result<uint64_t> InsecureInterface::get_insecure_random_u64() { return generator_.next_u64(); }

Result<std::tuple<uint64_t, uint64_t>> InsecureSeedInterface::insecure_seed() {
  const auto [first, second] = TRY(seed());
  return std::tuple(first, second);
}

}  // namespace wasmcloud::wasi::random::v0_2
