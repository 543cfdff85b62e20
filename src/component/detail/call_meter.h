#pragma once

#include "base/loop.h"
#include "engine/store.h"

#include <cstdint>
#include <vector>

namespace wasmcloud::component {

class RunningInstance;

/// Limits the CPU time of each of the host's calls into an instance: of an async call, what its
/// task computes and the tasks that this started, also after its result. Calls that run on a stack
/// of the host's are one call from `begin_call` on, with all else that is no task's.
///
/// Thread: the instance's loop.
class CallMeter final : public engine::CpuMeter {
 public:
  CallMeter(RunningInstance& instance, Clock::duration limit)
      : instance_(instance), limit_(limit) {}

  void begin_call() { on_hosts_stack_ = {}; }
  /// Errors: Errc::Limit.
  Result<void> used(Clock::duration time) override;

 private:
  struct Used {
    uint64_t call;
    Clock::duration time;
  };

  Clock::duration& of_running_call();
  void forget_ended();

  RunningInstance& instance_;
  const Clock::duration limit_;
  Clock::duration on_hosts_stack_{};
  std::vector<Used> by_call_;  ///< of calls that a tick has found
};

}  // namespace wasmcloud::component
