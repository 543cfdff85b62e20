#include "conformance/script.h"

#include "base/file.h"
#include "base/loop.h"
#include "base/process.h"
#include "conformance/superseded.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace wasmcloud::conformance {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Result<json::value> read_json(const std::string& path) {
  const std::string text = TRY(read_file(path));
  std::error_code error;
  json::value value = json::parse(text, error);
  if (error) return fail(Errc::Malformed, "{}: {}", path, error.message());
  return value;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<std::string> convert(const std::string& path, const std::string& folder) {
  const std::string target = folder + "/script.json";
  Loop loop;
  ProcessOptions options;
  options.command = {"wasm-tools", "json-from-wast", path, "--wasm-dir", folder, "-o", target};
  options.errors = Output::Capture;
  const Finished finished = TRY(run_to_end(loop, run_process(loop, std::move(options))));
  if (!finished.status.ok()) {
    return fail(Errc::Malformed, "wasm-tools cannot convert {}: {}", path, finished.errors);
  }
  return target;
}

Result<void> enable(component::Features& features, std::string_view name) {
  static constexpr struct {
    std::string_view name;
    bool component::Features::* feature;
  } kFeatures[] = {
      {"cm-async", &component::Features::async},
      {"cm-map", &component::Features::map},
      {"cm-implements", &component::Features::implements},
      {"cm-more-async-builtins", &component::Features::more_async_builtins},
      {"cm-async-stackful", &component::Features::async_stackful},
      {"cm-threading", &component::Features::threading},
      {"cm-error-context", &component::Features::error_context},
      {"cm-fixed-length-lists", &component::Features::fixed_length_lists},
      {"cm64", &component::Features::memory64},
  };
  for (const auto& feature : kFeatures) {
    if (feature.name != name) continue;
    features.*feature.feature = true;
    return {};
  }
  return fail(Errc::Unsupported, "needs {}, which is not supported", name);
}

/// Looks for the script in the index.json of a folder above it. A script without one gets the
/// default features.
Result<void> read_index(Script& script) {
  fs::path folder = fs::absolute(script.path).parent_path();
  while (folder.has_relative_path() && !fs::exists(folder / "index.json"))
    folder = folder.parent_path();
  if (!folder.has_relative_path()) return {};
  script.suite = folder.string();
  script.name = fs::relative(script.path, folder).string();
  const json::value index = TRY(read_json((folder / "index.json").string()));
  const json::value* files = index.is_object() ? index.get_object().if_contains("files") : nullptr;
  if (files == nullptr || !files->is_array()) return {};
  for (const json::value& entry : files->get_array()) {
    const json::object& file = entry.as_object();
    if (text_of(file, "file") != script.name) continue;
    for (const json::value& name : file.at("requires").as_array())
      TRY(enable(script.features, name.as_string()));
  }
  return {};
}

Result<Command> read_command(const json::object& object, const fs::path& folder) {
  Command command;
  command.type = text_of(object, "type");
  if (const auto* line = object.if_contains("line")) command.line = line->to_number<uint32_t>();
  if (const std::string file = text_of(object, "filename"); !file.empty())
    command.file = (folder / file).string();
  command.is_text = text_of(object, "module_type") == "text";
  command.name = text_of(object, command.type == "module_instance" ? "instance" : "name");
  command.definition = text_of(object, "module");
  command.text = text_of(object, "text");
  if (const auto* action = object.if_contains("action")) {
    const json::object& invoke = action->as_object();
    if (text_of(invoke, "type") != "invoke" || invoke.contains("module")) {
      return fail(Errc::Unsupported, "line {}: an action other than a call of the current instance",
                  command.line);
    }
    command.field = text_of(invoke, "field");
    command.arguments = invoke.at("args").as_array();
  }
  if (const auto* expected = object.if_contains("expected"))
    command.expected = expected->as_array();
  return command;
}

}  // namespace

std::optional<std::string> Script::superseded(const Command& command) const {
  if (const auto why = conformance::superseded(name, command.line)) return std::string(*why);
  return std::nullopt;
}

Result<Script> load_script(const std::string& path, const std::string& folder) {
  Script script;
  script.path = path;
  script.name = fs::path(path).filename();
  TRY(read_index(script));
  const std::string file = path.ends_with(".json") ? path : TRY(convert(path, folder));
  const json::value value = TRY(read_json(file));
  for (const json::value& command : value.as_object().at("commands").as_array()) {
    script.commands.push_back(TRY(read_command(command.as_object(), fs::path(file).parent_path())));
  }
  return script;
}

}  // namespace wasmcloud::conformance
