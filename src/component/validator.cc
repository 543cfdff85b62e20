#include "component/validator.h"

#include "component/detail/core_module.h"
#include "component/detail/hashed.h"
#include "component/detail/reader.h"
#include "component/detail/type_store.h"
#include "component/detail/validation.h"
#include "component/limits.h"

namespace wasmcloud::component {

Features Features::all() {
  return Features{.async = true,
                  .map = true,
                  .implements = true,
                  .more_async_builtins = true,
                  .async_stackful = true,
                  .threading = true,
                  .error_context = true,
                  .fixed_length_lists = true,
                  .memory64 = true,
                  .accessors = true,
                  .forward = true};
}

Result<ValidatedComponent> validate(DecodedComponent decoded, std::span<const std::byte> bytes,
                                    const Features& features) {
  auto valid = detail::Validator(std::move(decoded), bytes, features).run();
  if (!valid) return fail(detail::printable(std::move(valid).error()));
  return valid;
}

namespace detail {
namespace {

/// Looks for resources that a type mentions without introducing them.
class FreeResources {
 public:
  FreeResources(const TypeTable& types, Work& work) : types_(types), work_(work) {}

  bool none_in(const TypeEntity& type) {
    switch (type.kind) {
      case TypeEntity::Kind::Value:
        return none_in(type.value());
      case TypeEntity::Kind::Function:
        return none_in(type.function());
      case TypeEntity::Kind::Resource:
        return bound_.contains(type.id);
      case TypeEntity::Kind::Component:
        return none_in(type.component());
      case TypeEntity::Kind::Instance:
        return none_in(type.instance());
    }
    return true;
  }

 private:
  bool none_in(ValueType type) {
    if (!types_.has_resource(type) || !seen_.insert(type.value).second) return true;
    work_.spend();
    const TypeTable::Impl::Node& node = types_.impl().nodes[type.value];
    if (node.kind == TypeKind::Own || node.kind == TypeKind::Borrow)
      return bound_.contains(node.first);
    const auto part = [&](uint32_t id) {
      return id == TypeTable::Impl::kNone || none_in(ValueType{id});
    };
    return part(node.first) && part(node.second) &&
           std::ranges::all_of(types_.members(type), [&](const Member& member) {
             return !member.type || none_in(*member.type);
           });
  }

  bool none_in(FunctionTypeId type) {
    const FunctionType& function = types_[type];
    return std::ranges::all_of(function.params,
                               [&](const Member& param) { return none_in(*param.type); }) &&
           (!function.result || none_in(*function.result));
  }

  bool none_in(ComponentTypeId id) {
    const ComponentType& type = types_[id];
    bind(type.imported);
    bind(type.fresh);
    return !type.has_resource || (none_in(type.imports) && none_in(type.exports));
  }

  bool none_in(InstanceTypeId id) {
    const InstanceType& type = types_[id];
    bind(type.fresh);
    return !type.has_resource || none_in(type.exports);
  }

  bool none_in(const ExternList& list) {
    return std::ranges::all_of(list.items(),
                               [&](const NamedExtern& item) { return none_in(item.type); });
  }

  bool none_in(const ExternType& type) {
    work_.spend();
    if (work_.is_exhausted()) return true;
    switch (type.kind) {
      case ExternType::Kind::CoreModule:
        return true;
      case ExternType::Kind::Function:
        return none_in(type.function());
      case ExternType::Kind::Value:
        return none_in(type.value());
      case ExternType::Kind::Type:
        return none_in(type.type);
      case ExternType::Kind::Component:
        return none_in(type.component());
      case ExternType::Kind::Instance:
        return none_in(type.instance());
    }
    return true;
  }

  void bind(std::span<const ResourceId> ids) {
    for (const ResourceId id : ids) bound_.insert(id.value);
  }

  const TypeTable& types_;
  Work& work_;
  HashSet<uint32_t> bound_;
  HashSet<uint32_t> seen_;
};

/// The resources that exports name, each once, in order.
class ExportedResources {
 public:
  ExportedResources(const TypeTable& types, Work& work) : types_(types), work_(work) {}

  void add(const ExternList& list) {
    for (const NamedExtern& item : list.items()) {
      work_.spend();
      if (work_.is_exhausted()) return;
      if (item.type.is_resource() && seen_.insert(item.type.type.id).second)
        found_.push_back(item.type.type.resource());
      if (item.type.kind == ExternType::Kind::Instance &&
          types_[item.type.instance()].has_resource) {
        add(types_[item.type.instance()].exports);
      }
    }
  }

  std::vector<ResourceId> without(std::span<const ResourceId> others) {
    HashSet<uint32_t> excluded;
    for (const ResourceId id : others) excluded.insert(id.value);
    std::erase_if(found_, [&](ResourceId id) { return excluded.contains(id.value); });
    return std::move(found_);
  }

