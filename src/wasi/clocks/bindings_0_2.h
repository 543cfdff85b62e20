#pragma once

#include "base/loop.h"
#include "bindings/wasi/clocks_0_2/monotonic_clock.h"
#include "bindings/wasi/clocks_0_2/timezone.h"
#include "bindings/wasi/clocks_0_2/wall_clock.h"

namespace wasmcloud::wasi::clocks::v0_2 {

namespace wit = wasmcloud::wit::wasi::clocks_0_2;

class MonotonicClock final : public wit::monotonic_clock::Interface {
 public:
  explicit MonotonicClock(Loop& loop) : loop_(loop) {}
  Result<uint64_t> now() override;
  Result<uint64_t> resolution() override;
  Result<std::unique_ptr<wit::monotonic_clock::Pollable>> subscribe_instant(uint64_t when) override;
  Result<std::unique_ptr<wit::monotonic_clock::Pollable>> subscribe_duration(
      uint64_t when) override;

 private:
  Loop& loop_;
};

class WallClock final : public wit::wall_clock::Interface {
 public:
  Result<wit::wall_clock::Datetime> now() override;
  Result<wit::wall_clock::Datetime> resolution() override;
};

/// Always UTC, as the interface says of hosts that do not tell their own: where the machine stands
/// is none of a guest's business.
class Timezone final : public wit::timezone::Interface {
 public:
  Result<wit::timezone::TimezoneDisplay> display(wit::wall_clock::Datetime when) override;
  Result<int32_t> utc_offset(wit::wall_clock::Datetime when) override;
};

}  // namespace wasmcloud::wasi::clocks::v0_2
