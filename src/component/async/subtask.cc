#include "component/async/subtask.h"

#include "base/check.h"
#include "base/start_now.h"
#include "component/async/scheduler.h"
#include "component/detail/places.h"
#include "component/detail/value_copy.h"

#include <algorithm>

namespace wasmcloud::component {

Subtask::Subtask(RunningInstance& instance, const Lowered& lowered, engine::RawValue* arguments)
    : Waitable(Kind::Subtask),
      lowered_(lowered),
      context_(instance, lowered.options),
      arguments_(arguments) {}

Subtask::Subtask(RunningInstance& instance, const Lowered& lowered,
                 std::span<const engine::RawValue> arguments)
    : Subtask(instance, lowered, static_cast<engine::RawValue*>(nullptr)) {
  std::ranges::copy(arguments, copied_.begin());
  arguments_ = copied_.data();
}

Subtask::~Subtask() {
  if (task_ != nullptr && task_->caller() == this) task_->forget_caller();
  if (host_call_ != nullptr) host_call_->abandon();
}

void Subtask::set_callee(std::shared_ptr<HostCall> call) { host_call_ = std::move(call); }

void Subtask::resolve_as(State state) {
  state_ = state;
  task_ = nullptr;
  host_call_ = nullptr;
  set_event();
}

Result<void> Subtask::request_cancellation() {
  is_cancellation_requested_ = true;
  if (task_ != nullptr) return task_->request_cancellation();
  if (host_call_ != nullptr) host_call_->cancel();
  return {};
}

void Subtask::deliver() {
  is_delivered_ = true;
  context_.end_lends();
}

Result<void> Subtask::start(CanonicalContext& callee, engine::RawValue* flat) {
  state_ = State::Started;
  if (index != 0) set_event();
  context_.memory_is_stale();
  const RuntimeType& params = *lowered_.type.params;
  ValueCopy copy(context_, callee);
  const bool from_memory = lowered_.params_in_memory();
  const bool to_memory = lowered_.type.params_spill();
  if (!from_memory) return copy.flat_to_flat(params, arguments_, flat);
  const uint32_t at = arguments_[0].u32;
  TRY(check_place(context_, at, params.size, params.align));
  if (!to_memory) return copy.memory_to_flat(params, at, flat);
  const uint32_t block = TRY(callee.allocate(params.size, params.align));
  context_.memory_is_stale();
  flat[0].u64 = block;
  return copy.memory_to_memory(params, at, block);
}

Result<void> Subtask::resolve(CanonicalContext& callee, const CoreResult& from) {
  if (const RuntimeType* const result = lowered_.type.result) {
    context_.memory_is_stale();
    ValueCopy copy(callee, context_);
    if (from.is_in_memory) TRY(check_place(callee, from.at, result->size, result->align));
    if (!lowered_.result_in_memory()) {
      TRY(from.is_in_memory ? copy.memory_to_flat(*result, from.at, arguments_)
                            : copy.flat_to_flat(*result, from.flat, arguments_));
    } else {
      const uint32_t out = arguments_[lowered_.core_params() - 1].u32;
      TRY(check_place(context_, out, result->size, result->align));
      TRY(from.is_in_memory ? copy.memory_to_memory(*result, from.at, out)
                            : copy.flat_to_memory(*result, from.flat, out));
    }
  }
  resolve_as(State::Returned);
  return {};
}

Result<void> Subtask::cancelled() {
  resolve_as(state_ == State::Starting ? State::CancelledBeforeStarted
                                       : State::CancelledBeforeReturned);
  return {};
}

WaitableEvent Subtask::deliver_event() {
  if (is_resolved()) deliver();
  return {.code = EventCode::Subtask, .index = index, .payload = static_cast<uint32_t>(state_)};
}

// --- HostCall

void HostCall::start(Subtask& subtask, std::shared_ptr<PendingResult> pending) {
  subtask_ = &subtask;
  pending_ = std::move(pending);
  is_starting_ = true;
  instance_->scheduler().add(*this);
  start_now(instance_->loop()->executor(), drive(shared_from_this()), signal_.slot(),
            shared_from_this());
  is_starting_ = false;
}

boost::asio::awaitable<void, Executor> HostCall::drive(std::shared_ptr<HostCall> self) {
  Result<void> result;
  try {
    result = co_await self->pending_->run();
  } catch (const boost::system::system_error&) {
    // How a cancelled task that goes on to wait ends.
    result = fail(Errc::Cancelled, "the host's function was cancelled");
  } catch (...) {
    result = fail(Errc::Internal, "a host function threw an exception");
  }
  self->result_ = std::move(result);
  self->ended();
}

void HostCall::ended() {
  has_ended_ = true;
  if (instance_ == nullptr) return;
  instance_->scheduler().remove(*this);
  if (is_starting_ || subtask_ == nullptr) return;
  // The guest may have been stopped where its `realloc` must not run.
  instance_->scheduler().when_between_turns([self = shared_from_this()] {
    if (self->subtask_ == nullptr) return;
    RunningInstance& instance = *self->instance_;
    if (Result<void> finished = self->finish(); !finished) instance.fail(finished.error());
  });
}

Result<void> HostCall::finish() {
  Subtask& subtask = *std::exchange(subtask_, nullptr);
  if (!result_) {
    if (subtask.is_cancellation_requested() && result_.error().code() == Errc::Cancelled) {
      subtask.host_cancelled();
      return {};
    }
    return fail(std::move(result_).error());
  }
  const Lowered& lowered = subtask.lowered();
  if (lowered.type.result != nullptr) {
    subtask.context().memory_is_stale();
    engine::RawValue* const arguments = subtask.arguments();
    if (lowered.result_in_memory()) {
      TRY(pending_->store(subtask.context(), arguments[lowered.core_params() - 1].u32));
    } else {
      TRY(pending_->lower(subtask.context(), arguments));
    }
  }
  pending_.reset();
  subtask.host_returned();
  return {};
}

void HostCall::cancel() { signal_.emit(boost::asio::cancellation_type::terminal); }

void HostCall::orphan() {
  instance_ = nullptr;
  abandon();
}

void HostCall::abandon() {
  subtask_ = nullptr;
  if (!has_ended_) cancel();
}

}  // namespace wasmcloud::component
