#pragma once

#include "base/error.h"
#include "base/task.h"
#include "component/async/caller.h"

#include <memory>
#include <optional>

namespace wasmcloud {
class Event;
}

namespace wasmcloud::component {

class ExportedFunction;
class GuestTask;
class Instance;
class RunningInstance;

/// A call that the host makes of an async function. Derived classes lower the arguments and lift
/// the result; both happen beneath the guest, so they do no more than that.
class OutsideCall : public TaskCaller, public std::enable_shared_from_this<OutsideCall> {
 public:
  virtual ~OutsideCall() = default;

  /// Starts the task and ends when its result is there. The task may go on after it. If this is
  /// cancelled, the task is asked to cancel and its result, if there is one, dropped; the instance
  /// goes on. Errors: whatever ended the instance; Errc::Cancelled.
  Task<void> run(Instance& instance, const ExportedFunction& function);

  // TaskCaller.
  Result<void> resolve(CanonicalContext& callee, const CoreResult& result) final;
  Result<void> cancelled() final;
  void failed(const Error& error) final;

 protected:
  virtual Result<void> lift(CanonicalContext& callee, const CoreResult& result) = 0;
  /// The result was lifted, and who runs this still waits for it. Beneath the guest.
  virtual void returned() {}

 private:
  void end(Result<void> result);

  RunningInstance* instance_ = nullptr;
  GuestTask* task_ = nullptr;
  Event* done_ = nullptr;
  std::shared_ptr<OutsideCall> self_;  ///< as long as the task may ask for something
  std::optional<Result<void>> result_;
};

}  // namespace wasmcloud::component
