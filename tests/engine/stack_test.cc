#include "engine/stack.h"

#include "engine_fixture.h"

#include <alloca.h>

#include <thread>

namespace wasmcloud::engine {
namespace {

using namespace std::chrono_literals;

/// Counts the frames of host functions that are alive.
struct Frame {
  explicit Frame(int& count) : alive(count) { ++alive; }
  ~Frame() { --alive; }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  int& alive;
};

/// What the host functions below do, and what they saw.
struct Host {
  Guest* guest = nullptr;
  std::string nest_target = "wait";
  int frames = 0;
  int calls = 0;
  int depth = 0;
  size_t frame_bytes = 0;
  size_t leaf_bytes = 0;
  std::vector<Errc> errors;
  bool swallow = false;
};

void use_stack(size_t bytes) {
  if (bytes == 0) return;
  auto* place = static_cast<volatile char*>(alloca(bytes));
  for (size_t i = 0; i < bytes; i += 512) place[i] = 1;
}

Result<void> nest(void* env, Store& store, RawValue* values) noexcept {
  auto& host = *static_cast<Host*>(env);
  const Frame frame(host.frames);
  use_stack(host.frame_bytes);
  host.depth = std::max(host.depth, host.frames);
  RawValue inner[1] = {values[0]};
  auto called = store.call(host.guest->func(host.nest_target), inner);
  if (!called) host.errors.push_back(called.error().code());
  TRY(std::move(called));
  values[0].i32 = inner[0].i32 + 100;
  return {};
}

Result<void> waits(void* env, Store& store, RawValue* values) noexcept {
  auto& host = *static_cast<Host*>(env);
  const Frame frame(host.frames);
  auto parked = park(store);
  if (!parked) {
    host.errors.push_back(parked.error().code());
    // A frame that cleans up by calling the guest, or waits again, is refused.
    RawValue inner[1] = {{.i32 = 1}};
    const auto called = store.call(host.guest->func("id"), inner);
    host.errors.push_back(called ? Errc::Internal : called.error().code());
    const auto again = park(store);
    host.errors.push_back(again ? Errc::Internal : again.error().code());
    if (host.swallow) return {};
    return parked;
  }
  values[0].i32 += 1;
  return {};
}

Result<void> leaf(void* env, Store& /*store*/, RawValue* /*values*/) noexcept {
  auto& host = *static_cast<Host*>(env);
  ++host.calls;
  use_stack(host.leaf_bytes);
  return {};
}

WasmBuilder guest_module() {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto none = b.type({}, {});
  const auto nest_import = b.import_func("h", "nest", unary);
  const auto wait_import = b.import_func("h", "wait", unary);
  const auto leaf_import = b.import_func("h", "leaf", unary);
  const auto tag = b.tag(none);
  b.memory(1, std::nullopt, "memory");
  b.func(unary, Code().local_get(0), "id");
  b.func(unary, Code().local_get(0).call(nest_import), "nest");
  b.func(unary, Code().local_get(0).call(wait_import), "wait");
  b.func(unary, Code().local_get(0).call(wait_import).call(leaf_import), "waitleaf");
  b.func(unary, Code().i32(0x7FFFFFFF).i32_load(), "oob");
  b.func(unary, Code().throw_(tag).local_get(0), "throw");
  b.func(unary, Code().local_get(0).i32(0).i32_div_s(), "divide");
  b.func(unary, Code().unreachable(), "unreachable");
  // (try_table (catch_all 0) (call $nest)): -1 if something was caught.
  Code guarded;
  guarded.block();
  guarded.op(0x1F).byte(0x40).u32(1).byte(0x02).u32(0);
  guarded.local_get(0).call(nest_import).return_().end();
  guarded.end().i32(-1);
  b.func(unary, guarded, "guarded");
  const auto recurse = b.next_func();
  b.func(unary, Code().local_get(0).i32(1).i32_add().call(recurse).i32(1).i32_add(), "recurse");
  const auto recurse_leaf = b.next_func();
  b.func(
      unary,
      Code().local_get(0).call(leaf_import).drop().local_get(0).call(recurse_leaf).i32(1).i32_add(),
      "recurse-leaf");
  b.func(unary,
         Code()
             .local(Wasm::I32)
             .i32(200'000'000)
             .local_set(1)
             .loop()
             .local_get(1)
             .i32(1)
             .i32_sub()
             .local_tee(1)
             .br_if(0)
             .end()
             .local_get(0),
         "count");
  b.func(unary, Code().loop().br(0).end().local_get(0), "spin");
  return b;
}

class StackTest : public ::testing::Test {
 protected:
  StackTest() { host.guest = &guest; }

