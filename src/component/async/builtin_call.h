#pragma once

#include "component/async/scheduler.h"
#include "component/detail/builtins.h"
#include "component/detail/running_instance.h"

namespace wasmcloud::component {

/// A call of a built-in: what it was made with, and who calls.
struct BuiltinCall {
  const Lowered& lowered;
  RunningInstance& instance;

  BuiltinCall(void* env, engine::Store& store)
      : lowered(*static_cast<const Lowered*>(env)), instance(RunningInstance::of(store)) {}

  uint32_t index() const { return lowered.options.instance; }
  ComponentState& component() const { return instance.component(index()); }
  HandleTable& handles() const { return component().handles; }
  Scheduler& scheduler() const { return instance.scheduler(); }
  Result<void> may_leave() const { return check_may_leave(instance, lowered); }

  /// The calling thread's own. Errors: Errc::Trap in start functions and destructors.
  Result<Thread*> thread() const {
    Thread* const thread = instance.thread()->thread;
    if (thread != nullptr) [[likely]]
      return thread;
    return fail(Errc::Trap, "{} is called by a synchronous task", lowered.name);
  }
};

/// "blocked", of copies and cancels.
inline constexpr uint32_t kBlocked = 0xffff'ffff;

}  // namespace wasmcloud::component