 private:
  const TypeTable& types_;
  Work& work_;
  HashSet<uint32_t> seen_;
  std::vector<ResourceId> found_;
};

}  // namespace

Validator::Validator(DecodedComponent decoded, std::span<const std::byte> bytes,
                     const Features& features)
    : bytes_(bytes), features_(features), work_(bytes.size()) {
  result_.components.resize(decoded.components.size());
  result_.modules.resize(decoded.modules.size());
  result_.decoded = std::move(decoded);
}

Result<ValidatedComponent> Validator::run() {
  TRY(component(ComponentId{0}, nullptr));
  result_.steps = work_.spent();
  return std::move(result_);
}

Result<void> Validator::component(ComponentId id, Scope* parent) {
  Scope scope(Scope::Kind::Component, parent, types(), work_);
  const std::vector<Definition>& definitions = result_.decoded.components[id.value].definitions;
  for (uint32_t i = 0; i < definitions.size(); ++i) {
    scope.definition = i;
    // A nested component sets its own parent before it is done.
    if (const auto* nested = std::get_if<ComponentId>(&definitions[i].what)) {
      result_.components[nested->value].parent = id;
    }
    TRY(define(scope, definitions[i]));
    TRY(check_work(definitions[i].offset));
  }
  ExportedResources exported(types(), work_);
  exported.add(scope.exports);
  ComponentType type{.imports = std::move(scope.imports),
                     .exports = std::move(scope.exports),
                     .imported = std::move(scope.imported),
                     .fresh = {},
                     .has_resource = scope.has_resource,
                     .size = static_cast<uint32_t>(scope.size),
                     .depth = scope.depth + 1};
  type.fresh = exported.without(type.imported);
  scope.info.type = types().component(std::move(type));
  scope.info.parent = result_.components[id.value].parent;
  result_.components[id.value] = std::move(scope.info);
  return {};
}

Result<void> Validator::check_work(size_t at) const {
  if (!work_.is_exhausted()) return {};
  return fail(Errc::Limit,
              "checking types takes too many steps for a component of {} bytes (at offset {:#x})",
              bytes_.size(), at);
}

Result<void> Validator::define(Scope& scope, const Definition& definition) {
  const size_t at = definition.offset;
  const auto define_one = [&]<class T>(const T& what) -> Result<void> {
    if constexpr (std::is_same_v<T, ModuleId>) {
      return define_module(scope, what, at);
    } else if constexpr (std::is_same_v<T, CoreInstance>) {
      return core_instance(scope, what, at);
    } else if constexpr (std::is_same_v<T, CoreTypeDefinition>) {
      return define_core_type(scope, what, at);
    } else if constexpr (std::is_same_v<T, ComponentId>) {
      TRY(component(what, &scope));
      return append(
          scope, {.kind = ExternType::Kind::Component, .id = result_[what].type.value, .type = {}},
          at);
    } else if constexpr (std::is_same_v<T, InstanceDefinition>) {
      return instance(scope, what, at);
    } else if constexpr (std::is_same_v<T, Alias>) {
      return define_alias(scope, what, at);
    } else if constexpr (std::is_same_v<T, TypeDefinition>) {
      const TypeEntity entity = TRY(type(scope, what, at));
      return append(scope, {.kind = ExternType::Kind::Type, .type = entity}, at);
    } else if constexpr (std::is_same_v<T, Canon>) {
      return canon(scope, what, at);
    } else if constexpr (std::is_same_v<T, Import>) {
      return import(scope, what, at);
    } else if constexpr (std::is_same_v<T, Export>) {
      return export_item(scope, what, at);
    } else if constexpr (std::is_same_v<T, Start>) {
      return fail(Errc::Unsupported, "component start functions are not supported (offset {:#x})",
                  at);
    } else {
      static_assert(std::is_same_v<T, ValueDefinition>);
      return fail(Errc::Unsupported, "component values are not supported (offset {:#x})", at);
    }
  };
  return std::visit(define_one, definition.what);
}

Result<void> Validator::define_module(Scope& scope, ModuleId id, size_t at) {
  const ByteRange range = result_.decoded[id];
  CoreModuleType type =
      TRY(read_core_module(bytes_.subspan(range.offset, range.size), range.offset, types().core()));
  TRY(check_unique_imports(type, at));
  result_.modules[id.value] = types().core_module(std::move(type));
  return append(
      scope,
      {.kind = ExternType::Kind::CoreModule, .id = result_.modules[id.value].value, .type = {}},
      at);
}

// --- Aliases ---

Result<void> Validator::define_alias(Scope& scope, const Alias& alias, size_t at) {
  if (scope.kind != Scope::Kind::Component) {
    const auto* exported = std::get_if<ExportAlias>(&alias);
    const auto* outer = std::get_if<OuterAlias>(&alias);
    const bool allowed =
        (exported != nullptr &&
         (exported->sort == Sort::Instance || exported->sort == Sort::Type)) ||
        (outer != nullptr && (outer->sort == Sort::CoreType || outer->sort == Sort::Type));
    if (!allowed) {
      return fail(Errc::Invalid,
                  "alias at offset {:#x}: types can only alias types and instances' exports", at);
    }
  }
  if (const auto* exported = std::get_if<ExportAlias>(&alias))
    return alias_export(scope, *exported, at);
  if (const auto* exported = std::get_if<CoreExportAlias>(&alias))
    return alias_core_export(scope, *exported, at);
  return alias_outer(scope, std::get<OuterAlias>(alias), at);
}

Result<void> Validator::alias_export(Scope& scope, const ExportAlias& alias, size_t at) {
  const InstanceTypeId instance = TRY(lookup(scope.info.instances, alias.instance, "instance", at));
  const auto name = types().find_name(alias.name);
  const ExternType* found = name ? types()[instance].exports.find(*name) : nullptr;
  if (found == nullptr) {
    return fail(Errc::Invalid, "instance {} has no export named \"{}\" (alias at offset {:#x})",
                alias.instance.value, alias.name, at);
  }
  const ExternType type = *found;
  if (sort_of(type.kind) != alias.sort) {
    return fail(Errc::Invalid, "export \"{}\" for alias at offset {:#x} is a {}, not a {}",
                alias.name, at, name_of(type.kind), name_of(alias.sort));
  }
  return append(scope, type, at);
}

Result<const CoreExternType*> Validator::core_export(CoreInstanceTypeId instance,
                                                     const std::string& name) {
  const CoreInstanceType& type = types()[instance];
  auto [by_name, added] = core_exports_.try_emplace(instance.value);
  if (added) {
    for (uint32_t i = 0; i < type.exports.size(); ++i)
      by_name->second.emplace(type.exports[i].name, i);
  }
  const auto found = by_name->second.find(name);
  if (found == by_name->second.end()) return nullptr;
  return &type.exports[found->second].type;
}

Result<void> Validator::alias_core_export(Scope& scope, const CoreExportAlias& alias, size_t at) {
  const CoreInstanceTypeId instance =
      TRY(lookup(scope.info.core_instances, alias.instance, "core instance", at));
  const CoreExternType* type = TRY(core_export(instance, alias.name));
  if (type == nullptr) {
    return fail(Errc::Invalid,
                "core instance {} has no export named \"{}\" (alias at offset {:#x})",
                alias.instance.value, alias.name, at);
  }
  if (sort_of(*type) != alias.sort) {
    return fail(Errc::Invalid, "export \"{}\" for alias at offset {:#x} is a {}, not a {}",
                alias.name, at, name_of(sort_of(*type)), name_of(alias.sort));
  }
  return append(scope, *type, at);
}

Result<Scope*> Validator::enclosing(Scope& scope, uint32_t count, size_t at,
                                    bool* crosses_component) {
  Scope* found = &scope;
  for (uint32_t i = 0; i < count; ++i) {
    *crosses_component = *crosses_component || found->kind == Scope::Kind::Component;
    found = found->parent;
    if (found == nullptr)
      return fail(Errc::Invalid, "invalid outer alias count of {} at offset {:#x}", count, at);
  }
  return found;
}

bool Validator::is_closed(const TypeEntity& type) {
  if (type.kind != TypeEntity::Kind::Component && type.kind != TypeEntity::Kind::Instance) {
    return FreeResources(types(), work_).none_in(type);
  }
  const uint64_t key = uint64_t{type.kind == TypeEntity::Kind::Component} << 32 | type.id;
  const auto [found, added] = closed_.try_emplace(key, false);
  if (added) found->second = FreeResources(types(), work_).none_in(type);
  return found->second;
}

Result<void> Validator::alias_outer(Scope& scope, const OuterAlias& alias, size_t at) {
  bool crosses = false;
  const Scope& source = *TRY(enclosing(scope, alias.count, at, &crosses));
  const auto refuse = [&](std::string_view what) {
    return fail(
        Errc::Invalid,
        "outer {} alias at offset {:#x} refers to resources not defined in the current component",
        what, at);
  };
  switch (alias.sort) {
    case Sort::CoreModule: {
      const auto module =
          TRY(lookup(source.info.core_modules, CoreModuleIndex{alias.index}, "core module", at));
      return append(scope, {.kind = ExternType::Kind::CoreModule, .id = module.value, .type = {}},
                    at);
    }
    case Sort::CoreType: {
      const auto entry =
          TRY(lookup(source.info.core_types, CoreTypeIndex{alias.index}, "core type", at));
      scope.core_types.push_back(
          TRY(lookup(source.core_types, CoreTypeIndex{alias.index}, "core type", at)));
      scope.info.core_types.push_back(entry);
      return check_space(scope.info.core_types.size(), kMaxItems, "core types", at);
    }
    case Sort::Component: {
      const auto component =
          TRY(lookup(source.info.components, ComponentIndex{alias.index}, "component", at));
      if (crosses && !is_closed({.kind = TypeEntity::Kind::Component, .id = component.value}))
        return refuse("component");
      return append(scope, {.kind = ExternType::Kind::Component, .id = component.value, .type = {}},
                    at);
    }
    default: {
      const auto entity = TRY(lookup(source.info.types, TypeIndex{alias.index}, "type", at));
      if (crosses && !is_closed(entity)) return refuse("type");
      return append(scope, {.kind = ExternType::Kind::Type, .type = entity}, at);
    }
  }
}

}  // namespace detail
}  // namespace wasmcloud::component
