#pragma once

#include "base/loop.h"
#include "wasi/budget.h"
#include "wasi/sockets/policy.h"

namespace wasmcloud::wasi::sockets {

/// What the sockets of one instance work with.
struct Network {
  Loop& loop;
  const NetworkPolicy& policy;
  /// Bytes that a guest wrote and the peer has not taken yet go on in here.
  TaskGroup& tasks;
  /// Sockets open at a time, counted in descriptors.
  Ref<Budget> sockets;
  /// Names being looked up at a time.
  Ref<Budget> lookups;
};

/// Most that a guest makes of a socket's buffers in the kernel; more is clamped.
inline constexpr uint64_t kMaxTcpBuffer = uint64_t{1} << 20;
inline constexpr uint64_t kMaxUdpBuffer = uint64_t{64} << 10;
inline constexpr int kMaxBacklog = 4096;
inline constexpr int kDefaultBacklog = 128;

}  // namespace wasmcloud::wasi::sockets
