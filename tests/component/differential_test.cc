// Our judgement of components against that of wasm-tools, over mutants of the binaries of
// upstream's scripts. The seed is fixed; WASH_MUTANTS and WASH_MUTANTS_SEED ask for other ones.
#include "base/process.h"
#include "component/decoder.h"
#include "component/support/components.h"
#include "component/support/limit_cases.h"
#include "component/support/mutator.h"
#include "component/validator.h"
#include "support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace wasmcloud::component {
namespace {

namespace fs = std::filesystem;

/// What both sides are given. Values and options gc and core-type nobody here runs.
Features features() {
  Features features = Features::all();
  features.accessors = features.forward = false;
  return features;
}
constexpr const char* kTheirFeatures =
    "all,-cm-values,-cm-gc,-cm-nested-names,-shared-everything-threads,-stack-switching,"
    "-custom-descriptors";

enum class Who : uint8_t { WeRefuse, TheyRefuse };

/// Where the two may differ, by what the one that refuses says.
struct Difference {
  Who who;
  const char* message;
  const char* why;
  const char* cases = "";  ///< names of cases begin so
};
constexpr Difference kDifferences[] = {
    {Who::WeRefuse, "is nested deeper than the limit of 100", "a limit of our own"},
    {Who::WeRefuse, "more definitions than the limit", "a limit of our own"},
    {Who::WeRefuse, "takes too many steps", "a limit of our own"},
    {Who::TheyRefuse, "failed to validate", "code in core modules is the engine's to judge"},
    {Who::TheyRefuse, "ascribed type of export is not compatible with item's type\nresource types",
     "an abstract resource type is a supertype of every resource type by the rules"},
    {Who::TheyRefuse, "modules and components count exceeds limit of 1000",
     "they count both together over the whole binary; ours are limits of each component", "Mod"},
    {Who::TheyRefuse, "modules and components count exceeds limit of 1000", "likewise", "Comp"},
    {Who::TheyRefuse, "effective type size exceeds the limit of 1000000", "theirs is one lower",
     "TypeNodes"},
    {Who::TheyRefuse, "effective type size exceeds the limit of 1000000", "theirs is one lower",
     "FunctionNodes"},
    {Who::TheyRefuse, "component type nesting is too deep", "theirs is one lower", "TypeNesting"},
};

struct Case {
  std::string name;
  std::vector<std::byte> bytes;
  std::string ours = {};    ///< why we refuse it; empty if we do not
  std::string theirs = {};  ///< likewise
  bool unsupported = false;
};

std::string tool() { return find_program("wasm-tools"); }

Result<Finished> shell(std::string script) {
  Loop loop;
  ProcessOptions options;
  options.command = {"sh", "-c", std::move(script)};
  options.output = Output::Capture;
  options.errors = Output::Capture;
  return run_to_end(loop, run_process(loop, std::move(options)));
}

void write(const fs::path& path, std::span<const std::byte> bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The components in upstream's scripts, the small ones.
std::vector<std::vector<std::byte>> seeds(const testing::TemporaryFolder& folder) {
  const auto extracted = shell(fmt::format(
      "i=0; for script in {0}/conformance/spec/*/*.wast "
      "{0}/conformance/wasmtime/component-model/*.wast "
      "{0}/conformance/wasmtime/component-model/async/*.wast; do i=$((i+1)); mkdir -p {1}/$i; "
      "wasm-tools json-from-wast $script --wasm-dir {1}/$i -o {1}/$i/script.json; done",
      WASH_SHARED_DIR, folder.path("seeds")));
  EXPECT_TRUE(extracted && extracted->status.ok());
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path("seeds"))) {
    if (entry.path().extension() == ".wasm" && entry.file_size() <= 4096)
      paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::vector<std::byte>> out;
  for (const fs::path& path : paths) {
    std::vector<std::byte> bytes = read_component(path);
    if (binary_kind(bytes) == BinaryKind::Component) out.push_back(std::move(bytes));
  }
  return out;
}

void judge(Case& each) {
  const auto valid = [&]() -> Result<void> {
    TRY(validate(TRY(decode(each.bytes)), each.bytes, features()));
    return {};
  }();
  if (valid) return;
  each.ours = valid.error().message();
  each.unsupported = valid.error().code() == Errc::Unsupported;
}

void ask(std::vector<Case>& cases, const testing::TemporaryFolder& folder) {
  const std::string place = folder.path("cases");
  fs::create_directory(place);
  for (const Case& each : cases) write(fmt::format("{}/{}.wasm", place, each.name), each.bytes);
  const auto ran = shell(fmt::format(
      "cd {} && ls | xargs -n 50 -P 2 sh -c 'for file in \"$@\"; do wasm-tools validate --features "
      "{} \"$file\" 2>\"$file.text\" || echo >>\"$file.text\"; done' sh",
      place, kTheirFeatures));
  ASSERT_TRUE(ran && ran->status.ok());
  for (Case& each : cases)
    each.theirs = read_text(fmt::format("{}/{}.wasm.text", place, each.name));
}

/// How many cases there were of each kind, and each difference that has no reason.
void compare(const std::vector<Case>& cases) {
  size_t valid = 0;
  size_t invalid = 0;
  size_t unsupported = 0;
  size_t excused = 0;
  for (const Case& each : cases) {
    if (!each.ours.empty()) {
      EXPECT_THAT(each.ours, ::testing::ContainsRegex("offset 0x[0-9a-f]+")) << each.name;
    }
    if (each.unsupported) {
      ++unsupported;
    } else if (each.ours.empty() == each.theirs.empty()) {
      ++(each.ours.empty() ? valid : invalid);
    } else {
      const Who who = each.theirs.empty() ? Who::WeRefuse : Who::TheyRefuse;
      const std::string& message = each.theirs.empty() ? each.ours : each.theirs;
      const bool is_known = std::ranges::any_of(kDifferences, [&](const Difference& known) {
        return known.who == who && message.contains(known.message) &&
               each.name.starts_with(known.cases);
      });
      if (is_known) {
        ++excused;
        continue;
      }
      ADD_FAILURE() << each.name << ": " << (who == Who::WeRefuse ? "we refuse: " : "they refuse: ")
                    << message;
      if (const char* keep = std::getenv("WASH_MUTANTS_KEEP"))
        write(fmt::format("{}/{}.wasm", keep, each.name), each.bytes);
    }
  }
  fmt::print("{} valid, {} invalid, {} not supported here, {} known differences\n", valid, invalid,
             unsupported, excused);
  EXPECT_GT(invalid, cases.size() / 10);
}

uint64_t number(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(Differential, MutantsAreJudgedAsWasmToolsJudgesThem) {
  if (tool().empty()) GTEST_SKIP() << "wasm-tools is not installed";
  if (!fs::exists(WASH_SHARED_DIR "/conformance"))
    GTEST_SKIP() << "upstream's scripts are not here";
  const testing::TemporaryFolder folder;
  const auto originals = seeds(folder);
  ASSERT_GT(originals.size(), 500u);
  Mutator mutator(number("WASH_MUTANTS_SEED", 20'261'127));
  std::vector<Case> cases;
  const uint64_t count = number("WASH_MUTANTS", 4'000);
  for (uint64_t i = 0; i < count; ++i) {
    const auto& original = originals[mutator.below(originals.size())];
    cases.push_back({.name = fmt::format("{:06}", i), .bytes = mutator.mutate(original)});
    judge(cases.back());
  }
  ask(cases, folder);
  compare(cases);
}

TEST(Differential, LimitsAreThoseOfWasmTools) {
  if (tool().empty()) GTEST_SKIP() << "wasm-tools is not installed";
  const testing::TemporaryFolder folder;
  std::vector<Case> cases;
  for (const LimitCase& row : limit_cases()) {
    for (const uint64_t more : {0, 1}) {
      cases.push_back({.name = fmt::format("{}{}", row.name, more == 0 ? "" : "AndOne"),
                       .bytes = row.make(row.limit + more).bytes()});
      judge(cases.back());
    }
  }
  ask(cases, folder);
  compare(cases);
}

}  // namespace
}  // namespace wasmcloud::component
