// Wrapping core modules with the real wasm-tools and the adapters that the build fetched.
#include "base/process.h"
#include "support/temporary_folder.h"
#include "wash/build/builder.h"
#include "wash/build/wasm_file.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

class ComponentizeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (find_program("wasm-tools").empty()) GTEST_SKIP() << "wasm-tools is not on PATH";
  }

  /// Builds a module given as text, as a project whose build leaves a core module would.
  Result<std::string> build(const std::string& module) {
    folder_.write("module.wat", module);
    const BuildPlan plan{.project = folder_.path(),
                         .command = "wasm-tools parse module.wat -o app.wasm",
                         .component_path = "app.wasm",
                         .env = {},
                         .wit = {},
                         .adapters = WASH_BINARY_DIR "/adapters"};
    return run_to_end(loop_, build_component(loop_, plan, [](std::string_view) {}));
  }

  std::string tool(std::vector<std::string> command) {
    ProcessOptions options;
    options.command = std::move(command);
    options.output = Output::Capture;
    return run_to_end(loop_, run_process(loop_, std::move(options)))->output;
  }

  Loop loop_;
  testing::TemporaryFolder folder_;
};

TEST_F(ComponentizeTest, GivesACommandTheCommandAdapter) {
  const auto built = build(R"((module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 0)))))");
  ASSERT_TRUE(built.has_value()) << built.error().message();
  EXPECT_EQ(shape_of(folder_.read("app.wasm")), FileShape::Component);
  EXPECT_TRUE(tool({"wasm-tools", "component", "wit", *built}).contains("export wasi:cli/run@0.2"));
}

TEST_F(ComponentizeTest, GivesALibraryTheReactorAdapter) {
  const auto built = build(R"((module
    (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)))");
  ASSERT_TRUE(built.has_value()) << built.error().message();
  EXPECT_EQ(shape_of(folder_.read("app.wasm")), FileShape::Component);
}

TEST_F(ComponentizeTest, PassesTheToolsOwnWordsOnAndLeavesTheModule) {
  const auto built = build(R"((module (import "nobody" "knows" (func))))");
  ASSERT_FALSE(built.has_value());
  EXPECT_TRUE(built.error().message().starts_with(
      "'wasm-tools component new' cannot make a component of " + folder_.path("app.wasm")))
      << built.error().message();
  EXPECT_TRUE(built.error().message().contains("nobody")) << built.error().message();
  EXPECT_EQ(shape_of(folder_.read("app.wasm")), FileShape::CoreModule);
}

}  // namespace
}  // namespace wasmcloud::wash
