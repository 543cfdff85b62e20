#pragma once

#include "component/detail/type_graph.h"

#include <functional>

namespace wasmcloud::component::detail {

/// Whether two resource types are one.
using SameResource = std::function<bool(const TypeNode&, const TypeNode&)>;

/// Whether two types, of values or of functions, are written alike: names of parts count, names of
/// the types themselves do not.
/// Errors: Errc::Limit; Errc::Invalid for types that are not valid after all.
Result<bool> same_form(const TypeNode& a, const TypeNode& b, const SameResource& same_resource);

}  // namespace wasmcloud::component::detail
