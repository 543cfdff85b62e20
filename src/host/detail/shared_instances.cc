#include "host/detail/shared_instances.h"

#include "base/log.h"
#include "base/start_now.h"
#include "component/prepared.h"
#include "engine/store.h"
#include "engine/wait.h"
#include "host/detail/instance_options.h"

#include <algorithm>

namespace wasmcloud::host::detail {

SharedInstance::SharedInstance(Loop& loop, const Workload& workload,
                               wasmcloud::http::Client& client)
    : context_(loop, workload.environment(), &client),
      instance_(workload.prepared().create(
          instance_options(workload, context_, loop, workload.limits().request_cpu_time, true))) {}

SharedInstances::Call::Call(SharedInstances& all, Ref<SharedInstance> instance,
                            Clock::time_point deadline)
    : all_(all), instance_(std::move(instance)), deadline_(deadline) {
  all_.begin(*instance_, deadline_);
}

SharedInstances::Call::~Call() { all_.end(instance_, deadline_); }

bool SharedInstances::is_worn(const SharedInstance& instance) const {
  const Reuse& reuse = workload_.limits().reuse;
  return instance.calls_begun_ >= reuse.max_calls || instance.instance_->is_poisoned() ||
         (reuse.max_memory_bytes != 0 &&
          instance.instance_->store().memory_bytes_used() > reuse.max_memory_bytes);
}

bool SharedInstances::has_room(const SharedInstance& instance) const {
  return instance.deadlines_.size() < workload_.limits().reuse.max_calls_at_once &&
         !is_worn(instance);
}

Task<Ref<SharedInstance>> SharedInstances::take() {
  for (const auto& instance : instances_) {
    if (has_room(*instance)) co_return instance;
  }
  const Ref<SharedInstance> made = make_ref<SharedInstance>(loop_, workload_, client_);
  if (workload_.has_start_functions()) {
    // They are the guest's code too.
    made->instance_->store().set_deadline(Clock::now() + workload_.limits().request_timeout);
    CO_TRY(co_await made->instance_->run([&] { return made->instance_->start(); }));
  } else {
    CO_TRY(made->instance_->start());
  }
  instances_.push_back(made);
  co_return made;
}

void SharedInstances::begin(SharedInstance& instance, Clock::time_point deadline) {
  ++instance.calls_begun_;
  instance.instance_->begin_call();
  instance.deadlines_.push_back(deadline);
  // Whichever call it is that computes, the first deadline of all ends it.
  instance.instance_->store().set_deadline(std::ranges::min(instance.deadlines_));
}

void SharedInstances::end(const Ref<SharedInstance>& instance, Clock::time_point deadline) {
  auto& deadlines = instance->deadlines_;
  deadlines.erase(std::ranges::find(deadlines, deadline));
  // What goes on after the last call has as long as a call.
  instance->instance_->store().set_deadline(deadlines.empty()
                                                ? Clock::now() + workload_.limits().request_timeout
                                                : std::ranges::min(deadlines));
  if (instance->is_retired_ || is_worn(*instance)) {
    if (deadlines.empty()) retire(instance);
    return;
  }
  if (!deadlines.empty()) return;
  instance->idle_since_ = Clock::now();
  watch();
}

void SharedInstances::retire_all() {
  for (const auto& instance : std::vector(instances_)) {
    instance->is_retired_ = true;
    if (instance->deadlines_.empty()) retire(instance);
  }
}

void SharedInstances::cut_off() {
  // Their `finish` finds them settled.
  for (const auto& instance : ending_) {
    if (instance->instance_ != nullptr) instance->instance_->cut_off();
  }
}

void SharedInstances::retire(const Ref<SharedInstance>& instance) {
  const Ref<SharedInstance> kept = instance;
  if (std::erase_if(instances_, [&](const auto& it) { return it.get() == kept.get(); }) == 0) {
    return;
  }
  ending_.push_back(kept);
  start_now(loop_.executor(), finish(this, Ref<Counted>(&owner_), kept),
            boost::asio::cancellation_slot(), nullptr);
}

boost::asio::awaitable<void, Executor> SharedInstances::finish(SharedInstances* self,
                                                               Ref<Counted> owner,
                                                               Ref<SharedInstance> instance) {
  component::Instance& guest = *instance->instance_;
  // A guest's tasks may go on after their answers, but not for ever.
  if (!guest.is_poisoned()) {
    static_cast<void>(co_await with_deadline(self->loop_, self->workload_.limits().request_timeout,
                                             "the guest", guest.settle()));
  }
  static_cast<void>(co_await guest.close());
  if (engine::orphans(guest.store()) != 0) {
    static_cast<void>(co_await engine::drain(self->loop_, guest.store()));
  }
  instance->instance_.reset();
  static_cast<void>(co_await instance->context_.finish());
  std::erase_if(self->ending_, [&](const auto& it) { return it.get() == instance.get(); });
  self->changed_.notify();
}

void SharedInstances::watch() {
  if (std::exchange(is_watching_, true)) return;
  start_now(loop_.executor(), watch_idle(this, Ref<Counted>(&owner_)),
            boost::asio::cancellation_slot(), nullptr);
}

boost::asio::awaitable<void, Executor> SharedInstances::watch_idle(SharedInstances* self,
                                                                   Ref<Counted> owner) {
  const Clock::duration limit = self->workload_.limits().reuse.idle_timeout;
  while (!self->instances_.empty()) {
    if (!co_await sleep_for(self->loop_, limit / 2)) break;
    const auto now = Clock::now();
    for (const auto& instance : std::vector(self->instances_)) {
      if (instance->deadlines_.empty() && now - instance->idle_since_ >= limit) {
        self->retire(instance);
      }
    }
  }
  self->is_watching_ = false;
  self->changed_.notify();
}

}  // namespace wasmcloud::host::detail
