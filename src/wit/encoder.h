#pragma once

#include "wit/model.h"

#include <string_view>

namespace wasmcloud::wit {

/// One package in binary form, as other tools read it (component model, "WIT.md": packages as
/// wasm): a component that exports a type for each interface and world. Documentation and since
/// when items are there go into a section "package-docs". `producer` and its version are named as
/// what made it. Equal packages give equal bytes.
///
/// Errors: Errc::Limit above 256 MiB, which interfaces that use one another may come to.
Result<std::string> encode(const Model& model, PackageId package, std::string_view producer,
                           std::string_view version);

}  // namespace wasmcloud::wit
