// What DESIGN's tables claim of the engine: instances, calls, stacks and parks.
// Run: engine_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true

#include "engine/engine.h"
#include "engine/instance_pre.h"
#include "engine/module.h"
#include "engine/stack.h"
#include "engine/store.h"
#include "engine/wait.h"
#include "support/wasm_builder.h"

#include <benchmark/benchmark.h>

namespace wasmcloud::engine {
namespace {

using testing::Code;
using testing::Wasm;
using testing::WasmBuilder;

constexpr int kRounds = 1000;

const std::shared_ptr<Engine>& engine() {
  static const auto kEngine = Engine::create().value();
  return kEngine;
}

std::shared_ptr<const Module> compile(const WasmBuilder& builder) {
  return Module::compile(engine(), builder.build()).value();
}

Result<void> nothing(void* /*env*/, Store& /*store*/, RawValue* values) noexcept {
  values[0].i32 = 0;
  return {};
}

/// 17 pages, 25 imported functions, `run` calls each once and touches three pages.
WasmBuilder typical() {
  WasmBuilder b;
  const auto binary = b.type({Wasm::I32, Wasm::I32}, {Wasm::I32});
  const auto none = b.type({}, {});
  std::vector<uint32_t> imports;
  for (int i = 0; i < 25; ++i)
    imports.push_back(b.import_func("h", "f" + std::to_string(i), binary));
  b.memory(17, std::nullopt, "memory");
  b.table(25);
  b.elements(0, imports);
  b.data(1024, "some data of the guest's own");
  Code run;
  for (const uint32_t f : imports) run.i32(1).i32(2).call(f).drop();
  for (const int page : {0, 5, 16}) run.i32(page * 65536 + 2048).i32(7).i32_store();
  b.func(none, run, "run");
  return b;
}

void FreshInstance(benchmark::State& state) {
  const auto module = compile(typical());
  const auto pre =
      InstancePre::create(module, std::vector<HostImport>(25, {nothing, nullptr})).value();
  const size_t run = *module->find_export("run");
  for (auto _ : state) {
    const auto store = Store::create(engine(), {});
    const auto instance = pre->instantiate(*store).value();
    if (!store->call(store->export_at(instance, *module, run).func, {})) std::abort();
  }
}
BENCHMARK(FreshInstance)->Name("Instance/Pre/25Imports17Pages");

void FreshStore(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Store::create(engine(), {}));
}
BENCHMARK(FreshStore)->Name("Instance/StoreAlone");

void FreshStoreAndStack(benchmark::State& state) {
  for (auto _ : state) {
    const auto store = Store::create(engine(), {});
    Stack stack(*store, []() -> Result<void> { return {}; });
    if (!stack.poll() || !stack.take_result()) std::abort();
  }
}
BENCHMARK(FreshStoreAndStack)->Name("Instance/StoreAndStack");

/// The whole way of a request: store, instance, run on a stack.
void FreshInstanceOnStack(benchmark::State& state) {
  const auto module = compile(typical());
  const auto pre =
      InstancePre::create(module, std::vector<HostImport>(25, {nothing, nullptr})).value();
  const size_t run = *module->find_export("run");
  for (auto _ : state) {
    const auto store = Store::create(engine(), {});
    const auto instance = pre->instantiate(*store).value();
    const Func func = store->export_at(instance, *module, run).func;
    Stack stack(*store, [&] { return store->call(func, {}); });
    while (!stack.poll()) {  // an epoch may make it yield
    }
    if (!stack.take_result()) std::abort();
  }
}
BENCHMARK(FreshInstanceOnStack)->Name("Instance/Pre/OnStack");

struct Guest {
  std::shared_ptr<const Module> module;
  std::unique_ptr<Store> store = Store::create(engine(), {});
  CoreInstance instance;

