#include "wash/wit/fetch.h"

#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "component/wit_decoder.h"
#include "http/fetch.h"
#include "oci/pull.h"
#include "wash/component_source.h"
#include "wash/templates/clone.h"
#include "wash/wit/local_sources.h"
#include "wash/wit/lock_file.h"
#include "wash/wit/registries.h"
#include "wit/outline.h"
#include "wit/printer.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxRounds = 64;  ///< of what dependencies need, and those
constexpr size_t kMaxArchiveBytes = size_t{64} << 20;
constexpr int kMaxSearchDepth = 10;

/// A folder that goes away with this object.
class Scratch {
 public:
  static Result<Scratch> create() {
    std::string pattern = fs::temp_directory_path() / "wash-wit-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) return fail_errno(errno, "making a temporary folder");
    return Scratch(std::move(pattern));
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

bool has_wit(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".wit") return true;
  }
  return false;
}

/// The WIT of a repository or archive: its folder `wit`, else the first one deeper in it, else
/// itself. Links in it are removed: they may lead to what is not its own.
Result<fs::path> find_wit_folder(const fs::path& root) {
  std::error_code error;
  std::vector<fs::path> links;
  for (auto it = fs::recursive_directory_iterator(root, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_symlink(error)) links.push_back(it->path());
  }
  for (const fs::path& link : links) fs::remove(link, error);
  error.clear();
  if (has_wit(root / "wit")) return root / "wit";
  std::vector<fs::path> found;
  for (auto it = fs::recursive_directory_iterator(root, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() >= kMaxSearchDepth) it.disable_recursion_pending();
    if (it->path().filename() == "wit" && has_wit(it->path())) found.push_back(it->path());
  }
  if (!found.empty()) return *std::ranges::min_element(found);
  if (has_wit(root)) return root;
  return fail(Errc::NotFound, "there is no folder 'wit' with *.wit files in it");
}

/// How a requirement for this package is written in wkg.lock.
std::string requirement_of(const wit::PackageName& package) {
  return package.version ? "=" + package.version->str() : "*";
}

std::string plain_name(const wit::PackageName& package) {
  return fmt::format("{}:{}", package.ns, package.name);
}

bool holds(const std::vector<wit::PackageOutline>& packages, const wit::PackageName& name) {
  return std::ranges::find(packages, name, &wit::PackageOutline::name) != packages.end();
}

bool is_of(const WitSource& source, const wit::PackageName& package) {
  return source.package == package.str() || source.package == plain_name(package) ||
         source.package == package.ns;
}

/// Whether the project needs a package that the source says where to find.
bool is_needed(const WitSource& source, const std::vector<wit::PackageOutline>& packages) {
  const std::vector<size_t> unused = wit::unused_packages(packages);
  for (size_t i = 1; i < packages.size(); ++i) {
    if (std::ranges::find(unused, i) == unused.end() && is_of(source, packages[i].name))
      return true;
  }
  return std::ranges::any_of(wit::missing_packages(packages), [&](const wit::PackageName& package) {
    return is_of(source, package);
  });
}

class Fetcher {
 public:
  Fetcher(Loop& loop, WitFetch request)
      : loop_(loop),
        request_(std::move(request)),
        folder_(fs::path(request_.project) / request_.config.directory),
        deps_(folder_ / "deps"),
        cache_(request_.cache),
        registries_(request_.registries) {}

  Task<std::vector<std::string>> run();
  Task<std::optional<SemVer>> choose(std::string package, VersionRequirement requirement);

