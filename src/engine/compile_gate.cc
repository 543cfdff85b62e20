#include "engine/detail/compile_gate.h"

#include "engine/detail/seam.h"

#include <algorithm>
#include <semaphore>
#include <thread>

namespace wasmcloud::engine::detail {
namespace {

constexpr int kMaxTurns = 2;

std::counting_semaphore<kMaxTurns>& gate(unsigned threads) {
  // Made at the first compilation, not with the engine: starting the workers takes longer than
  // all else of a start from cached code. Never destroyed: a compilation may outlive `main`.
  static auto* const kGate = [threads] {
    const unsigned cores =
        std::max(std::thread::hardware_concurrency(), 2U);  // NOLINT(ban): starts none
    const CompileShares shares = compile_shares(threads != 0 ? threads : cores - 1);
#ifdef WASH_ENGINE_SEAM
    wash_set_compile_threads(shares.workers);
#endif
    return new std::counting_semaphore<kMaxTurns>(static_cast<int>(shares.turns));
  }();
  return *kGate;
}

}  // namespace

CompileTurn::CompileTurn(unsigned threads) { gate(threads).acquire(); }
CompileTurn::~CompileTurn() { gate(0).release(); }

}  // namespace wasmcloud::engine::detail
