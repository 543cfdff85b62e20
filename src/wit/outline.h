#pragma once

#include "wit/model.h"

#include <filesystem>
#include <vector>

namespace wasmcloud::wit {

/// One package as it is written, before any name is looked up.
struct PackageOutline {
  PackageName name;
  /// The folder or file that it stands in: the one that was read, or an entry of its `deps/`.
  std::filesystem::path path;
  std::vector<PackageName> needs;  ///< other packages that it names, each once
};

/// The packages of a folder and its `deps/`, the folder's own first. Errors: as `Model::load`, but
/// none for what is missing.
Result<std::vector<PackageOutline>> outline(const std::filesystem::path& folder);

/// Packages that are needed, by the first one or by what it needs, and are not there.
std::vector<PackageName> missing_packages(const std::vector<PackageOutline>& packages);

/// The positions of packages that the first one does not need, by whatever way.
std::vector<size_t> unused_packages(const std::vector<PackageOutline>& packages);

}  // namespace wasmcloud::wit
