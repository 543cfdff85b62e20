#pragma once

#include "base/error.h"
#include "component/types.h"

#include <cstddef>
#include <span>

namespace wasmcloud::component::detail {

/// Stands for a module type among the core types of a component.
inline constexpr CoreTypeId kNotACoreType{~uint32_t{0}};

/// A list of core types that are being defined, as a module, a component or a module type sees
/// them: checks the references of a group and makes it canonical.
Result<void> add_core_group(CoreTypeTable& table, std::vector<CoreTypeId>& scope,
                            CoreRecursionGroup group, size_t at);

/// Turns the type indices in a decoded type into canonical ids.
Result<CoreValueType> resolve_core(CoreValueType type, std::span<const CoreTypeId> scope,
                                   size_t at);
Result<CoreExternType> resolve_core(const CoreExternType& type, const CoreTypeTable& table,
                                    std::span<const CoreTypeId> scope, size_t at);

/// The imports and exports of a core module, whose bytes start at `offset` of the binary. Reads no
/// more than they need; whether the module is valid is for the engine to say.
Result<CoreModuleType> read_core_module(std::span<const std::byte> bytes, size_t offset,
                                        CoreTypeTable& table);

}  // namespace wasmcloud::component::detail
