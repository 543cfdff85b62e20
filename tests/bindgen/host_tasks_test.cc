// A component made by another generator's Rust bindings checks what our async functions, streams
// and futures do as its host.
#include "bindgen/values_guest.h"
#include "bindings/guests/p3/tasks.abi.h"
#include "bindings/guests/p3/tasks.h"
#include "wasi/cli/command.h"

#include <algorithm>

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;
namespace tasks = wit::guests::p3::tasks;
using component::FutureReader;
using component::FutureWriter;
using component::make_future;
using component::make_stream;
using component::StreamReader;
using component::StreamWriter;

class Meter final : public tasks::Meter {
 public:
  Meter(Loop& loop, uint32_t start) : loop_(loop), value_(start) {}
  Task<uint32_t> add(uint32_t by) override {
    CO_TRY(co_await sleep_for(loop_, 1ms));
    co_return value_ += by;
  }
  Result<uint32_t> value() override { return value_; }

 private:
  Loop& loop_;
  uint32_t value_;
};

Task<void> copy_in_capitals(StreamReader<uint8_t> from, StreamWriter<uint8_t> to) {
  while (CO_TRY(co_await from.readable())) {
    if (!CO_TRY(co_await to.writable())) break;
    const auto bytes = from.peek();
    const auto room = to.room();
    const size_t count = std::min(bytes.size(), room.size());
    std::ranges::transform(bytes.first(count), room.begin(), [](std::byte byte) {
      return static_cast<std::byte>(std::toupper(std::to_integer<int>(byte)));
    });
    from.consume(count);
    to.commit(count);
  }
  co_return Result<void>();
}

template <class T>
Task<void> write_all(StreamWriter<T> to, std::vector<typename StreamWriter<T>::Item> values) {
  CO_TRY(co_await to.write(values));
  co_return Result<void>();
}

Task<void> write_later(Loop* loop, uint32_t ms, FutureWriter<std::string> to) {
  CO_TRY(co_await sleep_for(*loop, std::chrono::milliseconds(ms)));
  to.write(fmt::format("after {} ms", ms));
  co_return Result<void>();
}

Task<void> reverse(StreamReader<std::string> from, StreamWriter<std::string> to) {
  std::vector<std::string> words(2);
  while (const size_t count = CO_TRY(co_await from.read(words))) {
    for (size_t i = 0; i < count; ++i) std::ranges::reverse(words[i]);
    if (CO_TRY(co_await to.write(std::span(words).first(count))) < count) break;
  }
  co_return Result<void>();
}

class Host final : public wasi::Context, public tasks::Interface {
 public:
  using Context::Context;

