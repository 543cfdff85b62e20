#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "wash/commands/commands.h"
#include "wash/commands/project.h"
#include "wash/run_until_signal.h"
#include "wash/templates/clone.h"
#include "wash/templates/templates.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultKind = "http-hello-world";

std::vector<std::string_view> template_names() {
  std::vector<std::string_view> names;
  for (const Template& each : bundled_templates()) names.push_back(each.name);
  return names;
}

/// Of all templates, each once.
std::vector<std::string> languages() {
  std::vector<std::string> all;
  for (const Template& each : bundled_templates()) all.emplace_back(each.language);
  std::ranges::sort(all);
  const auto twice = std::ranges::unique(all);
  all.erase(twice.begin(), twice.end());
  return all;
}

Outcome list_templates() {
  size_t widest = 0;
  for (const Template& each : bundled_templates()) widest = std::max(widest, each.name.size());
  std::string text = "Templates, to be made a project of by 'wash new NAME':\n";
  Value::List list;
  for (const Template& each : bundled_templates()) {
    text += fmt::format("  {:{}}  {}\n", each.name, widest, each.summary);
    list.push_back(Value::Map{{.key = "name", .value = each.name},
                              {.key = "language", .value = each.language},
                              {.key = "summary", .value = each.summary}});
  }
  text += "A git repository is a template, too: 'wash new URL'.";
  return Outcome::ok(std::move(text), Value::Map{{.key = "templates", .value = std::move(list)}});
}

/// What to make, and of what: a template or else a repository.
struct Plan {
  const Template* bundled = nullptr;
  CloneRequest clone;
  std::string name;
  std::string folder;
};

bool is_kind(std::string_view name) {
  return std::ranges::find(bundled_templates(), name, &Template::kind) != bundled_templates().end();
}

Result<const Template*> template_in(std::string_view language, std::string_view kind) {
  std::vector<std::string> known;
  for (const Template& each : bundled_templates()) {
    if (each.kind() != kind) continue;
    if (each.language == language) return &each;
    known.emplace_back(each.language);
  }
  return fail(Errc::Usage, "there is no {} in '{}'; there is one in: {}", kind, language,
              join(known, ", "));
}

/// A word can be no repository but one that lies here.
bool may_be_repository(const Invocation& invocation, const std::string& source) {
  return source.find_first_of("/\\:") != std::string::npos ||
         file_exists(fs::path(invocation.project) / source);
}

std::unexpected<Error> no_template(std::string_view name) {
  std::vector<std::string_view> names = template_names();
  std::vector<std::string> of_kind;
  for (const Template& each : bundled_templates()) {
    names.push_back(each.kind());
    if (each.kind() == name) of_kind.emplace_back(each.name);
  }
  if (!of_kind.empty()) {
    return fail(Errc::Usage, "{} is there in several languages; name one: {}", name,
                join(of_kind, ", "));
  }
  const std::string_view near = closest(name, names);
  return fail(Errc::Usage, "there is no template '{}'; {}", name,
              near.empty() ? fmt::format("'wash new' lists them, and 'wash new {} --lang rust' "
                                         "makes a project of that name",
                                         name)
                           : fmt::format("did you mean '{}'?", near));
}

std::string default_name(const Plan& plan) {
  std::string text(plan.bundled != nullptr        ? plan.bundled->name
                   : plan.clone.subfolder.empty() ? plan.clone.repository
                                                  : plan.clone.subfolder);
  while (text.ends_with('/') || text.ends_with('\\')) text.pop_back();
  text = text.substr(text.find_last_of("/\\") + 1);
  if (plan.clone.subfolder.empty() && text.ends_with(".git")) text.resize(text.size() - 4);
  return text.empty() || text == "." || text == ".." ? "new-project" : text;
}

Result<Plan> plan_project(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string& source = arguments.positionals().front();
  Plan plan;
  plan.clone = {.repository = source,
                .ref = std::string(arguments.value("--git-ref")),
                .subfolder = std::string(arguments.value("--subfolder")),
                .into = {}};
  if (arguments.has("--lang")) {
    plan.bundled =
        TRY(template_in(arguments.value("--lang"), is_kind(source) ? source : kDefaultKind));
    plan.name = source;
  } else {
    plan.bundled = find_template(source);
    if (plan.bundled == nullptr && !may_be_repository(invocation, source))
      return no_template(source);
  }
  if (plan.bundled != nullptr && (arguments.has("--git-ref") || arguments.has("--subfolder")))
    return fail(Errc::Usage, "--git-ref and --subfolder are for templates in git repositories");
  if (arguments.has("--name")) plan.name = arguments.value("--name");
  if (plan.name.empty()) plan.name = default_name(plan);
  if (plan.name.contains('/') || plan.name == "." || plan.name == "..")
    return fail(Errc::Usage, "'{}' is no name of a folder; give --name a single word", plan.name);
  plan.folder = fmt::format("{}/{}", invocation.project, plan.name);
  plan.clone.into = plan.folder;
  if (file_exists(plan.folder))
    return fail(Errc::Invalid,
                "Output directory already exists: {}; choose another name with --name",
                plan.folder);
  return plan;
}

