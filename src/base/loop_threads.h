#pragma once

#include "base/loop.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace wasmcloud {

/// Several loops, each run by a thread of its own.
class LoopThreads {
 public:
  explicit LoopThreads(size_t count);
  /// Stops the loops and waits for their threads.
  ~LoopThreads();
  LoopThreads(const LoopThreads&) = delete;
  LoopThreads& operator=(const LoopThreads&) = delete;

  size_t size() const;
  Loop& operator[](size_t index);

  /// Runs `task` on the loop at `index` and waits for its end. Not from a loop's own thread.
  Result<void> run_on(size_t index, Task<void> task);

 private:
  struct Thread;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace wasmcloud
