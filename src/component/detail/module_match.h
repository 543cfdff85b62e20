#pragma once

#include "base/error.h"
#include "component/types.h"
#include "engine/module.h"
#include "engine/values.h"

namespace wasmcloud::component {

engine::FuncType engine_type(const CoreFunctionType& type);

/// Whether a module of the host may stand where a component imports one of type `wanted`: it
/// imports no more and exports no less. Limits of tables are left to the engine. Errors:
/// Errc::Invalid with what does not fit.
Result<void> check_module(const engine::Module& given, const CoreModuleType& wanted,
                          const CoreTypeTable& types);

}  // namespace wasmcloud::component
