#pragma once

#include "component/async/thread.h"
#include "component/detail/running_instance.h"

namespace wasmcloud::component {

class GuestTask;

/// A call of a synchronous function, for as long as it runs on its caller's stack. Only where
/// guests ask for the numbers of threads is there a whole task behind it.
class SyncTask {
 public:
  SyncTask(RunningInstance& instance, const Lifted& lifted)
      : instance_(instance), interrupted_(instance.thread()) {
    if (instance.plan().has_threads) [[unlikely]] {
      begin_task(lifted);
    } else {
      instance.set_thread(&context_);
    }
  }
  ~SyncTask() { instance_.set_thread(interrupted_); }
  SyncTask(const SyncTask&) = delete;
  SyncTask& operator=(const SyncTask&) = delete;

  /// Its caller goes on for a while, and it after that.
  void pause() {
    innermost_ = instance_.thread();
    instance_.set_thread(interrupted_);
  }
  void go_on() { instance_.set_thread(innermost_); }

  /// The call has its result, and its post-return has run. Other threads of it may go on.
  Result<void> end() const { return task_ == nullptr ? Result<void>() : end_task(); }

 private:
  void begin_task(const Lifted& lifted);
  Result<void> end_task() const;

  RunningInstance& instance_;
  ThreadContext* interrupted_;
  ThreadContext* innermost_ = nullptr;
  ThreadContext context_;
  GuestTask* task_ = nullptr;
};

}  // namespace wasmcloud::component
