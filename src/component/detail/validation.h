#pragma once

#include "base/error.h"
#include "component/detail/hashed.h"
#include "component/detail/name_rules.h"
#include "component/detail/subtyping.h"
#include "component/detail/visibility.h"
#include "component/detail/work.h"
#include "component/validator.h"

#include <string>
#include <string_view>

namespace wasmcloud::component::detail {

/// Resources that a scope names with a plain name of its own: annotated names refer to them.
struct NamedResources {
  HashMap<uint64_t, std::string> names;  ///< by resource_key
  HashSet<std::string> labels;
};

/// A component, component type or instance type while its definitions are read.
struct Scope {
  enum class Kind : uint8_t { Component, ComponentType, InstanceType };

  Scope(Kind scope_kind, Scope* enclosing, TypeTable& types, Work& work)
      : kind(scope_kind),
        parent(enclosing),
        imported_types(types, work),
        exported_types(types, work) {}

  Kind kind;
  Scope* parent;
  ComponentInfo info;                  ///< its index spaces serve types too
  std::vector<CoreTypeId> core_types;  ///< info.core_types, kNotACoreType for module types
  ExternList imports;
  ExternList exports;
  HashSet<std::string> import_forms;  ///< unique_form of the names
  HashSet<std::string> export_forms;
  NamedTypes imported_types;
  NamedTypes exported_types;
  NamedResources imported_resources;
  NamedResources exported_resources;
  std::vector<ResourceId> imported;              ///< abstract resource types from imports
  std::vector<ResourceId> fresh;                 ///< of the exports of types
  HashMap<uint32_t, bool> defined_resources;     ///< by ResourceId: is the representation an i64
  std::optional<CoreValueType::Kind> slot_type;  ///< of the context built-ins
  uint32_t definition = 0;                       ///< of a component: which one is being read
  uint64_t size = 1;                             ///< nodes of imports and exports
  uint32_t depth = 0;                            ///< of imports and exports
  bool has_resource = false;
};

enum class Direction : uint8_t { Import, Export };

class Validator {
 public:
  Validator(DecodedComponent decoded, std::span<const std::byte> bytes, const Features& features);

  Result<ValidatedComponent> run();

 private:
  // validator.cc
  Result<void> component(ComponentId id, Scope* parent);
  Result<void> define(Scope& scope, const Definition& definition);
  /// Errors: Errc::Limit if all work is spent.
  Result<void> check_work(size_t at) const;
  Result<void> define_module(Scope& scope, ModuleId id, size_t at);
  Result<void> define_alias(Scope& scope, const Alias& alias, size_t at);
  Result<void> alias_export(Scope& scope, const ExportAlias& alias, size_t at);
  Result<void> alias_core_export(Scope& scope, const CoreExportAlias& alias, size_t at);
  Result<void> alias_outer(Scope& scope, const OuterAlias& alias, size_t at);
  Result<const CoreExternType*> core_export(CoreInstanceTypeId instance, const std::string& name);
  Result<Scope*> enclosing(Scope& scope, uint32_t count, size_t at, bool* crosses_component);
  /// Whether a type mentions no resource but those that it introduces itself.
  bool is_closed(const TypeEntity& type);

  // validate_types.cc
  Result<TypeEntity> type(Scope& scope, const TypeDefinition& definition, size_t at);
  Result<ValueType> value_type(const Scope& scope, const ValueTypeRef& reference, size_t at) const;
  Result<std::optional<ValueType>> optional_value_type(const Scope& scope,
                                                       const std::optional<ValueTypeRef>& reference,
                                                       size_t at) const;
  Result<ValueType> defined_type(const Scope& scope, const DefinedType& definition, size_t at);
  Result<std::vector<Member>> members(const Scope& scope, const std::vector<LabeledType>& items,
                                      std::string_view what, size_t at);
  Result<ValueType> checked(ValueType type, size_t at) const;
  Result<FunctionTypeId> function_type(const Scope& scope, const FunctionTypeDefinition& definition,
                                       size_t at);
  Result<ResourceId> resource_type(Scope& scope, const ResourceDefinition& definition, size_t at);
  Result<ComponentTypeId> component_type(Scope& scope, const ComponentTypeDefinition& definition,
                                         size_t at);
  Result<InstanceTypeId> instance_type(Scope& scope, const InstanceTypeDefinition& definition,
                                       size_t at);
  Result<void> declare(Scope& scope, const Declaration& declaration);
  Result<void> define_core_type(Scope& scope, const CoreTypeDefinition& definition, size_t at);
  Result<CoreModuleTypeId> module_type(Scope& scope, const CoreModuleTypeDefinition& definition,
                                       size_t at);

