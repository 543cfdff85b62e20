#pragma once

#include "base/loop.h"
#include "oci/pull.h"
#include "wash/invocation.h"

#include <string>
#include <string_view>
#include <variant>

namespace wasmcloud::wash {

/// Where a component is: a file of this machine, by its absolute path, or an artifact.
using ComponentSource = std::variant<std::string, oci::Reference>;

/// What a person means: a file if there is one of that name in `folder`, or if it looks like one
/// (begins with "/", "~", "./" or "../", has a backslash or ends in ".wasm"), else a reference.
/// Errors: Errc::Invalid for what is neither, and for a folder; Errc::NotFound for a bare word.
Result<ComponentSource> component_source_of(std::string_view text, const std::string& folder,
                                            const Environment& environment);
/// The path, or the whole reference.
std::string text_of(const ComponentSource& source);

struct FetchedComponent {
  Bytes bytes;
  std::string digest;  ///< of the artifact's manifest; empty for a file
};

/// Reads the file, or pulls the artifact through the cache that all commands share. Checks that it
/// is a component. Errors: those of `read_component` and `oci::pull_component`.
Task<FetchedComponent> fetch_component(Loop& loop, ComponentSource source,
                                       oci::RegistryOptions registries, oci::PullPolicy policy,
                                       const Directories& directories,
                                       oci::Progress progress = nullptr);

/// The folder of that cache.
std::string oci_cache_folder(const Directories& directories);

/// How registries are spoken to where nothing else is said: docker's logins, the certificates that
/// WASH_OCI_CA_PATHS names, TLS, the proxies of the environment.
oci::RegistryOptions default_registry_options(const Environment& environment);

/// Shows how much of `what` has come, where there is a terminal; else it is null.
oci::Progress progress_on(Terminal& terminal, std::string what);

}  // namespace wasmcloud::wash
