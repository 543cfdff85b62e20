#include "wash/app.h"

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "wash/help.h"
#include "wash/invocation.h"
#include "wash/man.h"
#include "wash/parse.h"
#include "wash/version.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

int usage_error(Terminal& terminal, const ParseFailure& failure) {
  std::string text =
      fmt::format("{} {}", terminal.paint(Stream::Err, Colour::Red, "error:"), failure.message);
  if (!failure.hint.empty()) text += fmt::format("; {}", failure.hint);
  terminal.line(Stream::Err, text);
  terminal.line(Stream::Err, fmt::format("\n{}\nTry '{} --help' for more.", usage_of(failure.path),
                                         failure.path.text()));
  return kExitUsage;
}

std::optional<log::Level> level_of(std::string_view name) {
  const std::string lower = to_lower(name);
  if (lower == "trace") return log::Level::Trace;
  if (lower == "debug") return log::Level::Debug;
  if (lower == "info") return log::Level::Info;
  if (lower == "warn") return log::Level::Warn;
  if (lower == "error") return log::Level::Error;
  return std::nullopt;
}

/// RUST_LOG, as far as it says something about everything: "debug", "h2=info,debug".
std::optional<log::Level> level_of_environment(const Environment& environment) {
  const auto variable = environment("RUST_LOG");
  if (!variable) return std::nullopt;
  for (const std::string_view directive : split(*variable, ',')) {
    if (const auto level = level_of(trim(directive))) return level;
  }
  return std::nullopt;
}

struct Settings {
  OutputFormat format = OutputFormat::Text;
  log::Level level = log::Level::Info;
};

Result<Settings> settings_of(const Arguments& arguments) {
  Settings settings;
  if (arguments.has("--output")) {
    const std::string_view output = arguments.value("--output");
    if (output == "json") {
      settings.format = OutputFormat::Json;
    } else if (output != "text" && output != "plain") {
      return fail(Errc::Usage,
                  "invalid value '{}' for '--output': error parsing output type, see help for the "
                  "list of accepted "
                  "outputs",
                  output);
    }
  }
  if (arguments.has("--log-level")) {
    const auto level = level_of(arguments.value("--log-level"));
    if (!level) {
      return fail(Errc::Usage, "'{}' is no log level; expected trace, debug, info, warn or error",
                  arguments.value("--log-level"));
    }
    settings.level = *level;
  }
  return settings;
}

/// Fills in folders. Errors are told before the command starts, on stderr.
Result<void> find_folders(Invocation& invocation) {
  std::error_code error;
  invocation.working_directory = fs::current_path(error);
  if (error) return fail(Errc::Io, "the current folder cannot be read: {}", error.message());
  const Arguments& arguments = invocation.arguments;
  if (arguments.has("-C")) {
    invocation.project = resolve(arguments.value("-C"), invocation.working_directory);
    if (!fs::is_directory(invocation.project, error))
      return fail(Errc::NotFound,
                  "the project folder {} does not exist; give -C an existing folder",
                  invocation.project);
  } else {
    invocation.project = find_project(invocation.working_directory);
  }
  if (arguments.has("--user-config")) {
    const std::string path =
        resolve(arguments.value("--user-config"), invocation.working_directory);
    if (!file_exists(path))
      return fail(Errc::NotFound, "the user configuration {} does not exist", path);
  }
  invocation.directories = TRY(find_directories(invocation.environment));
  for (const std::string& folder :
       {invocation.directories.config, invocation.directories.data, invocation.directories.cache}) {
    fs::create_directories(folder, error);
    if (error) log::debug("cannot make {}: {}", folder, error.message());
  }
  return {};
}

int print(Terminal& terminal, Stream stream, const Outcome& outcome, OutputFormat format) {
  terminal.write(stream, render(outcome, format));
  return outcome.exit_code;
}

