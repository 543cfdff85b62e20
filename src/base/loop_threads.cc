#include "base/loop_threads.h"

#include <future>
#include <thread>

namespace wasmcloud {

struct LoopThreads::Thread {
  Loop loop;
  std::thread thread;
};

LoopThreads::LoopThreads(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<Thread>());
    Thread& each = *threads_.back();
    each.thread = std::thread([&each] { each.loop.run(); });
  }
}

LoopThreads::~LoopThreads() {
  for (const auto& each : threads_) each->loop.stop();
  for (const auto& each : threads_) each->thread.join();
}

size_t LoopThreads::size() const { return threads_.size(); }

Loop& LoopThreads::operator[](size_t index) { return threads_[index]->loop; }

Result<void> LoopThreads::run_on(size_t index, Task<void> task) {
  struct State {
    explicit State(Loop& loop) : group(loop) {}
    TaskGroup group;
    std::promise<Result<void>> promise;
  };
  Loop& loop = (*this)[index];
  State state(loop);
  auto ended = state.promise.get_future();
  loop.post([&state, &loop, task = std::move(task)]() mutable {
    state.group.spawn(
        [](State* own, Loop* on, Task<void> inner) -> Task<void> {
          auto result = co_await std::move(inner);
          // Behind the end of this very task, so that the group is empty when it is destroyed.
          on->post([own, result = std::move(result)]() mutable {
            own->promise.set_value(std::move(result));
          });
          co_return Result<void>();
        },
        &state, &loop, std::move(task));
  });
  return ended.get();
}

}  // namespace wasmcloud
