#pragma once

#include "base/error.h"
#include "component/definitions.h"
#include "component/types.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wasmcloud::component {

/// Gated parts of the component model. What WASI 0.3.1 ships with is on. Values and component start
/// are always refused.
struct Features {
  bool async = true;                 ///< async functions, streams, futures, waitable sets
  bool map = true;                   ///< map<k, v>
  bool implements = true;            ///< name attributes
  bool more_async_builtins = false;  ///< sync stream and future operations, async cancels
  bool async_stackful = false;       ///< async lift without a callback
  bool threading = false;            ///< cooperative threads
  bool error_context = false;
  bool fixed_length_lists = false;
  bool memory64 = false;   ///< 64-bit memories in the canonical ABI
  bool accessors = false;  ///< [get] and [set] names
  bool forward = false;    ///< stream.forward, future.forward

  static Features all();
};

struct ImportInfo {
  uint32_t definition =
      0;  ///< position in ComponentBody::definitions; the name's attributes are there
  Name name = {};
  ExternType type = {};
};

struct ExportInfo {
  uint32_t definition = 0;
  Name name = {};
  ExternType type = {};  ///< with the ascription applied
  SortIndex item = {};   ///< what is exported
};

/// What a canonical definition means once its indices are looked up.
struct CanonInfo {
  FunctionTypeId function = {};  ///< Lift, Lower: the component-level type, plain
  CoreTypeId core = {};  ///< the core function's type: Lift: of the callee, else of what is made
  ResourceId resource = {};  ///< resource built-ins
  std::optional<ValueType>
      type;  ///< stream and future built-ins: the stream or future type; TaskReturn: the result
  std::optional<CoreTypeId> core_type =
      {};  ///< ThreadNewIndirect: the type of the thread's function
  PointerSize pointer = PointerSize::Bits32;  ///< of the memory option
};

/// Where a resource type that occurs in a component's types comes from. An instance of the
/// component maps each id to a run-time type when it reaches `definition`: made anew, or found by
/// following `path` from an import or an instance.
struct ResourceOrigin {
  enum class From : uint8_t {
    Definition,  ///< defined here: each instantiation makes a new type
    Import,      ///< import number `index`, itself (empty path) or the type exported under `path`
                 ///< within it
    Instance,    ///< instance `index`: the type exported under `path`
    Same,        ///< `same` by another id: exported here as an abstract type
  };
  ResourceId id = {};
  From from = From::Definition;
  uint32_t definition = 0;  ///< position in ComponentBody::definitions
  uint32_t index = 0;
  std::vector<Name> path = {};
  ResourceId same = {};
  // Of From::Definition:
  bool is_64 = false;
  std::optional<CoreFunctionIndex> destructor = {};
};

/// A core type index: a function (or other core) type, or a module type.
struct CoreTypeEntry {
  bool is_module = false;
  uint32_t id = 0;  ///< CoreTypeId or CoreModuleTypeId
};

/// The meaning of one component's definitions.
///
/// The vectors named after index spaces hold the type of each index, in its final state: spaces
/// only grow, so a definition sees the front of it. To run or flatten a component, walk
/// `ComponentBody::definitions` in order with one vector of your own per index space, appending as
/// each definition says; every index in a definition then refers to something already there. Outer
/// aliases refer to the vectors of enclosing components in the same way: to the one that encloses
/// the component in the file (`parent`), as it was when the nested component was *defined*, so a
/// component value is a ComponentId plus the enclosing environment. Instances made by
/// InlineExports, instance imports and instantiations alike have an InstanceType whose exports are
/// aliased by name.
struct ComponentInfo {
  std::optional<ComponentId> parent = {};
  ComponentTypeId type = {};
  std::vector<ImportInfo> imports = {};        ///< in order
  std::vector<ExportInfo> exports = {};        ///< in order
  std::vector<CanonInfo> canons = {};          ///< by Canon::number
  std::vector<ResourceOrigin> resources = {};  ///< in the order they come into being

  // Index spaces.
  std::vector<CoreTypeId> core_functions = {};
  std::vector<CoreTableType> core_tables = {};
  std::vector<CoreMemoryType> core_memories = {};
  std::vector<CoreGlobalType> core_globals = {};
  std::vector<CoreTypeId> core_tags = {};
  std::vector<CoreTypeEntry> core_types = {};
  std::vector<CoreModuleTypeId> core_modules = {};
  std::vector<CoreInstanceTypeId> core_instances = {};
  std::vector<FunctionTypeId> functions = {};
  std::vector<TypeEntity> types = {};
  std::vector<ComponentTypeId> components = {};
  std::vector<InstanceTypeId> instances = {};
};

/// A component that follows the rules. Immutable; refers to its bytes by offset.
struct ValidatedComponent {
  DecodedComponent decoded;
  TypeTable types;
  std::vector<ComponentInfo> components = {};  ///< by ComponentId; the root is the first
  std::vector<CoreModuleTypeId> modules = {};  ///< by ModuleId
  /// How much validation did that is not linear by itself; small for real components.
  uint64_t steps = 0;

  const ComponentInfo& root() const { return components.front(); }
  const ComponentInfo& operator[](ComponentId id) const { return components[id.value]; }
};

/// Checks every rule that can be checked without running or compiling: types, subtyping, names,
/// canonical options, and the imports and exports of core modules (their code is the engine's to
/// validate). `bytes` are those that were decoded. Takes time and memory linear in the input, up to
/// the limits of limits.h. Errors: Errc::Invalid with an offset; Errc::Limit; Errc::Unsupported
/// where a feature is off or nobody runs it; Errc::Malformed for a core module that cannot be read.
Result<ValidatedComponent> validate(DecodedComponent decoded, std::span<const std::byte> bytes,
                                    const Features& features = {});

}  // namespace wasmcloud::component
