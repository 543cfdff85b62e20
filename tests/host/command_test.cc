#include "host/command.h"

#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

struct Ended {
  int status = -1;
  std::string failure;
  std::vector<std::string> out;
  std::vector<std::string> err;
};

Ended run(std::string_view guest, std::vector<std::string> arguments, std::string input = "",
          WorkloadConfig config = {}) {
  Lines out;
  Lines err;
  arguments.insert(arguments.begin(), std::string(guest) + ".wasm");
  config.arguments = std::move(arguments);
  config.input = wasi::cli::input_from(std::move(input));
  config.output = out.output();
  config.errors = err.output();
  Loop loop;
  auto status = run_to_end(loop, run_command(loop, load_guest(guest, std::move(config))));
  Ended ended{.status = status ? *status : -1,
              .failure = status ? "" : status.error().message(),
              .out = out.get(),
              .err = err.get()};
  return ended;
}

using Strings = std::vector<std::string>;

class Cli : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p2-cli"); }
};

TEST_F(Cli, HelloArgumentsAndEnvironment) {
  EXPECT_EQ(run("p2-cli", {}).out, Strings{"hello from rust command"});
  EXPECT_EQ(run("p2-cli", {"args", "a", "b c", "é"}).out, (Strings{"a", "b c", "é"}));
  EXPECT_EQ(run("p2-cli", {"env"}, "", {.environment = {{"B", "2"}, {"A", "1 x"}}}).out,
            (Strings{"A=1 x", "B=2"}));
  EXPECT_EQ(run("p2-cli", {"env"}).out, Strings{});
}

TEST_F(Cli, StandardStreams) {
  EXPECT_EQ(run("p2-cli", {"cat"}, "one\ntwo").out, (Strings{"one", "two"}));
  EXPECT_EQ(run("p2-cli", {"count"}, std::string(1 << 20, 'x')).out, Strings{"1048576"});
  const Ended both = run("p2-cli", {"both"});
  EXPECT_EQ(both.out, Strings{"out"});
  EXPECT_EQ(both.err, Strings{"err"});
}

TEST_F(Cli, ExitStatus) {
  EXPECT_EQ(run("p2-cli", {}).status, 0);
  EXPECT_EQ(run("p2-cli", {"exit", "0"}).status, 0);
  EXPECT_NE(run("p2-cli", {"exit", "3"}).status, 0);
  EXPECT_NE(run("p2-cli", {"nonsense"}).status, 0);
}

TEST_F(Cli, APanicIsAFailureWithItsMessageOnStderr) {
  const Ended ended = run("p2-cli", {"panic"});
  EXPECT_EQ(ended.status, -1);
  EXPECT_FALSE(ended.failure.empty());
  ASSERT_FALSE(ended.err.empty());
  bool told = false;
  for (const auto& line : ended.err) told |= line.find("on purpose") != line.npos;
  EXPECT_TRUE(told);
}

class Cli03 : public testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p3-cli"); }
};

TEST_F(Cli03, ArgumentsAndStandardStreams) {
  EXPECT_EQ(run("p3-cli", {"args", "a", "b c", "é"}).out, (Strings{"a", "b c", "é"}));
  const Ended copied = run("p3-cli", {"upper"}, "one\ntwo");
  EXPECT_EQ(copied.out, (Strings{"ONE", "TWO"}));
  EXPECT_EQ(copied.err, Strings{"7 bytes"});
  EXPECT_EQ(run("p3-cli", {"upper"}, std::string(1 << 20, 'x')).err, Strings{"1048576 bytes"});
  const Ended both = run("p3-cli", {"both"});
  EXPECT_EQ(both.out, Strings{"out"});
  EXPECT_EQ(both.err, Strings{"err"});
}

TEST_F(Cli03, ExitStatus) {
  EXPECT_EQ(run("p3-cli", {"args"}).status, 0);
  EXPECT_EQ(run("p3-cli", {"fail"}).status, 1);
  EXPECT_EQ(run("p3-cli", {"exit", "0"}).status, 0);
  EXPECT_EQ(run("p3-cli", {"exit", "7"}).status, 7);
  const Ended panicked = run("p3-cli", {"panic"});
  EXPECT_EQ(panicked.status, -1);
  EXPECT_FALSE(panicked.failure.empty());
}

TEST_F(Cli03, OfBothGenerationsTheNewerRuns) {
  EXPECT_EQ(run("p3-both", {}).out, Strings{"run of 0.3"});
}

