#pragma once

#include "wit/model.h"

#include <string>

namespace wasmcloud::wit {

/// What the section "package-docs" of a binary package says: a version byte, and as JSON the
/// documentation and stability of each item that has any.
std::string package_docs(const Model& model, PackageId package);

}  // namespace wasmcloud::wit
