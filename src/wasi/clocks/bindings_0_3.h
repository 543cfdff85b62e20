#pragma once

#include "base/loop.h"
#include "bindings/wasi/clocks_0_3/monotonic_clock.h"
#include "bindings/wasi/clocks_0_3/system_clock.h"
#include "bindings/wasi/clocks_0_3/timezone.h"

namespace wasmcloud::wasi::clocks::v0_3 {

namespace wit = wasmcloud::wit::wasi::clocks_0_3;

class MonotonicClock final : public wit::monotonic_clock::Interface {
 public:
  explicit MonotonicClock(Loop& loop) : loop_(loop) {}
  Result<uint64_t> now() override;
  Result<uint64_t> get_resolution() override;
  Task<void> wait_until(uint64_t when) override;
  Task<void> wait_for(uint64_t how_long) override;

 private:
  Loop& loop_;
};

class SystemClock final : public wit::system_clock::Interface {
 public:
  Result<wit::system_clock::Instant> now() override;
  Result<uint64_t> get_resolution() override;
};

/// None, as the interface says of hosts that do not tell their own: where the machine stands is
/// none of a guest's business.
class Timezone final : public wit::timezone::Interface {
 public:
  Result<std::optional<std::string>> iana_id() override;
  Result<std::optional<int64_t>> utc_offset(wit::system_clock::Instant when) override;
  Result<std::string> to_debug_string() override;
};

}  // namespace wasmcloud::wasi::clocks::v0_3
