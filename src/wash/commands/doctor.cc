#include "base/process.h"
#include "base/text.h"
#include "wash/commands/commands.h"
#include "wash/invocation.h"
#include "wash/run_until_signal.h"

#include <algorithm>
#include <span>

namespace wasmcloud::wash {
namespace {

/// Something that a language's projects are built with.
struct Need {
  std::string_view name;
  /// For `sh -c`: ends with 0 where it is there.
  std::string_view probe;
  std::string_view install;
};

constexpr Need kCargo = {
    .name = "cargo", .probe = "command -v cargo", .install = "curl -sSf https://sh.rustup.rs | sh"};
constexpr Need kWitBindgen = {.name = "wit-bindgen",
                              .probe = "command -v wit-bindgen",
                              .install = "cargo install --locked wit-bindgen-cli@0.63.0"};
constexpr Need kWasmTools = {.name = "wasm-tools",
                             .probe = "command -v wasm-tools",
                             .install = "cargo install --locked wasm-tools@1.263.0"};
constexpr Need kNeedsOfRust[] = {
    kCargo,
    {.name = "the target wasm32-wasip2",
     .probe = "test -d \"$(rustc --print target-libdir --target wasm32-wasip2)\"",
     .install = "rustup target add wasm32-wasip2"}};
constexpr Need kNeedsOfCpp[] = {
    {.name = "make", .probe = "command -v make", .install = "sudo apt-get install make"},
    {.name = "clang 19 with its linker",
     .probe = "command -v clang++-19 && command -v wasm-ld-19",
     .install = "sudo apt-get install clang-19 lld-19"},
    {.name = "the C++ library for WebAssembly",
     .probe = "echo '#include <string>' | clang++-19 --target=wasm32-wasi -fsyntax-only -x c++ -",
     .install = "sudo apt-get install wasi-libc libclang-rt-19-dev-wasm32 libc++-19-dev-wasm32 "
                "libc++abi-19-dev-wasm32"},
    kCargo,
    kWitBindgen,
    kWasmTools};
constexpr Need kNeedsOfGo[] = {
    {.name = "go", .probe = "command -v go", .install = "see https://go.dev/doc/install"},
    kCargo,
    kWitBindgen,
    kWasmTools};
constexpr Need kNode = {
    .name = "Node.js 20 or newer with npm",
    .probe =
        "command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'",
    .install = "see https://nodejs.org/en/download"};
constexpr Need kNeedsOfTypeScript[] = {kNode};
constexpr Need kNeedsOfPython[] = {
    {.name = "Python 3.10 or newer",
     .probe = "python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'",
     .install = "sudo apt-get install python3 python3-pip"},
    {.name = "componentize-py",
     .probe = "command -v componentize-py",
     .install = "pip install componentize-py==0.25.1"}};

struct Language {
  std::string_view name;
  std::span<const Need> needs;
};
constexpr Language kLanguages[] = {{.name = "rust", .needs = kNeedsOfRust},
                                   {.name = "cpp", .needs = kNeedsOfCpp},
                                   {.name = "go", .needs = kNeedsOfGo},
                                   {.name = "typescript", .needs = kNeedsOfTypeScript},
                                   {.name = "python", .needs = kNeedsOfPython}};

Result<bool> is_there(Loop& loop, const Need& need) {
  ProcessOptions options;
  options.command = {"sh", "-c", std::string(need.probe)};
  options.output = Output::Null;
  options.errors = Output::Null;
  const Finished finished =
      TRY(run_until_signal(loop, run_process(loop, std::move(options)), "interrupted"));
  return finished.status.ok();
}

std::vector<std::string_view> names_of_languages() {
  std::vector<std::string_view> names;
  for (const Language& each : kLanguages) names.push_back(each.name);
  return names;
}

/// What was found out about one language.
struct Finding {
  const Language* language;
  std::vector<const Need*> missing;
};

Result<Finding> examine(Loop& loop, const Language& language) {
  Finding finding{.language = &language, .missing = {}};
  for (const Need& need : language.needs) {
    if (!TRY(is_there(loop, need))) finding.missing.push_back(&need);
  }
  return finding;
}

std::string text_of(const Finding& finding) {
  if (finding.missing.empty()) return fmt::format("{}: ready", finding.language->name);
  std::string out = fmt::format("{}: not ready", finding.language->name);
  for (const Need* need : finding.missing)
    out += fmt::format("\n  missing: {}\n    {}", need->name, need->install);
  return out;
}

Value data_of(const Finding& finding) {
  Value::List missing;
  for (const Need* need : finding.missing)
    missing.push_back(Value::Map{{.key = "name", .value = need->name},
                                 {.key = "install", .value = need->install}});
  return Value::Map{{.key = "language", .value = finding.language->name},
                    {.key = "ready", .value = finding.missing.empty()},
                    {.key = "missing", .value = std::move(missing)}};
}

Result<std::vector<const Language*>> chosen(const Arguments& arguments) {
  std::vector<const Language*> out;
  const auto given = arguments.positionals();
  for (const Language& each : kLanguages) {
    if (given.empty() || each.name == given.front()) out.push_back(&each);
  }
  if (!out.empty()) return out;
  const auto names = names_of_languages();
  return fail(Errc::Usage, "'{}' is no language that wash knows; expected one of: {}",
              given.front(), join(std::vector<std::string>(names.begin(), names.end()), ", "));
}

Result<Outcome> doctor(const Invocation& invocation) {
  Loop loop;
  std::string text;
  Value::List list;
  bool ready = true;
  for (const Language* language : TRY(chosen(invocation.arguments))) {
    const Finding finding = TRY(examine(loop, *language));
    ready = ready && finding.missing.empty();
    text += (text.empty() ? "" : "\n") + text_of(finding);
    list.push_back(data_of(finding));
  }
  // Nobody needs all of the languages.
  const bool success = ready || invocation.arguments.positionals().empty();
  return Outcome{.message = std::move(text),
                 .success = success,
                 .data = Value::Map{{.key = "languages", .value = std::move(list)}},
                 .exit_code = success ? kExitOk : kExitFailed};
}

}  // namespace

const Command& doctor_command() {
  static const Command kCommand = {
      .name = "doctor",
      .summary = "Say what is missing to build projects of a language, and how to install it",
      .description =
          "Looks for the tools that the templates of each language need. With LANGUAGE, "
          "ends with 1 if any is missing.",
      .positionals = {{.name = "LANGUAGE",
                       .help = "rust, cpp, go, typescript or python; by default all of them",
                       .required = false,
                       .choices = names_of_languages()}},
      .examples = {{.command = "wash doctor cpp",
                    .what = "See whether projects in C++ can be built here"}},
      .run = outcome_of<doctor>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
