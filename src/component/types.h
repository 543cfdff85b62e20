#pragma once

#include "component/core_types.h"
#include "component/indices.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

/// Text interned in a TypeTable.
using Name = Index<struct NameTag>;

/// A value type, interned: structurally equal types of one table have equal ids once
/// `TypeTable::plain`. The primitive types have the same ids in every table.
using ValueType = Index<struct ValueTypeTag>;

/// A function type, interned like value types.
using FunctionTypeId = Index<struct FunctionTypeIdTag>;

/// An abstract resource type as validation knows it: one for each definition, for each `(sub
/// resource)` bound of an import, and for each one that a nested instantiation makes. The runtime
/// maps it to a run-time id for each instance
/// (`ComponentInfo::resources` says from where).
using ResourceId = Index<struct ResourceIdTag>;

using InstanceTypeId = Index<struct InstanceTypeIdTag>;
using ComponentTypeId = Index<struct ComponentTypeIdTag>;
using CoreModuleTypeId = Index<struct CoreModuleTypeIdTag>;
using CoreInstanceTypeId = Index<struct CoreInstanceTypeIdTag>;

enum class TypeKind : uint8_t {
  Bool,
  S8,
  U8,
  S16,
  U16,
  S32,
  U32,
  S64,
  U64,
  F32,
  F64,
  Char,
  String,
  ErrorContext,
  // From here on with parts.
  Record,
  Variant,
  List,
  FixedList,
  Tuple,
  Flags,
  Enum,
  Option,
  Result,
  Own,
  Borrow,
  Stream,
  Future,
  Map,
};

constexpr bool is_primitive(TypeKind kind) { return kind <= TypeKind::ErrorContext; }
constexpr ValueType primitive(TypeKind kind) { return ValueType{static_cast<uint32_t>(kind)}; }
std::string_view name_of(TypeKind kind);

/// A record field, variant case, tuple item (no name), flag or enum case (no type), or a parameter.
struct Member {
  Name name = {};
  std::optional<ValueType> type = {};
  friend bool operator==(const Member&, const Member&) = default;
};

struct FunctionType {
  bool is_async = false;
  std::vector<Member> params = {};
  std::optional<ValueType> result = {};
};

enum class PointerSize : uint8_t { Bits32, Bits64 };

/// In bytes, for values in linear memory (CanonicalABI.md, "Alignment", "Element Size"). Saturates
/// at 2^32 - 1.
struct Layout {
  uint32_t size = 0;
  uint32_t align = 1;
};

/// What a type index of a component stands for.
struct TypeEntity {
  enum class Kind : uint8_t { Value, Function, Resource, Component, Instance };
  Kind kind = Kind::Value;
  uint32_t id = 0;   ///< ValueType, FunctionTypeId, ResourceId, ComponentTypeId or InstanceTypeId
  uint32_t tag = 0;  ///< the validator's: by which name a resource is meant

  ValueType value() const { return ValueType{id}; }
  FunctionTypeId function() const { return FunctionTypeId{id}; }
  ResourceId resource() const { return ResourceId{id}; }
  ComponentTypeId component() const { return ComponentTypeId{id}; }
  InstanceTypeId instance() const { return InstanceTypeId{id}; }
};

/// What an import or export is.
struct ExternType {
  enum class Kind : uint8_t { CoreModule, Function, Value, Type, Component, Instance };
  Kind kind = Kind::Function;
  uint32_t id = 0;       ///< of every kind but Type
  TypeEntity type = {};  ///< of Type

  CoreModuleTypeId core_module() const { return CoreModuleTypeId{id}; }
  FunctionTypeId function() const { return FunctionTypeId{id}; }
  ValueType value() const { return ValueType{id}; }
  ComponentTypeId component() const { return ComponentTypeId{id}; }
  InstanceTypeId instance() const { return InstanceTypeId{id}; }
  bool is_resource() const { return kind == Kind::Type && type.kind == TypeEntity::Kind::Resource; }
};
std::string_view name_of(ExternType::Kind kind);

struct NamedExtern {
  Name name = {};
  ExternType type = {};
};

