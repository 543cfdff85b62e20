#include "http/connection_quota.h"

namespace wasmcloud::http {

struct ConnectionQuota::Giver {
  Loop& loop;
  std::function<void()> give_up;
};

bool ConnectionQuota::try_acquire() {
  size_t used = used_.load(std::memory_order_relaxed);
  while (used < limit_) {
    if (used_.compare_exchange_weak(used, used + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

std::unique_ptr<ConnectionQuota::Membership> ConnectionQuota::join(Loop& loop,
                                                                   std::function<void()> give_up) {
  auto giver = std::make_shared<Giver>(loop, std::move(give_up));
  const std::lock_guard lock(mutex_);
  givers_.push_back(giver);
  return std::unique_ptr<Membership>(new Membership(*this, std::move(giver)));
}

ConnectionQuota::Membership::~Membership() {
  // Under the lock, so that nobody posts to a loop that is going away.
  const std::lock_guard lock(quota_.mutex_);
  std::erase(quota_.givers_, giver_);
}

void ConnectionQuota::ask_others(const Membership& asker) {
  const std::lock_guard lock(mutex_);
  for (const auto& giver : givers_) {
    if (giver == asker.giver_) continue;
    giver->loop.post([weak = std::weak_ptr(giver)] {
      if (const auto alive = weak.lock()) alive->give_up();
    });
  }
}

}  // namespace wasmcloud::http
