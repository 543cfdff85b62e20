#include "component/async/thread.h"

#include "component/async/scheduler.h"

namespace wasmcloud::component {

bool Thread::is_ready() const {
  if (state == State::Woken) return true;
  if (state == State::New) return waits_for.kind == WaitCondition::Kind::Turn;
  if (state != State::Blocked) return false;
  ComponentState& component = task.component_state();
  if (cancelled) {
    return waits_for.kind != WaitCondition::Kind::Callback || component.lock_holder == nullptr;
  }
  switch (waits_for.kind) {
    case WaitCondition::Kind::Resume:
      return false;
    case WaitCondition::Kind::Turn:
      return true;
    case WaitCondition::Kind::Event:
      return waits_for.set->has_event();
    case WaitCondition::Kind::Waitable:
      return waits_for.waitable->has_event();
    case WaitCondition::Kind::Entry:
      return component.backpressure == 0 &&
             (!task.needs_lock() || component.lock_holder == nullptr);
    case WaitCondition::Kind::Callback:
      return component.lock_holder == nullptr &&
             (waits_for.set == nullptr || waits_for.set->has_event());
  }
  return false;
}

void Thread::look_again() {
  if (!ListHook<RunTag>::is_linked()) {
    task.instance().scheduler().enqueue(*this);
  }
}

uint32_t ThreadTable::add(Thread& thread) {
  if (free_.empty()) {
    threads_.push_back(&thread);
    return static_cast<uint32_t>(threads_.size());
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  threads_[index - 1] = &thread;
  return index;
}

void ThreadTable::remove(uint32_t index) {
  threads_[index - 1] = nullptr;
  free_.push_back(index);
}

Result<Thread*> ThreadTable::at(uint32_t index) const {
  if (index == 0 || index > threads_.size() || threads_[index - 1] == nullptr) {
    return fail(Errc::Trap, "unknown thread index {}", index);
  }
  return threads_[index - 1];
}

}  // namespace wasmcloud::component
