#pragma once

#include "base/readiness.h"
#include "base/ref.h"

#include <span>
#include <vector>

namespace wasmcloud::wasi::io {

/// Something that is ready now or will be: the core of a pollable. Streams, timers and futures are
/// waitables themselves, so that subscribing to one costs a handle and no state.
class Waitable : public Counted {
 public:
  virtual bool is_ready() = 0;
  /// Registers `listener` for the next change. Starts what must run for the change to come (a
  /// timer, a read ahead). A notification is a reason to ask `is_ready` again, not a promise.
  virtual void listen(Signal::Listener& listener) { listener.listen(signal_); }

 protected:
  void notify() { signal_.notify(); }
  bool is_awaited() const { return signal_.has_listeners(); }

 private:
  Signal signal_;
};

/// Ready from the start.
class AlwaysReady final : public Waitable {
 public:
  bool is_ready() override { return true; }
};

/// Returns when `waitable` is ready. It must stay alive until then.
Task<void> wait_for(Loop& loop, Waitable& waitable);

/// The indices of those that are ready; if none is, waits on the loop for the first
/// (wasi:io/poll "poll"). Errors: Errc::Trap for an empty list.
Task<std::vector<uint32_t>> poll(Loop& loop, std::span<Waitable* const> waitables);

}  // namespace wasmcloud::wasi::io
