#include "wash/dev/session.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

using namespace std::chrono_literals;

/// Notes what it is given.
class FakeHost : public ComponentHost {
 public:
  explicit FakeHost(Loop& loop) : loop_(loop) {}

  Task<void> swap(DevWorkload workload) override {
    const DevComponent& component = workload.components.at(0);
    CO_TRY(co_await sleep_for(loop_, 1ms));
    if (component.bytes.contains("bad import"))
      co_return fail(Errc::NotFound, "the host has no such import");
    served.push_back(component.bytes.substr(8));
    environment = component.environment.plain;
    co_return Result<void>();
  }
  std::string url() const override { return "http://test"; }
  Task<void> stop(Clock::duration) override { co_return Result<void>(); }

  std::vector<std::string> served;
  StringMap environment;

 private:
  Loop& loop_;
};

class SessionTest : public ::testing::Test {
 protected:
  void start(SessionOptions options) {
    options.quiet = 10ms;
    session_ = std::make_unique<Session>(loop_, std::move(options), host_, terminal_);
    tasks_.spawn(
        [](Session* session, std::optional<Result<void>>* out) -> Task<void> {
          out->emplace(co_await session->run());
          co_return Result<void>();
        },
        session_.get(), &ended_);
  }

  void start_project(const std::string& command) {
    SessionOptions options;
    options.plan = [this, command]() -> Result<DevPlan> {
      ++plans_;
      return DevPlan{.build = {.project = folder_.path(),
                               .command = command,
                               .component_path = "app.wasm",
                               .env = {},
                               .wit = {.directory = "wit",
                                       .skip_fetch = true,
                                       .sources = {},
                                       .registries = {}},
                               .adapters = {}},
                     .workload = one_component()};
    };
    start(std::move(options));
  }

  DevWorkload one_component() {
    DevWorkload workload;
    DevComponent& component = workload.components.emplace_back();
    component.is_built = true;
    component.environment.plain = environment_;
    return workload;
  }

  void wait_for(const std::function<bool()>& what) {
    const auto deadline = Clock::now() + 30s;
    // The loop is woken now and then, so that the deadline is seen.
    TaskGroup ticks(loop_);
    ticks.spawn(
        [](Loop* loop) -> Task<void> {
          for (;;) CO_TRY(co_await sleep_for(*loop, 5ms));
        },
        &loop_);
    loop_.run_until([&] { return what() || ended_.has_value() || Clock::now() > deadline; });
    ticks.cancel();
    loop_.run_until([&] { return ticks.size() == 0; });
    EXPECT_TRUE(what()) << (ended_ && !*ended_ ? ended_->error().message() : "it took too long");
  }

  void TearDown() override {
    tasks_.cancel();
    loop_.run_until([this] { return tasks_.size() == 0; });
  }

  testing::TemporaryFolder folder_;
  Loop loop_;
  Terminal terminal_;
  FakeHost host_{loop_};
  std::optional<Result<void>> ended_;
  int plans_ = 0;
  StringMap environment_;
  std::unique_ptr<Session> session_;
  TaskGroup tasks_{loop_};
};

// A component's eight bytes in front of the source, which is read once: edits may come in between.
constexpr const char* kBuild =
    R"(cp src/text copy.tmp; (printf '\0asm\015\0\001\0'; cat copy.tmp) > app.wasm; ! grep -q fail copy.tmp)";