/// What packages and the site are made from; nothing where the words ask for none of it.
std::optional<int> print_reference(Terminal& terminal, const std::vector<std::string>& words) {
  const Command& root = root_command();
  if (std::ranges::find(words, "--help-markdown") != words.end()) {
    terminal.write(Stream::Out, markdown_of(root));
    return kExitOk;
  }
  const auto at = std::ranges::find(words, "--help-man");
  if (at == words.end()) return std::nullopt;
  if (at + 1 == words.end()) {
    return usage_error(terminal, {.path = {.commands = {&root}},
                                  .message = "'--help-man' needs a folder for the pages",
                                  .hint = {}});
  }
  const Result<size_t> pages = write_man_pages(root, *(at + 1));
  const Outcome outcome = pages
                              ? Outcome::ok(fmt::format("wrote {} pages to {}", *pages, *(at + 1)))
                              : Outcome::failed(pages.error());
  return print(terminal, pages ? Stream::Out : Stream::Err, outcome, OutputFormat::Text);
}

int run_command(Terminal& terminal, const Parsed& parsed, const Settings& settings) {
  const Arguments& arguments = parsed.arguments;
  Invocation invocation{
      .arguments = arguments,
      .path = parsed.path,
      .terminal = terminal,
      .format = settings.format,
      .verbose = arguments.has("--verbose"),
      .interactive = !arguments.has("--non-interactive") && ::isatty(STDIN_FILENO) != 0,
      .working_directory = {},
      .project = {},
      .directories = {},
      .environment = process_environment()};
  log::set_level(level_of_environment(invocation.environment).value_or(settings.level));
  const bool plain =
      terminal.paint(Stream::Err, Colour::Red, "x") == "x" || arguments.has("--non-interactive");
  log::set_colour(plain ? log::Colour::Never : log::Colour::Always);

  if (const Result<void> found = find_folders(invocation); !found)
    return print(terminal, Stream::Err, Outcome::failed(found.error()), settings.format);
  const Outcome outcome = parsed.path.leaf().run(invocation);
  if (outcome.is_usage_error)
    return usage_error(terminal, {.path = parsed.path, .message = outcome.message, .hint = {}});
  terminal.end_progress();
  terminal.flush();
  const bool to_stderr = outcome.to_stderr && settings.format == OutputFormat::Text;
  return print(terminal, to_stderr ? Stream::Err : Stream::Out, outcome, settings.format);
}

int run(Terminal& terminal, std::vector<std::string> words) {
  if (const auto printed = print_reference(terminal, words)) return *printed;
  const Command& root = root_command();
  if (words.empty()) {
    terminal.write(Stream::Err,
                   help_of(CommandPath{.commands = {&root}}, help_width(terminal, Stream::Err)));
    return kExitUsage;
  }

  const auto parsed = parse(root, std::move(words));
  if (!parsed) return usage_error(terminal, parsed.error());
  const Arguments& arguments = parsed->arguments;
  if (arguments.has("--help")) {
    terminal.write(Stream::Out, help_of(parsed->path, help_width(terminal, Stream::Out)));
    return kExitOk;
  }
  if (arguments.has("--version")) {
    terminal.line(Stream::Out, fmt::format("wash {}", version()));
    return kExitOk;
  }
  const auto settings = settings_of(arguments);
  if (!settings)
    return usage_error(terminal,
                       {.path = parsed->path, .message = settings.error().message(), .hint = {}});
  if (parsed->path.leaf().run == nullptr) {
    terminal.write(Stream::Err, help_of(parsed->path, help_width(terminal, Stream::Err)));
    return kExitUsage;
  }
  return run_command(terminal, *parsed, *settings);
}

}  // namespace

int run_app(std::vector<std::string> words) {
  // A closed pipe is told by write's result.
  ::signal(SIGPIPE, SIG_IGN);
  Terminal terminal;
  const int code = run(terminal, std::move(words));
  const int error = terminal.output_error();
  if (error == 0) return code;
  // A full disk must not look like a result.
  terminal.line(Stream::Err, fail_errno(error, "writing to stdout").error().message());
  return code == kExitOk ? kExitFailed : code;
}

}  // namespace wasmcloud::wash
