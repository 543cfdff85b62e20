#include "engine/wait.h"

#include "engine_fixture.h"

namespace wasmcloud::engine {
namespace {

using namespace std::chrono_literals;

struct Host {
  Loop* loop = nullptr;
  Event* event = nullptr;
  Guest* other = nullptr;
  int frames = 0;
  int started = 0;
  int ended = 0;
  std::optional<Errc> seen = std::nullopt;
};

struct Count {
  explicit Count(int& number) : number_(number) {}
  ~Count() { ++number_; }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;

 private:
  int& number_;
};

Task<int> at_once(int value) { co_return value; }
Task<int> refuses() { co_return fail(Errc::Denied, "not for you"); }
/// Refers to the caller's stack, as a task in a `wait` may.
Task<int> waits_for(Host* host, const int& value) {
  const Count count(host->ended);
  ++host->started;
  CO_TRY(co_await host->event->wait());
  co_return value + 1;
}
/// Takes a turn of the loop to clean up after it was cancelled.
Task<int> cleans_up(Host* host, int& value) {
  auto waited = co_await host->event->wait();
  value = waited ? 1 : 2;
  CO_TRY(std::move(waited));
  co_return 7;
}

struct Frame {
  explicit Frame(int& count) : alive(count) { ++alive; }
  ~Frame() { --alive; }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  int& alive;
};

template <auto Make>
Result<void> host_function(void* env, Store& store, RawValue* values) noexcept {
  auto& host = *static_cast<Host*>(env);
  const Frame frame(host.frames);
  int value = values[0].i32;
  auto result = wait(*host.loop, store, Make(host, value));
  if (!result) host.seen = result.error().code();
  values[0].i32 = TRY(std::move(result));
  return {};
}

constexpr auto kAtOnce = [](Host&, int& value) { return at_once(value + 1); };
constexpr auto kRefuses = [](Host&, int&) { return refuses(); };
constexpr auto kWaits = [](Host& host, int& value) { return waits_for(&host, value); };
constexpr auto kCleansUp = [](Host& host, int& value) { return cleans_up(&host, value); };

WasmBuilder one_import() {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto host = b.import_func("h", "f", unary);
  b.func(unary, Code().local_get(0).call(host), "run");
  b.func(unary, Code().loop().br(0).end().local_get(0), "spin");
  b.func(unary,
         Code()
             .local(Wasm::I32)
             .i32(100'000'000)
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
  return b;
}

/// Result::value() && would want to copy the error.
int value_of(Result<int> result) {
  EXPECT_TRUE(result) << (result ? std::string() : result.error().message());
  return result.value_or(-1);
}

class WaitTest : public ::testing::Test {
 public:  // the coroutines below are not members
  void use(HostFunc function) {
    guest = std::make_unique<Guest>(one_import(), std::vector<HostImport>{{function, &host}});
  }
  /// Calls the guest's `run` as upper layers do.
  Task<int> run(int argument) {
    int got = 0;
    CO_TRY(co_await run_on_stack(loop, *guest->store, [&]() -> Result<void> {
      got = TRY(guest->call("run", argument));
      return {};
    }));
    co_return got;
  }

  Loop loop;
  Event event{loop};
  Host host{.loop = &loop, .event = &event};
  std::unique_ptr<Guest> guest;
};

TEST_F(WaitTest, ATaskThatIsReadyDoesNotPark) {
  use(host_function<kAtOnce>);
  int got = 0;
  Stack stack(*guest->store, [&]() -> Result<void> {
    got = TRY(guest->call("run", 4));
    return {};
  });
  EXPECT_TRUE(stack.poll());
  EXPECT_EQ(got, 5);
  // Not even off a stack is one needed then.
  EXPECT_EQ(value_of(guest->call("run", 4)), 5);
}

TEST_F(WaitTest, ATasksErrorComesOut) {
  use(host_function<kRefuses>);
  const auto result = run_to_end(loop, run(1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Denied);
  EXPECT_EQ(result.error().message(), "not for you");
}

TEST_F(WaitTest, ATaskThatWaitsParksTheStackUntilItEnds) {
  use(host_function<kWaits>);
  loop.post([&] { event.set(); });
  EXPECT_EQ(value_of(run_to_end(loop, run(1))), 2);
  EXPECT_EQ(host.ended, 1);
}

TEST_F(WaitTest, ManyGuestsOfOneStoreWaitAtOnce) {
  use(host_function<kWaits>);
  TaskGroup group(loop);
  int good = 0;
  for (int i = 0; i < 20; ++i) {
    group.spawn(
        [](WaitTest* self, int argument, int* count) -> Task<void> {
          if (CO_TRY(co_await self->run(argument)) == argument + 1) ++*count;
          co_return Result<void>();
        },
        this, i, &good);
  }
  loop.post([&] {
    EXPECT_EQ(host.started, 20);
    event.set();
  });
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_EQ(good, 20);
}

TEST_F(WaitTest, CancellingTheDriverCancelsTheTaskAndUnwindsTheStack) {
  use(host_function<kWaits>);
  const auto result = run_to_end(loop, with_deadline(loop, 10ms, "the guest", run(1)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
  EXPECT_EQ(host.started, 1);
  EXPECT_EQ(host.ended, 1);
  EXPECT_EQ(host.frames, 0);
  EXPECT_EQ(host.seen, Errc::Cancelled);
  EXPECT_EQ(orphans(*guest->store), 0U);
}

TEST_F(WaitTest, ACancelledStackStaysUntilItsTaskHasEnded) {
  use(host_function<kCleansUp>);
  Stack stack(*guest->store, [&]() -> Result<void> {
    TRY(guest->call("run", 1));
    return {};
  });
  loop.post([&] {
    EXPECT_FALSE(stack.poll());
    stack.on_wake([&] { loop.post([&] { stack.poll(); }); });
    stack.cancel();
    EXPECT_FALSE(stack.poll());
    EXPECT_EQ(host.frames, 1);
  });
  loop.run_until([&] { return stack.is_finished(); });
  EXPECT_EQ(stack.take_result().error().code(), Errc::Cancelled);
  EXPECT_EQ(host.frames, 0);
}

TEST_F(WaitTest, ACancelledGuestThatSpinsIsStopped) {
  use(host_function<kWaits>);
  const auto task = [](Loop* l, Guest* g) -> Task<void> {
    return run_on_stack(*l, *g->store, [g]() -> Result<void> {
      TRY(g->call("spin"));
      return {};
    });
  };
  const auto result =
      run_to_end(loop, with_deadline(loop, 30ms, "the guest", task(&loop, guest.get())));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
}

TEST_F(WaitTest, AGuestThatComputesLeavesTheLoopToOthers) {
  use(host_function<kWaits>);
  int turns = 0;
  bool done = false;
  TaskGroup group(loop);
  group.spawn(
      [](Loop* l, Guest* g, bool* over) -> Task<void> {
        auto result = co_await run_on_stack(*l, *g->store, [g]() -> Result<void> {
          TRY(g->call("count"));
          return {};
        });
        *over = true;
        co_return result;
      },
      &loop, guest.get(), &done);
  group.spawn(
      [](Loop* l, bool* over, int* count) -> Task<void> {
        while (!*over) {
          ++*count;
          CO_TRY(co_await sleep_for(*l, 1ms));
        }
        co_return Result<void>();
      },
      &loop, &done, &turns);
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_GT(turns, 2);
}

/// Owns all it uses, as a task must that outlives its stack.
Task<int> owns(Loop* loop, std::shared_ptr<int> ended) {
  const auto slept = co_await sleep_for(*loop, 1h);
  *ended = slept ? 1 : 2;
  co_return 1;
}

TEST_F(WaitTest, ADroppedStacksTaskIsCancelledAndCanBeWaitedFor) {
  static std::shared_ptr<int> s_ended;
  s_ended = std::make_shared<int>(0);
  use([](void* env, Store& store, RawValue* /*values*/) noexcept -> Result<void> {
    auto& host = *static_cast<Host*>(env);
    const Frame frame(host.frames);
    TRY(wait(*host.loop, store, owns(host.loop, s_ended)));
    return {};
  });
  const auto scenario = [](WaitTest* self) -> Task<void> {
    {
      Stack stack(*self->guest->store, [self]() -> Result<void> {
        TRY(self->guest->call("run", 1));
        return {};
      });
      EXPECT_FALSE(stack.poll());
      EXPECT_EQ(self->host.frames, 1);
    }
    EXPECT_EQ(self->host.frames, 0);
    EXPECT_EQ(*s_ended, 0);
    EXPECT_EQ(orphans(*self->guest->store), 1U);
    CO_TRY(co_await drain(self->loop, *self->guest->store));
    EXPECT_EQ(*s_ended, 2);
    EXPECT_EQ(orphans(*self->guest->store), 0U);
    co_return Result<void>();
  };
  EXPECT_TRUE(run_to_end(loop, scenario(this)));
  s_ended.reset();
}

/// A guest whose host function runs another store's guest, which waits.
Result<void> calls_other(void* env, Store& store, RawValue* values) noexcept {
  auto& host = *static_cast<Host*>(env);
  const Frame frame(host.frames);
  RawValue inner[1] = {values[0]};
  TRY(wait(*host.loop, store, run_on_stack(*host.loop, *host.other->store, [&]() -> Result<void> {
    return host.other->store->call(host.other->func("run"), inner);
  })));
  values[0].i32 = inner[0].i32 + 100;
  return {};
}

TEST_F(WaitTest, AGuestMayWaitForAGuestOfAnotherStore) {
  use(calls_other);
  Host inner_host{.loop = &loop, .event = &event};
  Guest inner(one_import(), {{host_function<kWaits>, &inner_host}});
  host.other = &inner;
  loop.post([&] { event.set(); });
  EXPECT_EQ(value_of(run_to_end(loop, run(1))), 102);
  // And all of it is undone when the outer one is cancelled.
  event.reset();
  const auto result = run_to_end(loop, with_deadline(loop, 10ms, "the guests", run(1)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
  EXPECT_EQ(host.frames, 0);
  EXPECT_EQ(inner_host.frames, 0);
  EXPECT_EQ(inner_host.ended, 2);
}

TEST_F(WaitTest, AGuestMayWaitForAnotherStackOfItsStore) {
  use(calls_other);
  Host inner_host{.loop = &loop, .event = &event};
  // The same store: an instance of a second module in it.
  const auto module = compile(one_import());
  const auto pre =
      InstancePre::create(module, std::vector<HostImport>{{host_function<kWaits>, &inner_host}})
          .value();
  struct Same {
    Guest* guest;
    Host* host;
    Func func;
  };
  static Same s_same;
  s_same = {
      guest.get(), &host,
      guest->store->export_named(pre->instantiate(*guest->store).value(), "run").value().func};
  const auto outer =
      InstancePre::create(
          module, std::vector<HostImport>{{[](void* env, Store& store,
                                              RawValue* values) noexcept -> Result<void> {
                                             auto* loop = static_cast<Loop*>(env);
                                             TRY(wait(*loop, store, run_on_stack(*loop, store, [&] {
                                               return store.call(s_same.func, std::span(values, 1));
                                             })));
                                             values[0].i32 += 1000;
                                             return {};
                                           },
                                           &loop}})
          .value();
  const Func run_outer =
      guest->store->export_named(outer->instantiate(*guest->store).value(), "run").value().func;
  loop.post([&] { event.set(); });
  int got = 0;
  const auto task = [](Loop* l, Store* store, Func func, int* out) -> Task<void> {
    co_return co_await run_on_stack(*l, *store, [&]() -> Result<void> {
      RawValue values[1] = {{.i32 = 5}};
      TRY(store->call(func, values));
      *out = values[0].i32;
      return {};
    });
  };
  ASSERT_TRUE(run_to_end(loop, task(&loop, guest->store.get(), run_outer, &got)));
  EXPECT_EQ(got, 1006);
}

TEST_F(WaitTest, WaitingWhereNothingCanWaitIsATrap) {
  use(host_function<kWaits>);
  // The task it started is cancelled; `loop` runs it to its end.
  const auto result = guest->call("run", 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
  EXPECT_EQ(host.started, 1);
  EXPECT_EQ(orphans(*guest->store), 1U);
  EXPECT_TRUE(run_to_end(loop, drain(loop, *guest->store)));
  EXPECT_EQ(host.ended, 1);
}

}  // namespace
}  // namespace wasmcloud::engine
