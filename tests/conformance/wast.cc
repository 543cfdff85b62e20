// wast [-v] [--definitions] FILE...: runs scripts of the component model's tests and prints what
// failed.
//   -v             also prints what was skipped, and why
//   --definitions  only decodes and validates, as if nothing here could run components

#include "conformance/executor.h"
#include "conformance/runner.h"
#include "conformance/script.h"

#include <fmt/core.h>

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace wasmcloud;
using namespace wasmcloud::conformance;

int run(const std::vector<std::string>& paths, bool verbose, bool only_definitions) {
  const std::unique_ptr<Executor> executor = only_definitions ? nullptr : make_executor();
  Counts all;
  for (const std::string& path : paths) {
    std::string folder = (std::filesystem::temp_directory_path() / "wast-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
      fmt::print(stderr, "cannot make a temporary folder\n");
      return 2;
    }
    const Result<Script> script = load_script(path, folder);
    if (!script) {
      fmt::print("{}: {}\n", path, script.error().message());
      ++all.failed;
    } else {
      const Counts counts =
          run_script(*script, executor.get(),
                     [&](const Command& command, Outcome outcome, const std::string& why) {
                       if (outcome == Outcome::Passed || (outcome == Outcome::Skipped && !verbose))
                         return;
                       fmt::print("{}:{}: {} {}: {}\n", script->name, command.line, command.type,
                                  outcome == Outcome::Failed ? "FAILED" : "skipped", why);
                     });
      all.passed += counts.passed;
      all.failed += counts.failed;
      all.skipped += counts.skipped;
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  fmt::print("{} passed, {} failed, {} skipped\n", all.passed, all.failed, all.skipped);
  return all.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths;
  bool verbose = false;
  bool only_definitions = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "-v") {
      verbose = true;
    } else if (argument == "--definitions") {
      only_definitions = true;
    } else if (argument.starts_with('-')) {
      fmt::print(stderr, "unknown flag {}\nusage: wast [-v] [--definitions] FILE.wast...\n",
                 argument);
      return 2;
    } else {
      paths.push_back(argument);
    }
  }
  if (paths.empty()) {
    fmt::print(stderr, "usage: wast [-v] [--definitions] FILE.wast...\n");
    return 2;
  }
  return run(paths, verbose, only_definitions);
}
