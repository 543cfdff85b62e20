#include "base/file.h"
#include "wash/commands/commands.h"
#include "wash/component_source.h"
#include "wash/run_until_signal.h"
#include "wash/update/install.h"
#include "wash/update/release.h"
#include "wash/version.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

constexpr std::string_view kApi = "https://api.github.com";
constexpr std::string_view kRepository = "wasmcloud/wasmCloud";

Result<ReleaseSource> source_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  ReleaseSource source{
      .api = invocation.environment("WASH_GITHUB_API").value_or(std::string(kApi)),
      .repository = std::string(arguments.has("--git") ? arguments.value("--git") : kRepository),
      .token = Secret(std::string(arguments.value("--token")))};
  while (source.api.ends_with('/')) source.api.pop_back();
  const size_t slash = source.repository.find('/');
  if (slash == 0 || slash == std::string::npos || slash + 1 == source.repository.size() ||
      source.repository.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789._-/") != std::string::npos ||
      source.repository.find('/', slash + 1) != std::string::npos)
    return fail(Errc::Usage, "--git: '{}' should be OWNER/REPOSITORY", source.repository);
  for (const char* name : {"WASH_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"}) {
    if (!source.token.empty()) break;
    if (auto token = invocation.environment(name)) source.token = Secret(std::move(*token));
  }
  return source;
}

struct Updated {
  std::string version;
  bool is_newer = false;
  std::optional<Installed> installed;
};

Task<Updated> update_to_latest(Loop& loop, const Invocation& invocation,
                               const ReleaseSource& source, std::string program) {
  const Arguments& arguments = invocation.arguments;
  http::Client client(loop, {.proxies = http::Proxies::of_environment(invocation.environment)});
  const Release release = CO_TRY(co_await latest_release(client, source));
  Updated updated{.version = release.version.str(),
                  .is_newer = release.version > CO_TRY(SemVer::parse(version())),
                  .installed = {}};
  if (arguments.has("--dry-run") || !(updated.is_newer || arguments.has("--force")))
    co_return std::move(updated);
  const ReleaseAsset* const asset = CO_TRY(asset_for_this_machine(release));
  Bytes bytes = CO_TRY(
      co_await download(client, source, release, *asset,
                        progress_on(invocation.terminal, fmt::format("fetching {}", asset->name))));
  updated.installed =
      CO_TRY(co_await install_program(loop, std::move(bytes),
                                      {.asset_name = asset->name,
                                       .program = std::move(program),
                                       .otherwise = invocation.directories.data + "/bin/wash",
                                       .work_folder = invocation.directories.cache + "/update"}));
  co_return std::move(updated);
}

Result<Outcome> update(const Invocation& invocation) {
  const ReleaseSource source = TRY(source_of(invocation));
  std::error_code error;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(Errc::Io, "where this program is cannot be read: {}", error.message());
  Loop loop;
  const Updated updated =
      TRY(run_until_signal(loop, update_to_latest(loop, invocation, source, program),
                           "interrupted; this program is as it was"));
  if (invocation.arguments.has("--dry-run")) {
    return Outcome::ok(fmt::format("{} Local version: {}, Latest version: {}",
                                   updated.is_newer ? "Update available." : "No update needed.",
                                   version(), updated.version),
                       Value::Map{{.key = "current_version", .value = version()},
                                  {.key = "target_version", .value = updated.version},
                                  {.key = "update_available", .value = updated.is_newer},
                                  {.key = "dry_run", .value = true}});
  }
  if (!updated.installed)
    return Outcome::ok(fmt::format("wash is already up to date (version {})", version()),
                       Value::Map{{.key = "version", .value = version()}});
  std::string message = fmt::format("wash upgraded to {}", updated.version);
  if (updated.installed->path != program)
    message +=
        fmt::format("; it is {}, since {} cannot be replaced", updated.installed->path, program);
  return Outcome::ok(std::move(message),
                     Value::Map{{.key = "version", .value = updated.version},
                                {.key = "backup_path", .value = updated.installed->backup},
                                {.key = "install_path", .value = updated.installed->path}});
}

}  // namespace

const Command& update_command() {
  static const Command kCommand = {
      .name = "update",
      .summary = "Replace wash by its latest release",
      .description =
          "Looks for the latest release, checks the checksum of what it has for this machine and "
          "whether it runs, and puts it in the place of this program; the old one is kept in the "
          "cache. WASH_GITHUB_API is the URL of another service that speaks as GitHub's does.",
      .flags = {{.name = "--force",
                 .short_name = "-f",
                 .help = "Install the latest release though it is not newer"},
                {.name = "--dry-run", .short_name = "-d", .help = "Only say whether there is one"},
                {.name = "--git",
                 .value = "OWNER/REPOSITORY",
                 .takes = Takes::One,
                 .help = "Where the releases are",
                 .default_value = kRepository},
                {.name = "--token",
                 .value = "TOKEN",
                 .takes = Takes::One,
                 .help = "Who one is for the service; by default WASH_GITHUB_TOKEN, GITHUB_TOKEN "
                         "or GH_TOKEN"}},
      .examples = {{.command = "wash update --dry-run",
                    .what = "See whether there is a newer one"}},
      .run = outcome_of<update>,
      .alias = "upgrade",
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
