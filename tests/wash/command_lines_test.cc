// Each script in command_lines/ is run in a fresh folder with the real `wash` on PATH; what it
// prints and its exit code are in the file of the same name that ends in .out.
#include "base/process.h"
#include "support/golden.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace wasmcloud {
namespace {

namespace fs = std::filesystem;

const std::string kCases = WASH_SOURCE_DIR "/tests/wash/command_lines";

class CommandLines : public ::testing::TestWithParam<std::string> {};

TEST_P(CommandLines, AnswerAsWritten) {
  const testing::TemporaryFolder folder;
  fs::create_directory(folder.path("home"));
  fs::create_directory(folder.path("work"));
  Loop loop;
  ProcessOptions options;
  options.command = {"sh", kCases + "/" + GetParam() + ".sh"};
  options.directory = folder.path("work");
  options.environment = {{"PATH", fmt::format("{}:/usr/local/bin:/usr/bin:/bin", WASH_BINARY_DIR)},
                         {"HOME", folder.path("home")},
                         {"XDG_CONFIG_HOME", ""},
                         {"XDG_DATA_HOME", ""},
                         {"XDG_CACHE_HOME", ""},
                         {"RUST_LOG", ""}};
  options.output = Output::Capture;
  options.errors = Output::Capture;
  const auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  ASSERT_TRUE(finished.has_value()) << finished.error().message();
  std::string text = fmt::format("{}\n--- stdout\n{}--- stderr\n{}", finished->status.describe(),
                                 finished->output, finished->errors);
  testing::replace_all(text, folder.path("work"), "$WORK");
  testing::replace_all(text, folder.path("home"), "$HOME");
  testing::replace_all(text, WASH_BINARY_DIR, "$BIN");
  testing::expect_golden(kCases + "/" + GetParam() + ".out", text);
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.path().extension() == ".sh") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Scripts, CommandLines, ::testing::ValuesIn(cases()), [](const auto& row) {
  std::string name;
  bool upper = true;
  for (const char c : row.param) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = false;
  }
  return name;
});

}  // namespace
}  // namespace wasmcloud