/// Imports or exports in declared order, found by name in constant time.
class ExternList {
 public:
  /// False, and nothing added, if the name is there already.
  bool add(Name name, const ExternType& type);
  const ExternType* find(Name name) const;
  std::span<const NamedExtern> items() const { return items_; }
  size_t size() const { return items_.size(); }

 private:
  void place(uint32_t position);

  std::vector<NamedExtern> items_;
  std::vector<uint32_t>
      slots_;  // positions + 1 by hash of the name, open addressing; empty for few items
};

/// The type of an instance: exists `fresh`, such that the exports are these.
struct InstanceType {
  ExternList exports = {};
  std::vector<ResourceId> fresh = {};  ///< abstract resource types that this type itself introduces
  bool has_resource = false;           ///< mentions a resource type at any depth
  uint32_t size = 1;                   ///< nodes, counted through references; saturates
  uint32_t depth = 1;
};

/// The type of a component: for all `imported`, given the imports, exists `fresh`, with the
/// exports.
struct ComponentType {
  ExternList imports = {};
  ExternList exports = {};
  std::vector<ResourceId> imported = {};
  std::vector<ResourceId> fresh = {};
  bool has_resource = false;
  uint32_t size = 1;
  uint32_t depth = 1;
};

struct CoreImport {
  std::string module = {};
  std::string name = {};
  CoreExternType type = {};
};
struct CoreExport {
  std::string name = {};
  CoreExternType type = {};
};

/// Of a core module; function and tag types and concrete references are CoreTypeIds.
struct CoreModuleType {
  std::vector<CoreImport> imports = {};
  std::vector<CoreExport> exports = {};
};
struct CoreInstanceType {
  std::vector<CoreExport> exports = {};  ///< in declared order; names are unique
};

/// Core types of all modules and core type sections of a binary, made canonical: recursion groups
/// that are equal get the same ids.
class CoreTypeTable {
 public:
  CoreTypeTable();
  ~CoreTypeTable();
  CoreTypeTable(CoreTypeTable&&) noexcept;
  CoreTypeTable& operator=(CoreTypeTable&&) noexcept;

  /// The ids of a group whose references of at least `base` are positions in the group itself (base
  /// + position), and all others positions in `scope`. Indices must have been checked.
  std::vector<CoreTypeId> add(CoreRecursionGroup group, uint32_t base,
                              std::span<const CoreTypeId> scope);
  CoreTypeId add_function(CoreFunctionType type);

  const CoreSubType& operator[](CoreTypeId id) const { return types_[id.value]; }
  size_t size() const { return types_.size(); }
  /// How many supertypes a type has above it.
  uint32_t depth(CoreTypeId id) const;
  /// Of a type that is a function's.
  const CoreFunctionType& function(CoreTypeId id) const { return types_[id.value].function; }

  // Subtyping of the core specification, with the proposals for references and garbage collection.
  bool is_subtype(CoreTypeId a, CoreTypeId b) const;
  bool is_subtype(const CoreValueType& a, const CoreValueType& b) const;
  bool is_subtype(const CoreExternType& a, const CoreExternType& b) const;

 private:
  struct Interner;
  std::deque<CoreSubType> types_;
  std::unique_ptr<Interner> interner_;
};

/// All types of one binary, or of one host: value and function types interned, instance and
/// component types by id. References into it stay valid while it grows, except spans, which later
/// additions may move. Thread: any, once nothing is added any more.
class TypeTable {
 public:
  /// How many core values `flatten` can list.
  static constexpr uint32_t kMaxFlattened = 32;

  TypeTable();
  ~TypeTable();
  TypeTable(TypeTable&&) noexcept;
  TypeTable& operator=(TypeTable&&) noexcept;

  // Text.
  Name name(std::string_view text);
  std::optional<Name> find_name(std::string_view text) const;
  const std::string& text(Name name) const;

