#include "bindgen/generate.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

namespace wasmcloud::bindgen {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUsage =
    "usage: wash_bindgen --wit DIR... --out DIR [--import IFACE]... [--export IFACE]... [--world "
    "WORLD]\n"
    "                    [--external IFACE]... [--waiting FILE] [--shared] [--depfile FILE "
    "TARGET]\n";

struct Options {
  std::vector<std::string> wit;
  std::vector<std::string> imports;
  std::vector<std::string> exports;
  std::vector<std::string> externals;
  std::vector<std::string> worlds;
  std::vector<std::string> waiting;
  std::string out;
  Binding binding = Binding::Instance;
  std::string depfile;
  std::string target;
};

Result<Options> parse(std::span<char*> arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view flag = arguments[i];
    const auto next = [&]() -> Result<std::string> {
      if (i + 1 == arguments.size()) return fail(Errc::Usage, "{} needs a value", flag);
      return std::string(arguments[++i]);
    };
    if (flag == "--wit")
      options.wit.push_back(TRY(next()));
    else if (flag == "--import")
      options.imports.push_back(TRY(next()));
    else if (flag == "--export")
      options.exports.push_back(TRY(next()));
    else if (flag == "--external")
      options.externals.push_back(TRY(next()));
    else if (flag == "--world")
      options.worlds.push_back(TRY(next()));
    else if (flag == "--waiting")
      options.waiting.push_back(TRY(next()));
    else if (flag == "--shared")
      options.binding = Binding::Shared;
    else if (flag == "--out")
      options.out = TRY(next());
    else if (flag == "--depfile")
      options.depfile = TRY(next()), options.target = TRY(next());
    else
      return fail(Errc::Usage, "unknown flag {}\n{}", flag, kUsage);
  }
  if (options.wit.empty() || options.out.empty())
    return fail(Errc::Usage, "--wit and --out are needed\n{}", kUsage);
  return options;
}

// Only where something changed, so that what includes it is not built again.
Result<void> write_file(const fs::path& path, std::string_view text) {
  std::stringstream before;
  if (std::ifstream in(path, std::ios::binary); in) before << in.rdbuf();
  if (before.str() == text) return {};
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return fail(Errc::Io, "writing {}", path.string());
  return {};
}

Result<void> run(const Options& options) {
  wit::LoadOptions load;
  load.all_features = true;
  wit::Model model(load);
  for (const std::string& path : options.wit) TRY(model.load(path));
  Waiting waiting;
  for (const std::string& path : options.waiting) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return fail(Errc::NotFound, "{}: cannot be read", path);
    TRY(waiting.read(path, text.str()));
  }
  Units units(model);
  for (const std::string& name : options.externals)
    units.add(TRY(model.find_interface(name)), Units::Role::External);
  for (const std::string& name : options.imports)
    units.add(TRY(model.find_interface(name)), Units::Role::Import);
  for (const std::string& name : options.exports)
    units.add(TRY(model.find_interface(name)), Units::Role::Export);
  for (const std::string& name : options.worlds) TRY(units.add(TRY(model.find_world(name))));
  std::set<std::string> names;
  const fs::path out = options.out;
  std::vector<std::string> generated;
  for (const Unit& unit : units.all()) {
    if (unit.is_external) continue;
    for (const File& file : TRY(generate(units, unit, waiting, options.binding))) {
      TRY(write_file(out / file.path, file.text));
      if (file.path.ends_with(".cc")) generated.push_back(file.path);
    }
    if (unit.is_import) names.insert({unit.wit_name, std::string(without_version(unit.wit_name))});
  }
  TRY(waiting.check_used(names));
  // One file to build, for worlds, whose interfaces the build does not know.
  if (!options.worlds.empty()) {
    std::string all = "// Made by wash_bindgen from WIT; changes are lost.\n";
    for (const std::string& path : generated) all += fmt::format("#include \"{}\"\n", path);
    TRY(write_file(out / "bindings.cc", all));
  }
  if (!options.depfile.empty()) {
    std::string text = options.target + ":";
    for (uint32_t i = 0; i < model.sources().size(); ++i)
      text += " \\\n  " + model.sources().path(i);
    // Always new: the build takes its time for that of the outputs that were left alone.
    std::ofstream file(options.depfile, std::ios::binary);
    file << text << "\n";
    file.close();
    if (!file) return fail(Errc::Io, "writing {}", options.depfile);
  }
  return {};
}

}  // namespace
}  // namespace wasmcloud::bindgen

int main(int argc, char** argv) {
  using namespace wasmcloud;
  auto options = bindgen::parse(std::span(argv + 1, static_cast<size_t>(argc - 1)));
  const Result<void> done = options ? bindgen::run(*options) : fail(std::move(options).error());
  if (done) return 0;
  std::fprintf(stderr, "wash_bindgen: %s\n", done.error().message().c_str());
  return done.error().code() == Errc::Usage ? 2 : 1;
}