  Task<uint32_t> double_(uint32_t n) override { co_return n * 2; }
  Task<uint32_t> nap(uint32_t ms) override {
    CO_TRY(co_await sleep_for(loop(), std::chrono::milliseconds(ms)));
    co_return ms;
  }
  Task<uint32_t> turns(uint32_t n) override {
    for (uint32_t i = 0; i < n; ++i) CO_TRY(co_await sleep_for(loop(), {}));
    co_return n;
  }
  Task<StreamReader<uint8_t>> same(StreamReader<uint8_t> s) override { co_return std::move(s); }
  Task<StreamReader<uint8_t>> upper(StreamReader<uint8_t> s) override {
    auto [writer, reader] = make_stream<uint8_t>(loop());
    tasks().spawn(copy_in_capitals, std::move(s), std::move(writer));
    co_return std::move(reader);
  }
  Task<uint64_t> sum(StreamReader<uint64_t> s) override {
    uint64_t sum = 0;
    std::array<uint64_t, 33> some{};
    while (const size_t count = CO_TRY(co_await s.read(some)))
      for (size_t i = 0; i < count; ++i) sum += some[i];
    co_return sum;
  }
  Task<StreamReader<tasks::Item>> items(uint32_t n) override {
    std::vector<tasks::Item> all;
    for (uint32_t id = 0; id < n; ++id)
      all.push_back({.id = id, .name = fmt::format("item {}", id)});
    auto [writer, reader] = make_stream<tasks::Item>(loop());
    tasks().spawn(write_all<tasks::Item>, std::move(writer), std::move(all));
    co_return std::move(reader);
  }
  Task<StreamReader<std::string>> words(StreamReader<std::string> s) override {
    auto [writer, reader] = make_stream<std::string>(loop());
    tasks().spawn(reverse, std::move(s), std::move(writer));
    co_return std::move(reader);
  }
  Task<StreamReader<std::unique_ptr<tasks::Meter>>> meters(uint32_t n) override {
    std::vector<std::unique_ptr<tasks::Meter>> all;
    for (uint32_t i = 0; i < n; ++i) all.push_back(std::make_unique<Meter>(loop(), i));
    auto [writer, reader] = make_stream<std::unique_ptr<tasks::Meter>>(loop());
    tasks().spawn(write_all<std::unique_ptr<tasks::Meter>>, std::move(writer), std::move(all));
    co_return std::move(reader);
  }
  Task<StreamReader<void>> ticks(uint32_t n) override {
    auto [writer, reader] = make_stream<void>(loop());
    tasks().spawn(write_all<void>, std::move(writer), std::vector<std::monostate>(n));
    co_return std::move(reader);
  }
  Task<FutureReader<std::string>> later(uint32_t ms) override {
    auto [writer, reader] = make_future<std::string>(loop());
    tasks().spawn(write_later, &loop(), ms, std::move(writer));
    co_return std::move(reader);
  }
  Task<std::string> take(FutureReader<std::string> f) override { co_return co_await f.read(); }
  Task<FutureReader<StreamReader<uint8_t>>> nested() override {
    auto [writer, reader] = make_stream<uint8_t>(loop());
    tasks().spawn(write_all<uint8_t>, std::move(writer), std::vector<uint8_t>{'d', 'e', 'e', 'p'});
    co_return component::ready_future(loop(), std::move(reader));
  }
  Task<std::expected<uint32_t, std::string>> fails(std::string text) override {
    co_return component::guest_error(std::move(text));
  }
  Task<uint32_t> taste(StreamReader<uint8_t> s, uint32_t n) override {
    std::vector<uint8_t> some(n);
    uint32_t got = 0;
    while (const size_t count = CO_TRY(co_await s.read(std::span(some).subspan(got))))
      if ((got += static_cast<uint32_t>(count)) == n) break;
    co_return got;
  }
  Task<void> forever() override {
    const auto waited = co_await sleep_for(loop(), 1h);
    if (!waited && waited.error().code() == Errc::Cancelled) ++cancelled_;
    co_return Result<void>();
  }
  Result<uint32_t> cancelled() override { return cancelled_; }
  Task<std::tuple<std::string, uint64_t, Bytes>> wide(std::string a, std::string b, uint64_t c,
                                                      Bytes d) override {
    co_return std::tuple<std::string, uint64_t, Bytes>(a + b, c, std::move(d));
  }
  Result<std::unique_ptr<tasks::Meter>> meter_constructor(uint32_t start) override {
    return std::make_unique<Meter>(loop(), start);
  }

 private:
  TaskGroup& tasks() { return Context::tasks(); }
  uint32_t cancelled_ = 0;
};

TEST(HostTasks, PassTheChecksOfAComponent) {
  const auto guest = shared_guest("p3-tasks-caller");
  if (!guest) GTEST_SKIP() << "no " << WASH_SHARED_DIR << "/guests/p3-tasks-caller.wasm";
  component::Linker linker;
  wasi::add_to_linker(linker);
  tasks::add_to_linker(linker, [](component::HostState& host) -> tasks::Interface& {
    return static_cast<Host&>(host);
  });
  const auto prepared = prepare(linker, *guest);
  ASSERT_TRUE(prepared) << prepared.error().message();
  const auto command = wasi::cli::Command::find(**prepared);
  ASSERT_TRUE(command) << command.error().message();

  Loop loop;
  std::vector<std::string> lines;
  wasi::Environment environment;
  environment.output =
      wasi::cli::output_to_lines([&](std::string_view line) { lines.emplace_back(line); });
  Host host(loop, environment);
  {
    auto instance = (*prepared)->instantiate({.limits = {}, .host = &host, .loop = &loop});
    ASSERT_TRUE(instance) << instance.error().message();
    const auto status = run_to_end(loop, (*command)->run(loop, **instance));
    EXPECT_TRUE(status) << status.error().message() << "\n" << status.error().detail();
    if (status) EXPECT_EQ(*status, 0);
    EXPECT_TRUE(run_to_end(loop, (*instance)->close()));
  }
  EXPECT_TRUE(run_to_end(loop, host.finish()));
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), "all passed");
  EXPECT_EQ(lines.size(), 24U);
}

}  // namespace
}  // namespace wasmcloud
