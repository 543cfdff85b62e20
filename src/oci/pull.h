#pragma once

#include "oci/cache.h"
#include "oci/registry.h"

#include <string>
#include <string_view>

namespace wasmcloud::oci {

enum class PullPolicy : uint8_t {
  Always,        ///< the registry is asked; what it has and the cache has, too, is not fetched
  IfNotPresent,  ///< the registry is only asked for what the cache does not have
  Never,         ///< only the cache
};

/// "always", "ifNotPresent", "never", in any case. Errors: Errc::Invalid.
Result<PullPolicy> parse_pull_policy(std::string_view text);

struct PulledComponent {
  Bytes component;
  std::string digest;      ///< of the manifest
  std::string media_type;  ///< of the layer
  Annotations annotations;
  bool from_cache = false;  ///< nothing of the component was fetched
};

/// A component by its reference: the first layer of an artifact whose layers are WebAssembly. A
/// `cache` may be null; where it cannot be written, that is logged. It is used on blocking threads
/// and must live until the task ends. Errors: those of `Registry`; Errc::NotFound for `Never`
/// and nothing cached; Errc::Unsupported for what is no component.
Task<PulledComponent> pull_component(Registry& registry, const Cache* cache, Reference reference,
                                     PullPolicy policy, Progress progress = nullptr);

}  // namespace wasmcloud::oci
