#pragma once

#include "oci/cache.h"
#include "oci/registry.h"

#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::oci {

/// What a config says of a component: names of its interfaces, and the world it was made for.
struct ComponentSummary {
  std::vector<std::string> exports;
  std::vector<std::string> imports;
  std::string target;  ///< empty: not known
};

/// What is pushed as a CNCF Wasm OCI artifact: a manifest whose config is a Wasm config and whose
/// only layer is the component.
struct Artifact {
  Bytes component;
  ComponentSummary summary;
  Annotations annotations;
  std::string created;        ///< RFC 3339
  std::string os = "wasip2";  ///< "wasip1" for core modules
};

/// The config blob of an artifact.
std::string wasm_config(const Artifact& artifact);

/// Uploads the blobs, then the manifest under the reference's tag and the others; returns the
/// manifest's digest. What was pushed is in the cache afterwards, if there is one, under each name.
/// Errors: those of `Registry`; Errc::Invalid for a reference with a digest, which nobody can
/// choose.
Task<std::string> push_component(Registry& registry, const Cache* cache, Reference reference,
                                 std::vector<std::string> other_tags, Artifact artifact,
                                 Progress progress = nullptr);

}  // namespace wasmcloud::oci
