#pragma once

#include "component/value.h"
#include "wash/value.h"

namespace wasmcloud::wash {

/// A guest's value as JSON would have it: records are objects; lists, tuples and flags are lists;
/// `none` is null, and what is in `some` stands for itself unless it is optional too
/// (`{"some": ...}`); cases with a payload and results are objects of one member. What JSON has no
/// numbers for is text: above 2^63 - 1, "nan", "inf".
Value json_of(const component::Value& value);

}  // namespace wasmcloud::wash
