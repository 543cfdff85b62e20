#include "component/async/waitable.h"

#include "base/check.h"
#include "component/async/thread.h"

namespace wasmcloud::component {
void Waitable::set_event() {
  const bool is_new = !has_event_;
  has_event_ = true;
  if (sync_waiter_ != nullptr) sync_waiter_->look_again();
  if (set_ == nullptr) return;
  if (is_new) set_->ready_.push_back(*this);
  set_->wake();
}

WaitableEvent Waitable::take_event() {
  DCHECK(has_event_);
  has_event_ = false;
  leave<ReadyTag>(*this);
  return deliver_event();
}

void Waitable::join(WaitableSet* set) {
  leave<MemberTag>(*this);
  leave<ReadyTag>(*this);
  set_ = set;
  if (set == nullptr) return;
  set->members_.push_back(*this);
  if (!has_event_) return;
  set->ready_.push_back(*this);
  set->wake();
}

WaitableSet::~WaitableSet() {
  while (!members_.empty()) members_.front().join(nullptr);
}

void WaitableSet::add_waiter(Thread& thread) {
  ++waiters_;
  thread.next_waiter = nullptr;
  Thread** last = &first_waiter_;
  while (*last != nullptr) last = &(*last)->next_waiter;
  *last = &thread;
}

void WaitableSet::remove_waiter(Thread& thread) {
  for (Thread** at = &first_waiter_; *at != nullptr; at = &(*at)->next_waiter) {
    if (*at != &thread) continue;
    *at = thread.next_waiter;
    --waiters_;
    return;
  }
}

void WaitableSet::wake() {
  // Each looks for itself: who came first may not be let in yet, where the next one may.
  for (Thread* thread = first_waiter_; thread != nullptr; thread = thread->next_waiter) {
    thread->look_again();
  }
}

}  // namespace wasmcloud::component
