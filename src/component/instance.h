#pragma once

#include "base/error.h"
#include "base/task.h"
#include "component/canonical_context.h"
#include "component/prepared.h"
#include "engine/store.h"
#include "engine/values.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace wasmcloud::component {

class RunningInstance;
class Value;

/// A running component: the tree of its nested components in one store. After a trap it refuses
/// every call.
///
/// Thread: owning loop. Calls and stacks are over before it goes.
class Instance {
 public:
  explicit Instance(std::unique_ptr<RunningInstance> running);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// Makes the core instances and runs their start functions. Once, before any call; on a stack
  /// they may wait and yield. Errors: as Prepared::instantiate; the instance is over then.
  Result<void> start();

  engine::Store& store();
  bool is_poisoned() const;
  RunningInstance& running() { return *running_; }
  /// Handles that its guests have open, and what else is in their tables.
  size_t open_handles() const;

  /// Runs `body` on a suspendable stack of the store, so that what it calls may wait.
  Task<void> run(std::move_only_function<Result<void>()> body);

  /// What runs from now on, but for async calls, is one call more: see
  /// `InstanceOptions::call_cpu_time`. A fresh instance has its first.
  void begin_call();

  /// Calls an export with dynamic values; the result has one value or none. Off a stack the guest
  /// cannot wait.
  Result<std::vector<Value>> call(const ExportedFunction& function,
                                  std::span<const Value> arguments);
  /// The same for any function; several calls of async functions may run at once. Cancelling it
  /// asks the guest's task to cancel.
  Task<std::vector<Value>> call_async(ExportedFunction function, std::vector<Value> arguments);

  /// Runs the destructor of a resource that a guest here implements, if it has one; on a stack it
  /// may wait. Errors: Errc::Invalid for one of another instance, or none; those of the guest, and
  /// the instance is over then.
  Result<void> drop(std::unique_ptr<GuestResource> resource);
  /// Awaits `calls` of async functions of this instance, and then all that they leave running.
  /// Cancelled, it closes the instance: a task that is asked to cancel may refuse.
  Task<void> run_to_end(Loop& loop, Task<void> calls);

  /// Waits until no task goes on any more, after all had their results; tasks that wait for what
  /// cannot come do not count. Errors: what ended the instance, meanwhile or before.
  Task<void> settle();
  /// Nothing runs here any more: calls end with Errc::Cancelled. `close` is still needed.
  void cut_off();
  /// Ends what goes on here without an end of its own: tasks that run on after their results, and
  /// host functions that they wait for. Before the instance goes, if async functions were called.
  Task<void> close();

 private:
  std::unique_ptr<RunningInstance> running_;
};

/// One call of an exported function by typed bindings:
///
///     ExportCall call(instance, function);
///     TRY(call.enter());
///     ... lower the arguments through call.context() into flat ...
///     TRY(call.invoke(flat));
///     ... lift the result from flat ...
///     TRY(call.finish());
///
/// Any error means that the instance is over; do not go on with it.
class ExportCall {
 public:
  ExportCall(Instance& instance, const ExportedFunction& function);
  ~ExportCall();
  ExportCall(const ExportCall&) = delete;
  ExportCall& operator=(const ExportCall&) = delete;

  /// Errors: Errc::Trap if the instance is poisoned.
  Result<void> enter();
  CanonicalContext& context();
  /// Core arguments in, core results out: at most 16 flat arguments, else one pointer to a tuple in
  /// memory that `context().allocate` gave; at most one flat result, else a pointer to it.
  Result<void> invoke(std::span<engine::RawValue> flat);
  /// Post-return. The lifted result must not refer to the guest's memory any more.
  Result<void> finish();

 private:
  struct State;
  alignas(16) std::byte storage_[432];
  State& state();
};

}  // namespace wasmcloud::component
