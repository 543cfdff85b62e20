// What the component layer adds to the engine's figures: instances, calls in, out and across.
// Run: component_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true

#include "component/support.h"

namespace wasmcloud::component {
namespace {

const std::shared_ptr<engine::Engine>& bench_engine() {
  static const auto kEngine = engine::Engine::create().value();
  return kEngine;
}

void FreshInstance(benchmark::State& state) {
  const auto shims = static_cast<PrepareOptions::Shims>(state.range(0));
  const auto prepared = prepare(bench_engine(), "hello", shims);
  const ExportedFunction run = prepared->find("", "run").value();
  for (auto _ : state) {
    const auto instance = prepared->instantiate({}).value();
    call(*instance, run, {});
  }
}
BENCHMARK(FreshInstance)
    ->Name("Instance/25Imports17Pages/FollowShims")
    ->Arg(static_cast<int>(PrepareOptions::Shims::Bypass))
    ->Arg(static_cast<int>(PrepareOptions::Shims::Follow));

void ExportCallAlone(benchmark::State& state) {
  const auto prepared = prepare(bench_engine(), "calls");
  const ExportedFunction nothing = prepared->find("run", "nothing").value();
  const auto instance = prepared->instantiate({}).value();
  for (auto _ : state) call(*instance, nothing, {});
}
BENCHMARK(ExportCallAlone)->Name("Call/Export");

/// Calls from within a guest, many a run.
void Loop(benchmark::State& state, const char* name) {
  constexpr uint32_t kRounds = 1000;
  const auto prepared = prepare(bench_engine(), "calls");
  const ExportedFunction function = prepared->find("run", name).value();
  const auto instance = prepared->instantiate({}).value();
  for (auto _ : state) {
    RawValue flat[2];
    flat[0].u64 = kRounds;
    flat[1].u64 = static_cast<uint64_t>(state.range(0));
    call(*instance, function, flat);
  }
  state.SetItemsProcessed(state.iterations() * kRounds);
}
BENCHMARK_CAPTURE(Loop, ImportAdd, "host-add")->Name("Call/Import/Numbers")->Arg(0);
BENCHMARK_CAPTURE(Loop, GuestAdd, "add")->Name("Call/GuestToGuest/Numbers")->Arg(0);
BENCHMARK_CAPTURE(Loop, GuestBytes, "bytes")->Name("Call/GuestToGuest/ListU8")->Arg(16)->Arg(65536);
BENCHMARK_CAPTURE(Loop, GuestText, "text")->Name("Call/GuestToGuest/Utf8")->Arg(16)->Arg(65536);
BENCHMARK_CAPTURE(Loop, GuestUtf16, "utf16")
    ->Name("Call/GuestToGuest/Utf8ToUtf16")
    ->Arg(16)
    ->Arg(65536);
BENCHMARK_CAPTURE(Loop, GuestPairs, "pairs")
    ->Name("Call/GuestToGuest/ListTuple")
    ->Arg(2)
    ->Arg(8192);

}  // namespace
}  // namespace wasmcloud::component
