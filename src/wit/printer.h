#pragma once

#include "wit/model.h"

namespace wasmcloud::wit {

/// One package as WIT text, to be read by `Model::load_text` with the packages it refers to.
std::string print(const Model& model, PackageId package);

/// A package with all that it refers to, the others in braces behind it: text that stands alone.
std::string print_with_dependencies(const Model& model, PackageId package);

/// How a type is written where it is used: "list<u8>", "own<fields>".
std::string print(const Model& model, const Type& type);

}  // namespace wasmcloud::wit
