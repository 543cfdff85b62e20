#include "wash/build/wit_dependencies.h"

#include "base/file.h"
#include "base/log.h"
#include "wash/config/read.h"
#include "wit/model.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

/// What a source's text means, decided in this order by the configuration's format.
enum class SourceKind : uint8_t { Git, Archive, Registry, LocalPath };

SourceKind kind_of(std::string_view location) {
  const std::string_view without_fragment = location.substr(0, location.find('#'));
  if (location.starts_with("git+") || location.starts_with("git@") ||
      without_fragment.ends_with(".git"))
    return SourceKind::Git;
  if (location.starts_with("http://") || location.starts_with("https://"))
    return SourceKind::Archive;
  if (location.starts_with("oci://")) return SourceKind::Registry;
  const bool is_path =
      location.starts_with('.') || location.starts_with('/') || location.starts_with("file://");
  return location.contains('/') && !is_path ? SourceKind::Registry : SourceKind::LocalPath;
}

std::string_view name_of(SourceKind kind) {
  switch (kind) {
    case SourceKind::Git:
      return "a git repository";
    case SourceKind::Archive:
      return "an archive on the web";
    case SourceKind::Registry:
      return "a registry";
    case SourceKind::LocalPath:
      return "a local path";
  }
  return "unknown";
}

Result<std::vector<fs::path>> wit_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".wit") files.push_back(at->path());
  }
  if (error) return fail(Errc::Io, "reading the folder {}: {}", folder.string(), error.message());
  std::ranges::sort(files);
  return files;
}

/// Copies where the content differs: a file that is written anew makes build tools work anew.
Result<void> copy_files(const std::vector<fs::path>& files, const fs::path& target) {
  std::error_code error;
  fs::create_directories(target, error);
  if (error) return fail(Errc::Io, "making the folder {}: {}", target.string(), error.message());
  for (const fs::path& file : files) {
    const std::string content = TRY(read_file(file, wit::Sources::kMaxFileBytes));
    const std::string copy = target / file.filename();
    const Result<std::string> there = read_file(copy, wit::Sources::kMaxFileBytes);
    if (!there || *there != content) TRY(write_file(copy, content));
  }
  return {};
}

/// "wasi:http@0.2.2" as a folder's name: "wasi-http-0.2.2".
std::string folder_name(std::string package) {
  std::ranges::replace(package, ':', '-');
  std::ranges::replace(package, '@', '-');
  std::ranges::replace(package, '/', '-');
  return package;
}

Result<void> copy_source(const fs::path& project, const fs::path& deps, const WitSource& source) {
  const SourceKind kind = kind_of(source.location);
  const std::string field =
      fmt::format("{}: wit.sources.{}", source.origin.describe(), source.package);
  if (kind != SourceKind::LocalPath) {
    return fail(Errc::Unsupported,
                "{}: '{}' is {}, which this version of wash does not fetch from; name a local "
                "path, or copy the package "
                "into {}",
                field, source.location, name_of(kind), deps.string());
  }
  constexpr std::string_view kScheme = "file://";
  std::string_view location = source.location;
  if (location.starts_with(kScheme)) location.remove_prefix(kScheme.size());
  fs::path path = (project / location).lexically_normal();
  std::error_code error;
  const fs::path target = deps / folder_name(source.package);
  if (fs::is_regular_file(path, error)) return copy_files({path}, target);
  if (fs::is_directory(path / "wit", error)) path /= "wit";
  if (!fs::is_directory(path, error))
    return fail(Errc::NotFound, "{}: there is no folder {}", field, path.string());
  const std::vector<fs::path> files = TRY(wit_files(path));
  if (files.empty())
    return fail(Errc::NotFound, "{}: the folder {} holds no *.wit file", field, path.string());
  TRY(copy_files(files, target));
  // What the package itself needs comes along, unless the project has its own.
  for (fs::directory_iterator at(path / "deps", error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_directory(error) || fs::exists(deps / at->path().filename(), error)) continue;
    TRY(copy_files(TRY(wit_files(at->path())), deps / at->path().filename()));
  }
  return {};
}

/// The `[overrides]` of wkg.toml that have a path.
Result<std::vector<WitSource>> overrides_of(const std::string& project) {
  std::vector<WitSource> sources;
  const std::string path = project + "/wkg.toml";
  if (!file_exists(path)) return sources;
  const Value file = TRY(read_config_file(path, "wkg.toml"));
  const Value* overrides = file.find("overrides");
  if (overrides == nullptr || overrides->map() == nullptr) return sources;
  for (const Member& member : *overrides->map()) {
    const Value* location = member.value.find("path");
    if (location == nullptr || location->string() == nullptr) continue;
    // A path without a slash is one all the same here.
    sources.push_back(
        {.package = member.key, .location = "./" + *location->string(), .origin = member.origin});
    if (location->string()->starts_with('/')) sources.back().location = *location->string();
  }
  return sources;
}

}  // namespace

Result<void> provide_wit_dependencies(const std::string& project, const WitConfig& config) {
  const fs::path folder = fs::path(project) / config.directory;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return {};
  for (const WitSource& source : config.sources) TRY(copy_source(project, folder / "deps", source));
  for (const WitSource& source : TRY(overrides_of(project)))
    TRY(copy_source(project, folder / "deps", source));
  if (TRY(wit_files(folder)).empty()) return {};

  const Result<wit::PackageId> loaded = wit::Model().load(folder);
  if (loaded) return {};
  const std::string& message = loaded.error().message();
  switch (loaded.error().code()) {
    case Errc::NotFound:
      return fail(Errc::NotFound,
                  "{}; fetching packages from a registry is not available in this version of wash: "
                  "copy the package's "
                  "WIT into {}/deps, name its folder in wit.sources, or pass --skip-fetch",
                  message, config.directory);
    case Errc::Unsupported:
      // The build's own tools may know more.
      log::warn("{}", message);
      return {};
    default:
      return fail(loaded.error().copy());
  }
}

}  // namespace wasmcloud::wash
