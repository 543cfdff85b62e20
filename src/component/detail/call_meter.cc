#include "component/detail/call_meter.h"

#include "component/async/scheduler.h"
#include "component/detail/running_instance.h"

#include <algorithm>

namespace wasmcloud::component {
namespace {
/// From here on, what is kept of calls that have ended is looked for before more is kept.
constexpr size_t kManyCalls = 64;
}  // namespace

Result<void> CallMeter::used(Clock::duration time) {
  Clock::duration& used = of_running_call();
  used += time;
  if (used <= limit_) return {};
  return wasmcloud::fail(Errc::Limit, "the call used more than its limit of {} ms of CPU time",
                         std::chrono::duration_cast<std::chrono::milliseconds>(limit_).count());
}

Clock::duration& CallMeter::of_running_call() {
  const uint64_t call = instance_.has_scheduler() ? instance_.scheduler().running_call() : 0;
  if (call == 0) return on_hosts_stack_;
  const auto found = std::ranges::find(by_call_, call, &Used::call);
  if (found != by_call_.end()) return found->time;
  if (by_call_.size() >= kManyCalls) forget_ended();
  return by_call_.emplace_back(call, Clock::duration()).time;
}

void CallMeter::forget_ended() {
  const Scheduler& scheduler = instance_.scheduler();
  std::erase_if(by_call_, [&](const Used& it) { return !scheduler.has_task_of(it.call); });
}

}  // namespace wasmcloud::component
