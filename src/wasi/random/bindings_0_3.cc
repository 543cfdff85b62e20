#include "wasi/random/bindings_0_3.h"

namespace wasmcloud::wasi::random::v0_3 {
namespace {

size_t bounded(uint64_t size) { return static_cast<size_t>(std::min(size, kMaxRandomBytes)); }

}  // namespace

Result<Bytes> RandomInterface::get_random_bytes(uint64_t max_len) {
  return bytes(bounded(max_len));
}

Result<uint64_t> RandomInterface::get_random_u64() { return next_u64(); }

Result<Bytes> InsecureInterface::get_insecure_random_bytes(uint64_t max_len) {
  return generator_.bytes(bounded(max_len));
}

Result<uint64_t> InsecureInterface::get_insecure_random_u64() { return generator_.next_u64(); }

Result<std::tuple<uint64_t, uint64_t>> InsecureSeedInterface::get_insecure_seed() {
  return seed_.get();
}

}  // namespace wasmcloud::wasi::random::v0_3
