#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace wasmcloud::component {

/// A number of one kind only, so that index spaces and ids cannot be mixed up.
template <class Tag>
struct Index {
  uint32_t value = 0;
  friend constexpr auto operator<=>(Index, Index) = default;
};

// Positions in one component's index spaces (Binary.md, "Index Spaces"), appended to in file order.
using CoreFunctionIndex = Index<struct CoreFunctionIndexTag>;
using CoreTableIndex = Index<struct CoreTableIndexTag>;
using CoreMemoryIndex = Index<struct CoreMemoryIndexTag>;
using CoreGlobalIndex = Index<struct CoreGlobalIndexTag>;
using CoreTagIndex = Index<struct CoreTagIndexTag>;
using CoreTypeIndex = Index<struct CoreTypeIndexTag>;
using CoreModuleIndex = Index<struct CoreModuleIndexTag>;
using CoreInstanceIndex = Index<struct CoreInstanceIndexTag>;
using FunctionIndex = Index<struct FunctionIndexTag>;
using ValueIndex = Index<struct ValueIndexTag>;
using TypeIndex = Index<struct TypeIndexTag>;
using ComponentIndex = Index<struct ComponentIndexTag>;
using InstanceIndex = Index<struct InstanceIndexTag>;

/// A component of the binary, however deeply nested: 0 is the root, numbered in the order they
/// begin.
using ComponentId = Index<struct ComponentIdTag>;
/// A core module of the binary, in whichever component it stands; in file order.
using ModuleId = Index<struct ModuleIdTag>;

/// The index spaces, core ones first. Written in binaries as one byte, or as 0x00 and a core
/// sort's.
enum class Sort : uint8_t {
  CoreFunction,
  CoreTable,
  CoreMemory,
  CoreGlobal,
  CoreTag,
  CoreType,
  CoreModule,
  CoreInstance,
  Function,
  Value,
  Type,
  Component,
  Instance,
};

constexpr bool is_core(Sort sort) { return sort <= Sort::CoreInstance; }

/// "core func", "instance".
std::string_view name_of(Sort sort);

struct SortIndex {
  Sort sort = Sort::Function;
  uint32_t index = 0;
};

}  // namespace wasmcloud::component
