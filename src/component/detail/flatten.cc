#include "component/detail/flatten.h"

#include "base/check.h"
#include "component/detail/hashed.h"
#include "component/limits.h"

#include <ranges>
#include <utility>

namespace wasmcloud::component {
namespace {

/// Component instances, and core instances, of one tree. Components nest and are instantiated any
/// number of times, so a small binary can ask for a number that grows exponentially.
constexpr uint32_t kMaxTreeInstances = 10'000;
/// Definitions that are gone through, once for each instance of their component, beside what the
/// root has.
constexpr uint64_t kMaxTreeDefinitions = 5'000'000;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

template <class Core>
auto& core_space(Core& scope, Sort sort) {
  switch (sort) {
    case Sort::CoreTable:
      return scope.core_tables;
    case Sort::CoreMemory:
      return scope.core_memories;
    case Sort::CoreGlobal:
      return scope.core_globals;
    case Sort::CoreTag:
      return scope.core_tags;
    default:
      CHECK(sort == Sort::CoreFunction);
      return scope.core_functions;
  }
}

// Validation has made sure that what is looked up is there.
const Item& find(const Items& items, std::string_view name) {
  const auto found = items.find(name);
  CHECK(found != items.end());
  return found->second;
}

Result<CoreItem> export_of(const CoreInstanceItem& instance, std::string_view name) {
  if (!instance.is_made) {
    const auto found = instance.items.find(name);
    CHECK(found != instance.items.end());
    return found->second;
  }
  const std::optional<size_t> index = instance.module->find_export(name);
  if (!index) return fail(Errc::Invalid, "a core instance has no export \"{}\"", name);
  return CoreItem{.instance = instance.slot, .index = static_cast<uint32_t>(*index)};
}

}  // namespace

Result<void> Flattener::run() { return finish(TRY(walk())); }

Result<Items> Flattener::walk() {
  const Items imports = TRY(match_imports());
  return instantiate(ComponentItem{}, imports, 0);
}

Result<void> Flattener::finish(const Items& exports) {
  TRY(bind());
  export_root(exports);
  return {};
}

Result<Items> Flattener::instantiate(const ComponentItem& component, const Items& imports,
                                     uint32_t depth) {
  if (plan_.component_instances == kMaxTreeInstances) {
    return fail(Errc::Limit, "the component makes more than {} component instances",
                kMaxTreeInstances);
  }
  Scope& scope = scopes_.emplace_back();
  scope.id = component.id;
  scope.parent = component.parent;
  scope.instance = plan_.component_instances++;
  scope.imports = &imports;
  const ComponentBody& body = component_.definition().decoded[component.id];
  if (depth > 0) walked_ += body.definitions.size();
  if (walked_ > kMaxTreeDefinitions) {
    return fail(Errc::Limit, "the component's instances have more than {} definitions together",
                kMaxTreeDefinitions);
  }
  for (size_t i = 0; i < body.definitions.size(); ++i) {
    TRY(define(scope, body.definitions[i], depth));
    TRY(find_resources(scope, i));
  }
  return std::move(scope.exports);
}

Result<void> Flattener::define(Scope& scope, const Definition& definition, uint32_t depth) {
  return std::visit(
      Overloaded{
          [&](const ModuleId& id) -> Result<void> {
            scope.core_modules.push_back(component_.modules()[id.value]);
            return {};
          },
          [&](const CoreInstance& instance) -> Result<void> {
            return std::visit([&](const auto& form) { return define(scope, form); }, instance);
          },
          [&](const ComponentId& id) -> Result<void> {
            scope.components.push_back({.id = id, .parent = &scope});
            return {};
          },
          [&](const InstanceDefinition& instance) { return define(scope, instance, depth); },
          [&](const Alias& alias) { return define(scope, alias); },
          [&](const Canon& canon) { return define(scope, canon); },
          [&](const Import& imported) { return import(scope, imported); },
          [&](const Export& exported_item) -> Result<void> {
            Item exported = item(scope, exported_item.item);
            if (auto* function = std::get_if<FunctionItem>(&exported)) {
              if (function->name.empty()) function->name = exported_item.name.name;
              if (function->lifted != nullptr && function->lifted->name.empty()) {
                function->lifted->name = function->name;
              }
            }
            scope.exports.insert_or_assign(exported_item.name.name, exported);
            append(scope, exported);
            return {};
          },
          [&](const CoreTypeDefinition&) -> Result<void> { return {}; },
          [&](const TypeDefinition&) -> Result<void> { return {}; },
          [&](const Start&) -> Result<void> {
            return fail(Errc::Unsupported, "component start functions");
          },
          [&](const ValueDefinition&) -> Result<void> {
            return fail(Errc::Unsupported, "component values");
          },
      },
      definition.what);
}

Result<void> Flattener::define(Scope& scope, const CoreInstantiate& instance) {
  const std::shared_ptr<const engine::Module>& module = scope.core_modules[instance.module.value];
  if (plan_.steps.size() == kMaxTreeInstances) {
    return fail(Errc::Limit, "the component makes more than {} core instances", kMaxTreeInstances);
  }
  Step step{.module = module};
  walked_ += module->imports().size();
  detail::HashMap<std::string_view, CoreInstanceIndex> arguments;
  for (const auto& argument : instance.arguments)
    arguments.emplace(argument.name, argument.instance);
  for (const engine::ImportType& import : module->imports()) {
    const auto argument = arguments.find(import.module);
    if (argument == arguments.end()) {
      return fail(Errc::Invalid, "a core module's import \"{}\" \"{}\" is not given", import.module,
                  import.name);
    }
    const CoreItem given =
        TRY(export_of(scope.core_instances[argument->second.value], import.name));
    step.imports.push_back(
        {.lowered = given.lowered, .instance = given.instance, .index = given.index});
  }
  scope.core_instances.push_back(
      {.is_made = true, .slot = static_cast<uint32_t>(plan_.steps.size()), .module = module.get()});
  plan_.steps.push_back(std::move(step));
  return {};
}

Result<void> Flattener::define(Scope& scope, const CoreInlineExports& exports) {
  CoreInstanceItem instance;
  for (const CoreInlineExports::Item& item : exports.items) {
    instance.items.insert_or_assign(item.name, core_space(scope, item.item.sort)[item.item.index]);
  }
  scope.core_instances.push_back(std::move(instance));
  return {};
}

Result<void> Flattener::define(Scope& scope, const InstanceDefinition& instance, uint32_t depth) {
  auto made = std::make_shared<InstanceItem>();
  if (const auto* inlined = std::get_if<InlineExports>(&instance)) {
    for (const InlineExports::Item& it : inlined->items) {
      made->exports.insert_or_assign(it.name.name, item(scope, it.item));
    }
  } else {
    const Instantiate& instantiation = std::get<Instantiate>(instance);
    Items imports;
    for (const Instantiate::Argument& argument : instantiation.arguments) {
      imports.insert_or_assign(argument.name, item(scope, argument.item));
    }
    if (depth >= kMaxNesting) {
      return fail(Errc::Limit, "instantiations nest more than {} deep", kMaxNesting);
    }
    made->exports =
        TRY(instantiate(scope.components[instantiation.component.value], imports, depth + 1));
  }
  scope.instances.push_back(std::move(made));
  return {};
}

Result<void> Flattener::define(Scope& scope, const Alias& alias) {
  return std::visit(Overloaded{
                        [&](const ExportAlias& it) -> Result<void> {
                          append(scope, find(scope.instances[it.instance.value]->exports, it.name));
                          return {};
                        },
                        [&](const CoreExportAlias& it) -> Result<void> {
                          const CoreItem found =
                              TRY(export_of(scope.core_instances[it.instance.value], it.name));
                          core_space(scope, it.sort).push_back(found);
                          return {};
                        },
                        [&](const OuterAlias& it) -> Result<void> {
                          const Scope* from = &scope;
                          for (uint32_t i = 0; i < it.count; ++i) from = from->parent;
                          if (it.sort == Sort::CoreModule) {
                            scope.core_modules.push_back(from->core_modules[it.index]);
                          } else if (it.sort == Sort::Component) {
                            scope.components.push_back(from->components[it.index]);
                          }
                          return {};
                        },
                    },
                    alias);
}

Result<void> Flattener::import(Scope& scope, const Import& import) {
  const auto found = scope.imports->find(import.name.name);
  if (found == scope.imports->end()) {
    // Only structural types may be absent.
    CHECK(import.type.kind == ExternDescriptor::Kind::TypeEqual);
    return {};
  }
  append(scope, found->second);
  return {};
}

Item Flattener::item(const Scope& scope, SortIndex index) const {
  switch (index.sort) {
    case Sort::CoreModule:
      return scope.core_modules[index.index];
    case Sort::Function:
      return scope.functions[index.index];
    case Sort::Component:
      return scope.components[index.index];
    case Sort::Instance:
      return scope.instances[index.index];
    case Sort::Type: {
      const TypeEntity& type = info(scope).types[index.index];
      if (type.kind != TypeEntity::Kind::Resource) return OtherType{};
      const auto found = scope.resources.find(type.resource().value);
      return found == scope.resources.end() ? Item(OtherType{}) : Item(found->second);
    }
    default:
      return OtherType{};
  }
}

void Flattener::append(Scope& scope, const Item& item) {
  std::visit(Overloaded{
                 [](const OtherType&) {},
                 [](const ResourceType&) {},
                 [&](const FunctionItem& it) { scope.functions.push_back(it); },
                 [&](const std::shared_ptr<InstanceItem>& it) { scope.instances.push_back(it); },
                 [&](const ComponentItem& it) { scope.components.push_back(it); },
                 [&](const std::shared_ptr<const engine::Module>& it) {
                   scope.core_modules.push_back(it);
                 },
             },
             item);
}

Result<void> Flattener::find_resources(Scope& scope, size_t definition) {
  const std::vector<ResourceOrigin>& origins = info(scope).resources;
  for (; scope.next_origin < origins.size() && origins[scope.next_origin].definition <= definition;
       ++scope.next_origin) {
    const ResourceOrigin& origin = origins[scope.next_origin];
    if (origin.from == ResourceOrigin::From::Definition) {
      GuestResourceType& type = plan_.resources.emplace_back();
      type.name = "guest-defined resource";
      type.instance = scope.instance;
      if (origin.destructor) {
        type.destructor = function_slot(scope.core_functions[origin.destructor->value]);
      }
      scope.resources.insert_or_assign(origin.id.value, ResourceType(type));
      continue;
    }
    if (origin.from == ResourceOrigin::From::Same) {
      const auto same = scope.resources.find(origin.same.value);
      CHECK(same != scope.resources.end());
      const ResourceType type = same->second;
      scope.resources.insert_or_assign(origin.id.value, type);
      continue;
    }
    const Items* items = nullptr;
    const Item* found = nullptr;
    if (origin.from == ResourceOrigin::From::Import) {
      const ImportInfo& import = info(scope).imports[origin.index];
      found = &find(*scope.imports, table().text(import.name));
    } else {
      items = &scope.instances[origin.index]->exports;
    }
    for (const Name name : origin.path) {
      if (items == nullptr) items = &std::get<std::shared_ptr<InstanceItem>>(*found)->exports;
      found = &find(*items, table().text(name));
      items = nullptr;
    }
    CHECK(found != nullptr);
    const auto* resource = std::get_if<ResourceType>(found);
    CHECK(resource != nullptr);
    scope.resources.insert_or_assign(origin.id.value, *resource);
  }
  return {};
}

std::shared_ptr<const ExportedInstance> Flattener::exported(const Items& items,
                                                            const std::string& prefix) {
  auto out = std::make_shared<ExportedInstance>();
  for (const auto& [name, item] : items) {
    const std::string path = prefix.empty() ? name : prefix + "#" + name;
    PlanExport entry;
    std::visit(Overloaded{
                   [](const OtherType&) {},
                   [&](const ResourceType& it) {
                     entry.resource = it;
                     if (it.guest() == nullptr) return;
                     for (GuestResourceType& type : plan_.resources) {
                       if (ResourceType(type) == it) type.name = path;
                     }
                   },
                   [&](const FunctionItem& it) {
                     entry.is_function = true;
                     entry.function = it.lifted;
                     if (it.lifted != nullptr) it.lifted->name = path;
                   },
                   [&](const std::shared_ptr<InstanceItem>& it) {
                     entry.instance = exported(it->exports, path);
                   },
                   [](const ComponentItem&) {},
                   [&](const std::shared_ptr<const engine::Module>& it) { entry.module = it; },
               },
               item);
    out->by_name.emplace(name, std::move(entry));
  }
  return out;
}

void Flattener::export_root(const Items& items) { plan_.exports = *exported(items, ""); }

}  // namespace wasmcloud::component
