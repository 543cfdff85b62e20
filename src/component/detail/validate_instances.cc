#include "component/detail/hashed.h"
#include "component/detail/validation.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {

// --- Core instances ---

Result<void> Validator::core_instance(Scope& scope, const CoreInstance& definition, size_t at) {
  const auto* module = std::get_if<CoreInstantiate>(&definition);
  const CoreInstanceTypeId id =
      module != nullptr ? TRY(core_instantiate(scope, *module, at))
                        : TRY(core_inline(scope, std::get<CoreInlineExports>(definition), at));
  scope.info.core_instances.push_back(id);
  return check_space(scope.info.instances.size() + scope.info.core_instances.size(), kMaxInstances,
                     "instance", at);
}

Result<CoreInstanceTypeId> Validator::core_instantiate(Scope& scope,
                                                       const CoreInstantiate& definition,
                                                       size_t at) {
  const CoreModuleTypeId module_id =
      TRY(lookup(scope.info.core_modules, definition.module, "core module", at));
  HashMap<std::string_view, CoreInstanceTypeId> arguments;
  for (const auto& argument : definition.arguments) {
    const auto instance =
        TRY(lookup(scope.info.core_instances, argument.instance, "core instance", at));
    if (!arguments.emplace(argument.name, instance).second) {
      return fail(Errc::Invalid,
                  "duplicate module instantiation argument named \"{}\" (offset {:#x})",
                  argument.name, at);
    }
  }
  const CoreModuleType& module = types()[module_id];
  work_.spend(module.imports.size());
  // The instance has a copy of the names, and they are looked up in a table of its own.
  for (const CoreExport& item : module.exports) work_.spend_on_text(item.name.size());
  TRY(check_work(at));
  for (const CoreImport& item : module.imports) {
    const auto argument = arguments.find(item.module);
    if (argument == arguments.end()) {
      return fail(Errc::Invalid,
                  "missing module instantiation argument named \"{}\" (offset {:#x})", item.module,
                  at);
    }
    const CoreExternType* given = TRY(core_export(argument->second, item.name));
    if (given == nullptr) {
      return fail(Errc::Invalid,
                  "module instantiation argument \"{}\" does not export an item named \"{}\" "
                  "(offset {:#x})",
                  item.module, item.name, at);
    }
    if (!types().core().is_subtype(*given, item.type)) {
      return fail(Errc::Invalid,
                  "type mismatch for export \"{}\" of module instantiation argument \"{}\": "
                  "expected another {}, found "
                  "a {} (offset {:#x})",
                  item.name, item.module, name_of(sort_of(item.type)), name_of(sort_of(*given)),
                  at);
    }
  }
  return types().core_instance(CoreInstanceType{.exports = module.exports});
}

Result<CoreExternType> Validator::core_item(const Scope& scope, SortIndex item, size_t at) const {
  const ComponentInfo& info = scope.info;
  switch (item.sort) {
    case Sort::CoreFunction:
      return CoreFunctionExtern{
          TRY(lookup(info.core_functions, CoreFunctionIndex{item.index}, "core func", at)).value};
    case Sort::CoreTable:
      return TRY(lookup(info.core_tables, CoreTableIndex{item.index}, "core table", at));
    case Sort::CoreMemory:
      return TRY(lookup(info.core_memories, CoreMemoryIndex{item.index}, "core memory", at));
    case Sort::CoreGlobal:
      return TRY(lookup(info.core_globals, CoreGlobalIndex{item.index}, "core global", at));
    case Sort::CoreTag:
      return CoreTagExtern{
          TRY(lookup(info.core_tags, CoreTagIndex{item.index}, "core tag", at)).value};
    default:
      return fail(Errc::Invalid, "{} at offset {:#x} cannot be exported by a core instance",
                  name_of(item.sort), at);
  }
}

Result<CoreInstanceTypeId> Validator::core_inline(Scope& scope, const CoreInlineExports& definition,
                                                  size_t at) {
  CoreInstanceType type;
  HashSet<std::string_view> names;
  for (const auto& item : definition.items) {
    if (!names.insert(item.name).second) {
      return fail(Errc::Invalid, "core instance export name \"{}\" already defined (offset {:#x})",
                  item.name, at);
    }
    type.exports.push_back(
        CoreExport{.name = item.name, .type = TRY(core_item(scope, item.item, at))});
  }
  return types().core_instance(std::move(type));
}

