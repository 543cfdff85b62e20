#include "base/loop.h"
#include "component/abi/async_call.h"
#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "component/linker.h"
#include "component/stream.h"
#include "component/support/components.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Calls of async exports, and what the host's ends of streams and futures do.

namespace wasmcloud::component {
namespace {

using Bytes8 = std::vector<uint8_t>;

#define ASSERT_OK(result) ASSERT_TRUE(result) << (result).error().message()

/// What the guest imports, and what came of it.
struct AsyncHost : HostState {
  int started = 0;
  int ended = 0;
  Loop* loop = nullptr;
};
AsyncHost& host(AsyncCall& call) { return static_cast<AsyncHost&>(call.context().host()); }

Task<uint32_t> twice(AsyncHost& host, uint32_t number) {
  ++host.started;
  // Odd numbers are answered at once.
  if (number % 2 == 0) CO_TRY(co_await sleep_for(*host.loop, std::chrono::milliseconds(1)));
  ++host.ended;
  co_return number * 2;
}

Task<void> never(AsyncHost& host) {
  ++host.started;
  Event event(*host.loop);
  auto waited = co_await event.wait();
  ++host.ended;
  co_return waited;
}

Task<uint32_t> total(StreamReader<uint8_t> stream) {
  uint32_t sum = 0;
  while (CO_TRY(co_await stream.readable())) {
    for (const std::byte byte : stream.peek()) sum += std::to_integer<uint32_t>(byte);
    stream.consume(stream.peek().size());
  }
  co_return sum;
}

Result<void> call_twice(void*, AsyncCall& call, const engine::RawValue* flat) noexcept {
  return call.returns(twice(host(call), flat[0].u32));
}
Result<void> call_never(void*, AsyncCall& call, const engine::RawValue*) noexcept {
  return call.returns(never(host(call)));
}
Result<void> call_total(void*, AsyncCall& call, const engine::RawValue* flat) noexcept {
  abi::Lift in(call.context());
  abi::Parameters<StreamReader<uint8_t>> parameters(in, flat);
  auto stream = parameters.get<0>();
  TRY(in.result());
  return call.returns(total(std::move(stream)));
}

class AsyncCalls : public testing::Test {
 public:
  void SetUp() override {
    using Effect = FunctionDescription::Effect;
    static constexpr NamedType kNumber[] = {{"n", &describe::kU32}};
    static constexpr NamedType kStream[] = {{"s", &abi::Type<StreamReader<uint8_t>>::kDescription}};
    Linker linker;
    linker.instance("test:host/async@0.2.0")
        .async_func("double",
                    {.params = kNumber, .result = &describe::kU32, .effect = Effect::Async},
                    call_twice)
        .async_func("never", {.effect = Effect::Async}, call_never)
        .async_func("keep", {.params = kStream, .result = &describe::kU32, .effect = Effect::Async},
                    call_total);
    host.loop = &loop;
    auto component = load_test_component(component_path("async-calls"));
    ASSERT_OK(component);
    auto found = linker.prepare(*std::move(component));
    ASSERT_OK(found);
    prepared = *std::move(found);
    auto made = prepared->instantiate({.limits = {}, .host = &host, .loop = &loop});
    ASSERT_OK(made);
    instance = *std::move(made);
  }
  void TearDown() override {
    if (instance != nullptr) {
      EXPECT_TRUE(run_to_end(loop, instance->close()));
    }
    EXPECT_EQ(host.started, host.ended);
  }

  ExportedFunction find(std::string_view name) { return prepared->find("", name).value(); }
  template <class R, class... Args>
  Task<R> call(std::string_view name, Args... arguments) {
    return abi::call_async<R, Args...>(*instance, find(name), nullptr, std::move(arguments)...);
  }
  template <class T>
  auto run(Task<T> task) {
    return run_to_end(loop, std::move(task));
  }

