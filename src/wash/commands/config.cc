#include "base/file.h"
#include "base/log.h"
#include "base/units.h"
#include "wash/commands/commands.h"
#include "wash/commands/project.h"
#include "wash/config/read.h"
#include "wash/config/reference.h"
#include "wash/config/sources.h"
#include "wash/config/write.h"
#include "wash/version.h"

#include <array>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

// --- init

Value example() {
  return Value::Map{
      {.key = "version", .value = version()},
      {.key = "build",
       .value =
           Value::Map{
               {.key = "command", .value = "cargo build --release --target wasm32-wasip2"},
               {.key = "component_path", .value = "target/wasm32-wasip2/release/my_component.wasm"},
               {.key = "env", .value = Value::Map{{.key = "RUSTFLAGS", .value = "-Dwarnings"}}}}},
      {.key = "dev", .value = Value::Map{{.key = "address", .value = "127.0.0.1:8000"}}},
      {.key = "wit", .value = Value::Map{{.key = "wit_dir", .value = "wit"}}}};
}

Result<Outcome> init(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string format(arguments.has("--format") ? arguments.value("--format") : "yaml");
  const Value content = arguments.has("--example")
                            ? example()
                            : Value(Value::Map{{.key = "version", .value = version()}});
  const std::string text = TRY(write_config(content, format));
  if (arguments.has("--global"))
    log::warn("--global has no effect; the configuration is the project's");

  const std::string folder = invocation.project + "/.wash";
  if (const std::string there = find_config_file(folder);
      !there.empty() && !arguments.has("--force"))
    return fail(Errc::Invalid,
                "Configuration file already exists at {}. Use --force to overwrite it", there);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Errc::Io, "cannot make {}: {}", folder, error.message());
  const std::string path = fmt::format("{}/config.{}", folder, format);
  TRY(write_file(path, text));
  if (const std::string first = find_config_file(folder); first != path)
    log::warn("{} is read in place of {}; remove one of them", first, path);
  const std::string message = "Configuration initialized successfully.";
  return Outcome::ok(message, Value::Map{{.key = "message", .value = message},
                                         {.key = "config_path", .value = path},
                                         {.key = "success", .value = true}});
}

// --- info

Result<Outcome> info(const Invocation& invocation) {
  const Directories& directories = invocation.directories;
  const ConfigPlaces places = config_places(invocation, invocation.project);
  const std::string user =
      places.user_file.empty() ? find_config_file(places.user_folder) : places.user_file;
  const std::string project = find_config_file(invocation.project + "/.wash");
  const auto shown = [](const std::string& path) { return path.empty() ? "none" : path; };
  return Outcome::ok(fmt::format("wash version:       {}\n"
                                 "data folder:        {}\n"
                                 "cache folder:       {}\n"
                                 "user config folder: {}\n"
                                 "user config:        {}\n"
                                 "project config:     {}",
                                 version(), directories.data, directories.cache, directories.config,
                                 shown(user), shown(project)),
                     Value::Map{{.key = "version", .value = version()},
                                {.key = "data_dir", .value = directories.data},
                                {.key = "cache_dir", .value = directories.cache},
                                {.key = "user_config_dir", .value = directories.config},
                                {.key = "user_config_path", .value = text_or_null(user)},
                                {.key = "project_path", .value = invocation.project},
                                {.key = "project_config_path", .value = text_or_null(project)}});
}

// --- show

Result<Outcome> show(const Invocation& invocation) {
  Value all = TRY(load_values(config_places(invocation, invocation.project)));
  if (all.find("version") == nullptr)
    all = merge(Value::Map{{.key = "version", .value = version()}}, std::move(all));
  all = mask_secrets(std::move(all));
  std::string text = write_yaml(all);
  text.pop_back();  // the outcome's own newline
  return Outcome::ok(std::move(text), std::move(all));
}

// --- validate