 private:
  /// Where a registry has the versions of a package.
  struct Location {
    oci::Reference versions;  ///< without a tag
    std::string registry;     ///< as wkg.lock has it
  };
  Task<void> fetch(wit::PackageName package);
  Task<void> from_git(const WitSource& source, const wit::PackageName& package);
  Task<void> from_archive(const WitSource& source, const wit::PackageName& package);
  /// `source` is null, or one in a registry.
  Task<Location> locate(const WitSource* source, const wit::PackageName& package);
  Task<void> from_registry(Location location, const wit::PackageName& package);
  Result<void> write_dependency(const wit::PackageName& package, std::string_view text);
  /// All that are tags, the newest first.
  Task<std::vector<SemVer>> versions(oci::Registry& registry, const oci::Reference& reference,
                                     const std::string& package);
  Task<SemVer> newest(oci::Registry& registry, const oci::Reference& reference,
                      const std::string& package, const VersionRequirement& requirement);
  const WitSource* source_of(const wit::PackageName& package) const;
  /// What wkg.toml asks of a package; any version, where it says nothing.
  Result<VersionRequirement> required(const std::string& package) const;
  Result<oci::RegistryOptions> registry_options();

  Loop& loop_;
  WitFetch request_;
  fs::path folder_;
  fs::path deps_;
  oci::Cache cache_;
  std::vector<WitSource> sources_;
  std::shared_ptr<PackageRegistries> registries_;
  LockFile lock_;
  std::vector<std::string> fetched_;
  std::map<std::string, std::string>
      within_;  ///< WIT of what packages from registries need, by name
};

Result<oci::RegistryOptions> Fetcher::registry_options() {
  if (registries_ == nullptr) {
    registries_ = std::make_shared<PackageRegistries>(
        TRY(PackageRegistries::load(request_.environment, request_.config.registries)));
  }
  oci::RegistryOptions options = default_registry_options(request_.environment);
  options.plain_http = registries_->plain_http();
  options.other_login = "give its username and token under wit.registries";
  options.plain_switch = "write its url with http:// under wit.registries";
  for (const WitRegistry& registry : request_.config.registries) {
    if (!registry.username || !registry.token) continue;
    options.logins.push_back({.registry = registry.url,
                              .who = {.user = *registry.username,
                                      .password = Secret(std::string(registry.token->reveal())),
                                      .identity_token = {}}});
  }
  return options;
}

Result<VersionRequirement> Fetcher::required(const std::string& package) const {
  auto all = TRY(wit_requirements(request_.project));
  const auto found = all.find(package);
  return found == all.end() ? VersionRequirement() : std::move(found->second);
}

const WitSource* Fetcher::source_of(const wit::PackageName& package) const {
  for (const std::string& key : {package.str(), plain_name(package), package.ns}) {
    const auto found = std::ranges::find(sources_, key, &WitSource::package);
    if (found != sources_.end()) return &*found;
  }
  return nullptr;
}

Task<std::vector<std::string>> Fetcher::run() {
  std::error_code error;
  if (!fs::is_directory(folder_, error)) co_return std::vector<std::string>();
  if (request_.clean) fs::remove_all(deps_, error);
  lock_ = CO_TRY(LockFile::read(lock_path(request_.project)));
  const LockFile before = lock_;
  sources_ = CO_TRY(wit_sources(request_.project, request_.config));
  if (!has_wit(folder_)) co_return std::vector<std::string>();
  // What is copied from a path follows what is there.
  const auto there = wit::outline(folder_);
  for (const WitSource& source : sources_) {
    if (kind_of_source(source.location) == SourceKind::LocalPath &&
        (!there || is_needed(source, *there)))
      CO_TRY(copy_local_source(request_.project, deps_, source));
  }
  std::vector<wit::PackageOutline> packages;
  for (int round = 0;; ++round) {
    auto outline = wit::outline(folder_);
    if (!outline && outline.error().code() == Errc::Unsupported) {
      // The build's own tools may know more.
      log::warn("{}", outline.error().message());
      co_return std::move(fetched_);
    }
    packages = CO_TRY(std::move(outline));
    const std::vector<wit::PackageName> missing = wit::missing_packages(packages);
    if (missing.empty()) break;
    if (round == kMaxRounds) {
      co_return fail(Errc::Limit, "packages need others over more than {} steps; the next is {}",
                     kMaxRounds, missing.front().str());
    }
    for (const wit::PackageName& package : missing) {
      auto done = co_await fetch(package);
      if (!done) {
        co_return fail(std::move(done).error().within(
            fmt::format("package {} is not in {}/deps", package.str(), request_.config.directory)));
      }
      fetched_.push_back(package.str());
    }
  }
  // What is gone from the WIT, or was put there by somebody, is not locked.
  for (LockedPackage& locked : lock_.packages) {
    std::erase_if(locked.versions, [&](const LockedVersion& version) {
      return std::ranges::none_of(packages, [&](const wit::PackageOutline& there) {
        return plain_name(there.name) == locked.name &&
               requirement_of(there.name) == version.requirement;
      });
    });
  }
  std::erase_if(lock_.packages,
                [](const LockedPackage& locked) { return locked.versions.empty(); });
  if (!lock_.packages.empty() || lock_.packages != before.packages ||
      file_exists(lock_path(request_.project)))
    CO_TRY(lock_.write(lock_path(request_.project)));

  const Result<wit::PackageId> loaded = wit::Model().load(folder_);
  if (!loaded) co_return fail(loaded.error().copy());
  co_return std::move(fetched_);
}

