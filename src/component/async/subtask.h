#pragma once

#include "base/error.h"
#include "component/abi/async_call.h"
#include "component/async/caller.h"
#include "component/async/task.h"
#include "component/async/waitable.h"
#include "component/detail/running_instance.h"

#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace wasmcloud::component {

class HostCall;

/// One call of a lowered import, as its caller sees it (canonical ABI, "Subtask State"): the other
/// side of a guest's task, or of a coroutine of the host.
class Subtask final : public Waitable, public TaskCaller {
 public:
  enum class State : uint8_t {
    Starting = 0,
    Started = 1,
    Returned = 2,
    CancelledBeforeStarted = 3,
    CancelledBeforeReturned = 4,
  };

  /// `arguments` are the caller's core values, which stay where they are.
  Subtask(RunningInstance& instance, const Lowered& lowered, engine::RawValue* arguments);
  /// The same with a copy of them.
  Subtask(RunningInstance& instance, const Lowered& lowered,
          std::span<const engine::RawValue> arguments);
  ~Subtask() override;

  State state() const { return state_; }
  bool is_resolved() const { return state_ >= State::Returned; }
  bool is_delivered() const { return is_delivered_; }
  bool is_cancellation_requested() const { return is_cancellation_requested_; }
  const Lowered& lowered() const { return lowered_; }
  CallContext& context() { return context_; }
  engine::RawValue* arguments() { return arguments_; }

  void set_callee(GuestTask* task) { task_ = task; }
  void set_callee(std::shared_ptr<HostCall> call);
  /// subtask.cancel: asks the callee. Errors: Errc::Trap.
  Result<void> request_cancellation();
  /// The end of the call reaches its caller: lends are over.
  void deliver();

  // TaskCaller, for a guest's task.
  Result<void> start(CanonicalContext& callee, engine::RawValue* flat) override;
  Result<void> resolve(CanonicalContext& callee, const CoreResult& result) override;
  Result<void> cancelled() override;
  void failed(const Error&) override { task_ = nullptr; }

  // For a coroutine of the host.
  void host_started() { state_ = State::Started; }
  void host_returned() { resolve_as(State::Returned); }
  void host_cancelled() { resolve_as(State::CancelledBeforeReturned); }

 protected:
  WaitableEvent deliver_event() override;

 private:
  void resolve_as(State state);

  const Lowered& lowered_;
  CallContext context_;
  std::array<engine::RawValue, 6> copied_;
  engine::RawValue* arguments_;
  GuestTask* task_ = nullptr;
  std::shared_ptr<HostCall> host_call_;
  State state_ = State::Starting;
  bool is_delivered_ = false;
  bool is_cancellation_requested_ = false;
};

struct HostCallTag;

/// A coroutine that the host runs for a guest's call.
class HostCall final : public std::enable_shared_from_this<HostCall>, public ListHook<HostCallTag> {
 public:
  explicit HostCall(RunningInstance& instance) : instance_(&instance) {}

  /// Runs it up to its first suspension.
  void start(Subtask& subtask, std::shared_ptr<PendingResult> pending);
  void cancel();
  /// Who asked is gone: the coroutine is cancelled and its result dropped.
  void abandon();
  /// The instance is going.
  void orphan();
  bool has_ended() const { return has_ended_; }
  /// Of a coroutine that ended: lowers its result into the caller, or fails with its error.
  Result<void> finish();

 private:
  static boost::asio::awaitable<void, Executor> drive(std::shared_ptr<HostCall> self);
  void ended();

  RunningInstance* instance_;
  Subtask* subtask_ = nullptr;
  std::shared_ptr<PendingResult> pending_;
  boost::asio::cancellation_signal signal_;
  Result<void> result_;
  bool has_ended_ = false;
  bool is_starting_ = false;
};

}  // namespace wasmcloud::component