  // Making types. Members and parts must be types of this table; limits and rules are the
  // validator's business.
  ValueType record(std::span<const Member> fields);
  ValueType variant(std::span<const Member> cases);
  ValueType tuple(std::span<const ValueType> items);
  ValueType flags(std::span<const Name> labels);
  ValueType enumeration(std::span<const Name> labels);
  ValueType list(ValueType element);
  ValueType fixed_list(ValueType element, uint32_t length);
  ValueType option(ValueType element);
  ValueType result(std::optional<ValueType> ok, std::optional<ValueType> error);
  ValueType map(ValueType key, ValueType value);
  ValueType stream(std::optional<ValueType> element);
  ValueType future(std::optional<ValueType> element);
  ValueType own(ResourceId resource);
  ValueType borrow(ResourceId resource);
  FunctionTypeId function(const FunctionType& type);
  ResourceId new_resource();
  InstanceTypeId instance(InstanceType type);
  ComponentTypeId component(ComponentType type);
  CoreModuleTypeId core_module(CoreModuleType type);
  CoreInstanceTypeId core_instance(CoreInstanceType type);

  // Reading value types.
  TypeKind kind(ValueType type) const;
  /// Record fields, variant cases, tuple items, flags, enum cases.
  std::span<const Member> members(ValueType type) const;
  /// Of list, fixed list, option; stream and future, where it may be absent.
  std::optional<ValueType> element(ValueType type) const;
  std::optional<ValueType> ok(ValueType type) const;
  std::optional<ValueType> error(ValueType type) const;
  ValueType key(ValueType type) const;
  ValueType value(ValueType type) const;
  uint32_t length(ValueType type) const;      ///< of a fixed list
  ResourceId resource(ValueType type) const;  ///< of own and borrow

  // Canonical ABI, computed when the type was made.
  Layout layout(ValueType type, PointerSize pointer = PointerSize::Bits32) const;
  /// The number of core values; saturates at 2^32 - 1.
  uint32_t flat_count(ValueType type) const;
  /// Appends the core values' types (CanonicalABI.md, "Flattening"). Only where `flat_count` is
  /// small.
  void flatten(ValueType type, std::vector<CoreValueType>& into,
               PointerSize pointer = PointerSize::Bits32) const;
  bool has_pointer(ValueType type)
      const;  ///< a string, list or map at any depth outside stream and future elements
  bool has_borrow(ValueType type) const;    ///< a borrow at any depth
  bool has_resource(ValueType type) const;  ///< own or borrow at any depth
  uint32_t depth(ValueType type) const;
  uint32_t node_count(ValueType type) const;  ///< counted through references; saturates

  // Reading other types.
  const FunctionType& operator[](FunctionTypeId id) const;
  const InstanceType& operator[](InstanceTypeId id) const;
  const ComponentType& operator[](ComponentTypeId id) const;
  const CoreModuleType& operator[](CoreModuleTypeId id) const;
  const CoreInstanceType& operator[](CoreInstanceTypeId id) const;
  CoreTypeTable& core() { return core_; }
  const CoreTypeTable& core() const { return core_; }

  // The validator tells equal types with different names apart (external visibility), so types that
  // come from instance and component types may carry a name tag. Structural identity is that of the
  // plain type.
  ValueType plain(ValueType type) const;
  FunctionTypeId plain(FunctionTypeId type) const;
  bool same(ValueType a, ValueType b) const { return plain(a) == plain(b); }
  bool same(FunctionTypeId a, FunctionTypeId b) const { return plain(a) == plain(b); }

  /// The type as WIT text, for messages: "list<tuple<string, u32>>". Cut off when very long.
  std::string to_string(ValueType type) const;
  std::string to_string(FunctionTypeId type) const;

  /// The validator's side of the table: name tags and substitution of resources
  /// (detail/type_tags.h).
  struct Impl;
  Impl& impl() { return *impl_; }
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
  CoreTypeTable core_;
};

/// Decides whether the resource `a` of the one table is the resource `b` of the other.
class ResourceMatcher {
 public:
  virtual ~ResourceMatcher() = default;
  virtual bool match(ResourceId a, ResourceId b) = 0;
};

/// Structural equality of types of two tables, names and order of everything included. For
/// link-time checks.
bool same_type(const TypeTable& table_a, ValueType a, const TypeTable& table_b, ValueType b,
               ResourceMatcher& resources);
bool same_type(const TypeTable& table_a, FunctionTypeId a, const TypeTable& table_b,
               FunctionTypeId b, ResourceMatcher& resources);

}  // namespace wasmcloud::component
