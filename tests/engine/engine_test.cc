#include "engine/engine.h"

#include "engine/detail/host_memory.h"
#include "engine/detail/impl.h"
#include "engine_fixture.h"
#include "support/temporary_folder.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace wasmcloud::engine {
namespace {

/// Lets this process have `more` bytes of addresses than it has now.
void limit_addresses(uint64_t more) {
  std::ifstream file("/proc/self/statm");
  uint64_t pages = 0;
  file >> pages;
  const rlim_t limit = pages * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) + more;
  const rlimit value{.rlim_cur = limit, .rlim_max = limit};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &value), 0);
}

/// Exit codes of the child: 0 good, 1 no engine, 2 not the expected pool, 3 the engine does not
/// work.
int try_engine(uint64_t addresses, uint32_t least, uint32_t most) {
  limit_addresses(addresses);
  auto engine = Engine::create();
  if (!engine) return 1;
  const uint32_t slots = (*engine)->options().slots;
  if (slots < least || slots > most) return 2;
  WasmBuilder b;
  b.memory(1, 2);
  b.func(b.type({}, {Wasm::I32}), Code().i32(42), "answer");
  auto module = Module::compile(*engine, b.build());
  if (!module) return 3;
  const auto store = Store::create(*engine, {});
  const auto instance = store->instantiate(**module, {});
  if (!instance) return 3;
  RawValue values[1] = {};
  const auto called = store->call(store->export_named(*instance, "answer").value().func, values);
  return called && values[0].i32 == 42 ? 0 : 3;
}

class EngineDeathTest : public ::testing::Test {
 protected:
  // A fresh process: the limit is for its whole life, and this one has threads.
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(EngineDeathTest, APoolThatDoesNotFitIsHalved) {
  NEEDS_SEAM();
  EXPECT_EXIT(::_exit(try_engine(uint64_t{150} << 30, 8, 40)), ::testing::ExitedWithCode(0),
              "a pool for 1000 instances could not be reserved .*; it has ");
}

TEST_F(EngineDeathTest, WithoutRoomForAPoolMemoryIsAllocatedOnDemand) {
  EXPECT_EXIT(::_exit(try_engine(uint64_t{20} << 30, 0, 0)), ::testing::ExitedWithCode(0),
              "no pool for 1000 instances could be reserved .*; memory is allocated on demand");
}

TEST(Engine, OptionsThatContradictEachOtherAreAnError) {
  EngineOptions options;
  options.max_wasm_stack = size_t{8} << 20;
  const auto engine = Engine::create(options);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code(), Errc::Invalid);
  EXPECT_NE(engine.error().message().find("stack"), std::string::npos);
}

TEST(Engine, RaisesTheLimitOfOpenFiles) {
  EXPECT_NE(shared_engine(), nullptr);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST(Engine, SlotsKeepTheirShareOfTheBudget) {
  const uint64_t mib = 1 << 20;
  EXPECT_EQ(Engine::keep_resident_for(256 * mib, 1000, 1000), 134217U);
  EXPECT_EQ(Engine::keep_resident_for(mib, 1000, 1000), size_t{64} << 10);
  EXPECT_EQ(Engine::keep_resident_for(64 * 1024 * mib, 1000, 1000), size_t{512} << 10);
  EXPECT_EQ(Engine::keep_resident_for(mib, 0, 0), size_t{512} << 10);
}

TEST(Engine, CompatibilityNamesVersionAndSettings) {
  EngineOptions options;
  options.slots = 0;
  const auto one = Engine::create(options).value();
  const auto same = Engine::create(options).value();
  options.optimise = Optimise::Nothing;
  const auto other = Engine::create(options).value();
  EXPECT_EQ(one->compatibility(), same->compatibility());
  EXPECT_NE(one->compatibility(), other->compatibility());
}

TEST(Ticker, SleepsWhileNoGuestRunsAndWakesForTheNext) {
  EngineOptions options;
  options.slots = 0;
  options.tick = std::chrono::milliseconds(1);
  const auto engine = Engine::create(options).value();
  const auto& ticker = *engine->impl().ticker;
  const auto until = [](auto condition) {
    const auto late = Clock::now() + std::chrono::seconds(20);
    while (!condition() && Clock::now() < late) ::usleep(1000);
    return condition();
  };
  EXPECT_TRUE(until([&] { return ticker.is_sleeping(); }));
  WasmBuilder b;
  b.func(b.type({}, {}), Code().loop().br(0).end(), "spin");
  const auto module = Module::compile(engine, b.build()).value();
  const auto store = Store::create(engine, {});
  const auto instance = store->instantiate(*module, {}).value();
  // Longer than the ticker would stay awake if the running guest did not keep it so.
  store->set_deadline(Clock::now() + std::chrono::milliseconds(500));
  const auto result = store->call(store->export_named(instance, "spin").value().func, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Timeout);
  EXPECT_TRUE(until([&] { return ticker.is_sleeping(); }));
}

TEST(HostMemory, TakesTheSmallestLimitOnTheWayUp) {
  const testing::TemporaryFolder folder;
  folder.write("memory.max", "max\n");
  folder.write("a/memory.max", "1000000\n");
  folder.write("a/b/memory.max", "2000000\n");
  const std::string root = folder.path();
  EXPECT_EQ(detail::cgroup_memory_limit(root, "0::/a/b\n"), 1000000U);
  EXPECT_EQ(detail::cgroup_memory_limit(root, "0::/a/missing\n"), 1000000U);
  EXPECT_EQ(detail::cgroup_memory_limit(root, "0::/\n"), 0U);
  EXPECT_EQ(detail::cgroup_memory_limit(root, "0::/../a\n"), 0U);
  EXPECT_EQ(detail::cgroup_memory_limit(root, "nonsense"), 0U);
}

TEST(HostMemory, ReadsTheFirstVersionToo) {
  const testing::TemporaryFolder folder;
  folder.write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  folder.write("memory/a/memory.limit_in_bytes", "3000000\n");
  EXPECT_EQ(detail::cgroup_memory_limit(folder.path(), "5:cpu:/x\n4:memory:/a\n"), 3000000U);
  EXPECT_EQ(detail::cgroup_memory_limit(folder.path(), "4:memory:/\n"), 0U);
  EXPECT_GT(detail::host_memory_limit(), uint64_t{1} << 20);
}

}  // namespace
}  // namespace wasmcloud::engine
