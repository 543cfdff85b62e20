#pragma once

#include "base/loop.h"
#include "wash/config/config.h"
#include "wash/directories.h"
#include "wash/wit/registries.h"
#include "wash/wit/version_requirement.h"

#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::wash {

struct WitFetch {
  std::string project;  ///< absolute
  WitConfig config;
  std::string cache;  ///< the folder for packages of registries
  Environment environment;
  bool clean = false;  ///< `deps` is made anew
  /// Where packages are, with what is known of it; null: as the configurations say. Of one loop at
  /// a time.
  std::shared_ptr<PackageRegistries> registries = nullptr;
};

/// Sees to it that `deps` holds all packages that the WIT of a project needs, those that its
/// dependencies need too: copied from local paths, and fetched from repositories, archives and
/// registries. What is there already is not fetched again; what wkg.lock says about a package
/// holds. Returns what was fetched, "ns:name@version" each. Writes wkg.lock.
///
/// Nothing to do where the folder has no WIT. Errors: Errc::NotFound for a package that is nowhere,
/// with what to do; Errc::Malformed with file:line:column for broken WIT, and for a package that is
/// not what wkg.lock says; those of fetching. Nothing is left half-written.
Task<std::vector<std::string>> fetch_wit(Loop& loop, WitFetch request);

/// The version of a package that an import is to name, for one that says none: that of the package
/// in the project's WIT if it will do, or else the newest release that a registry has of those that
/// will; what wkg.toml says of it counts too. None where the package is not in a registry.
/// Errors: Errc::NotFound with the versions there are; those of asking the registry.
Task<std::optional<SemVer>> choose_wit_version(Loop& loop, WitFetch request, std::string package,
                                               VersionRequirement requirement);

/// Where these are for a process that was told nothing else.
Result<WitFetch> default_wit_fetch(std::string project, WitConfig config);

/// Takes packages that nothing needs any more out of `deps` and wkg.lock, as far as they came there
/// by `fetch_wit`. Returns their names. Blocks.
Result<std::vector<std::string>> prune_wit(const std::string& project, const WitConfig& config);

/// Lets `fetch_wit` choose anew: takes one package ("ns:name"), or all if that is empty, out of
/// wkg.lock and what came of it out of `deps`. Errors: Errc::NotFound if it is not locked. Blocks.
Result<void> unlock_wit(const std::string& project, const WitConfig& config,
                        const std::string& package);

std::string lock_path(const std::string& project);

}  // namespace wasmcloud::wash
