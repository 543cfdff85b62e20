#pragma once

#include "component/canonical_context.h"
#include "component/detail/runtime_type.h"
#include "component/value.h"
#include "engine/values.h"

#include <span>

namespace wasmcloud::component {

// Values whose type is only known at run time, in and out of a guest.

Result<Value> lift_flat(CanonicalContext& context, const RuntimeType& type,
                        const engine::RawValue* flat);
/// The place has been checked.
Result<Value> lift_memory(CanonicalContext& context, const RuntimeType& type, uint32_t at);
/// Errors: also Errc::Invalid for a value that is not of the type.
Result<void> lower_flat(CanonicalContext& context, const RuntimeType& type, const Value& value,
                        engine::RawValue* flat);
/// The place has been checked.
Result<void> lower_memory(CanonicalContext& context, const RuntimeType& type, const Value& value,
                          uint32_t at);

}  // namespace wasmcloud::component
