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
  return bytes(static_cast<size_t>(len));
}

Result<uint64_t> RandomInterface::get_random_u64() { return next_u64(); }

Result<Bytes> InsecureInterface::get_insecure_random_bytes(uint64_t len) {
  TRY(check_size(len));
  return generator_.bytes(static_cast<size_t>(len));
}

Result<uint64_t> InsecureInterface::get_insecure_random_u64() { return generator_.next_u64(); }

Result<std::tuple<uint64_t, uint64_t>> InsecureSeedInterface::insecure_seed() {
  return seed_.get();
}

}  // namespace wasmcloud::wasi::random::v0_2