Task<void> Fetcher::fetch(wit::PackageName package) {
  if (const WitSource* source = source_of(package)) {
    Result<void> done;
    switch (kind_of_source(source->location)) {
      case SourceKind::Git:
        done = co_await from_git(*source, package);
        break;
      case SourceKind::Archive:
        done = co_await from_archive(*source, package);
        break;
      case SourceKind::Registry: {
        auto location = co_await locate(source, package);
        done = location ? co_await from_registry(*std::move(location), package)
                        : fail(std::move(location).error());
        break;
      }
      case SourceKind::LocalPath:
        done = copy_local_source(request_.project, deps_, *source);
        if (done && !holds(CO_TRY(wit::outline(folder_)), package))
          done = fail(Errc::NotFound, "{} has another package or version", source->location);
        break;
    }
    if (!done) {
      co_return fail(std::move(done).error().within(
          fmt::format("{}: wit.sources.{}", source->origin.describe(), source->package)));
    }
    co_return done;
  }
  auto location = co_await locate(nullptr, package);
  auto done = location ? co_await from_registry(*std::move(location), package)
                       : fail(std::move(location).error());
  // Whoever published a package may have kept to themselves what it uses. Other bytes than those
  // that are locked are told of all the same.
  if (!done && done.error().code() != Errc::Malformed && within_.contains(package.str())) {
    log::debug("{}; it is taken from the package that uses it", done.error().message());
    co_return write_dependency(package, within_.at(package.str()));
  }
  co_return done;
}

Result<void> Fetcher::write_dependency(const wit::PackageName& package, std::string_view text) {
  const fs::path target = deps_ / dependency_folder(package.str());
  std::error_code error;
  fs::create_directories(target, error);
  if (error) return fail(Errc::Io, "making the folder {}: {}", target.string(), error.message());
  return write_file(target / "package.wit", text);
}

Task<Fetcher::Location> Fetcher::locate(const WitSource* source, const wit::PackageName& package) {
  if (source != nullptr) {
    oci::Reference reference = CO_TRY(oci::Reference::parse(source->location));
    if (!reference.repository.ends_with("/" + package.name))
      reference.repository += "/" + package.name;
    reference.tag.clear();
    reference.digest.clear();
    std::string server = reference.registry;
    co_return Location{.versions = std::move(reference), .registry = std::move(server)};
  }
  oci::RegistryOptions options = CO_TRY(registry_options());
  PackageRegistry registry =
      CO_TRY(co_await registries_->find(loop_, plain_name(package), std::move(options.http)));
  co_return Location{
      .versions = {.registry = std::move(registry.server),
                   .repository = fmt::format("{}{}/{}", registry.prefix, package.ns, package.name),
                   .tag = {},
                   .digest = {}},
      .registry = std::move(registry.name)};
}

