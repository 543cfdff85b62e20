#pragma once

#include "base/error.h"
#include "wash/config/config.h"
#include "wash/wit/version_requirement.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// What the text of a source means, decided in this order by the configuration's format.
enum class SourceKind : uint8_t { Git, Archive, Registry, LocalPath };
SourceKind kind_of_source(std::string_view location);

/// The sources of a project: `wit.sources`, and the `[overrides]` of its wkg.toml that have a path.
/// Errors: those of reading wkg.toml.
Result<std::vector<WitSource>> wit_sources(const std::string& project, const WitConfig& config);

/// Which versions the `[overrides]` of a project's wkg.toml ask for, by package ("ns:name").
/// Errors: those of reading it; Errc::Malformed with a place.
Result<std::map<std::string, VersionRequirement>> wit_requirements(const std::string& project);

/// "wasi:http@0.2.2" as the name of its folder in `deps`: "wasi-http-0.2.2".
std::string dependency_folder(std::string package);

/// Copies a source that is a local path into `deps`, with what it has in a `deps` of its own.
/// Files that are the same already are left alone.
/// Errors: Errc::NotFound, with where the source is written.
Result<void> copy_local_source(const std::string& project, const std::filesystem::path& deps,
                               const WitSource& source);
/// The same from a folder that holds `*.wit` files, or has a folder `wit` that does.
Result<void> copy_wit_folder(const std::filesystem::path& folder, const std::filesystem::path& deps,
                             const std::string& package);

}  // namespace wasmcloud::wash
