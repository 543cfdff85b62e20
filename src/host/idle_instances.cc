#include "host/idle_instances.h"

#include <algorithm>
#include <utility>

namespace wasmcloud::host {

struct IdleInstances::Keeper {
  Loop& loop;
  std::function<size_t()> give_up;
};

/// One question, until all have answered or nobody waits for it.
struct IdleInstances::Round {
  explicit Round(Loop& on) : loop(on), answered(on) {}
  Loop& loop;
  Event answered;
  size_t waiting = 0;
  size_t given_up = 0;
};

std::unique_ptr<IdleInstances::Membership> IdleInstances::join(Loop& loop,
                                                               std::function<size_t()> give_up) {
  auto keeper = std::make_shared<Keeper>(loop, std::move(give_up));
  const std::lock_guard lock(mutex_);
  keepers_.push_back(keeper);
  return std::unique_ptr<Membership>(new Membership(shared_from_this(), std::move(keeper)));
}

IdleInstances::Membership::~Membership() {
  // Under the lock, so that nobody posts to a loop that is going away.
  const std::lock_guard lock(all_->mutex_);
  std::erase(all_->keepers_, keeper_);
}

/// Comes in any case, also from a loop that ends before it gets to the question.
struct IdleInstances::Answer {
  Answer(std::shared_ptr<IdleInstances> who, std::shared_ptr<Round> to)
      : all(std::move(who)), round(std::move(to)) {}
  ~Answer() { all->answer(round, given_up); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  std::shared_ptr<IdleInstances> all;
  std::shared_ptr<Round> round;
  size_t given_up = 0;
};

bool IdleInstances::begin(const std::shared_ptr<Round>& round) {
  const std::lock_guard lock(mutex_);
  if (keepers_.empty()) return false;
  rounds_.push_back(round);
  round->waiting = keepers_.size();
  for (const auto& keeper : keepers_) {
    keeper->loop.post([weak = std::weak_ptr(keeper),
                       answer = std::make_unique<Answer>(shared_from_this(), round)] {
      if (const auto alive = weak.lock()) answer->given_up = alive->give_up();
    });
  }
  return true;
}

void IdleInstances::answer(const std::shared_ptr<Round>& round, size_t given_up) {
  const std::lock_guard lock(mutex_);
  round->given_up += given_up;
  if (--round->waiting != 0 || std::ranges::find(rounds_, round) == rounds_.end()) return;
  // Its coroutine needs the mutex to go away, so its loop is there.
  round->loop.post([round] { round->answered.set(); });
}

Task<size_t> IdleInstances::ask(Loop& loop) {
  struct Asking {
    ~Asking() {
      const std::lock_guard lock(all.mutex_);
      std::erase(all.rounds_, round);
    }
    IdleInstances& all;
    std::shared_ptr<Round> round;
  };
  const Asking asking{.all = *this, .round = std::make_shared<Round>(loop)};
  if (!begin(asking.round)) co_return size_t{0};
  CO_TRY(co_await asking.round->answered.wait());
  co_return asking.round->given_up;
}

}  // namespace wasmcloud::host