Task<std::vector<SemVer>> Fetcher::versions(oci::Registry& registry,
                                            const oci::Reference& reference,
                                            const std::string& package) {
  auto tags = co_await registry.tags(reference);
  if (!tags && tags.error().code() == Errc::NotFound) {
    co_return fail(Errc::NotFound,
                   "there is no package {}: {} has no repository {}; check its name and the "
                   "registry",
                   package, reference.registry, reference.repository);
  }
  std::vector<SemVer> out;
  for (std::string& tag : CO_TRY(std::move(tags))) {
    std::ranges::replace(tag, '_', '+');
    if (auto version = SemVer::parse(tag)) out.push_back(*std::move(version));
  }
  std::ranges::sort(out, std::greater());
  co_return out;
}

/// "1.2.0, 1.1.0 and 4 more".
std::string list_of_versions(std::span<const SemVer> versions) {
  constexpr size_t kMost = 8;
  std::vector<std::string> texts;
  for (const SemVer& version : versions.first(std::min(versions.size(), kMost)))
    texts.push_back(version.str());
  std::string out = join(texts, ", ");
  if (versions.size() > kMost) out += fmt::format(" and {} more", versions.size() - kMost);
  return out.empty() ? "no version at all" : out;
}

Task<SemVer> Fetcher::newest(oci::Registry& registry, const oci::Reference& reference,
                             const std::string& package, const VersionRequirement& requirement) {
  std::vector<SemVer> all = CO_TRY(co_await versions(registry, reference, package));
  const auto found = std::ranges::find_if(
      all, [&](const SemVer& version) { return requirement.matches(version); });
  if (found != all.end()) co_return std::move(*found);
  co_return fail(Errc::NotFound, "no version of {} in {} is {}; there is {}", package,
                 reference.name(), requirement.text() == "*" ? "a release" : requirement.text(),
                 list_of_versions(all));
}

Task<std::optional<SemVer>> Fetcher::choose(std::string package, VersionRequirement requirement) {
  const VersionRequirement of_project = CO_TRY(required(package));
  if (const auto outline = wit::outline(folder_)) {
    std::vector<SemVer> there;
    bool without_version = false;
    for (const wit::PackageOutline& each : *outline) {
      if (plain_name(each.name) != package) continue;
      if (!each.name.version)
        without_version = true;
      else if (requirement.matches(*each.name.version))
        there.push_back(*each.name.version);
    }
    if (without_version) co_return std::optional<SemVer>();
    if (!there.empty()) co_return *std::ranges::max_element(there);
  }
  sources_ = CO_TRY(wit_sources(request_.project, request_.config));
  const size_t colon = package.find(':');
  const wit::PackageName name{
      .ns = package.substr(0, colon), .name = package.substr(colon + 1), .version = {}};
  const WitSource* source = source_of(name);
  if (source != nullptr && kind_of_source(source->location) != SourceKind::Registry)
    co_return std::optional<SemVer>();
  const Location location = CO_TRY(co_await locate(source, name));
  oci::Registry registry(loop_, CO_TRY(registry_options()));
  // What is asked for here comes first; the project's own word holds where nothing is.
  co_return co_await newest(registry, location.versions, package,
                            requirement.text() == "*" ? of_project : requirement);
}

