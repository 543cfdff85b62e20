#include "conformance/runner.h"

#include <fmt/core.h>

#include <unistd.h>

#include <string_view>
#include <vector>

// wast [--all | --skips] [--follow-shims] [--definitions] [--exceptions TABLE] FILE.wast...
//
// Runs conformance scripts. What cannot be run yet, or what later rules have changed, is listed
// with its reason in exceptions.txt; a command that needs an exception without having one fails,
// and so does one that has an exception without needing it. The last line of output is "N passed, N
// failed, N skipped"; the status is not zero if one failed.
int main(int argc, char** argv) {
  using namespace wasmcloud;
  using conformance::Runner;
  Runner::Print print = Runner::Print::Failures;
  auto shims = component::PrepareOptions::Shims::Bypass;
  Runner::Depth depth = Runner::Depth::All;
  std::filesystem::path table_path = WASH_SOURCE_DIR "/tests/conformance/exceptions.txt";
  std::vector<std::filesystem::path> scripts;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--all") {
      print = Runner::Print::All;
    } else if (argument == "--skips") {
      print = Runner::Print::Skips;
    } else if (argument == "--follow-shims") {
      shims = component::PrepareOptions::Shims::Follow;
    } else if (argument == "--exceptions" && i + 1 < argc) {
      table_path = argv[++i];
    } else if (argument == "--definitions") {
      depth = Runner::Depth::Definitions;
    } else {
      scripts.emplace_back(argument);
    }
  }
  if (scripts.empty()) {
    fmt::print(
        stderr,
        "usage: wast [--all | --skips] [--follow-shims] [--definitions] [--exceptions TABLE] "
        "FILE.wast...\n");
    return 2;
  }
  Result<std::shared_ptr<engine::Engine>> engine =
      engine::Engine::create({.slots = 0, .proposals = {.gc = true}});
  if (!engine) {
    fmt::print(stderr, "wast: {}\n", engine.error().message());
    return 2;
  }
  Result<conformance::ExceptionTable> table = conformance::read_exceptions(table_path);
  if (!table) {
    fmt::print(stderr, "wast: {}\n", table.error().message());
    return 2;
  }
  Runner runner(*engine, print, shims, depth, *std::move(table));
  const std::filesystem::path scratch =
      std::filesystem::temp_directory_path() / fmt::format("wast-{}", getpid());
  conformance::Counts total;
  for (const std::filesystem::path& script : scripts) {
    const conformance::Counts counts = runner.run(script, scratch);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    std::filesystem::remove_all(scratch);
  }
  fmt::print("{} passed, {} failed, {} skipped\n", total.passed, total.failed, total.skipped);
  return total.failed == 0 ? 0 : 1;
}
