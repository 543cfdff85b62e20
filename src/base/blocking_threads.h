#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace wasmcloud {

/// Threads for work that blocks or takes long. One is started where work finds none idle, up to
/// `count`: a program that asks for little starts few. Work of a kind that must not wait behind
/// another kind gets threads of its own.
///
/// Thread: any.
class BlockingThreads {
 public:
  explicit BlockingThreads(size_t count);
  /// Waits until all that was posted is done.
  ~BlockingThreads();
  BlockingThreads(const BlockingThreads&) = delete;
  BlockingThreads& operator=(const BlockingThreads&) = delete;

  size_t count() const { return count_; }
  void post(std::move_only_function<void()> work);

 private:
  struct Pool;
  size_t count_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace wasmcloud
