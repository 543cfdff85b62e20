#pragma once

#include "base/loop.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace wasmcloud::http {

/// How many connections the clients of several loops may have together.
///
/// Thread: any.
class ConnectionQuota {
  struct Giver;

 public:
  explicit ConnectionQuota(size_t limit) : limit_(limit) {}

  size_t used() const { return used_.load(std::memory_order_relaxed); }
  /// False at the limit; else `release` gives it back.
  bool try_acquire();
  void release() { used_.fetch_sub(1, std::memory_order_relaxed); }

  /// A client that may be asked for a connection it does not use.
  class Membership {
   public:
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

   private:
    friend class ConnectionQuota;
    Membership(ConnectionQuota& quota, std::shared_ptr<Giver> giver)
        : quota_(quota), giver_(std::move(giver)) {}
    ConnectionQuota& quota_;
    std::shared_ptr<Giver> giver_;
  };
  /// `give_up` is called on `loop`, as long as the membership lasts, which ends there too.
  std::unique_ptr<Membership> join(Loop& loop, std::function<void()> give_up);
  /// Asks all members but `asker` to give a connection up.
  void ask_others(const Membership& asker);

 private:
  const size_t limit_;
  std::atomic<size_t> used_ = 0;
  std::mutex mutex_;  // members are on different loops; taken only where there is no room
  std::vector<std::shared_ptr<Giver>> givers_;
};

}  // namespace wasmcloud::http
