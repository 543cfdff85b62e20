#include "base/process.h"

#include "base/signals.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;

ProcessOptions shell(std::string script) {
  ProcessOptions options;
  options.command = {"sh", "-c", std::move(script)};
  options.output = Output::Capture;
  options.errors = Output::Capture;
  return options;
}

TEST(Process, GivesItsStatusAndOutputs) {
  Loop loop;
  const auto finished =
      run_to_end(loop, run_process(loop, shell("echo out; echo err >&2; exit 3")));
  ASSERT_TRUE(finished.has_value()) << finished.error().message();
  EXPECT_EQ(finished->status.code, 3);
  EXPECT_EQ(finished->status.describe(), "exit status 3");
  EXPECT_FALSE(finished->status.ok());
  EXPECT_EQ(finished->output, "out\n");
  EXPECT_EQ(finished->errors, "err\n");
}

TEST(Process, TellsWhichSignalKilledIt) {
  Loop loop;
  const auto finished = run_to_end(loop, run_process(loop, shell("kill -TERM $$")));
  EXPECT_EQ(finished->status.signal, SIGTERM);
  EXPECT_EQ(finished->status.describe(), "killed by signal 15 (Terminated)");
}

TEST(Process, GetsEnvironmentAndDirectory) {
  Loop loop;
  const testing::TemporaryFolder folder;
  ProcessOptions options = shell("echo \"$WHO in $(pwd)\"");
  options.environment = {{"WHO", "me=you"}};
  options.directory = folder.path();
  EXPECT_EQ(run_to_end(loop, run_process(loop, options))->output,
            fmt::format("me=you in {}\n", folder.path()));
}

TEST(Process, ReadsTheTextItIsGiven) {
  Loop loop;
  for (const std::string& text :
       {std::string(), std::string("one\ntwo"), std::string(200'000, 'x')}) {
    ProcessOptions options = shell("cat; printf '|%s' \"$(ls /proc/self/fd | wc -l)\"");
    options.input = Input::Text;
    options.input_text = text;
    EXPECT_EQ(run_to_end(loop, run_process(loop, options))->output, text + "|4");
  }
}

TEST(Process, InheritsNoDescriptorsButTheStandardOnes) {
  Loop loop;
  const int open = ::dup(STDERR_FILENO);  // without close-on-exec
  // The fourth is the folder that ls reads.
  EXPECT_EQ(run_to_end(loop, run_process(loop, shell("ls /proc/self/fd | tr '\\n' ' '")))->output,
            "0 1 2 3 ");
  ::close(open);
}

TEST(Process, ThatDoesNotExistIsAnError) {
  Loop loop;
  ProcessOptions options;
  options.command = {"no-such-program-here"};
  EXPECT_EQ(run_to_end(loop, run_process(loop, options)).error().message(),
            "running 'no-such-program-here': No such file or directory");
  ProcessOptions elsewhere = shell("true");
  elsewhere.directory = "/no/such/folder";
  EXPECT_EQ(run_to_end(loop, run_process(loop, elsewhere)).error().message(),
            "running 'sh' in /no/such/folder: No such file or directory");
}

TEST(Process, AndItsGroupEndWhenTheTaskIsCancelled) {
  Loop loop;
  const testing::TemporaryFolder folder;
  // The shell and its child ignore SIGTERM, so it takes SIGKILL of the group.
  ProcessOptions options = shell(fmt::format(
      "trap '' TERM; echo $$ > {0}/pid.tmp; mv {0}/pid.tmp {0}/pid; sleep 1000; sleep 1000",
      folder.path()));
  options.grace = 50ms;
  std::optional<Result<Finished>> result;
  TaskGroup group(loop);
  group.spawn(
      [](Loop* on, ProcessOptions how, std::optional<Result<Finished>>* out) -> Task<void> {
        out->emplace(co_await run_process(*on, std::move(how)));
        co_return Result<void>();
      },
      &loop, options, &result);
  group.spawn(
      [](Loop* on, TaskGroup* all, std::string file) -> Task<void> {
        while (!file_exists(file)) CO_TRY(co_await sleep_for(*on, 5ms));
        all->cancel();
        co_return Result<void>();
      },
      &loop, &group, folder.path("pid"));
  loop.run_until([&] { return group.size() == 0; });
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->error().code(), Errc::Cancelled);
  const int pid = std::stoi(folder.read("pid"));
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(FindProgram, LooksInPath) {
  EXPECT_TRUE(find_program("sh").ends_with("/sh"));
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
  EXPECT_EQ(find_program("no-such-program-here"), "");
}

TEST(SignalWatch, CallsItsHandlerOnTheLoop) {
  Loop loop;
  std::vector<int> seen;
  auto watch = std::make_unique<SignalWatch>(loop, std::initializer_list<int>{SIGUSR1, SIGUSR2},
                                             [&](int signal) { seen.push_back(signal); });
  ::raise(SIGUSR1);
  loop.run_until([&] { return seen.size() == 1; });
  ::raise(SIGUSR2);
  loop.run_until([&] { return seen.size() == 2; });
  EXPECT_EQ(seen, (std::vector<int>{SIGUSR1, SIGUSR2}));
}

}  // namespace
}  // namespace wasmcloud