Outcome validate(const Invocation& invocation) {
  const std::string_view file = invocation.arguments.value("--file");
  std::string source = "merged configuration";
  Result<Value> values = Value();
  if (file.empty()) {
    const ConfigPlaces places = config_places(invocation, invocation.project);
    values = load_values(places);
    if (places.user_file.empty() && find_config_file(places.user_folder).empty() &&
        find_config_file(invocation.project + "/.wash").empty())
      log::info("there is no configuration file; 'wash config init' makes one");
  } else {
    source = resolve(file, invocation.working_directory);
    values = read_config_file(source, std::string(file));
  }
  const auto config = values ? read_config(*values, invocation.project)
                             : std::unexpected(ConfigErrors{.lines = {values.error().message()}});
  if (values) wipe_secrets(*values);
  const Findings sources = Sources(config ? *config : config.error().readable, invocation.project,
                                   environment_variables())
                               .look();

  for (const auto* list :
       {config ? &config->warnings : &config.error().warnings,
        config ? &config->unknown : &config.error().unknown, &sources.warnings}) {
    for (const std::string& line : *list) log::warn("{}", line);
  }
  std::string text = fmt::format("Validating: {}\n", source);
  if (config && sources.errors.empty()) {
    return Outcome::ok(
        text + "Configuration is valid.",
        Value::Map{{.key = "source", .value = source}, {.key = "valid", .value = true}});
  }
  Value::List errors;
  const std::vector<std::string> none;
  for (const auto* lines : {config ? &none : &config.error().lines, &sources.errors}) {
    for (const std::string& error : *lines) {
      text += fmt::format("{}ERROR: {}", errors.empty() ? "" : "\n", error);
      errors.emplace_back(error);
    }
  }
  return {.message = std::move(text),
          .success = false,
          .data = Value::Map{{.key = "source", .value = source},
                             {.key = "errors", .value = std::move(errors)},
                             {.key = "valid", .value = false}},
          .exit_code = kExitFailed};
}

// --- schema

Result<Outcome> schema(const Invocation& invocation) {
  const std::string text = config_json_schema();
  if (invocation.format == OutputFormat::Text)
    return Outcome::ok(text.substr(0, text.size() - 1));  // the outcome's own newline
  return Outcome::ok("The schema of the configuration.",
                     TRY(read_json(text, std::make_shared<const std::string>("schema"))));
}

// --- cleanup

