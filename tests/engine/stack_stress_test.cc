// What the design rests on and the C API does not promise: many suspended calls in one store,
// nested, finished in any order, some trapping, some dropped. Gates every change of the engine's
// version.

#include "engine_fixture.h"

#include <atomic>
#include <random>
#include <thread>

namespace wasmcloud::engine {
namespace {

constexpr int kTogether = 40;
constexpr int kRounds = 200;

struct World {
  Func wait;
  int alive = 0;
  std::mt19937 random{1};
};

struct Alive {
  explicit Alive(World& world) : world_(world) { ++world_.alive; }
  ~Alive() { --world_.alive; }
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;

 private:
  World& world_;
};

/// Calls the guest again, in the same store, from inside a call of the guest.
Result<void> nest(void* env, Store& store, RawValue* values) noexcept {
  auto& world = *static_cast<World*>(env);
  const Alive alive(world);
  const std::string text(100, 'x');  // something with a destructor to leak
  RawValue inner[1] = {values[0]};
  TRY(store.call(world.wait, inner));
  values[0].i32 = inner[0].i32 + static_cast<int32_t>(text.size());
  return {};
}

Result<void> waits(void* env, Store& store, RawValue* values) noexcept {
  auto& world = *static_cast<World*>(env);
  const Alive alive(world);
  for (int parks = static_cast<int>(world.random() % 6); parks >= 0; --parks) TRY(park(store));
  if (values[0].i32 % 5 == 0) return fail(Errc::Trap, "boom {}", values[0].i32);
  values[0].i32 += 1;
  return {};
}

TEST(StackStress, EightThousandNestedSuspendedCallsInOneStore) {
  World world;
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto nest_import = b.import_func("h", "nest", unary);
  const auto wait_import = b.import_func("h", "wait", unary);
  b.func(unary, Code().local_get(0).call(nest_import), "nest");
  b.func(unary, Code().local_get(0).call(wait_import), "wait");
  Guest guest(b, {{nest, &world}, {waits, &world}});
  world.wait = guest.func("wait");
  const Func nest_func = guest.func("nest");

  struct One {
    std::unique_ptr<Stack> stack;
    int32_t got = 0;
  };
  int good = 0;
  int trapped = 0;
  int dropped = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<One> all(kTogether);
    for (int i = 0; i < kTogether; ++i) {
      One& one = all[static_cast<size_t>(i)];
      one.stack =
          std::make_unique<Stack>(*guest.store, [&guest, &one, nest_func, i]() -> Result<void> {
            RawValue values[1] = {{.i32 = i}};
            TRY(guest.store->call(nest_func, values));
            one.got = values[0].i32;
            return {};
          });
    }
    for (int left = kTogether; left != 0;) {
      const auto i = world.random() % kTogether;
      One& one = all[i];
      if (!one.stack) continue;
      if (world.random() % 50 == 0) {
        one.stack.reset();
        ++dropped;
        --left;
        continue;
      }
      one.stack->wake();
      if (!one.stack->poll()) continue;
      const auto result = one.stack->take_result();
      if (i % 5 == 0) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().message(), fmt::format("boom {}", i));
        ++trapped;
      } else {
        ASSERT_TRUE(result) << result.error().message();
        EXPECT_EQ(one.got, static_cast<int32_t>(i) + 101);
        ++good;
      }
      one.stack.reset();
      --left;
    }
    EXPECT_EQ(world.alive, 0);
  }
  EXPECT_EQ(good + trapped + dropped, kTogether * kRounds);
  EXPECT_GT(good, 5000);
  EXPECT_GT(trapped, 1000);
  EXPECT_GT(dropped, 300);
}

TEST(StackStress, ManyStoresComeAndGoWithSuspendedStacks) {
  World world;
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto wait_import = b.import_func("h", "wait", unary);
  b.memory(2);
  b.func(unary,
         Code()
             .i32(65536)
             .local_get(0)
             .i32_store()
             .local_get(0)
             .call(wait_import)
             .i32(65536)
             .i32_load()
             .i32_sub(),
         "wait");
  const auto module = compile(b);
  const auto pre = InstancePre::create(module, std::vector<HostImport>{{waits, &world}}).value();
  struct One {
    std::unique_ptr<Store> store;
    std::unique_ptr<Stack> stack;
    int32_t argument = 0;
    int32_t got = 0;
  };
  std::vector<One> all(30);
  int finished = 0;
  while (finished < 2000) {
    One& one = all[world.random() % all.size()];
    if (!one.stack) {
      one.store = Store::create(shared_engine(), {});
      const auto instance = pre->instantiate(*one.store).value();
      const Func func = one.store->export_named(instance, "wait").value().func;
      one.argument = static_cast<int32_t>(world.random() % 1000);
      one.stack = std::make_unique<Stack>(*one.store, [&one, func]() -> Result<void> {
        RawValue values[1] = {{.i32 = one.argument}};
        TRY(one.store->call(func, values));
        one.got = values[0].i32;
        return {};
      });
    }
    one.stack->wake();
    const bool drop = world.random() % 20 == 0;
    if (!drop && !one.stack->poll()) continue;
    if (!drop) {
      const auto result = one.stack->take_result();
      EXPECT_EQ(result.has_value(), one.argument % 5 != 0);
      // The instance's memory kept what this call wrote, whoever ran in between.
      if (result) EXPECT_EQ(one.got, 1);
    }
    one.stack.reset();
    one.store.reset();
    ++finished;
  }
  for (One& one : all) one.stack.reset();
  EXPECT_EQ(world.alive, 0);
}

TEST(StackStress, LoopsShareModulesAndThePool) {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto yields = b.import_func("h", "park", unary);
  b.memory(2);
  b.func(
      unary,
      Code().i32(0).local_get(0).i32_store().local_get(0).call(yields).i32(0).i32_load().i32_add(),
      "run");
  const auto module = compile(b);
  const HostFunc parks = [](void* /*env*/, Store& store, RawValue* /*values*/) noexcept {
    return park(store);
  };
  const auto pre = InstancePre::create(module, std::vector<HostImport>{{parks, nullptr}}).value();
  std::atomic<int> good = 0;
  std::vector<std::jthread> loops;
  for (int thread = 0; thread < 4; ++thread) {
    loops.emplace_back([&, thread] {
      for (int round = 0; round < 300; ++round) {
        const auto store = Store::create(shared_engine(), {});
        const auto instance = pre->instantiate(*store).value();
        const Func func = store->export_at(instance, *module, 0).func;
        RawValue values[1] = {{.i32 = thread * 1000 + round}};
        Stack stack(*store, [&] { return store->call(func, values); });
        while (!stack.poll()) stack.wake();
        if (stack.take_result() && values[0].i32 == 2 * (thread * 1000 + round)) ++good;
      }
    });
  }
  loops.clear();
  EXPECT_EQ(good, 1200);
}

}  // namespace
}  // namespace wasmcloud::engine