TEST_F(Cli03, EndsWhenItIsInterrupted) {
  // Asleep, and with a task that waits for input which never comes.
  int silent[2];
  ASSERT_EQ(::pipe(silent), 0);
  for (const char* what : {"sleep", "upper"}) {
    Lines errors;
    WorkloadConfig config;
    config.arguments = {"p3-cli.wasm", what, "100000"};
    config.input = wasi::cli::input_from_descriptor(silent[0]);
    config.errors = errors.output();
    Loop loop;
    TaskGroup tasks(loop);
    std::optional<Errc> ended;
    tasks.spawn(
        [](Loop* on, std::shared_ptr<const Workload> workload,
           std::optional<Errc>* out) -> Task<void> {
          const auto status = co_await run_command(*on, std::move(workload));
          *out = status ? Errc::Internal : status.error().code();
          co_return Result<void>();
        },
        &loop, load_guest("p3-cli", std::move(config)), &ended);
    loop.post([&] { tasks.cancel(); });
    loop.run_until([&] { return tasks.size() == 0; });
    EXPECT_EQ(ended, Errc::Cancelled) << what;
    // The guest was not asked to clean up, in which it could fail.
    EXPECT_EQ(errors.get(), Strings{}) << what;
  }
  ::close(silent[0]);
  ::close(silent[1]);
}

TEST_F(Cli03, WaitsForTime) {
  const Ended ended = run("p3-cli", {"sleep", "20"});
  ASSERT_EQ(ended.out.size(), 1U);
  EXPECT_GE(std::stoi(ended.out[0]), 20);
}

TEST_F(Cli03, WhatTheGuestSpawnedGoesOnAfterItsResult) {
  EXPECT_EQ(run("p3-cli", {"late"}).out, (Strings{"early", "late"}));
}

TEST_F(Cli03, Files) {
  const auto folder = std::filesystem::temp_directory_path() / "p3-cli-files";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  WorkloadConfig config;
  config.mounts.push_back({.host_path = folder, .guest_path = "/data"});
  const Ended ended = run("p3-cli", {"files"}, "", std::move(config));
  EXPECT_EQ(ended.failure, "");
  EXPECT_EQ(ended.out,
            (Strings{"in /data", "size 200006", "same true", "cut [0, 0, 0, 0, 1]",
                     "missing ErrorCode::NoEntry", "outside ErrorCode::NotPermitted",
                     "folder ErrorCode::IsDirectory", "list [\"dir DescriptorType::Directory\"]",
                     "full ErrorCode::NotEmpty"}));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

TEST_F(Cli, Time) {
  const Ended now = run("p2-cli", {"time"});
  ASSERT_EQ(now.out.size(), 1U);
  EXPECT_LE(std::abs(std::stol(now.out[0]) - ::time(nullptr)), 2);
  const Ended slept = run("p2-cli", {"sleep", "30"});
  ASSERT_EQ(slept.out.size(), 1U);
  EXPECT_GE(std::stol(slept.out[0]), 30);
}

class CliFiles : public Cli {
 protected:
  CliFiles() {
    std::string pattern = std::filesystem::temp_directory_path() / "cli-XXXXXX";
    folder = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder / "inside");
    std::ofstream(folder / "secret") << "secret";
    std::ofstream(folder / "inside/text") << "some text\n";
  }
  ~CliFiles() override { std::filesystem::remove_all(folder); }
  WorkloadConfig mounted(wasi::filesystem::Access access = wasi::filesystem::Access::read_write()) {
    WorkloadConfig config;
    config.mounts = {{.host_path = folder / "inside", .guest_path = "/data", .access = access}};
    return config;
  }
  std::filesystem::path folder;
};