  Loop loop;
  AsyncHost host;
  std::shared_ptr<const Prepared> prepared;
  std::unique_ptr<Instance> instance;
};

TEST_F(AsyncCalls, AwaitAnImportThatIsThereAtOnceOrLater) {
  EXPECT_EQ(run(call<uint32_t>("double-later", 21u)), 42u);
  EXPECT_EQ(run(call<uint32_t>("double-later", 20u)), 40u);
}

TEST_F(AsyncCalls, RunManyAtOnceInOneInstance) {
  const auto many = [&]() -> Task<uint32_t> {
    std::vector<uint32_t> results;
    TaskGroup group(loop);
    for (uint32_t i = 0; i < 50; ++i) {
      group.spawn(
          [](AsyncCalls* test, uint32_t number, std::vector<uint32_t>* out) -> Task<void> {
            out->push_back(CO_TRY(co_await test->call<uint32_t>("double-later", number)));
            co_return Result<void>();
          },
          this, i, &results);
    }
    CO_TRY(co_await group.finish());
    uint32_t sum = 0;
    for (const uint32_t result : results) sum += result;
    co_return results.size() == 50 ? sum : 0;
  };
  EXPECT_EQ(run(many()), 49u * 50u);
}

TEST_F(AsyncCalls, GuestsReadWhatTheHostWrites) {
  const auto feed = [&]() -> Task<uint32_t> {
    auto [writer, reader] = make_stream<uint8_t>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](StreamWriter<uint8_t> out) -> Task<void> {
          Bytes8 bytes(25, 2);
          const size_t written = CO_TRY(co_await out.write(bytes));
          if (written != bytes.size()) co_return fail(Errc::Internal, "wrote {}", written);
          while (CO_TRY(co_await out.writable())) {
            const std::span<std::byte> room = out.room();
            room[0] = std::byte{100};
            out.commit(1);
            co_return Result<void>();
          }
          co_return fail(Errc::Internal, "no room");
        },
        std::move(writer));
    const uint32_t sum = CO_TRY(co_await call<uint32_t>("sum", std::move(reader)));
    CO_TRY(co_await group.finish());
    co_return sum;
  };
  EXPECT_EQ(run(feed()), 150u);
}

/// Twos, as many as there are left.
class Twos final : public DirectCopy {
 public:
  Twos(Loop& loop, StreamWriter<uint8_t>& to, size_t count)
      : DirectCopy(loop), left_(count), to_(to) {}

  bool move() noexcept override {
    ++moves;
    const auto room = to_.room();
    const auto now = room.first(std::min(room.size(), left_));
    std::ranges::fill(now, std::byte{2});
    to_.commit(now.size());
    left_ -= now.size();
    return left_ == 0;
  }

  int moves = 0;

 private:
  size_t left_;
  StreamWriter<uint8_t>& to_;
};

/// Counts the turns of a loop as long as it lives.
class Turns {
 public:
  explicit Turns(Loop& loop) : loop_(loop) { again(); }
  ~Turns() { *alive_ = false; }
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  int count() const { return count_; }

 private:
  void again() {
    loop_.post([this, alive = alive_] {
      if (!*alive) return;
      ++count_;
      again();
    });
  }

  Loop& loop_;
  int count_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // shared with what is posted
};

TEST_F(AsyncCalls, GuestsReadWhatIsThereWithoutATurnOfTheLoop) {
  int turns = 0;
  int moves = 0;
  const auto feed = [&]() -> Task<uint32_t> {
    auto [writer, reader] = make_stream<uint8_t>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](StreamWriter<uint8_t> out, Loop* at, int* moves_out) -> Task<void> {
          Twos twos(*at, out, 1000);
          CO_TRY(co_await out.run(twos));
          *moves_out = twos.moves;
          co_return Result<void>();
        },
        std::move(writer), &loop, &moves);
    const Turns counted(loop);
    const uint32_t sum = CO_TRY(co_await call<uint32_t>("sum", std::move(reader)));
    CO_TRY(co_await group.finish());
    turns = counted.count();
    co_return sum;
  };
  EXPECT_EQ(run(feed()), 2000u);
  // The guest reads ten bytes at a time.
  EXPECT_GE(moves, 100);
  EXPECT_LE(turns, 50);
  // But the loop gets its turns in between.
  EXPECT_GE(turns, 4);
}

/// Moves nothing.
class Nothing final : public DirectCopy {
 public:
  using DirectCopy::DirectCopy;
  bool move() noexcept override {
    ++moves;
    return is_over;
  }
  int moves = 0;
  bool is_over = false;
};

TEST_F(AsyncCalls, TwoEndsOfTheHostRestWhileNothingComes) {
  auto [writer, reader] = make_stream<uint8_t>(loop);
  Nothing out(loop);
  Nothing in(loop);
  TaskGroup group(loop);
  group.spawn([](auto* end, Nothing* copy) { return end->run(*copy); }, &writer, &out);
  group.spawn([](auto* end, Nothing* copy) { return end->run(*copy); }, &reader, &in);
  const Turns turns(loop);
  loop.run_until([&] { return turns.count() == 100; });
  EXPECT_LE(out.moves, 3);
  EXPECT_LE(in.moves, 3);
  out.is_over = in.is_over = true;
  out.changed.set();
  in.changed.set();
  loop.run_until([&] { return group.size() == 0; });
}

