#include "base/connection_quota.h"

#include "base/log.h"

namespace wasmcloud {

struct ConnectionQuota::Giver {
  Loop& loop;
  const ConnectionQuota* of;
  std::function<void()> give_up;
};

bool ConnectionQuota::try_take() {
  size_t used = used_.load(std::memory_order_relaxed);
  while (used < limit_) {
    if (used_.compare_exchange_weak(used, used + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

bool ConnectionQuota::try_acquire() {
  if (!try_take()) return false;
  if (above_ == nullptr || above_->try_acquire()) return true;
  used_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void ConnectionQuota::release() {
  used_.fetch_sub(1, std::memory_order_relaxed);
  if (above_ != nullptr) above_->release();
}

void ConnectionQuota::tell() {
  if (above_ != nullptr && used() < limit_) return above_->tell();
  if (what_.empty() || told_.exchange(true, std::memory_order_relaxed)) return;
  log::warn("the limit of {} {} is reached", limit_, what_);
}

std::unique_ptr<ConnectionQuota::Membership> ConnectionQuota::join(Loop& loop,
                                                                   std::function<void()> give_up) {
  auto giver = std::make_shared<Giver>(loop, this, std::move(give_up));
  ConnectionQuota& all = top();
  const std::lock_guard lock(all.mutex_);
  all.givers_.push_back(giver);
  return std::unique_ptr<Membership>(new Membership(all, std::move(giver)));
}

ConnectionQuota::Membership::~Membership() {
  // Under the lock, so that nobody posts to a loop that is going away.
  const std::lock_guard lock(top_.mutex_);
  std::erase(top_.givers_, giver_);
}

void ConnectionQuota::ask_others(const Membership& asker) {
  tell();
  const bool is_full_here = used() >= limit_;
  ConnectionQuota& all = top();
  const std::lock_guard lock(all.mutex_);
  for (const auto& giver : all.givers_) {
    if (giver == asker.giver_ || (is_full_here && giver->of != this)) continue;
    giver->loop.post([weak = std::weak_ptr(giver)] {
      if (const auto alive = weak.lock()) alive->give_up();
    });
  }
}

}  // namespace wasmcloud