Task<void> Fetcher::from_registry(Location location, const wit::PackageName& package) {
  oci::Reference reference = std::move(location.versions);
  oci::Registry registry(loop_, CO_TRY(registry_options()));
  const std::string requirement = requirement_of(package);
  const LockedVersion* locked = lock_.find(plain_name(package), requirement);
  SemVer version;
  if (package.version)
    version = *package.version;
  else if (locked != nullptr)
    version = locked->version;
  else
    version = CO_TRY(co_await newest(registry, reference, plain_name(package),
                                     CO_TRY(required(plain_name(package)))));
  // "+" is not allowed in tags.
  reference.tag = version.str();
  std::ranges::replace(reference.tag, '+', '_');
  auto pull =
      co_await oci::pull_component(registry, &cache_, reference, oci::PullPolicy::IfNotPresent);
  if (!pull && pull.error().code() == Errc::NotFound) {
    const auto all = CO_TRY(co_await versions(registry, reference, plain_name(package)));
    co_return fail(Errc::NotFound, "no version of {} in {} is {}; there is {}", plain_name(package),
                   reference.name(), version.str(), list_of_versions(all));
  }
  const oci::PulledComponent pulled = CO_TRY(std::move(pull));
  const std::string digest = oci::digest_of(pulled.component.text());
  if (locked != nullptr && locked->digest != digest) {
    co_return fail(Errc::Malformed,
                   "{} is {}, and wkg.lock has {}; if the change is meant: wash wit update {}",
                   reference.text(), digest, locked->digest, plain_name(package));
  }
  auto decoded = component::decode_wit(pulled.component.span(), reference.text());
  if (!decoded) co_return fail(std::move(decoded).error().within(reference.text()));
  const wit::PackageName& found = decoded->model[decoded->package].name;
  if (decoded->kind != component::DecodedWit::Kind::Package ||
      plain_name(found) != plain_name(package))
    co_return fail(Errc::Invalid, "{} holds package {}", reference.text(), found.str());
  if (found != package) {
    co_return fail(Errc::NotFound, "{} holds {}; write that version where it is named",
                   reference.text(), found.str());
  }
  CO_TRY(write_dependency(package, wit::print(decoded->model, decoded->package)));
  for (uint32_t i = 0; i < decoded->model.packages().size(); ++i) {
    if (i == decoded->package.index) continue;
    within_.try_emplace(decoded->model.packages()[i].name.str(),
                        wit::print(decoded->model, wit::PackageId{i}));
  }
  lock_.set(plain_name(package), location.registry,
            {.requirement = requirement, .version = std::move(version), .digest = digest});
  co_return Result<void>();
}

Task<void> Fetcher::from_git(const WitSource& source, const wit::PackageName& package) {
  std::string_view location = source.location;
  if (location.starts_with("git+")) location.remove_prefix(4);
  const size_t hash = location.find('#');
  const Scratch scratch = CO_TRY(Scratch::create());
  CO_TRY(co_await clone_project(
      loop_, {.repository = std::string(location.substr(0, hash)),
              .ref = hash == std::string_view::npos ? std::string()
                                                    : std::string(location.substr(hash + 1)),
              .subfolder = {},
              .into = scratch.path() + "/clone"}));
  co_return copy_wit_folder(CO_TRY(find_wit_folder(scratch.path() + "/clone")), deps_,
                            package.str());
}

Task<void> Fetcher::from_archive(const WitSource& source, const wit::PackageName& package) {
  http::FetchRequest request;
  request.url = CO_TRY(http::parse_url(source.location));
  request.max_body_bytes = kMaxArchiveBytes;
  http::Client client(loop_, CO_TRY(registry_options()).http);
  const http::Fetched fetched = CO_TRY(co_await http::fetch(client, std::move(request)));
  if (fetched.head.status != 200)
    co_return fail(Errc::Refused, "the server answered with status {}", fetched.head.status);
  const Scratch scratch = CO_TRY(Scratch::create());
  const std::string archive = scratch.path() + "/archive.tar.gz";
  const std::string unpacked = scratch.path() + "/unpacked";
  CO_TRY(write_file(archive, fetched.body.text()));
  std::error_code error;
  fs::create_directory(unpacked, error);
  ProcessOptions options;
  // tar itself leaves out leading slashes and names with "..".
  options.command = {"tar", "-xzf", archive, "-C", unpacked, "--no-same-owner"};
  options.errors = Output::Capture;
  const Finished finished = CO_TRY(co_await run_process(loop_, std::move(options)));
  if (!finished.status.ok())
    co_return fail(Errc::Malformed, "it is no tar.gz archive: {}", trim(finished.errors));
  co_return copy_wit_folder(CO_TRY(find_wit_folder(unpacked)), deps_, package.str());
}