TEST_F(AsyncCalls, TasksGoOnAfterTheirResult) {
  const auto read = [&]() -> Task<std::string> {
    auto stream = CO_TRY(co_await call<StreamReader<uint8_t>>("letters"));
    std::string text;
    Bytes8 into(2);
    while (const size_t count = CO_TRY(co_await stream.read(into))) {
      text.append(into.begin(), into.begin() + static_cast<ptrdiff_t>(count));
    }
    co_return text;
  };
  EXPECT_EQ(run(read()), "abc");
  EXPECT_TRUE(run(instance->settle()));
}

TEST_F(AsyncCalls, AReaderThatGoesEndsTheWriter) {
  EXPECT_TRUE(run(call<StreamReader<uint8_t>>("letters")));
  EXPECT_TRUE(run(instance->settle()));
  EXPECT_EQ(run(call<uint32_t>("double-later", 1u)), 2u);
}

TEST_F(AsyncCalls, StringsAndFuturesGoThrough) {
  const auto feed = [&]() -> Task<uint32_t> {
    auto [writer, reader] = make_stream<std::string>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](StreamWriter<std::string> out) -> Task<void> {
          std::vector<std::string> texts{"", "one", "twenty"};
          CO_TRY(co_await out.write(texts));
          co_return Result<void>();
        },
        std::move(writer));
    const uint32_t sum = CO_TRY(co_await call<uint32_t>("text-size", std::move(reader),
                                                        ready_future<uint32_t>(loop, 1000)));
    CO_TRY(co_await group.finish());
    co_return sum;
  };
  EXPECT_EQ(run(feed()), 1009u);
}

TEST_F(AsyncCalls, StreamsPassThroughAGuest) {
  const auto feed = [&]() -> Task<uint32_t> {
    auto [writer, reader] = make_stream<uint8_t>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](StreamWriter<uint8_t> out) -> Task<void> {
          Bytes8 bytes(100'000, 1);
          const size_t written = CO_TRY(co_await out.write(bytes));
          co_return written == bytes.size() ? Result<void>() : fail(Errc::Internal, "cut");
        },
        std::move(writer));
    const uint32_t sum = CO_TRY(co_await call<uint32_t>("hand-over", std::move(reader)));
    CO_TRY(co_await group.finish());
    co_return sum;
  };
  EXPECT_EQ(run(feed()), 100'000u);
}

TEST_F(AsyncCalls, CancellingACallCancelsWhatTheGuestWaitsFor) {
  const auto cancelled = run(with_deadline(loop, std::chrono::milliseconds(5), "the call",
                                           call<uint32_t>("wait-for-ever")));
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code(), Errc::Timeout);
  EXPECT_TRUE(run(instance->settle()));
  EXPECT_EQ(host.ended, 1);
  EXPECT_FALSE(instance->is_poisoned());
  EXPECT_EQ(run(call<uint32_t>("double-later", 1u)), 2u);
}

TEST_F(AsyncCalls, ClosingEndsWhatGoesOn) {
  const auto close = [&]() -> Task<void> {
    TaskGroup group(loop);
    std::optional<Errc> code;
    group.spawn(
        [](AsyncCalls* test, std::optional<Errc>* out) -> Task<void> {
          const auto result = co_await test->call<uint32_t>("wait-for-ever");
          *out = result ? Errc::Internal : result.error().code();
          co_return Result<void>();
        },
        this, &code);
    CO_TRY(co_await call<uint32_t>("spin"));
    CO_TRY(co_await instance->close());
    CO_TRY(co_await group.finish());
    co_return code == Errc::Cancelled ? Result<void>() : fail(Errc::Internal, "another end");
  };
  EXPECT_TRUE(run(close()));
}

TEST_F(AsyncCalls, ACallThatComputesIsStoppedAndGoesOn) {
  const auto both = [&]() -> Task<uint32_t> {
    TaskGroup group(loop);
    uint32_t other = 0;
    group.spawn(
        [](AsyncCalls* test, uint32_t* out) -> Task<void> {
          *out = CO_TRY(co_await test->call<uint32_t>("double-later", 4u));
          co_return Result<void>();
        },
        this, &other);
    const uint32_t result = CO_TRY(co_await call<uint32_t>("compute"));
    CO_TRY(co_await group.finish());
    co_return result * 100 + other;
  };
  EXPECT_EQ(run(both()), 708u);
  EXPECT_TRUE(run(instance->settle()));
}

