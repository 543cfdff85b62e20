#pragma once

#include "oci/registry_options.h"
#include "wash/invocation.h"

namespace wasmcloud::wash {

extern const Flag kInsecureFlag;
extern const Flag kUserFlag;
extern const Flag kPasswordFlag;
extern const Flag kOciCaFlag;

/// How registries are spoken to by these four flags, over the environment's defaults.
oci::RegistryOptions registry_options_of(const Invocation& invocation);

}  // namespace wasmcloud::wash
