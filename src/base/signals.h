#pragma once

#include "base/loop.h"

#include <functional>
#include <initializer_list>
#include <memory>

namespace wasmcloud {

/// Calls `handler` on the loop for each signal of the set, in place of the default action, as long
/// as this object lives.
class SignalWatch {
 public:
  SignalWatch(Loop& loop, std::initializer_list<int> signals, std::function<void(int)> handler);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wasmcloud