/// Whether a local source has a dependency of this name, which is copied with it.
bool came_along(const fs::path& project, const WitSource& source, const fs::path& dependency) {
  if (kind_of_source(source.location) != SourceKind::LocalPath) return false;
  std::error_code error;
  const fs::path root = project / source.location;
  return fs::exists(root / "deps" / dependency.filename(), error) ||
         fs::exists(root / "wit" / "deps" / dependency.filename(), error);
}

Result<void> remove_dependency(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return fail(Errc::Io, "removing {}: {}", path.string(), error.message());
  return {};
}

}  // namespace

std::string lock_path(const std::string& project) { return project + "/wkg.lock"; }

Task<std::vector<std::string>> fetch_wit(Loop& loop, WitFetch request) {
  Fetcher fetcher(loop, std::move(request));
  co_return co_await fetcher.run();
}

Task<std::optional<SemVer>> choose_wit_version(Loop& loop, WitFetch request, std::string package,
                                               VersionRequirement requirement) {
  Fetcher fetcher(loop, std::move(request));
  co_return co_await fetcher.choose(std::move(package), std::move(requirement));
}

Result<WitFetch> default_wit_fetch(std::string project, WitConfig config) {
  Environment environment = process_environment();
  return WitFetch{.project = std::move(project),
                  .config = std::move(config),
                  .cache = TRY(find_directories(environment)).cache + "/package_cache",
                  .environment = std::move(environment)};
}

Result<std::vector<std::string>> prune_wit(const std::string& project, const WitConfig& config) {
  const fs::path folder = fs::path(project) / config.directory;
  LockFile lock = TRY(LockFile::read(lock_path(project)));
  const std::vector<WitSource> sources = TRY(wit_sources(project, config));
  const std::vector<wit::PackageOutline> packages = TRY(wit::outline(folder));
  std::vector<std::string> removed;
  for (const size_t index : wit::unused_packages(packages)) {
    const wit::PackageOutline& package = packages[index];
    const bool is_locked =
        lock.find(plain_name(package.name), requirement_of(package.name)) != nullptr;
    const bool is_source = std::ranges::any_of(sources, [&](const WitSource& source) {
      return is_of(source, package.name) || came_along(project, source, package.path);
    });
    // What somebody put there by hand stays.
    if (!is_locked && !is_source) continue;
    if (package.path.parent_path() == folder / "deps") TRY(remove_dependency(package.path));
    for (LockedPackage& locked : lock.packages) {
      if (locked.name != plain_name(package.name)) continue;
      std::erase_if(locked.versions, [&](const LockedVersion& version) {
        return version.requirement == requirement_of(package.name);
      });
    }
    removed.push_back(package.name.str());
  }
  std::erase_if(lock.packages, [](const LockedPackage& locked) { return locked.versions.empty(); });
  if (file_exists(lock_path(project))) TRY(lock.write(lock_path(project)));
  return removed;
}

Result<void> unlock_wit(const std::string& project, const WitConfig& config,
                        const std::string& package) {
  const fs::path folder = fs::path(project) / config.directory;
  LockFile lock = TRY(LockFile::read(lock_path(project)));
  const LockFile before = lock;
  if (package.empty()) {
    lock.packages.clear();
  } else if (!lock.remove(package)) {
    return fail(Errc::NotFound, "Package '{}' not found in lock file", package);
  }
  std::error_code error;
  if (fs::is_directory(folder / "deps", error)) {
    for (const wit::PackageOutline& there : TRY(wit::outline(folder))) {
      const std::string name = plain_name(there.name);
      if (!package.empty() && name != package) continue;
      if (before.find(name, requirement_of(there.name)) == nullptr) continue;
      if (there.path.parent_path() == folder / "deps") TRY(remove_dependency(there.path));
    }
  }
  if (file_exists(lock_path(project))) TRY(lock.write(lock_path(project)));
  return {};
}

}  // namespace wasmcloud::wash
