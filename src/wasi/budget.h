#pragma once

#include "base/error.h"
#include "base/readiness.h"
#include "base/ref.h"

#include <cstddef>

namespace wasmcloud::wasi {

/// What one instance makes the host hold outside of its own memory, counted so that handles, which
/// are many, cannot be used to fill the host.
///
/// Thread: one loop.
class Budget final : public Counted {
 public:
  Budget(std::string_view what, size_t limit) : what_(what), limit_(limit) {}

  size_t used() const { return used_; }
  bool has_room(size_t amount) const { return amount <= limit_ - used_; }
  /// The limit, named.
  Error refusal() const {
    return {Errc::Limit, fmt::format("the instance's limit of {} {} is reached", limit_, what_)};
  }
  /// Errors: `refusal`.
  Result<void> take(size_t amount) {
    if (!has_room(amount)) return fail(refusal());
    used_ += amount;
    return {};
  }
  void give_back(size_t amount) {
    used_ -= amount;
    freed_.notify();
  }
  /// Told when something was given back.
  Signal& freed() { return freed_; }

 private:
  std::string_view what_;
  size_t limit_;
  size_t used_ = 0;
  Signal freed_;
};

/// A part of a budget, given back when destroyed.
class Share {
 public:
  Share() = default;
  explicit Share(Ref<Budget> budget) : budget_(std::move(budget)) {}
  Share(Share&& other) noexcept
      : budget_(std::move(other.budget_)), amount_(std::exchange(other.amount_, 0)) {}
  Share& operator=(Share&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(amount_, other.amount_);
    return *this;
  }
  ~Share() {
    if (amount_ > 0) budget_->give_back(amount_);
  }

  /// Makes the share so large. Without a budget everything is granted. Errors: as `Budget::take`.
  Result<void> resize(size_t amount) {
    if (budget_) {
      if (amount > amount_) {
        TRY(budget_->take(amount - amount_));
      } else {
        budget_->give_back(amount_ - amount);
      }
      amount_ = amount;
    }
    return {};
  }

 private:
  Ref<Budget> budget_;
  size_t amount_ = 0;
};

}  // namespace wasmcloud::wasi
