#pragma once

#include "base/loop.h"
#include "http/detail/transport.h"

#include <cstdint>

namespace wasmcloud::http::detail {

/// Turns of the loop that a handler has to come with another response, after the one it gave was
/// given up before any of it was sent: what it waits for takes a few to end.
inline constexpr uint8_t kTurnsForAnother = 16;

/// A connection in its worker's list, whatever it speaks.
class Served : public Transport::Owner {
 public:
  /// Ends when what was accepted is answered.
  virtual void begin_drain() = 0;
  /// Cancels what still runs.
  virtual void cut_off() = 0;
  /// `tick` has something to do.
  virtual bool is_late(Clock::time_point now) const = 0;
  virtual void tick(Clock::time_point now) = 0;

 private:
  friend class Worker;
  Served* next_ = nullptr;
  Served** link_ = nullptr;
};

}  // namespace wasmcloud::http::detail
