#pragma once

#include "component/core_types.h"
#include "component/indices.h"
#include "component/string_encoding.h"
#include "component/types.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// A component as it is written: every section's definitions as plain data, in file order. Nothing
// here has been checked beyond the grammar; see validator.h for the rules and for what the indices
// mean.

namespace wasmcloud::component {

/// A part of the component's bytes. Offsets always count from the start of the outermost component.
struct ByteRange {
  size_t offset = 0;
  size_t size = 0;
};

/// The name of an import or export, with its attributes (component model, "Import and Export
/// Definitions").
struct ExternName {
  std::string name = {};
  /// the interface that a plainly named instance implements
  std::optional<std::string> implements = {};
  std::optional<std::string> version_suffix = {};
  std::optional<std::string> external_id = {};
};

// --- Core instances and instances ---

struct CoreInstantiate {
  CoreModuleIndex module = {};
  struct Argument {
    std::string name = {};
    CoreInstanceIndex instance = {};
  };
  std::vector<Argument> arguments = {};
};

/// An instance made of items that exist already.
struct CoreInlineExports {
  struct Item {
    std::string name = {};
    SortIndex item = {};
  };
  std::vector<Item> items = {};
};

using CoreInstance = std::variant<CoreInstantiate, CoreInlineExports>;

struct Instantiate {
  ComponentIndex component = {};
  struct Argument {
    std::string name = {};
    SortIndex item = {};
  };
  std::vector<Argument> arguments = {};
};

struct InlineExports {
  struct Item {
    ExternName name = {};
    SortIndex item = {};
  };
  std::vector<Item> items = {};
};

using InstanceDefinition = std::variant<Instantiate, InlineExports>;

// --- Aliases ---

/// An export of a component instance.
struct ExportAlias {
  Sort sort = Sort::Function;
  InstanceIndex instance = {};
  std::string name = {};
};

struct CoreExportAlias {
  Sort sort = Sort::CoreFunction;
  CoreInstanceIndex instance = {};
  std::string name = {};
};

/// `index` in the scope `count` levels up; 0 is the scope itself. Component and instance types are
/// scopes too.
struct OuterAlias {
  Sort sort = Sort::Type;
  uint32_t count = 0;
  uint32_t index = 0;
};

using Alias = std::variant<ExportAlias, CoreExportAlias, OuterAlias>;

// --- Types ---

/// valtype ::= typeidx | primvaltype
struct ValueTypeRef {
  std::optional<TypeKind> primitive = {};
  TypeIndex index = {};  ///< if not primitive
};

struct LabeledType {
  std::string name = {};  ///< empty for tuple items
  /// absent for flags, enum cases and cases without payload
  std::optional<ValueTypeRef> type = {};
};

struct DefinedType {
  TypeKind kind = TypeKind::Bool;
  std::vector<LabeledType> members = {};  ///< record, variant, tuple, flags, enum
  /// element of list, option, stream, future; ok of result; key of map
  std::optional<ValueTypeRef> first = {};
  std::optional<ValueTypeRef> second = {};  ///< error of result; value of map
  uint32_t length = 0;                      ///< fixed list
  TypeIndex resource = {};                  ///< own, borrow
};

struct FunctionTypeDefinition {
  bool is_async = false;
  std::vector<LabeledType> params = {};
  std::optional<ValueTypeRef> result = {};
};

struct ResourceDefinition {
  bool is_64 = false;  ///< the representation is an i64
  std::optional<CoreFunctionIndex> destructor = {};
};

/// What an import or export is declared to be.
struct ExternDescriptor {
  enum class Kind : uint8_t {
    CoreModule,
    Function,
    Value,
    ValueEqual,
    TypeEqual,
    Resource,
    Component,
    Instance
  };
  Kind kind = Kind::Function;
  uint32_t index = 0;  ///< type index (core type index of CoreModule, value index of ValueEqual);
                       ///< none for Resource
  ValueTypeRef value = {};  ///< of Value
};

struct Import {
  ExternName name = {};
  ExternDescriptor type = {};
};

/// An export declarator of a component or instance type.
struct ExportDeclaration {
  ExternName name = {};
  ExternDescriptor type = {};
};

struct CoreModuleDeclaration;
/// moduletype ::= 0x50 vec(moduledecl)
struct CoreModuleTypeDefinition {
  std::vector<CoreModuleDeclaration> declarations;
};
struct CoreModuleImportDeclaration {
  std::string module = {};
  std::string name = {};
  CoreExternType type = {};
};
struct CoreModuleExportDeclaration {
  std::string name = {};
  CoreExternType type = {};
};
struct CoreModuleDeclaration {
  size_t offset = 0;
  std::variant<CoreModuleImportDeclaration, CoreRecursionGroup, OuterAlias,
               CoreModuleExportDeclaration>
      what = {};
};

using CoreTypeDefinition = std::variant<CoreRecursionGroup, CoreModuleTypeDefinition>;

struct Declaration;
struct ComponentTypeDefinition {
  std::vector<Declaration> declarations;
};
struct InstanceTypeDefinition {
  std::vector<Declaration> declarations;
};

using TypeDefinition = std::variant<DefinedType, FunctionTypeDefinition, ComponentTypeDefinition,
                                    InstanceTypeDefinition, ResourceDefinition>;

struct Declaration {
  size_t offset = 0;
  std::variant<CoreTypeDefinition, TypeDefinition, Alias, Import, ExportDeclaration> what = {};
};

// --- Canonical definitions ---

enum class CanonKind : uint8_t {
  Lift,
  Lower,
  ResourceNew,
  ResourceDrop,
  ResourceRep,
  TaskCancel,
  SubtaskCancel,
  TaskReturn,
  ContextGet,
  ContextSet,
  ThreadYield,
  SubtaskDrop,
  StreamNew,
  StreamRead,
  StreamWrite,
  StreamCancelRead,
  StreamCancelWrite,
  StreamDropReadable,
  StreamDropWritable,
  FutureNew,
  FutureRead,
  FutureWrite,
  FutureCancelRead,
  FutureCancelWrite,
  FutureDropReadable,
  FutureDropWritable,
  ErrorContextNew,
  ErrorContextDebugMessage,
  ErrorContextDrop,
  WaitableSetNew,
  WaitableSetWait,
  WaitableSetPoll,
  WaitableSetDrop,
  WaitableJoin,
  BackpressureInc,
  BackpressureDec,
  ThreadIndex,
  ThreadNewIndirect,
  ThreadResumeLater,
  ThreadSuspend,
  ThreadSuspendThenResume,
  ThreadYieldThenResume,
  ThreadSuspendThenPromote,
  ThreadYieldThenPromote,
  StreamForward,
  FutureForward,
  ThreadSpawnRef,
  ThreadSpawnIndirect,
  ThreadAvailableParallelism,
};
/// The built-in's name as in the specification: "stream.cancel-read".
std::string_view name_of(CanonKind kind);

struct CanonOptions {
  StringEncoding encoding = StringEncoding::Utf8;
  std::optional<CoreMemoryIndex> memory = {};
  std::optional<CoreFunctionIndex> realloc = {};
  std::optional<CoreFunctionIndex> post_return = {};
  std::optional<CoreFunctionIndex> callback = {};
  std::optional<CoreTypeIndex> core_type = {};
  bool is_async = false;
  bool gc = false;
};

/// One item of a canon section; `kind` says which members mean something.
struct Canon {
  CanonKind kind = CanonKind::Lift;
  uint32_t number =
      0;  ///< position among the component's canonical definitions: ComponentInfo::canons
  CanonOptions options = {};
  CoreFunctionIndex core_function = {};  ///< Lift
  FunctionIndex function = {};           ///< Lower
  TypeIndex type =
      {};  ///< Lift (the function type), resource built-ins, stream and future built-ins
  std::optional<ValueTypeRef> result = {};  ///< TaskReturn
  bool is_async = false;                    ///< the cancel built-ins; `shared` of ThreadSpawn...
  CoreValueType slot_type = {};             ///< ContextGet, ContextSet
  uint32_t slot = 0;                        ///< ContextGet, ContextSet
  CoreTypeIndex core_type = {};             ///< ThreadNewIndirect, ThreadSpawn...
  CoreTableIndex table = {};                ///< ThreadNewIndirect, ThreadSpawnIndirect
  CoreMemoryIndex memory = {};              ///< WaitableSetWait, WaitableSetPoll
};

// --- The rest ---

struct Export {
  ExternName name = {};
  SortIndex item = {};
  std::optional<ExternDescriptor> type = {};  ///< an ascription
};

struct Start {
  FunctionIndex function = {};
  std::vector<ValueIndex> arguments = {};
  uint32_t results = 0;
};

struct ValueDefinition {
  ValueTypeRef type = {};
  ByteRange bytes = {};
};

struct Definition {
  size_t offset = 0;
  /// ModuleId, ComponentId: the module or component that stands here.
  std::variant<ModuleId, CoreInstance, CoreTypeDefinition, ComponentId, InstanceDefinition, Alias,
               TypeDefinition, Canon, Start, Import, Export, ValueDefinition>
      what = {};
};

/// One component, without the components nested in it. Each definition appends to index spaces as
/// it is reached:
///   ModuleId → core module; CoreInstance → core instance; CoreTypeDefinition → one core type each
///   type of the group; ComponentId → component; Instance → instance; Alias → its sort;
///   TypeDefinition → type; Canon: Lift → function, everything else → core function; Start →
///   values; Import → the sort of its descriptor; Export → the sort of its item.
struct ComponentBody {
  ByteRange bytes = {};  ///< preamble included
  std::vector<Definition> definitions = {};
};

/// A whole binary.
struct DecodedComponent {
  std::vector<ComponentBody> components = {};  ///< by ComponentId; the root is the first
  std::vector<ByteRange> modules = {};         ///< by ModuleId
  /// From the custom section "component-name"; empty if there is none or it cannot be read.
  std::string debug_name = {};

  const ComponentBody& root() const { return components.front(); }
  const ComponentBody& operator[](ComponentId id) const { return components[id.value]; }
  const ByteRange& operator[](ModuleId id) const { return modules[id.value]; }
};

}  // namespace wasmcloud::component
