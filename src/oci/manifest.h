#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::oci {

inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kWasmConfigType = "application/vnd.wasm.config.v0+json";
inline constexpr std::string_view kWasmLayerType = "application/wasm";
/// What wasmCloud 1 and the first tools called it.
inline constexpr std::string_view kLegacyWasmLayerType =
    "application/vnd.module.wasm.content.layer.v1+wasm";

/// In the order they are written.
using Annotations = std::vector<std::pair<std::string, std::string>>;

/// Points to a blob ("OCI Content Descriptors").
struct Descriptor {
  std::string media_type;
  std::string digest;  ///< valid by `is_valid_digest`
  uint64_t size = 0;
  Annotations annotations = {};
};

/// An image manifest ("OCI Image Manifest Specification").
struct Manifest {
  Descriptor config;
  std::vector<Descriptor> layers;
  Annotations annotations;
};

/// Errors: Errc::Malformed for what is no manifest; Errc::Unsupported for other kinds of manifest
/// (an index of several, Docker's first schema), with what they are.
Result<Manifest> parse_manifest(std::string_view json);

/// Compact, always the same for the same content.
std::string to_json(const Manifest& manifest);

/// The value of a key; empty if there is none.
std::string_view annotation(const Annotations& annotations, std::string_view key);

}  // namespace wasmcloud::oci