  /// Calls `name` on a stack and polls until it ends, waking it whenever it is parked.
  Result<int32_t> run(std::string_view name, int32_t argument = 0) {
    int32_t got = 0;
    Stack stack(*guest.store, [&]() -> Result<void> {
      got = TRY(guest.call(name, argument));
      return {};
    });
    while (!stack.poll()) {
      if (stack.is_yielding()) {
        ++yields;
      } else {
        stack.wake();
      }
    }
    TRY(stack.take_result());
    return got;
  }

  Host host;
  Guest guest{guest_module(), {{nest, &host}, {waits, &host}, {leaf, &host}}};
  int yields = 0;
};

TEST_F(StackTest, WaitsBeneathANestedCall) {
  EXPECT_EQ(run("nest", 7).value(), 108);
  EXPECT_EQ(host.frames, 0);
}

TEST_F(StackTest, EarlyWakesAreNotLost) {
  Stack stack(*guest.store, [&]() -> Result<void> {
    guest.store->stack()->wake();
    TRY(guest.call("wait"));
    return {};
  });
  EXPECT_TRUE(stack.poll());
  EXPECT_TRUE(stack.take_result());
}

TEST_F(StackTest, TellsItsDriverOfAWakeOnce) {
  int told = 0;
  Stack stack(*guest.store, [&]() -> Result<void> { return park(*guest.store); });
  stack.on_wake([&] { ++told; });
  EXPECT_FALSE(stack.poll());
  stack.wake();
  stack.wake();
  EXPECT_EQ(told, 1);
  EXPECT_TRUE(stack.poll());
  stack.wake();
  EXPECT_EQ(told, 1);
}

TEST_F(StackTest, AGuestThatWaitsOffAStackTraps) {
  const auto result = guest.call("wait");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
}

TEST_F(StackTest, DroppingRunsDestructorsAndRefusesEverythingElse) {
  auto held = std::make_shared<int>(1);
  {
    Stack stack(*guest.store, [this, held]() -> Result<void> {
      const auto kept = held;
      TRY(guest.call("nest"));
      return {};
    });
    EXPECT_FALSE(stack.poll());
    EXPECT_EQ(host.frames, 2);
    EXPECT_EQ(held.use_count(), 3);
    stack.drop();
    EXPECT_TRUE(stack.is_finished());
    EXPECT_EQ(stack.take_result().error().code(), Errc::Cancelled);
    EXPECT_EQ(host.frames, 0);
    EXPECT_EQ(held.use_count(), 1);
  }
  EXPECT_EQ(host.errors, std::vector<Errc>(4, Errc::Cancelled));
  // The store is still good for other calls.
  EXPECT_EQ(guest.call("id", 5).value(), 5);
  EXPECT_EQ(run("nest", 7).value(), 108);
}

TEST_F(StackTest, AGuestDoesNotRunOnWhenAHostFunctionHidesTheDrop) {
  host.swallow = true;
  {
    Stack stack(*guest.store, [&]() -> Result<void> {
      TRY(guest.call("waitleaf"));
      return {};
    });
    EXPECT_FALSE(stack.poll());
  }
  EXPECT_EQ(host.calls, 0);
  EXPECT_EQ(host.frames, 0);
}

TEST_F(StackTest, CancellingEndsAParkAndRefusesEverythingElse) {
  Stack stack(*guest.store, [&]() -> Result<void> {
    TRY(guest.call("nest"));
    return {};
  });
  EXPECT_FALSE(stack.poll());
  stack.cancel();
  EXPECT_TRUE(stack.poll());
  EXPECT_EQ(stack.take_result().error().code(), Errc::Cancelled);
  EXPECT_EQ(host.errors, std::vector<Errc>(4, Errc::Cancelled));
  EXPECT_EQ(host.frames, 0);
  EXPECT_EQ(run("nest", 7).value(), 108);
}

TEST_F(StackTest, ANewStackIsCancelledWithoutRunning) {
  bool ran = false;
  Stack stack(*guest.store, [&]() -> Result<void> {
    ran = true;
    return {};
  });
  stack.cancel();
  EXPECT_TRUE(stack.poll());
  EXPECT_EQ(stack.take_result().error().code(), Errc::Cancelled);
  EXPECT_FALSE(ran);
}

TEST_F(StackTest, NestsToTheEndOfTheStackWithATrap) {
  host.nest_target = "nest";
  for (const size_t frame : {size_t{0}, size_t{20'000}}) {
    host.frame_bytes = frame;
    host.depth = 0;
    const auto result = run("nest");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), Errc::Trap);
    EXPECT_EQ(result.error().message(), "wasm trap: call stack exhausted");
    EXPECT_GT(host.depth, 10);
    EXPECT_EQ(host.frames, 0);
  }
  // The same on the thread's own stack.
  const auto result = guest.call("nest");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
  EXPECT_EQ(host.frames, 0);
}

TEST_F(StackTest, TheLastActivationStillHasRoomForHostFrames) {
  // Nested to the last level, which then recurses to its own limit and calls a hungry host function
  // on the way.
  host.leaf_bytes = size_t{200} << 10;
  struct Deep {
    Host* host;
    int levels = 0;
    bool at_end = false;
  } deep{&host};
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto import = b.import_func("h", "deeper", unary);
  b.func(unary, Code().local_get(0).call(import), "deeper");
  static Guest* s_inner;
  static Guest* s_outer;
  s_outer = &guest;
  const HostFunc deeper = [](void* env, Store& store, RawValue* values) noexcept -> Result<void> {
    auto& d = *static_cast<Deep*>(env);
    ++d.levels;
    auto further = store.call(s_inner->func("deeper"), std::span(values, 1));
    if (further || std::exchange(d.at_end, true)) return further;
    // No room for another level: the level before has it. The other guest's store has a limit of
    // its own.
    RawValue inner[1] = {};
    const auto leafs = s_outer->store->call(s_outer->func("recurse-leaf"), inner);
    EXPECT_FALSE(leafs);
    return further;
  };
  Guest inner(b, {{deeper, &deep}});
  s_inner = &inner;
  Stack stack(*inner.store, [&]() -> Result<void> {
    TRY(inner.call("deeper"));
    return {};
  });
  while (!stack.poll()) {
  }
  EXPECT_EQ(stack.take_result().error().message(), "wasm trap: call stack exhausted");
  EXPECT_GT(deep.levels, 10);
}

TEST_F(StackTest, WasmThatRecursesForEverTraps) {
  for (const auto* name : {"recurse", "recurse-leaf"}) {
    host.leaf_bytes = size_t{200} << 10;
    const auto on_stack = run(name);
    ASSERT_FALSE(on_stack);
    EXPECT_EQ(on_stack.error().message(), "wasm trap: call stack exhausted");
    const auto off_stack = guest.call(name);
    ASSERT_FALSE(off_stack);
    EXPECT_EQ(off_stack.error().message(), "wasm trap: call stack exhausted");
  }
}

TEST_F(StackTest, TrapsBeneathHostFramesComeOutWithTheirReason) {
  const std::pair<std::string, std::string> cases[] = {
      {"oob", "wasm trap: out of bounds memory access"},
      {"divide", "wasm trap: integer divide by zero"},
      {"unreachable", "wasm trap: wasm `unreachable` instruction executed"},
      {"throw", "wasm trap: an exception was not caught"},
  };
  for (const auto& [target, message] : cases) {
    host.nest_target = target;
    for (const auto* outer : {"nest", "guarded"}) {
      const auto on_stack = run(outer);
      ASSERT_FALSE(on_stack) << target;
      EXPECT_EQ(on_stack.error().code(), Errc::Trap);
      EXPECT_EQ(on_stack.error().message(), message);
      EXPECT_FALSE(on_stack.error().detail().empty());
      const auto off_stack = guest.call(outer);
      ASSERT_FALSE(off_stack) << target;
      EXPECT_EQ(off_stack.error().message(), message);
      EXPECT_EQ(host.frames, 0);
    }
    EXPECT_EQ(run("id", 3).value(), 3);
  }
}

TEST_F(StackTest, EpochsMakeAGuestYieldAlsoInANestedActivation) {
  host.nest_target = "count";
  EXPECT_EQ(run("nest", 9).value(), 109);
  EXPECT_GT(yields, 0);
}

TEST_F(StackTest, GuestsThatYieldTakeTurns) {
  host.nest_target = "count";
  std::vector<std::unique_ptr<Stack>> stacks;
  std::vector<int32_t> got(3);
  for (size_t i = 0; i < got.size(); ++i) {
    stacks.push_back(std::make_unique<Stack>(*guest.store, [&, i]() -> Result<void> {
      got[i] = TRY(guest.call("nest", static_cast<int32_t>(i)));
      return {};
    }));
  }
  int rounds = 0;
  for (size_t alive = stacks.size(); alive != 0; ++rounds) {
    for (auto& stack : stacks) {
      if (!stack->is_finished() && stack->poll()) --alive;
    }
  }
  EXPECT_GT(rounds, 1);
  EXPECT_EQ(got, (std::vector<int32_t>{100, 101, 102}));
}

TEST_F(StackTest, AGuestThatYieldsCanBeDropped) {
  host.nest_target = "spin";
  Stack stack(*guest.store, [&]() -> Result<void> {
    TRY(guest.call("nest"));
    return {};
  });
  EXPECT_FALSE(stack.poll());
  EXPECT_TRUE(stack.is_yielding());
  EXPECT_FALSE(stack.poll());
  stack.drop();
  EXPECT_EQ(host.frames, 0);
  EXPECT_EQ(host.errors, std::vector<Errc>{Errc::Cancelled});
}

TEST_F(StackTest, ADeadlineEndsAGuestThatSpins) {
  guest.store->set_deadline(Clock::now() + 30ms);
  host.nest_target = "spin";
  const auto on_stack = run("nest");
  ASSERT_FALSE(on_stack);
  EXPECT_EQ(on_stack.error().code(), Errc::Timeout);
  const auto off_stack = guest.call("spin");
  ASSERT_FALSE(off_stack);
  EXPECT_EQ(off_stack.error().code(), Errc::Timeout);
  guest.store->clear_deadline();
  EXPECT_EQ(guest.call("id", 4).value(), 4);
}

Clock::duration cpu_time() {
  timespec now{};
  EXPECT_EQ(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

TEST_F(StackTest, AMeterIsToldWhatAGuestComputesAndCanEndIt) {
  struct Meter final : CpuMeter {
    Result<void> used(Clock::duration time) override {
      total += time;
      if (total < 60ms) return {};
      return fail(Errc::Limit, "enough");
    }
    Clock::duration total{};
  } meter;
  guest.store->set_meter(&meter);
  host.nest_target = "spin";
  const auto begin = cpu_time();
  const auto ended = run("nest");
  const auto used = cpu_time() - begin;
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::Limit);
  EXPECT_EQ(ended.error().message(), "enough");
  EXPECT_GE(meter.total, 60ms);
  const auto tick = shared_engine()->options().tick;
  EXPECT_GE(used + tick, meter.total) << "what it used of its first tick is not known";
  EXPECT_LT(meter.total, 60ms + tick) << "it ends with the tick that finds it over";
  guest.store->set_meter(nullptr);
  EXPECT_EQ(guest.call("id", 4).value(), 4);
}

TEST_F(StackTest, CancellingFromAnotherThreadEndsAGuestThatSpins) {
  std::jthread other([&] {
    std::this_thread::sleep_for(20ms);
    guest.store->cancel();
  });
  const auto result = guest.call("spin");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Cancelled);
  EXPECT_EQ(guest.call("id", 4).error().code(), Errc::Cancelled);
}

TEST_F(StackTest, StacksMayRunBeneathEachOther) {
  // One stack starts another of the same store, parks, and both end in the order they are woken.
  std::unique_ptr<Stack> second;
  std::vector<int> order;
  Stack first(*guest.store, [&]() -> Result<void> {
    second = std::make_unique<Stack>(*guest.store, [&]() -> Result<void> {
      TRY(guest.call("nest"));
      order.push_back(2);
      return {};
    });
    EXPECT_FALSE(second->poll());
    EXPECT_EQ(guest.store->stack(), &first);
    TRY(guest.call("nest"));
    order.push_back(1);
    return {};
  });
  EXPECT_FALSE(first.poll());
  first.wake();
  EXPECT_TRUE(first.poll());
  second->wake();
  EXPECT_TRUE(second->poll());
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_TRUE(first.take_result());
  EXPECT_TRUE(second->take_result());
}

TEST_F(StackTest, SaysSoWhenNoStackIsLeft) {
  NEEDS_SEAM();
  std::vector<std::unique_ptr<Stack>> stacks;
  Result<void> last;
  for (int i = 0; i < 100 && last; ++i) {
    stacks.push_back(std::make_unique<Stack>(*guest.store, [&] { return park(*guest.store); }));
    if (stacks.back()->poll()) last = stacks.back()->take_result();
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code(), Errc::Limit);
  EXPECT_EQ(last.error().number(), EAGAIN);
  stacks.clear();
  EXPECT_EQ(run("nest", 7).value(), 108);
}

}  // namespace
}  // namespace wasmcloud::engine
