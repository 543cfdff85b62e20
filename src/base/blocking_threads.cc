#include "base/blocking_threads.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace wasmcloud {

struct BlockingThreads::Pool {
  void run();

  std::mutex mutex;  // held by who posts for a moment only
  std::condition_variable changed;
  std::deque<std::move_only_function<void()>> work;
  size_t idle = 0;
  bool is_closing = false;
  std::vector<std::thread> threads;
};

void BlockingThreads::Pool::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    ++idle;
    changed.wait(lock, [this] { return !work.empty() || is_closing; });
    --idle;
    if (work.empty()) return;
    {
      auto next = std::move(work.front());
      work.pop_front();
      lock.unlock();
      next();
    }
    lock.lock();
  }
}

BlockingThreads::BlockingThreads(size_t count) : count_(count), pool_(std::make_unique<Pool>()) {}

BlockingThreads::~BlockingThreads() {
  {
    const std::lock_guard lock(pool_->mutex);
    pool_->is_closing = true;
  }
  pool_->changed.notify_all();
  for (std::thread& each : pool_->threads) each.join();
}

void BlockingThreads::post(std::move_only_function<void()> work) {
  const std::lock_guard lock(pool_->mutex);
  pool_->work.push_back(std::move(work));
  pool_->changed.notify_one();
  if (pool_->idle >= pool_->work.size() || pool_->threads.size() == count_ || pool_->is_closing)
    return;
  try {
    pool_->threads.emplace_back([pool = pool_.get()] { pool->run(); });
  } catch (const std::system_error&) {
    // The process has no more threads to give: those that are there do the work in turn.
    if (pool_->threads.empty()) throw;
  }
}

}  // namespace wasmcloud
