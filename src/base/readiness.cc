#include "base/readiness.h"

namespace wasmcloud {

void Signal::Listener::listen(Signal& signal) {
  leave();
  next_ = signal.first_;
  if (next_ != nullptr) next_->link_ = &next_;
  link_ = &signal.first_;
  signal.first_ = this;
}

void Signal::Listener::leave() {
  if (link_ == nullptr) return;
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
  next_ = nullptr;
  link_ = nullptr;
}

Signal::~Signal() {
  while (first_ != nullptr) {
    Listener& listener = *first_;
    listener.leave();
    listener.event_.set();
  }
}

void Signal::notify() {
  // Event::set only posts, so no listener leaves the list beneath this walk.
  for (Listener* listener = first_; listener != nullptr; listener = listener->next_) {
    listener->event_.set();
  }
}

}  // namespace wasmcloud