  // validate_externs.cc
  Result<void> import(Scope& scope, const Import& item, size_t at);
  Result<void> export_item(Scope& scope, const Export& item, size_t at);
  Result<void> declare_export(Scope& scope, const ExportDeclaration& item, size_t at);
  /// What a descriptor says. Abstract resource types that it introduces, in instances too, become
  /// new ones, which are added to `introduced`.
  Result<ExternType> resolve(Scope& scope, const ExternDescriptor& descriptor,
                             std::vector<ResourceId>& introduced, size_t at);
  Result<ExternType> at_index(const Scope& scope, SortIndex item, size_t at) const;
  /// The type as an import or export makes it known: by a name of its own.
  ExternType with_new_name(ExternType type);
  Result<void> append(Scope& scope, const ExternType& type, size_t at);
  Result<void> append(Scope& scope, const CoreExternType& type, size_t at);
  Result<void> add_named(Scope& scope, const ExternName& name, const ExternType& type,
                         Direction direction, size_t at);
  Result<void> check_name(const ExternName& name, const ExternType& type, NamedResources& resources,
                          HashSet<std::string>& forms, size_t at);
  Result<void> check_annotation(const ExternNameView& name, std::string_view text,
                                const ExternType& type, const NamedResources& resources,
                                size_t at) const;
  Result<void> grow(Scope& scope, const ExternType& type, size_t at);
  uint64_t size_of(const ExternType& type) const;
  uint32_t depth_of(const ExternType& type) const;
  bool has_resource(const ExternType& type) const;
  /// Tells the runtime where the resources in `ids` are found.
  void add_origins(Scope& scope, ResourceOrigin::From from, uint32_t index, const ExternType& type,
                   std::span<const ResourceId> ids);

  // validate_instances.cc
  Result<void> core_instance(Scope& scope, const CoreInstance& definition, size_t at);
  Result<CoreInstanceTypeId> core_instantiate(Scope& scope, const CoreInstantiate& definition,
                                              size_t at);
  Result<CoreInstanceTypeId> core_inline(Scope& scope, const CoreInlineExports& definition,
                                         size_t at);
  Result<CoreExternType> core_item(const Scope& scope, SortIndex item, size_t at) const;
  Result<void> instance(Scope& scope, const InstanceDefinition& definition, size_t at);
  Result<InstanceTypeId> instantiate(Scope& scope, const Instantiate& definition, size_t at);
  Result<InstanceTypeId> inline_exports(Scope& scope, const InlineExports& definition, size_t at);

  Result<void> canon(Scope& scope, const Canon& definition, size_t at);

  TypeTable& types() { return result_.types; }
  const TypeTable& types() const { return result_.types; }

  std::span<const std::byte> bytes_;
  Features features_;
  Work work_;
  ValidatedComponent result_;
  // Exports of core instances by name.
  HashMap<uint32_t, HashMap<std::string_view, uint32_t>> core_exports_;
  // By kind and id of component and instance types.
  HashMap<uint64_t, bool> closed_;
};

/// The index space that something of this kind lives in.
Sort sort_of(ExternType::Kind kind);

Result<void> check_space(size_t size, uint32_t max, std::string_view what, size_t at);

Result<void> check_depth(uint32_t depth, size_t at);

/// A component can give each import (module, name) once only.
Result<void> check_unique_imports(const CoreModuleType& type, size_t at);

/// The entry of an index space, or an error that says how many there are.
template <class Item, class Tag>
Result<Item> lookup(const std::vector<Item>& space, Index<Tag> index, std::string_view what,
                    size_t at) {
  if (index.value < space.size()) return space[index.value];
  return fail(Errc::Invalid, "unknown {} {}: index out of bounds at offset {:#x}; there are {}",
              what, index.value, at, space.size());
}

}  // namespace wasmcloud::component::detail