TEST_F(AsyncCalls, TasksThatNeverEndAreLimited) {
  instance = prepared->instantiate({.limits = {}, .max_threads = 10, .host = &host, .loop = &loop})
                 .value();
  const auto many = [&]() -> Task<int> {
    for (int i = 0; i < 100; ++i) {
      auto result = co_await call<uint32_t>("spin");
      if (result) continue;
      co_return result.error().code() == Errc::Limit ? i : -1;
    }
    co_return 100;
  };
  EXPECT_EQ(run(many()), 10);
  EXPECT_FALSE(instance->is_poisoned());
}

TEST_F(AsyncCalls, ATrapEndsAllCallsOfTheInstance) {
  const auto both = [&]() -> Task<std::string> {
    TaskGroup group(loop);
    std::string other;
    group.spawn(
        [](AsyncCalls* test, std::string* out) -> Task<void> {
          const auto result = co_await test->call<uint32_t>("wait-for-ever");
          *out = result ? "no error" : result.error().message();
          co_return Result<void>();
        },
        this, &other);
    const auto result = co_await call<uint32_t>("fail");
    CO_TRY(co_await group.finish());
    co_return result ? "no error" : other;
  };
  const auto message = run(both());
  ASSERT_OK(message);
  EXPECT_TRUE(message->contains("unreachable")) << *message;
  const auto later = run(call<uint32_t>("double-later", 1u));
  ASSERT_FALSE(later);
  EXPECT_TRUE(later.error().message().contains("cannot enter")) << later.error().message();
}

TEST_F(AsyncCalls, ATrapEndsTheStreamsOfTheInstance) {
  const auto both = [&]() -> Task<bool> {
    auto stream = CO_TRY(co_await call<StreamReader<uint8_t>>("letters"));
    Bytes8 into(1);
    CO_TRY(co_await stream.read(into));
    static_cast<void>(co_await call<uint32_t>("fail"));
    co_return co_await stream.readable();
  };
  EXPECT_EQ(run(both()), false);
}

TEST_F(AsyncCalls, WhatCannotEndTraps) {
  for (const auto& [function, text] :
       {std::pair("starve", "deadlock"), std::pair("forget", "failed to produce a result")}) {
    instance = prepared->instantiate({.limits = {}, .host = &host, .loop = &loop}).value();
    const auto result = run(call<uint32_t>(function));
    ASSERT_FALSE(result) << function;
    EXPECT_TRUE(result.error().message().contains(text)) << result.error().message();
  }
}

TEST_F(AsyncCalls, AFutureThatNobodyWritesEndsItsReader) {
  const auto read = [&]() -> Task<uint32_t> {
    auto [texts, text_reader] = make_stream<std::string>(loop);
    auto [number, number_reader] = make_future<uint32_t>(loop);
    texts.close();
    number.close();
    co_return co_await call<uint32_t>("text-size", std::move(text_reader),
                                      std::move(number_reader));
  };
  const auto result = run(read());
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().message().contains("future")) << result.error().message();
}

TEST(HostStreams, GoBetweenTwoEndsOfTheHost) {
  Loop loop;
  const auto both = [&]() -> Task<size_t> {
    auto [writer, reader] = make_stream<std::string>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](StreamWriter<std::string> out) -> Task<void> {
          for (int i = 0; i < 200; ++i) {
            std::string text(static_cast<size_t>(i), 'x');
            CO_TRY(co_await out.write(std::span(&text, 1)));
          }
          co_return Result<void>();
        },
        std::move(writer));
    size_t size = 0;
    std::vector<std::string> into(7);
    while (const size_t count = CO_TRY(co_await reader.read(into))) {
      for (size_t i = 0; i < count; ++i) size += into[i].size();
    }
    CO_TRY(co_await group.finish());
    co_return size;
  };
  EXPECT_EQ(run_to_end(loop, both()), size_t{199 * 200 / 2});
}

TEST(HostStreams, AFutureIsReadBeforeOrAfterItIsWritten) {
  Loop loop;
  const auto both = [&]() -> Task<std::string> {
    auto [early, late] = make_future<std::string>(loop);
    TaskGroup group(loop);
    group.spawn(
        [](Loop* at, FutureWriter<std::string> out) -> Task<void> {
          CO_TRY(co_await sleep_for(*at, {}));
          out.write("late ");
          co_return Result<void>();
        },
        &loop, std::move(early));
    std::string text = CO_TRY(co_await late.read());
    auto ready = ready_future<std::string>(loop, "ready");
    text += CO_TRY(co_await ready.read());
    CO_TRY(co_await group.finish());
    co_return text;
  };
  EXPECT_EQ(run_to_end(loop, both()), "late ready");
}

}  // namespace
}  // namespace wasmcloud::component
