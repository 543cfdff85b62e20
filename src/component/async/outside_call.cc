#include "component/async/outside_call.h"

#include "base/loop.h"
#include "component/async/scheduler.h"
#include "component/instance.h"

namespace wasmcloud::component {

Task<void> OutsideCall::run(Instance& instance, const ExportedFunction& function) {
  RunningInstance& running = instance.running();
  if (running.is_poisoned()) {
    co_return fail(Errc::Trap, "cannot enter component instance: it trapped before");
  }
  if (running.loop() == nullptr) {
    co_return fail(Errc::Invalid, "{} is async, and its instance has no loop", function.name());
  }
  const std::shared_ptr<OutsideCall> self = shared_from_this();
  Event done(*running.loop());
  Scheduler& scheduler = running.scheduler();
  GuestTask& task = *CO_TRY(scheduler.add_task(function.lifted(), this, Thread::Place::OwnStack));
  task.count_as_outside_call();
  instance_ = &running;
  task_ = &task;
  done_ = &done;
  self_ = self;
  scheduler.start(task.first_thread());
  if (!result_) {
    auto waited = co_await done.wait();
    done_ = nullptr;
    if (!result_) {
      // Its instance may be in the middle of something.
      scheduler.when_between_turns([self] {
        if (self->task_ == nullptr) return;
        Result<void> asked = self->task_->request_cancellation();
        if (!asked) self->instance_->fail(asked.error());
      });
      co_return fail(std::move(waited).error());
    }
  }
  done_ = nullptr;
  co_return std::move(*result_);
}

Result<void> OutsideCall::resolve(CanonicalContext& callee, const CoreResult& result) {
  Result<void> lifted = lift(callee, result);
  if (!lifted) return lifted;
  if (done_ != nullptr) returned();
  end({});
  return {};
}

Result<void> OutsideCall::cancelled() {
  end(fail(Errc::Cancelled, "the guest's task was cancelled"));
  return {};
}

void OutsideCall::failed(const Error& error) { end(fail(error.copy())); }

void OutsideCall::end(Result<void> result) {
  const std::shared_ptr<OutsideCall> self = std::move(self_);
  result_.emplace(std::move(result));
  task_ = nullptr;
  if (done_ != nullptr) done_->set();
}

}  // namespace wasmcloud::component