TEST_F(SessionTest, BuildsServesAndSwapsOnEveryEdit) {
  folder_.write("src/text", "one");
  start_project(kBuild);
  wait_for([this] { return host_.served.size() == 1; });
  EXPECT_EQ(host_.served, std::vector<std::string>{"one"});
  folder_.write("src/text", "two");
  wait_for([this] { return host_.served.size() == 2; });
  folder_.write("src/text", "three");
  wait_for([this] { return host_.served.size() == 3; });
  EXPECT_EQ(host_.served, (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(SessionTest, KeepsTheOldOneWhenABuildOrALinkFails) {
  folder_.write("src/text", "one");
  start_project(kBuild);
  wait_for([this] { return host_.served.size() == 1; });
  const int before = plans_;
  folder_.write("src/text", "fail");
  wait_for([&] { return plans_ == before + 1; });
  folder_.write("src/text", "bad import");
  wait_for([&] { return plans_ == before + 2; });
  folder_.write("src/text", "two");
  wait_for([this] { return host_.served.size() == 2; });
  EXPECT_EQ(host_.served, (std::vector<std::string>{"one", "two"}));
}

TEST_F(SessionTest, ANewEnvironmentIsReasonToSwapTheSameComponent) {
  folder_.write("src/text", "one");
  start_project(kBuild);
  wait_for([this] { return host_.served.size() == 1; });
  environment_ = {{"WHO", "me"}};
  folder_.write(".wash/config.yaml", "anything");
  wait_for([this] { return host_.served.size() == 2; });
  EXPECT_EQ(host_.environment, (StringMap{{"WHO", "me"}}));
}

TEST_F(SessionTest, AnEditDuringABuildIsNotLost) {
  folder_.write("src/text", "one");
  // The first build waits for the edit that comes in its midst.
  start_project(fmt::format(
      "cp src/text copy.tmp; touch started.tmp; while ! test -e go.tmp; do sleep 0.01; done; "
      "(printf '\\0asm\\015\\0\\001\\0'; cat copy.tmp) > app.wasm"));
  wait_for([this] { return file_exists(folder_.path("started.tmp")); });
  folder_.write("src/text", "two");
  folder_.write("go.tmp", "");
  wait_for([this] { return host_.served.size() == 2; });
  EXPECT_EQ(host_.served, (std::vector<std::string>{"one", "two"}));
}

TEST_F(SessionTest, ABuildThatWritesFilesDoesNotGoRoundForEver) {
  folder_.write("src/text", "one");
  start_project(fmt::format("date +%N > stamp; {}", kBuild));
  wait_for([this] { return host_.served.size() == 1; });
  folder_.write("src/text", "two");
  wait_for([this] { return host_.served.size() == 2; });
  const int builds = plans_;
  // More edits are more builds, but each of them not many.
  folder_.write("src/text", "three");
  wait_for([this] { return host_.served.size() == 3; });
  EXPECT_LE(plans_, builds + ChangeFilter::kMaxBuildsThatChangeIt);
}

TEST_F(SessionTest, AFailureBeforeTheFirstComponentIsItsEnd) {
  folder_.write("src/text", "fail");
  start_project(kBuild);
  loop_.run_until([this] { return ended_.has_value(); });
  EXPECT_EQ(ended_->error().message(),
            fmt::format("build command '{}' failed: exit status 1", kBuild));
}

TEST_F(SessionTest, ReloadsAFileWithoutAProject) {
  const std::string header("\0asm\x0d\0\1\0", 8);
  SessionOptions options;
  options.workload.components.emplace_back().path = folder_.write("app.wasm", header + "one");
  start(std::move(options));
  wait_for([this] { return host_.served.size() == 1; });
  folder_.write("other", "x");
  folder_.write("app.wasm", "half of a fi");  // no component: kept as it is
  folder_.write("app.wasm", header + "two");
  wait_for([this] { return host_.served.size() == 2; });
  EXPECT_EQ(host_.served, (std::vector<std::string>{"one", "two"}));
}

TEST_F(SessionTest, AFileThatIsNotThereOrNoComponentIsAnError) {
  SessionOptions options;
  options.workload.components.emplace_back().path = folder_.path("none.wasm");
  start(std::move(options));
  loop_.run_until([this] { return ended_.has_value(); });
  EXPECT_EQ(
      ended_->error().message(),
      fmt::format("there is no file {}/none.wasm; give the path of a component, or build it first",
                  folder_.path()));
}

}  // namespace
}  // namespace wasmcloud::wash
