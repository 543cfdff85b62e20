#include "component/detail/core_module.h"
#include "component/detail/hashed.h"
#include "component/detail/type_store.h"
#include "component/detail/validation.h"
#include "component/limits.h"
#include "component/proposals.h"

namespace wasmcloud::component::detail {

Result<TypeEntity> Validator::type(Scope& scope, const TypeDefinition& definition, size_t at) {
  using Kind = TypeEntity::Kind;
  if (const auto* defined = std::get_if<DefinedType>(&definition)) {
    return TypeEntity{.kind = Kind::Value, .id = TRY(defined_type(scope, *defined, at)).value};
  }
  if (const auto* function = std::get_if<FunctionTypeDefinition>(&definition)) {
    return TypeEntity{.kind = Kind::Function, .id = TRY(function_type(scope, *function, at)).value};
  }
  if (const auto* component = std::get_if<ComponentTypeDefinition>(&definition)) {
    return TypeEntity{.kind = Kind::Component,
                      .id = TRY(component_type(scope, *component, at)).value};
  }
  if (const auto* instance = std::get_if<InstanceTypeDefinition>(&definition)) {
    return TypeEntity{.kind = Kind::Instance, .id = TRY(instance_type(scope, *instance, at)).value};
  }
  const ResourceId id = TRY(resource_type(scope, std::get<ResourceDefinition>(definition), at));
  return TypeEntity{.kind = Kind::Resource, .id = id.value, .tag = types().impl().new_tag()};
}

// --- Value types ---

Result<ValueType> Validator::value_type(const Scope& scope, const ValueTypeRef& reference,
                                        size_t at) const {
  if (reference.primitive) {
    if (*reference.primitive == TypeKind::ErrorContext && !features_.error_context) {
      return fail(Errc::Unsupported, "error-context at offset {:#x} needs the proposal {}", at,
                  proposal_of(&Features::error_context));
    }
    return primitive(*reference.primitive);
  }
  const TypeEntity entity = TRY(lookup(scope.info.types, reference.index, "type", at));
  if (entity.kind != TypeEntity::Kind::Value) {
    return fail(Errc::Invalid, "type index {} is not a defined type (offset {:#x})",
                reference.index.value, at);
  }
  return entity.value();
}

Result<std::optional<ValueType>> Validator::optional_value_type(
    const Scope& scope, const std::optional<ValueTypeRef>& reference, size_t at) const {
  std::optional<ValueType> type;
  if (reference) type = TRY(value_type(scope, *reference, at));
  return type;
}

Result<std::vector<Member>> Validator::members(const Scope& scope,
                                               const std::vector<LabeledType>& items,
                                               std::string_view what, size_t at) {
  std::vector<Member> result;
  result.reserve(items.size());
  HashSet<std::string> forms;
  for (const LabeledType& item : items) {
    if (!is_label(item.name)) {
      return fail(Errc::Invalid, "{} name \"{}\" is not in kebab case (offset {:#x})", what,
                  item.name, at);
    }
    if (!forms.insert(unique_form(item.name)).second) {
      return fail(Errc::Invalid, "{} name \"{}\" conflicts with previous {} name (offset {:#x})",
                  what, item.name, what, at);
    }
    result.push_back(Member{.name = types().name(item.name),
                            .type = TRY(optional_value_type(scope, item.type, at))});
  }
  return result;
}

Result<ValueType> Validator::checked(ValueType type, size_t at) const {
  if (types().depth(type) > kMaxTypeDepth) {
    return fail(Errc::Limit, "type nesting is too deep at offset {:#x}; the limit is {}", at,
                kMaxTypeDepth);
  }
  if (types().node_count(type) > kMaxTypeNodes) {
    return fail(Errc::Limit, "effective type size exceeds the limit of {} at offset {:#x}",
                kMaxTypeNodes, at);
  }
  if (types().layout(type, PointerSize::Bits64).size >= kMaxValueBytes) {
    return fail(Errc::Invalid, "values of the type at offset {:#x} would have {} bytes or more", at,
                kMaxValueBytes);
  }
  return type;
}

namespace {

bool is_map_key(TypeKind kind) {
  return is_primitive(kind) && kind != TypeKind::F32 && kind != TypeKind::F64 &&
         kind != TypeKind::ErrorContext;
}

}  // namespace

Result<ValueType> Validator::defined_type(const Scope& scope, const DefinedType& definition,
                                          size_t at) {
  constexpr uint32_t kNone = TypeTable::Impl::kNone;
  TypeTable::Impl& impl = types().impl();
  const auto first = TRY(optional_value_type(scope, definition.first, at));
  const auto second = TRY(optional_value_type(scope, definition.second, at));
  const auto number = [](std::optional<ValueType> type) { return type ? type->value : kNone; };
  const auto gate = [&](bool Features::* feature) -> Result<void> {
    if (features_.*feature) return {};
    return fail(Errc::Unsupported, "{} types need the proposal {} (offset {:#x})",
                name_of(definition.kind), proposal_of(feature), at);
  };
  const auto named = [&](std::string_view what) -> Result<ValueType> {
    std::vector<Member> parts = TRY(members(scope, definition.members, what, at));
    return checked(impl.intern(definition.kind, kNone, kNone, 0, impl.new_tag(), std::move(parts)),
                   at);
  };

  switch (definition.kind) {
    case TypeKind::Record:
      return named("field");
    case TypeKind::Variant:
    case TypeKind::Enum:
      return named("case");
    case TypeKind::Flags:
      return named("flag");
    case TypeKind::Tuple: {
      std::vector<Member> parts;
      for (const LabeledType& item : definition.members) {
        parts.push_back(Member{.name = {}, .type = TRY(optional_value_type(scope, item.type, at))});
      }
      return checked(impl.intern(TypeKind::Tuple, kNone, kNone, 0, 0, std::move(parts)), at);
    }
    case TypeKind::FixedList:
      TRY(gate(&Features::fixed_length_lists));
      if (definition.length == 0 || definition.length > kMaxFixedListLength) {
        return fail(Errc::Invalid, "list of fixed length {} at offset {:#x}; expected 1 to {}",
                    definition.length, at, kMaxFixedListLength);
      }
      break;
    case TypeKind::Map:
      TRY(gate(&Features::map));
      if (!is_map_key(types().kind(*first))) {
        return fail(Errc::Invalid, "{} cannot be the key of a map (offset {:#x})",
                    types().to_string(*first), at);
      }
      if (types().has_resource(*second)) {
        return fail(Errc::Invalid, "the values of a map cannot hold handles (offset {:#x})", at);
      }
      break;
    case TypeKind::Stream:
    case TypeKind::Future:
      TRY(gate(&Features::async));
      if (first && types().has_borrow(*first)) {
        return fail(Errc::Invalid, "{} elements cannot hold borrows (offset {:#x})",
                    name_of(definition.kind), at);
      }
      if (definition.kind == TypeKind::Stream && first == primitive(TypeKind::Char)) {
        return fail(Errc::Invalid, "stream<char> is not valid at this time (offset {:#x})", at);
      }
      break;
    case TypeKind::Own:
    case TypeKind::Borrow: {
      const TypeEntity entity = TRY(lookup(scope.info.types, definition.resource, "type", at));
      if (entity.kind != TypeEntity::Kind::Resource) {
        return fail(Errc::Invalid, "type index {} is not a resource type (offset {:#x})",
                    definition.resource.value, at);
      }
      return impl.intern(definition.kind, entity.id, kNone, 0, entity.tag, {});
    }
    case TypeKind::ErrorContext:
      TRY(gate(&Features::error_context));
      return primitive(definition.kind);
    case TypeKind::List:
    case TypeKind::Option:
    case TypeKind::Result:
      break;
    default:
      return primitive(definition.kind);
  }
  return checked(
      impl.intern(definition.kind, number(first), number(second), definition.length, 0, {}), at);
}

Result<FunctionTypeId> Validator::function_type(const Scope& scope,
                                                const FunctionTypeDefinition& definition,
                                                size_t at) {
  if (definition.is_async && !features_.async) {
    return fail(Errc::Unsupported, "async functions need the proposal {} (offset {:#x})",
                proposal_of(&Features::async), at);
  }
  FunctionType type{.is_async = definition.is_async,
                    .params = TRY(members(scope, definition.params, "parameter", at)),
                    .result = TRY(optional_value_type(scope, definition.result, at))};
  if (type.result && types().has_borrow(*type.result)) {
    return fail(Errc::Invalid, "function result cannot contain a borrow type (offset {:#x})", at);
  }
  const FunctionTypeId id = types().function(type);
  if (types().impl().functions[id.value].nodes > kMaxTypeNodes) {
    return fail(Errc::Limit, "effective type size exceeds the limit of {} at offset {:#x}",
                kMaxTypeNodes, at);
  }
  return id;
}

// --- Resources, components and instances ---

Result<ResourceId> Validator::resource_type(Scope& scope, const ResourceDefinition& definition,
                                            size_t at) {
  if (scope.kind != Scope::Kind::Component) {
    return fail(Errc::Invalid,
                "resources can only be defined within a concrete component (offset {:#x})", at);
  }
  if (definition.is_64 && !features_.memory64) {
    return fail(Errc::Unsupported,
                "resources must be represented by an i32 (offset {:#x}); i64 needs the proposal {}",
                at, proposal_of(&Features::memory64));
  }
  if (definition.destructor) {
    const CoreTypeId type =
        TRY(lookup(scope.info.core_functions, *definition.destructor, "core func", at));
    const CoreFunctionType& function = types().core().function(type);
    const auto wanted = definition.is_64 ? CoreValueType::Kind::I64 : CoreValueType::Kind::I32;
    if (function.params != std::vector{CoreValueType{.kind = wanted}} ||
        !function.results.empty()) {
      return fail(Errc::Invalid,
                  "the destructor at offset {:#x} must take the representation and return nothing",
                  at);
    }
  }
  const ResourceId id = types().new_resource();
  scope.defined_resources.emplace(id.value, definition.is_64);
  scope.info.resources.push_back(ResourceOrigin{.id = id,
                                                .from = ResourceOrigin::From::Definition,
                                                .definition = scope.definition,
                                                .is_64 = definition.is_64,
                                                .destructor = definition.destructor});
  return id;
}

Result<void> Validator::declare(Scope& scope, const Declaration& declaration) {
  const size_t at = declaration.offset;
  work_.spend();
  TRY(check_work(at));
  if (const auto* core_type = std::get_if<CoreTypeDefinition>(&declaration.what)) {
    return define_core_type(scope, *core_type, at);
  }
  if (const auto* definition = std::get_if<TypeDefinition>(&declaration.what)) {
    const TypeEntity entity = TRY(type(scope, *definition, at));
    return append(scope, {.kind = ExternType::Kind::Type, .type = entity}, at);
  }
  if (const auto* alias = std::get_if<Alias>(&declaration.what))
    return define_alias(scope, *alias, at);
  if (const auto* item = std::get_if<Import>(&declaration.what)) return import(scope, *item, at);
  return declare_export(scope, std::get<ExportDeclaration>(declaration.what), at);
}

Result<ComponentTypeId> Validator::component_type(Scope& scope,
                                                  const ComponentTypeDefinition& definition,
                                                  size_t at) {
  Scope inner(Scope::Kind::ComponentType, &scope, types(), work_);
  for (const Declaration& declaration : definition.declarations) TRY(declare(inner, declaration));
  TRY(check_depth(inner.depth + 1, at));
  return types().component(ComponentType{.imports = std::move(inner.imports),
                                         .exports = std::move(inner.exports),
                                         .imported = std::move(inner.imported),
                                         .fresh = std::move(inner.fresh),
                                         .has_resource = inner.has_resource,
                                         .size = static_cast<uint32_t>(inner.size),
                                         .depth = inner.depth + 1});
}

Result<InstanceTypeId> Validator::instance_type(Scope& scope,
                                                const InstanceTypeDefinition& definition,
                                                size_t at) {
  Scope inner(Scope::Kind::InstanceType, &scope, types(), work_);
  for (const Declaration& declaration : definition.declarations) TRY(declare(inner, declaration));
  TRY(check_depth(inner.depth + 1, at));
  return types().instance(InstanceType{.exports = std::move(inner.exports),
                                       .fresh = std::move(inner.fresh),
                                       .has_resource = inner.has_resource,
                                       .size = static_cast<uint32_t>(inner.size),
                                       .depth = inner.depth + 1});
}

Result<void> check_depth(uint32_t depth, size_t at) {
  if (depth <= kMaxTypeDepth) return {};
  return fail(Errc::Limit, "type nesting is too deep at offset {:#x}; the limit is {}", at,
              kMaxTypeDepth);
}

// --- Core types ---

Result<void> Validator::define_core_type(Scope& scope, const CoreTypeDefinition& definition,
                                         size_t at) {
  if (const auto* module = std::get_if<CoreModuleTypeDefinition>(&definition)) {
    const CoreModuleTypeId id = TRY(module_type(scope, *module, at));
    scope.core_types.push_back(kNotACoreType);
    scope.info.core_types.push_back(CoreTypeEntry{.is_module = true, .id = id.value});
  } else {
    const auto& group = std::get<CoreRecursionGroup>(definition);
    TRY(add_core_group(types().core(), scope.core_types, group, at));
    const auto added = std::span(scope.core_types).subspan(scope.info.core_types.size());
    for (const CoreTypeId id : added)
      scope.info.core_types.push_back(CoreTypeEntry{.is_module = false, .id = id.value});
  }
  return check_space(scope.core_types.size(), kMaxItems, "core types", at);
}

Result<CoreModuleTypeId> Validator::module_type(Scope& scope,
                                                const CoreModuleTypeDefinition& definition,
                                                size_t at) {
  // Its types are an index space of their own.
  std::vector<CoreTypeId> own_types;
  HashSet<std::string> export_names;
  CoreModuleType type;
  for (const CoreModuleDeclaration& declaration : definition.declarations) {
    const size_t where = declaration.offset;
    if (const auto* item = std::get_if<CoreModuleImportDeclaration>(&declaration.what)) {
      type.imports.push_back(
          CoreImport{.module = item->module,
                     .name = item->name,
                     .type = TRY(resolve_core(item->type, types().core(), own_types, where))});
    } else if (const auto* group = std::get_if<CoreRecursionGroup>(&declaration.what)) {
      TRY(add_core_group(types().core(), own_types, *group, where));
    } else if (const auto* alias = std::get_if<OuterAlias>(&declaration.what)) {
      const std::vector<CoreTypeId>* source = &own_types;
      if (alias->count > 0) {
        bool crosses = false;  // core types mention no resources
        const Scope* outer = TRY(enclosing(scope, alias->count - 1, where, &crosses));
        source = &outer->core_types;
      }
      const CoreTypeId id = TRY(lookup(*source, CoreTypeIndex{alias->index}, "core type", where));
      if (id == kNotACoreType) {
        return fail(Errc::Invalid, "module types cannot alias module types (offset {:#x})", where);
      }
      own_types.push_back(id);
    } else {
      const auto& exported = std::get<CoreModuleExportDeclaration>(declaration.what);
      if (!export_names.insert(exported.name).second) {
        return fail(Errc::Invalid, "export name \"{}\" already defined (offset {:#x})",
                    exported.name, where);
      }
      type.exports.push_back(
          CoreExport{.name = exported.name,
                     .type = TRY(resolve_core(exported.type, types().core(), own_types, where))});
    }
  }
  TRY(check_unique_imports(type, at));
  return types().core_module(std::move(type));
}

Result<void> check_unique_imports(const CoreModuleType& type, size_t at) {
  HashSet<std::string> seen;
  for (const CoreImport& item : type.imports) {
    if (!seen.insert(fmt::format("{}:{}{}", item.module.size(), item.module, item.name)).second) {
      return fail(
          Errc::Invalid,
          "duplicate import name \"{}\" \"{}\" already defined in the module at offset {:#x}",
          item.module, item.name, at);
    }
  }
  return {};
}

}  // namespace wasmcloud::component::detail
