#include "wasi/io/waitable.h"

#include <deque>

namespace wasmcloud::wasi::io {

Task<void> wait_for(Loop& loop, Waitable& waitable) {
  if (waitable.is_ready()) co_return Result<void>();
  Event changed(loop);
  Signal::Listener listener(changed);
  waitable.listen(listener);
  // Listening may itself have found it ready (a timer of zero, a read that did not block).
  while (!waitable.is_ready()) {
    CO_TRY(co_await changed.wait());
    changed.reset();
  }
  co_return Result<void>();
}

Task<std::vector<uint32_t>> poll(Loop& loop, std::span<Waitable* const> waitables) {
  if (waitables.empty()) co_return fail(Errc::Trap, "poll of an empty list of pollables");
  std::vector<uint32_t> ready;
  const auto look = [&] {
    for (size_t i = 0; i < waitables.size(); ++i) {
      if (waitables[i]->is_ready()) ready.push_back(static_cast<uint32_t>(i));
    }
    return !ready.empty();
  };
  if (look()) co_return ready;
  Event changed(loop);
  std::deque<Signal::Listener> listeners;
  for (Waitable* const waitable : waitables) waitable->listen(listeners.emplace_back(changed));
  while (!look()) {
    CO_TRY(co_await changed.wait());
    changed.reset();
  }
  co_return ready;
}

}  // namespace wasmcloud::wasi::io
