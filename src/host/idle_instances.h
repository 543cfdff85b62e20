#pragma once

#include "base/loop.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace wasmcloud::host {

/// Who keeps instances for later calls, on all loops: they are given up where the engine has no
/// room for one that is needed now.
///
/// Thread: any. Shared by the workloads of a host.
class IdleInstances : public std::enable_shared_from_this<IdleInstances> {
  struct Keeper;
  struct Round;
  struct Answer;

 public:
  class Membership {
   public:
    ~Membership();
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;

   private:
    friend class IdleInstances;
    Membership(std::shared_ptr<IdleInstances> all, std::shared_ptr<Keeper> keeper)
        : all_(std::move(all)), keeper_(std::move(keeper)) {}
    std::shared_ptr<IdleInstances> all_;
    std::shared_ptr<Keeper> keeper_;
  };
  /// `give_up` is called on `loop`, as long as the membership lasts, which ends there too: it ends
  /// what is idle and returns how many of them are gone.
  std::unique_ptr<Membership> join(Loop& loop, std::function<size_t()> give_up);

  /// Has all give up what is idle, and waits until they have. Returns how many are gone.
  /// Errors: Errc::Cancelled. Thread: `loop`'s.
  Task<size_t> ask(Loop& loop);

 private:
  /// False if there is nobody to ask.
  bool begin(const std::shared_ptr<Round>& round);
  void answer(const std::shared_ptr<Round>& round, size_t given_up);

  std::mutex mutex_;  // members are on different loops; taken only where there is no room
  std::vector<std::shared_ptr<Keeper>> keepers_;
  std::vector<std::shared_ptr<Round>> rounds_;  ///< that somebody waits for
};

}  // namespace wasmcloud::host