TEST_F(CliFiles, WorkThroughTheStandardLibrary) {
  const Ended ended = run("p2-cli", {"fs", "/data"}, "", mounted());
  EXPECT_EQ(ended.status, 0) << ended.failure << (ended.err.empty() ? "" : ended.err[0]);
  EXPECT_EQ(ended.out, (Strings{"read alpha beta", "len 10", "missing NotFound", "outside true",
                                "cut alp", "full true", "gone true"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "inside/dir"));
}

TEST_F(CliFiles, ListAndRead) {
  std::filesystem::create_directory(folder / "inside/sub");
  EXPECT_EQ(run("p2-cli", {"ls", "/data"}, "", mounted()).out, (Strings{"sub", "text"}));
  EXPECT_EQ(run("p2-cli", {"read", "/data/text"}, "", mounted()).out, Strings{"some text"});
  std::ofstream(folder / "inside/big") << std::string(3 << 20, 'x') << "\n";
  const Ended big = run("p2-cli", {"read", "/data/big"}, "", mounted());
  size_t total = 0;
  for (const auto& line : big.out) total += line.size();
  EXPECT_EQ(total, size_t{3} << 20);
}

TEST_F(CliFiles, NothingOutsideCanBeRead) {
  std::filesystem::create_symlink(folder / "secret", folder / "inside/absolute");
  std::filesystem::create_symlink("../secret", folder / "inside/relative");
  for (const char* path : {"/data/../secret", "/secret", "/data/absolute", "/data/relative",
                           "/etc/passwd", "../secret"}) {
    const Ended ended = run("p2-cli", {"read", path}, "", mounted());
    EXPECT_NE(ended.status, 0) << path;
    EXPECT_TRUE(ended.out.empty()) << path;
  }
  EXPECT_NE(run("p2-cli", {"read", "/data/text"}).status, 0);
}

TEST_F(CliFiles, AReadOnlyMountStaysAsItIs) {
  const auto config = [&] { return mounted(wasi::filesystem::Access::read_only()); };
  EXPECT_EQ(run("p2-cli", {"read", "/data/text"}, "", config()).out, Strings{"some text"});
  EXPECT_EQ(run("p2-cli", {"ls", "/data"}, "", config()).out, Strings{"text"});
  EXPECT_EQ(run("p2-cli", {"fs", "/data"}, "", config()).status, -1);
  EXPECT_FALSE(std::filesystem::exists(folder / "inside/dir"));
}

TEST_F(CliFiles, AMountThatIsNotThereIsAnErrorBeforeAnythingRuns) {
  WorkloadConfig config;
  config.mounts = {{.host_path = "/does/not/exist", .guest_path = "/data"}};
  const auto loaded = test_host().load(*find_guest("p2-cli"), std::move(config));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), Errc::NotFound);
}

TEST_F(Cli, MemoryAndRecursionEndWithATrap) {
  WorkloadConfig config;
  config.limits.memory_bytes = 32 << 20;
  const Ended grown = run("p2-cli", {"grow"}, "", std::move(config));
  EXPECT_EQ(grown.status, -1);
  EXPECT_GT(grown.out.size(), 10U);
  EXPECT_LT(grown.out.size(), 32U);
  const Ended deep = run("p2-cli", {"recurse"});
  EXPECT_EQ(deep.status, -1);
  EXPECT_NE(deep.failure.find("call stack exhausted"), std::string::npos) << deep.failure;
}

TEST_F(Cli, ASpinningOrSleepingCommandCanBeStopped) {
  for (const Strings& arguments : {Strings{"x", "spin"}, Strings{"x", "sleep", "3600000"}}) {
    WorkloadConfig config;
    config.arguments = arguments;
    Loop loop;
    const auto ended =
        run_to_end(loop, with_deadline(loop, 100ms, "it",
                                       run_command(loop, load_guest("p2-cli", std::move(config)))));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code(), Errc::Timeout);
  }
}

TEST(Commands, AStartFunctionThatSpinsCanBeStopped) {
  REQUIRE_GUEST("spin-at-start");
  Loop loop;
  const auto ended = run_to_end(
      loop, with_deadline(loop, 100ms, "it", run_command(loop, load_guest("spin-at-start"))));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::Timeout);
}

TEST(Commands, InCAndGo) {
  REQUIRE_GUEST("c-command");
  REQUIRE_GUEST("go-command");
  const Ended c = run("c-command", {"a", "b"}, "1\n2\n3\n", {.environment = {{"WHO", "me"}}});
  EXPECT_EQ(c.out, (Strings{"arg a", "arg b", "who me", "lines 3"}));
  EXPECT_EQ(c.status, 1);
  EXPECT_EQ(run("c-command", {}).status, 0);
  const Ended go = run("go-command", {"a", "b"}, "1\n2\n", {.environment = {{"WHO", "me"}}});
  EXPECT_EQ(go.out, Strings{"args [a b] who me lines 2"}) << go.failure;
  EXPECT_EQ(go.status, 0);
}

TEST(Commands, EveryValueTypeCrossesBetweenComponents) {
  REQUIRE_GUEST("p2-values-composed");
  const Ended ended = run("p2-values-composed", {});
  EXPECT_EQ(ended.out, Strings{"47 checks passed"}) << ended.failure;
  EXPECT_EQ(ended.status, 0);
}

TEST(Commands, AnHttpComponentIsNoCommand) {
  REQUIRE_GUEST("p2-hello");
  Loop loop;
  const auto ended = run_to_end(loop, run_command(loop, load_guest("p2-hello")));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message(), "the component does not export wasi:cli/run");
}

TEST(Network, IsRefusedByTheInterfacesOwnErrors) {
  REQUIRE_GUEST("p2-net-client");
  for (const Strings& arguments :
       {Strings{"resolve", "example.com"}, Strings{"tcp", "127.0.0.1:80", "x"}}) {
    const Ended ended = run("p2-net-client", arguments);
    EXPECT_NE(ended.status, 0);
    EXPECT_FALSE(ended.err.empty());
  }
}

}  // namespace
}  // namespace wasmcloud::host
