#pragma once

#include "base/loop.h"

namespace wasmcloud {

/// Says "look again" to those who listen; it carries no state of its own. What is ready is asked of
/// the object the signal belongs to (a stream, a timer, a body). One allocation-free list, so that
/// a poll over many sources costs a link each.
///
/// Thread: one loop.
class Signal {
 public:
  /// A place in one signal's list; leaves it when destroyed. Sets `event` when notified.
  class Listener {
   public:
    explicit Listener(Event& event) : event_(event) {}
    ~Listener() { leave(); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Listens to `signal` from now on, instead of what it listened to before.
    void listen(Signal& signal);
    void leave();

   private:
    friend class Signal;
    Event& event_;
    Listener* next_ = nullptr;
    Listener** link_ = nullptr;  ///< what points to this listener, or null if in no list
  };

  Signal() = default;
  /// Tells the listeners, which must look again and find that there is nothing to wait for.
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  bool has_listeners() const { return first_ != nullptr; }
  void notify();

 private:
  Listener* first_ = nullptr;
};

/// Waits until `done()`, looking again whenever `source` says that it changed (`source.changed()`,
/// which is only asked for if there is something to wait for). Reference parameters: awaited at
/// once. Errors: Errc::Cancelled.
template <class Source, class Done>
Task<void> wait_until(Source& source, Done done) {
  if (done()) co_return Result<void>();
  Event event(source.loop());
  Signal::Listener listener(event);
  listener.listen(source.changed());
  while (!done()) {
    CO_TRY(co_await event.wait());
    event.reset();
  }
  co_return Result<void>();
}

}  // namespace wasmcloud
