#pragma once

#include "bindings/wasi/random_0_3/insecure.h"
#include "bindings/wasi/random_0_3/insecure_seed.h"
#include "bindings/wasi/random_0_3/random.h"
#include "wasi/random/random.h"

namespace wasmcloud::wasi::random::v0_3 {

namespace wit = wasmcloud::wit::wasi::random_0_3;

// Who asks for more than `kMaxRandomBytes` gets so many, and asks again.

class RandomInterface final : public wit::random::Interface {
 public:
  Result<Bytes> get_random_bytes(uint64_t max_len) override;
  Result<uint64_t> get_random_u64() override;
};

class InsecureInterface final : public wit::insecure::Interface {
 public:
  Result<Bytes> get_insecure_random_bytes(uint64_t max_len) override;
  Result<uint64_t> get_insecure_random_u64() override;

 private:
  Insecure generator_;
};

class InsecureSeedInterface final : public wit::insecure_seed::Interface {
 public:
  Result<std::tuple<uint64_t, uint64_t>> get_insecure_seed() override;

 private:
  Seed seed_;
};

}  // namespace wasmcloud::wasi::random::v0_3
