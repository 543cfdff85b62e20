// Each script in command_lines/, guest_command_lines/, shared_command_lines/,
// template_command_lines/ and registry_command_lines/ is run in a fresh
// folder with the real `wash` on PATH; what it prints and its exit code are in the file of the same
// name that ends in .out. Those of the second folder find components in $GUESTS, those of the third
// ready-made ones in $SHARED, those of the fourth the templates in $TEMPLATES and this machine's
// tools, those of the fifth programs that speak to registries in $TOOLS; all of these find
// functions in $LIB, and what components/ has, where it was built, in $COMPONENTS. A script that
// cannot run here says "SKIP: why".
#include "base/process.h"
#include "support/golden.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>

namespace wasmcloud {
namespace {

namespace fs = std::filesystem;

const std::string kTests = WASH_SOURCE_DIR "/tests/wash";

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// The folder that holds the guests; empty if there is none.
std::string guests() {
  for (const char* folder : {WASH_GUESTS_DIR, WASH_SHARED_DIR "/guests"}) {
    if (file_exists(fmt::format("{}/p2-hello.wasm", folder))) return fs::canonical(folder);
  }
  return {};
}

/// The folder that holds ready-made guests that are not built here; empty if there is none.
std::string shared_guests() {
  const std::string folder = WASH_SHARED_DIR "/guests";
  return file_exists(folder + "/p2-keyvalue.wasm") ? fs::canonical(folder).string() : std::string();
}

/// The compilers of this machine, and a folder where what they make of others' code is kept.
void use_tools(ProcessOptions& options) {
  for (auto& [name, value] : options.environment) {
    if (name == "PATH") value = fmt::format("{}:{}", WASH_BINARY_DIR, ::getenv("PATH"));
    // Cargo's own folders stay where they are; wash's move.
    if (name == "XDG_CACHE_HOME") value = WASH_BINARY_DIR "/template-cache";
    if (name == "HOME") value = ::getenv("HOME");
  }
  options.environment.emplace_back("TEMPLATES", WASH_SOURCE_DIR "/templates");
  options.environment.emplace_back("SANITIZED", kSanitized ? "yes" : "");
  options.environment.emplace_back("KEPT", WASH_BINARY_DIR "/template-cache");
}

class CommandLines : public ::testing::TestWithParam<std::string> {};

TEST_P(CommandLines, AnswerAsWritten) {
  if (GetParam().starts_with("guest_") && guests().empty())
    GTEST_SKIP() << "the guests are not built";
  if (GetParam().starts_with("shared_") && shared_guests().empty())
    GTEST_SKIP() << "there are no ready-made guests";
  const testing::TemporaryFolder folder;
  fs::create_directory(folder.path("home"));
  fs::create_directory(folder.path("work"));
  Loop loop;
  ProcessOptions options;
  options.command = {"sh", fmt::format("{}/{}.sh", kTests, GetParam())};
  options.directory = folder.path("work");
  options.environment = {
      {"PATH", fmt::format("{}:/usr/local/bin:/usr/bin:/bin", WASH_BINARY_DIR)},
      {"HOME", folder.path("home")},
      {"XDG_CONFIG_HOME", ""},
      {"XDG_DATA_HOME", ""},
      {"XDG_CACHE_HOME", ""},
      {"RUST_LOG", ""},
      // Of the `make test` that may run this: a script's own make is no part of it.
      {"MAKEFLAGS", ""},
      {"MAKELEVEL", "0"},
      {"GUESTS", guests()},
      {"SHARED", shared_guests()},
      {"COMPONENTS", WASH_BINARY_DIR "/tests/wash/components"},
      {"WASM_TOOLS_FOLDER", fs::path(WASH_WASM_TOOLS).parent_path()},
      {"DOCKER_CONFIG", ""},
      // This machine's proxies reach none of the servers of a test.
      {"http_proxy", ""},
      {"https_proxy", ""},
      {"all_proxy", ""},
      {"HTTP_PROXY", ""},
      {"HTTPS_PROXY", ""},
      {"ALL_PROXY", ""},
      {"no_proxy", ""},
      {"NO_PROXY", ""},
      {"TOOLS", WASH_SOURCE_DIR "/tests/oci"},
      {"LIB", fmt::format("{}/{}_command_lines/lib", kTests,
                          GetParam().starts_with("registry_") ? "registry" : "guest")}};
  if (GetParam().starts_with("template_")) use_tools(options);
  options.output = Output::Capture;
  options.errors = Output::Capture;
  const auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  ASSERT_TRUE(finished.has_value()) << finished.error().message();
  if (finished->output.starts_with("SKIP: ")) GTEST_SKIP() << finished->output;
  std::string text = fmt::format("{}\n--- stdout\n{}--- stderr\n{}", finished->status.describe(),
                                 finished->output, finished->errors);
  testing::replace_all(text, folder.path("work"), "$WORK");
  testing::replace_all(text, folder.path("home"), "$HOME");
  testing::replace_all(text, WASH_BINARY_DIR, "$BIN");
  if (!shared_guests().empty()) testing::replace_all(text, shared_guests(), "$SHARED");
  if (!guests().empty()) testing::replace_all(text, guests(), "$GUESTS");
  testing::expect_golden(fmt::format("{}/{}.out", kTests, GetParam()), text);
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const char* folder : {"command_lines", "guest_command_lines", "shared_command_lines",
                             "template_command_lines", "registry_command_lines"}) {
    for (const auto& entry : fs::directory_iterator(kTests + "/" + folder)) {
      if (entry.path().extension() == ".sh")
        names.push_back(fmt::format("{}/{}", folder, entry.path().stem().string()));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Scripts, CommandLines, ::testing::ValuesIn(cases()), [](const auto& row) {
  std::string name;
  bool upper = true;
  for (const char c : row.param.substr(row.param.find('/') + 1)) {
    if (c != '_') name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = c == '_';
  }
  return name;
});

}  // namespace
}  // namespace wasmcloud
