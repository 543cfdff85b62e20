#pragma once

namespace wasmcloud::engine::detail {

/// Held while a module is compiled, so that all compilations of the process together use no more
/// threads than were allowed.
///
/// Thread: any but a loop's; waits for its turn.
class CompileTurn {
 public:
  /// `threads`: as EngineOptions::compile_threads; only that of the first counts.
  explicit CompileTurn(unsigned threads);
  ~CompileTurn();
  CompileTurn(const CompileTurn&) = delete;
  CompileTurn& operator=(const CompileTurn&) = delete;
};

/// How `threads` are shared out: `turns` callers parse and assemble, `workers` translate functions.
/// A caller sleeps while the workers work for it, so turns + workers - 1 threads run at most.
struct CompileShares {
  unsigned turns;
  unsigned workers;
};
constexpr CompileShares compile_shares(unsigned threads) {
  return threads >= 3 ? CompileShares{.turns = 2, .workers = threads - 1}
                      : CompileShares{.turns = 1, .workers = threads == 0 ? 1 : threads};
}

}  // namespace wasmcloud::engine::detail