// --- Instances ---

Result<void> Validator::instance(Scope& scope, const InstanceDefinition& definition, size_t at) {
  const auto* component = std::get_if<Instantiate>(&definition);
  const InstanceTypeId id =
      component != nullptr ? TRY(instantiate(scope, *component, at))
                           : TRY(inline_exports(scope, std::get<InlineExports>(definition), at));
  return append(scope, {.kind = ExternType::Kind::Instance, .id = id.value, .type = {}}, at);
}

/// Instantiation is where a component's type variables get their values: the imported resources are
/// those that the arguments have in their places, and each resource that the component makes itself
/// is a new one.
Result<InstanceTypeId> Validator::instantiate(Scope& scope, const Instantiate& definition,
                                              size_t at) {
  const ComponentTypeId component_id =
      TRY(lookup(scope.info.components, definition.component, "component", at));
  HashMap<std::string_view, ExternType> arguments;
  for (const auto& argument : definition.arguments) {
    const ExternType type = TRY(at_index(scope, argument.item, at));
    if (!arguments.emplace(argument.name, type).second) {
      return fail(Errc::Invalid,
                  "duplicate instantiation argument: instantiation argument \"{}\" conflicts with "
                  "previous argument (offset {:#x})",
                  argument.name, at);
    }
  }
  const ComponentType& component = types()[component_id];
  Matcher matcher(types(), work_);
  matcher.open(component.imported);
  for (const NamedExtern& item : component.imports.items()) {
    const std::string& name = types().text(item.name);
    const auto argument = arguments.find(name);
    if (argument == arguments.end()) {
      return fail(Errc::Invalid, "missing import named \"{}\" at the instantiation at offset {:#x}",
                  name, at);
    }
    if (auto matched = matcher.match(argument->second, item.type); !matched) {
      return fail(std::move(matched).error().within(fmt::format(
          "type mismatch for import \"{}\" at the instantiation at offset {:#x}", name, at)));
    }
  }

  Substitution& made = matcher.bindings();
  for (const NamedExtern& item : component.imports.items()) {
    made.rename(item.type, arguments.find(types().text(item.name))->second);
  }
  std::vector<ResourceId> fresh;
  for (const ResourceId id : component.fresh) {
    fresh.push_back(types().new_resource());
    made.bind(id, fresh.back());
  }
  InstanceType type{.exports = {},
                    .fresh = {},
                    .has_resource = false,
                    .size = component.size,
                    .depth = component.depth};
  work_.spend(component.exports.size());
  for (const NamedExtern& item : component.exports.items()) {
    const ExternType replaced = made(item.type);
    type.has_resource = type.has_resource || has_resource(replaced);
    type.exports.add(item.name, replaced);
  }
  const InstanceTypeId id = types().instance(std::move(type));
  add_origins(scope, ResourceOrigin::From::Instance,
              static_cast<uint32_t>(scope.info.instances.size()),
              ExternType{.kind = ExternType::Kind::Instance, .id = id.value, .type = {}}, fresh);
  return id;
}

Result<InstanceTypeId> Validator::inline_exports(Scope& scope, const InlineExports& definition,
                                                 size_t at) {
  InstanceType type;
  HashSet<std::string> forms;
  uint64_t size = 1;
  for (const auto& item : definition.items) {
    const ExternType found = TRY(at_index(scope, item.item, at));
    // Nothing here names a resource for annotated names to refer to: what is exported keeps the
    // names it has.
    NamedResources none;
    TRY(check_name(item.name, found, none, forms, at));
    type.has_resource = type.has_resource || has_resource(found);
    type.depth = std::max(type.depth, depth_of(found) + 1);
    size += size_of(found);
    if (size > kMaxTypeNodes) {
      return fail(Errc::Limit, "effective type size exceeds the limit of {} at offset {:#x}",
                  kMaxTypeNodes, at);
    }
    type.exports.add(types().name(item.name.name), found);
  }
  TRY(check_depth(type.depth, at));
  type.size = static_cast<uint32_t>(size);
  return types().instance(std::move(type));
}

}  // namespace wasmcloud::component::detail
