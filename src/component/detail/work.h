#pragma once

#include <algorithm>
#include <cstdint>

namespace wasmcloud::component::detail {

/// How much more validation may do. Substitution and subtyping cost as much as the types they walk,
/// and a small binary can ask for many walks over one large type; what the limits of single types
/// leave open is bounded here.
class Work {
 public:
  /// Real components of 20 MB stay below a thousandth of it.
  static constexpr uint64_t kMax = 50'000'000;

  void spend(uint64_t steps = 1) { left_ -= std::min(left_, steps); }
  bool is_exhausted() const { return left_ == 0; }

 private:
  uint64_t left_ = kMax;
};

}  // namespace wasmcloud::component::detail
