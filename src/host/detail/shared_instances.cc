#include "host/detail/shared_instances.h"

#include "base/start_now.h"
#include "component/prepared.h"
#include "engine/store.h"
#include "engine/wait.h"
#include "host/detail/busy.h"
#include "host/detail/instance_options.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace wasmcloud::host::detail {
namespace {

/// After so long, an idle instance that is kept for good makes room for one of a loop without any.
constexpr auto kIdleWhereOthersLack = std::chrono::seconds(1);

}  // namespace

SharedInstance::SharedInstance(Loop& loop, const Workload& workload,
                               wasmcloud::http::Client& client)
    : contexts_(loop, workload, client),
      instance_(workload.prepared().create(
          instance_options(workload, contexts_, loop, workload.limits().request_cpu_time, true))) {}

void SharedInstance::count_out() {
  if (kept_ != nullptr) std::exchange(kept_, nullptr)->fetch_sub(1, std::memory_order_relaxed);
}

SharedInstances::Call::Call(SharedInstances& all, Ref<SharedInstance> instance,
                            Clock::time_point deadline)
    : all_(all), instance_(std::move(instance)), deadline_(deadline) {
  all_.begin(*instance_, deadline_);
}

SharedInstances::Call::~Call() {
  if (instance_) all_.end(instance_, deadline_);
}

Task<void> SharedInstances::Call::end_with_instance() {
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  const Ref<SharedInstance> instance = std::exchange(instance_, nullptr);
  instance->instance_->cut_off();
  all_.take_out(instance);
  co_await finish(&all_, Ref<Counted>(&all_.owner_), instance);
  co_return Result<void>();
}

SharedInstances::SharedInstances(Loop& loop, const Workload& workload,
                                 wasmcloud::http::Client& client, Counted& owner)
    : loop_(loop),
      workload_(workload),
      client_(client),
      owner_(owner),
      max_calls_(workload.service() != nullptr ? workload.limits().reuse.max_calls
                                               : workload.limits().reuse.max_calls_0_2),
      max_calls_at_once_(workload.service() != nullptr ? workload.limits().reuse.max_calls_at_once
                                                       : 1),
      membership_(workload.idle_instances().join(loop, [this] { return give_up_idle(); })) {}

bool SharedInstances::is_worn(const SharedInstance& instance) const {
  const Reuse& reuse = workload_.limits().reuse;
  return instance.calls_begun_ >= max_calls_ || instance.instance_->is_poisoned() ||
         (reuse.max_memory_bytes &&
          instance.instance_->store().memory_bytes_used() > *reuse.max_memory_bytes);
}

bool SharedInstances::has_room(const SharedInstance& instance) const {
  return instance.deadlines_.size() < max_calls_at_once_ && !instance.is_retired_ &&
         !is_worn(instance);
}

/// Whether calls of WASI 0.2 leave more behind each time. What the first has opened may be for
/// good: standard output, a clock.
bool SharedInstances::leaks(SharedInstance& instance) const {
  if (workload_.service() != nullptr) return false;
  const size_t open = instance.instance_->open_handles();
  if (!instance.handles_) instance.handles_ = open;
  return open > *instance.handles_;
}

Ref<SharedInstance> SharedInstances::with_room() const {
  const auto found =
      std::ranges::find_if(instances_, [&](const auto& it) { return has_room(*it); });
  return found == instances_.end() ? nullptr : *found;
}

Task<Ref<SharedInstance>> SharedInstances::take() {
  while (true) {
    if (auto instance = with_room()) co_return instance;
    auto made = co_await make();
    if (made) {
      keep(**made);
      instances_.push_back(*made);
      co_return made;
    }
    if (!is_busy(made.error())) co_return made;
    // The room may be gone before we get to it, but then another request has it.
    if (CO_TRY(co_await workload_.idle_instances().ask(loop_)) == 0) co_return made;
  }
}

Task<Ref<SharedInstance>> SharedInstances::make() {
  Ref<SharedInstance> made = make_ref<SharedInstance>(loop_, workload_, client_);
  if (workload_.has_start_functions()) {
    // They are the guest's code too.
    made->instance_->store().set_deadline(Clock::now() + workload_.limits().request_timeout);
    CO_TRY(co_await made->instance_->run([&] { return made->instance_->start(); }));
  } else {
    CO_TRY(made->instance_->start());
  }
  co_return made;
}

/// Beyond those that are kept, an instance has one call.
void SharedInstances::keep(SharedInstance& instance) {
  const uint32_t most = workload_.limits().reuse.max_instances;
  if (most == 0) return;
  std::atomic<uint32_t>& kept = workload_.kept_instances();
  if (kept.fetch_add(1, std::memory_order_relaxed) < most) {
    instance.kept_ = &kept;
  } else {
    kept.fetch_sub(1, std::memory_order_relaxed);
    workload_.lacks_instances().store(true, std::memory_order_relaxed);
    instance.is_retired_ = true;
  }
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
  if (instance->is_retired_ || is_worn(*instance) || leaks(*instance)) {
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

size_t SharedInstances::give_up_idle() {
  size_t gone = 0;
  for (const auto& instance : std::vector(instances_)) {
    if (!instance->deadlines_.empty()) continue;
    retire(instance);
    if (instance->instance_ == nullptr) ++gone;
  }
  return gone;
}

void SharedInstances::cut_off() {
  // Their `finish` finds them settled.
  for (const auto& instance : ending_) {
    if (instance->instance_ != nullptr) instance->instance_->cut_off();
  }
}

bool SharedInstances::take_out(const Ref<SharedInstance>& instance) {
  if (std::erase_if(instances_, [&](const auto& it) { return it.get() == instance.get(); }) == 0) {
    return false;
  }
  instance->count_out();
  ending_.push_back(instance);
  return true;
}

void SharedInstances::retire(const Ref<SharedInstance>& instance) {
  const Ref<SharedInstance> kept = instance;
  if (!take_out(kept)) return;
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
  static_cast<void>(co_await instance->contexts_.finish());
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
  const Clock::duration given = self->workload_.limits().reuse.idle_timeout;
  const bool is_for_good = given == Clock::duration::max();
  const Clock::duration limit = is_for_good ? kIdleWhereOthersLack : given;
  while (!self->instances_.empty()) {
    if (!co_await sleep_for(self->loop_, limit / 2)) break;
    if (is_for_good && !self->workload_.lacks_instances().exchange(false)) continue;
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
