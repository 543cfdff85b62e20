#pragma once

#include "base/error.h"
#include "base/semver.h"
#include "wash/wit/version_requirement.h"

#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// What commands name packages by: "ns:name", "ns:name/interface", each with "@version" or not. In
/// place of a version there may be what one has to be: "@0.2", "@^1.1".
struct PackageSpec {
  std::string package;    ///< "ns:name"
  std::string interface;  ///< or empty
  std::optional<SemVer> version;
  std::optional<VersionRequirement> requirement;  ///< if there is no `version`

  /// Errors: Errc::Invalid with what would be right.
  static Result<PackageSpec> parse(std::string_view text);
  /// "ns:name/interface@version", as imports are written; without a requirement.
  std::string text() const;
};

/// The text of a WIT file with one import more in its first world, below those that are there.
/// Errors: Errc::Exists if it is imported already; Errc::NotFound where there is no world.
Result<std::string> add_import(std::string_view wit, const PackageSpec& spec);

/// The text without the imports of this package (of the interface, if one is named), whatever
/// version they have. Errors: Errc::NotFound if there is none.
Result<std::string> remove_import(std::string_view wit, const PackageSpec& spec);

/// The file of a WIT folder that has the world: world.wit, or else the first with a world in it.
/// Errors: Errc::NotFound.
Result<std::string> find_world_file(const std::string& folder);

}  // namespace wasmcloud::wash
