#include "wash/wit/local_sources.h"

#include "base/file.h"
#include "wash/config/read.h"
#include "wit/source.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

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

/// The table `overrides` of a project's wkg.toml; empty if there is none.
Result<Value::Map> overrides_of(const std::string& project) {
  const std::string path = project + "/wkg.toml";
  if (!file_exists(path)) return Value::Map();
  const Value file = TRY(read_config_file(path, "wkg.toml"));
  const Value* overrides = file.find("overrides");
  return overrides == nullptr || overrides->map() == nullptr ? Value::Map() : *overrides->map();
}

}  // namespace

SourceKind kind_of_source(std::string_view location) {
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

std::string dependency_folder(std::string package) {
  std::ranges::replace(package, ':', '-');
  std::ranges::replace(package, '@', '-');
  std::ranges::replace(package, '/', '-');
  return package;
}

Result<void> copy_wit_folder(const fs::path& folder, const fs::path& deps,
                             const std::string& package) {
  std::error_code error;
  const fs::path path = fs::is_directory(folder / "wit", error) ? folder / "wit" : folder;
  const std::vector<fs::path> files = TRY(wit_files(path));
  if (files.empty())
    return fail(Errc::NotFound, "the folder {} holds no *.wit file", path.string());
  TRY(copy_files(files, deps / dependency_folder(package)));
  // What the package itself needs comes along, unless the project has its own.
  for (fs::directory_iterator at(path / "deps", error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_directory(error) || fs::exists(deps / at->path().filename(), error)) continue;
    TRY(copy_files(TRY(wit_files(at->path())), deps / at->path().filename()));
  }
  return {};
}

Result<void> copy_local_source(const std::string& project, const fs::path& deps,
                               const WitSource& source) {
  const std::string field =
      fmt::format("{}: wit.sources.{}", source.origin.describe(), source.package);
  constexpr std::string_view kScheme = "file://";
  std::string_view location = source.location;
  if (location.starts_with(kScheme)) location.remove_prefix(kScheme.size());
  const fs::path path = (fs::path(project) / location).lexically_normal();
  std::error_code error;
  if (fs::is_regular_file(path, error))
    return copy_files({path}, deps / dependency_folder(source.package));
  if (!fs::is_directory(path, error))
    return fail(Errc::NotFound, "{}: there is no folder {}", field, path.string());
  if (auto copied = copy_wit_folder(path, deps, source.package); !copied)
    return fail(std::move(copied).error().within(field));
  return {};
}

Result<std::vector<WitSource>> wit_sources(const std::string& project, const WitConfig& config) {
  std::vector<WitSource> sources = config.sources;
  for (const Member& member : TRY(overrides_of(project))) {
    const Value* location = member.value.find("path");
    if (location == nullptr || location->string() == nullptr) continue;
    // A path without a slash is one all the same here.
    sources.push_back(
        {.package = member.key, .location = "./" + *location->string(), .origin = member.origin});
    if (location->string()->starts_with('/')) sources.back().location = *location->string();
  }
  return sources;
}

Result<std::map<std::string, VersionRequirement>> wit_requirements(const std::string& project) {
  std::map<std::string, VersionRequirement> out;
  for (const Member& member : TRY(overrides_of(project))) {
    const Value* version = member.value.find("version");
    if (version == nullptr || version->string() == nullptr) continue;
    auto requirement = VersionRequirement::parse(*version->string());
    if (!requirement) {
      return fail(std::move(requirement)
                      .error()
                      .within(fmt::format("{}: overrides.{}.version", version->origin.describe(),
                                          member.key)));
    }
    out.insert_or_assign(member.key, *std::move(requirement));
  }
  return out;
}

}  // namespace wasmcloud::wash
