#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace wasmcloud::component::detail {

/// How much more validation may do. Substitution and subtyping cost as much as the types they walk,
/// and a small binary can ask for many walks over one large type; what the limits of single types
/// leave open is bounded here, in proportion to the binary.
class Work {
 public:
  /// The guests of the test suite spend 11,000 steps at most.
  explicit Work(size_t component_bytes) : all_(1'000'000 + component_bytes / 2), left_(all_) {}

  void spend(uint64_t steps = 1) { left_ -= std::min(left_, steps); }
  /// Copying `bytes` of text.
  void spend_on_text(size_t bytes) { spend(1 + bytes / 16); }
  bool is_exhausted() const { return left_ == 0; }
  uint64_t spent() const { return all_ - left_; }

 private:
  uint64_t all_;
  uint64_t left_;
};

}  // namespace wasmcloud::component::detail