/// Of the files below a folder; links count for nothing.
uint64_t size_of(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (it->is_symlink(ignored) || !it->is_regular_file(ignored)) continue;
    const uint64_t size = it->file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

Result<Outcome> cleanup(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const bool all = arguments.has("--all");
  const bool dry = arguments.has("--dry-run");
  struct Target {
    std::string_view kind;
    const std::string& path;
    bool chosen;
  };
  const std::array<Target, 2> targets = {
      {{"cache", invocation.directories.cache, all || arguments.has("--cache")},
       {"data", invocation.directories.data, all || arguments.has("--data")}}};

  std::string text;
  Value::List entries;
  uint64_t total = 0;
  for (const Target& target : targets) {
    if (!target.chosen) continue;
    std::error_code error;
    const bool existed = fs::is_directory(target.path, error);
    const uint64_t bytes = existed ? size_of(target.path) : 0;
    std::string_view action = dry ? "would skip (missing)" : "skipped (missing)";
    if (existed) action = dry ? "would remove" : "removed";
    if (existed && !dry) {
      fs::remove_all(target.path, error);
      if (error)
        return fail(Errc::Io, "cannot remove the {} directory {}: {}", target.kind, target.path,
                    error.message());
    }
    total += bytes;
    text += fmt::format("{} {} directory: {} ({})\n", action, target.kind, target.path,
                        format_size(bytes));
    entries.push_back(Value::Map{{.key = "kind", .value = target.kind},
                                 {.key = "path", .value = target.path},
                                 {.key = "existed", .value = existed},
                                 {.key = "action", .value = action},
                                 {.key = "size_bytes", .value = static_cast<int64_t>(bytes)},
                                 {.key = "size_human", .value = format_size(bytes)}});
  }
  if (entries.empty())
    return fail(Errc::Invalid, "specify at least one of --cache, --data, or --all");
  text += fmt::format("total {}: {}", dry ? "(would free)" : "freed", format_size(total));
  return Outcome::ok(std::move(text),
                     Value::Map{{.key = "dry_run", .value = dry},
                                {.key = "entries", .value = std::move(entries)},
                                {.key = "total_bytes", .value = static_cast<int64_t>(total)},
                                {.key = "total_human", .value = format_size(total)}});
}

// --- the table

const Command& init_command() {
  static const Command kCommand = {
      .name = "init",
      .summary = "Write a configuration for this project",
      .description = "Writes .wash/config.yaml in the project's folder, or another format of it.",
      .flags = {{.name = "--force", .help = "Write over a configuration that is there"},
                {.name = "--example", .help = "Fill in examples of the usual keys"},
                {.name = "--format",
                 .value = "yaml|json|toml",
                 .takes = Takes::One,
                 .help = "The format of the file",
                 .default_value = "yaml"},
                {.name = "--global", .help = "Of the original, and without effect"}},
      .examples = {{.command = "wash config init --example", .what = "Start from examples"}},
      .run = outcome_of<init>,
  };
  return kCommand;
}

const Command& info_command() {
  static const Command kCommand = {
      .name = "info",
      .summary = "Show which folders and configuration files are used",
      .description = {},
      .run = outcome_of<info>,
  };
  return kCommand;
}

const Command& show_command() {
  static const Command kCommand = {
      .name = "show",
      .summary = "Show the configuration of this project",
      .description =
          "Prints the user's configuration, the project's and the environment's WASH_ variables, "
          "each over the ones before, as YAML. Values of secrets, tokens of registries and "
          "passwords in URLs are shown as stars.",
      .examples = {{.command = "wash -o json config show", .what = "The same for a script"}},
      .run = outcome_of<show>,
  };
  return kCommand;
}

const Command& cleanup_command() {
  static const Command kCommand = {
      .name = "cleanup",
      .summary = "Remove what wash keeps outside of projects",
      .description = "Removes the chosen folders with all they hold. It does not ask.",
      .flags = {{.name = "--cache", .help = "Remove the cache: compiled code and downloads"},
                {.name = "--data", .help = "Remove the data folder"},
                {.name = "--all", .help = "Remove both"},
                {.name = "--dry-run", .help = "Only tell what would be removed"}},
      .examples = {{.command = "wash config cleanup --all --dry-run",
                    .what = "See how much there is to free"}},
      .run = outcome_of<cleanup>,
  };
  return kCommand;
}

const Command& validate_command() {
  static const Command kCommand = {
      .name = "validate",
      .summary = "Check the configuration of this project",
      .description =
          "Reports every error of the merged configuration at once, with its file, line "
          "and column, and ends with 1 if there are any. The files that configs and secrets name "
          "are looked at, too.",
      .flags = {{.name = "--file",
                 .value = "PATH",
                 .takes = Takes::One,
                 .help = "Check this file by itself"}},
      .run = validate,
  };
  return kCommand;
}

const Command& schema_command() {
  static const Command kCommand = {
      .name = "schema",
      .summary = "Print the JSON Schema of configurations",
      .description =
          "For editors that complete and check by a schema; the same is in "
          "docs/config.schema.json.",
      .examples = {{.command = "wash config schema > .wash/config.schema.json",
                    .what = "Keep it beside the configuration"}},
      .run = outcome_of<schema>,
  };
  return kCommand;
}

}  // namespace

const Command& config_command() {
  static const Command kCommand = {
      .name = "config",
      .summary = "Write, show and check configurations",
      .description = {},
      .subcommands = {&init_command(), &info_command(), &show_command(), &cleanup_command(),
                      &validate_command(), &schema_command()},
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