  explicit Guest(const WasmBuilder& builder, std::vector<HostImport> imports = {})
      : module(compile(builder)) {
    instance = InstancePre::create(module, imports).value()->instantiate(*store).value();
  }
  Func func(std::string_view name) { return store->export_named(instance, name).value().func; }
};

/// `id` returns its argument; `loop` calls the import kRounds times.
WasmBuilder looping() {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto host = b.import_func("h", "f", unary);
  b.func(unary, Code().local_get(0), "id");
  b.func(unary,
         Code()
             .local(Wasm::I32)
             .i32(kRounds)
             .local_set(1)
             .loop()
             .i32(1)
             .call(host)
             .drop()
             .local_get(1)
             .i32(1)
             .i32_sub()
             .local_tee(1)
             .br_if(0)
             .end()
             .local_get(0),
         "loop");
  return b;
}

void CallExport(benchmark::State& state) {
  Guest guest(looping(), {{nothing, nullptr}});
  const Func id = guest.func("id");
  for (auto _ : state) {
    RawValue values[1] = {{.i32 = 1}};
    if (!guest.store->call(id, values)) std::abort();
    benchmark::DoNotOptimize(values);
  }
}
BENCHMARK(CallExport)->Name("Call/Export/Synchronous");

void CallOnStack(benchmark::State& state) {
  Guest guest(looping(), {{nothing, nullptr}});
  const Func id = guest.func("id");
  for (auto _ : state) {
    Stack stack(*guest.store, [&]() -> Result<void> {
      RawValue values[1] = {{.i32 = 1}};
      return guest.store->call(id, values);
    });
    while (!stack.poll()) {  // an epoch may make it yield
    }
    if (!stack.take_result()) std::abort();
  }
}
BENCHMARK(CallOnStack)->Name("Call/Export/OnStack");

Task<void> drive(Loop* loop, Guest* guest, Func id, benchmark::State* state) {
  for (auto _ : *state) {
    CO_TRY(co_await run_on_stack(*loop, *guest->store, [&]() -> Result<void> {
      RawValue values[1] = {{.i32 = 1}};
      return guest->store->call(id, values);
    }));
  }
  co_return Result<void>();
}

void CallRunOnStack(benchmark::State& state) {
  Loop loop;
  Guest guest(looping(), {{nothing, nullptr}});
  if (!run_to_end(loop, drive(&loop, &guest, guest.func("id"), &state))) std::abort();
}
BENCHMARK(CallRunOnStack)->Name("Call/Export/RunOnStack");

void per_host_call(benchmark::State& state) {
  state.counters["each"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kRounds,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void loop_on_stack(benchmark::State& state, Guest& guest, const Func func) {
  for (auto _ : state) {
    Stack stack(*guest.store, [&]() -> Result<void> {
      RawValue values[1] = {{.i32 = 1}};
      return guest.store->call(func, values);
    });
    while (!stack.poll()) stack.wake();
    if (!stack.take_result()) std::abort();
  }
  per_host_call(state);
}

void HostCall(benchmark::State& state) {
  Guest guest(looping(), {{nothing, nullptr}});
  const Func loop = guest.func("loop");
  for (auto _ : state) {
    RawValue values[1] = {{.i32 = 1}};
    if (!guest.store->call(loop, values)) std::abort();
  }
  per_host_call(state);
}
BENCHMARK(HostCall)->Name("Call/Host/Unchecked");

struct Nested {
  Func id;
};
Result<void> calls_back(void* env, Store& store, RawValue* values) noexcept {
  RawValue inner[1] = {values[0]};
  TRY(store.call(static_cast<Nested*>(env)->id, inner));
  values[0] = inner[0];
  return {};
}

void HostCallsBack(benchmark::State& state) {
  Nested nested;
  Guest guest(looping(), {{calls_back, &nested}});
  nested.id = guest.func("id");
  loop_on_stack(state, guest, guest.func("loop"));
}
BENCHMARK(HostCallsBack)->Name("Call/Host/CallsBack");

Result<void> parks_ready(void* /*env*/, Store& store, RawValue* /*values*/) noexcept {
  store.stack()->wake();
  return park(store);
}
void ParkReady(benchmark::State& state) {
  Guest guest(looping(), {{parks_ready, nullptr}});
  loop_on_stack(state, guest, guest.func("loop"));
}
BENCHMARK(ParkReady)->Name("Park/Ready");

Result<void> parks(void* /*env*/, Store& store, RawValue* /*values*/) noexcept {
  return park(store);
}
void ParkSuspend(benchmark::State& state) {
  Guest guest(looping(), {{parks, nullptr}});
  loop_on_stack(state, guest, guest.func("loop"));
}
BENCHMARK(ParkSuspend)->Name("Park/SuspendAndResume");

Task<void> at_once() { co_return Result<void>(); }
Result<void> waits_at_once(void* env, Store& store, RawValue* /*values*/) noexcept {
  return wait(*static_cast<Loop*>(env), store, at_once());
}
Task<void> next_turn(Loop* loop) {
  Event event(*loop);
  loop->post([&] { event.set(); });
  co_return co_await event.wait();
}
Result<void> waits_a_turn(void* env, Store& store, RawValue* /*values*/) noexcept {
  auto* loop = static_cast<Loop*>(env);
  return wait(*loop, store, next_turn(loop));
}

Task<void> drive_loop(Loop* loop, Guest* guest, Func func, benchmark::State* state) {
  for (auto _ : *state) {
    CO_TRY(co_await run_on_stack(*loop, *guest->store, [&]() -> Result<void> {
      RawValue values[1] = {{.i32 = 1}};
      return guest->store->call(func, values);
    }));
  }
  co_return Result<void>();
}

void WaitReady(benchmark::State& state) {
  Loop loop;
  Guest guest(looping(), {{waits_at_once, &loop}});
  if (!run_to_end(loop, drive_loop(&loop, &guest, guest.func("loop"), &state))) std::abort();
  per_host_call(state);
}
BENCHMARK(WaitReady)->Name("Wait/Ready");

void WaitTurn(benchmark::State& state) {
  Loop loop;
  Guest guest(looping(), {{waits_a_turn, &loop}});
  if (!run_to_end(loop, drive_loop(&loop, &guest, guest.func("loop"), &state))) std::abort();
  per_host_call(state);
}
BENCHMARK(WaitTurn)->Name("Wait/OneTurnOfTheLoop");

}  // namespace
}  // namespace wasmcloud::engine
