#include "base/blocking_threads.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <mutex>
#include <optional>

namespace wasmcloud {

struct BlockingThreads::Pool {
  std::once_flag started;
  std::optional<boost::asio::thread_pool> threads;
};

BlockingThreads::BlockingThreads(size_t count) : count_(count), pool_(std::make_unique<Pool>()) {}

BlockingThreads::~BlockingThreads() {
  if (pool_->threads) pool_->threads->join();
}

void BlockingThreads::post(std::move_only_function<void()> work) {
  std::call_once(pool_->started, [this] { pool_->threads.emplace(count_); });
  boost::asio::post(*pool_->threads, std::move(work));
}

}  // namespace wasmcloud
