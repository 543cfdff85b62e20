#pragma once

#include "component/composition/imports.h"

#include <cstddef>
#include <vector>

namespace wasmcloud::component::composition {

/// The binary of what was planned. Errors: Errc::Invalid for a resource that is exported or asked
/// for without a name, and for exports of one name.
Result<std::vector<std::byte>> write(const Composition& composition, const Wiring& wiring,
                                     const MergedImports& imports, SharedTypes& types);

}  // namespace wasmcloud::component::composition
