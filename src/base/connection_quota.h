#pragma once

#include "base/loop.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud {

/// How many connections may be open together, over several loops.
///
/// Thread: any.
class ConnectionQuota {
  struct Giver;

 public:
  /// `what` is the log's name for what is counted, "outbound socket connections of dev", or empty:
  /// then nothing is logged. Each connection counts in `above`, too, unless it is null.
  explicit ConnectionQuota(size_t limit, std::string what = {},
                           std::shared_ptr<ConnectionQuota> above = nullptr)
      : limit_(limit), what_(std::move(what)), above_(std::move(above)) {}

  size_t used() const { return used_.load(std::memory_order_relaxed); }
  /// False at the limit, here or above; else `release` gives it back.
  bool try_acquire();
  void release();
  /// Logs the limit that is reached, the first time.
  void tell();

  /// A client that may be asked for a connection it does not use.
  class Membership {
   public:
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

   private:
    friend class ConnectionQuota;
    Membership(ConnectionQuota& top, std::shared_ptr<Giver> giver)
        : top_(top), giver_(std::move(giver)) {}
    ConnectionQuota& top_;
    std::shared_ptr<Giver> giver_;
  };
  /// `give_up` is called on `loop`, as long as the membership lasts, which ends there too.
  std::unique_ptr<Membership> join(Loop& loop, std::function<void()> give_up);
  /// Tells that the limit is reached, and asks all members but `asker` to give a connection up:
  /// where it is the quota above that is full, those of the others below it, too.
  void ask_others(const Membership& asker);

 private:
  ConnectionQuota& top() { return above_ ? above_->top() : *this; }
  bool try_take();

  const size_t limit_;
  const std::string what_;
  const std::shared_ptr<ConnectionQuota> above_;  // of the host, shared by its workloads
  std::atomic<size_t> used_ = 0;
  std::atomic<bool> told_ = false;
  std::mutex mutex_;  // members are on different loops; taken only where there is no room
  std::vector<std::shared_ptr<Giver>> givers_;  ///< at the top, of all below
};

/// One connection of a quota, given back when destroyed.
class ConnectionSlot {
 public:
  ConnectionSlot() = default;
  /// Nothing at the limit, which is logged the first time; without a quota all is granted.
  static std::optional<ConnectionSlot> take(const std::shared_ptr<ConnectionQuota>& quota) {
    if (quota && !quota->try_acquire()) {
      quota->tell();
      return std::nullopt;
    }
    ConnectionSlot slot;
    slot.quota_ = quota;
    return slot;
  }
  ConnectionSlot(ConnectionSlot&& other) noexcept = default;
  ConnectionSlot& operator=(ConnectionSlot&& other) noexcept {
    std::swap(quota_, other.quota_);
    return *this;
  }
  ~ConnectionSlot() {
    if (quota_) quota_->release();
  }

 private:
  std::shared_ptr<ConnectionQuota> quota_;  // shared by all connections that count in it
};

}  // namespace wasmcloud