Result<void> make_project(const Plan& plan) {
  if (plan.bundled == nullptr) {
    Loop loop;
    return run_until_signal(loop, clone_project(loop, plan.clone),
                            "interrupted; no project was made");
  }
  std::error_code error;
  fs::create_directory(plan.folder, error);
  if (error) return fail(Errc::Io, "cannot make {}: {}", plan.folder, error.message());
  Result<void> written = write_template(*plan.bundled, plan.folder);
  // Half a project is none, and would stand in the way of the next try.
  if (!written) fs::remove_all(plan.folder, error);
  return written;
}

/// A repository's command is a stranger's: it runs only when asked for.
bool confirmed(const Invocation& invocation, const std::string& command) {
  if (!invocation.interactive) return true;
  invocation.terminal.write(
      Stream::Err, fmt::format("The template sets itself up with '{}'. Run it? [y/N] ", command));
  std::string answer;
  std::getline(std::cin, answer);
  const std::string word = to_lower(trim(answer));
  return word == "y" || word == "yes";
}

Result<void> set_up(const Invocation& invocation, const Plan& plan) {
  const Config config = TRY(load_project(invocation, plan.folder, Warnings::Ignore));
  if (!config.new_command || !confirmed(invocation, *config.new_command)) return {};
  Loop loop;
  ProcessOptions options;
  // What it prints is no result.
  options.command = {"sh", "-c", fmt::format("exec 1>&2\n{}", *config.new_command)};
  options.directory = plan.folder;
  options.input = Input::Inherit;
  const Finished finished = TRY(
      run_until_signal(loop, run_process(loop, std::move(options)), "the command was interrupted"));
  if (finished.status.ok()) return {};
  return fail(Errc::Invalid, "its command '{}' failed with {}; run it there again",
              *config.new_command, finished.status.describe());
}

Result<Outcome> make_new(const Invocation& invocation) {
  if (invocation.arguments.positionals().empty()) return list_templates();
  const Plan plan = TRY(plan_project(invocation));
  TRY(make_project(plan));
  if (Result<void> done = set_up(invocation, plan); !done) {
    return fail(std::move(done).error().within(fmt::format("the project is in {}", plan.folder)));
  }
  return Outcome::ok(
      fmt::format("Project '{}' created successfully at {}", plan.name, plan.folder),
      Value::Map{{.key = "name", .value = plan.name},
                 {.key = "repository",
                  .value = plan.bundled != nullptr ? std::string(plan.bundled->name)
                                                   : plan.clone.repository},
                 {.key = "subfolder",
                  .value = plan.clone.subfolder.empty() ? Value() : Value(plan.clone.subfolder)},
                 {.key = "output_dir", .value = plan.folder}});
}

}  // namespace

const Command& new_command() {
  static const std::string kLanguages = join(languages(), "|");
  static const Command kCommand = {
      .name = "new",
      .summary = "Make a project of a template",
      .description =
          "Makes a folder in the project's folder, or the current one, of a template that is part "
          "of wash, or of a git repository. Where the template's configuration names a "
          "new.command, it is run there; a person is asked before. Without SOURCE, the templates "
          "that are part of wash are listed.",
      .flags = {{.name = "--name",
                 .value = "NAME",
                 .takes = Takes::One,
                 .help = "The project's name and folder; by default the template's"},
                {.name = "--lang",
                 .value = "LANGUAGE",
                 .takes = Takes::One,
                 .help =
                     "Make a project in this language; SOURCE is then a template's name without "
                     "its language, or the name of an HTTP hello world",
                 .choices = kLanguages},
                {.name = "--subfolder",
                 .value = "PATH",
                 .takes = Takes::One,
                 .help = "The folder of the repository that is the template"},
                {.name = "--git-ref",
                 .value = "REF",
                 .takes = Takes::One,
                 .help = "A branch, tag or commit of the repository"}},
      .positionals = {{.name = "SOURCE",
                       .help = "A template's name, or whatever 'git clone' accepts",
                       .required = false,
                       .choices = template_names()}},
      .examples = {{.command = "wash new", .what = "List the templates"},
                   {.command = "wash new hello --lang rust",
                    .what = "Start an HTTP service in Rust in the folder hello"},
                   {.command = "wash new http-kv-handler --lang go --name store",
                    .what = "Start one of another template"},
                   {.command = "wash new https://example.com/templates.git --subfolder http-api "
                               "--name api",
                    .what = "Make a project of a folder of a repository"}},
      .run = outcome_of<make_new>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
