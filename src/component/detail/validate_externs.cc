#include "component/detail/hashed.h"
#include "component/detail/type_store.h"
#include "component/detail/validation.h"
#include "component/limits.h"
#include "component/proposals.h"

#include <algorithm>

namespace wasmcloud::component::detail {

Sort sort_of(ExternType::Kind kind) {
  switch (kind) {
    case ExternType::Kind::CoreModule:
      return Sort::CoreModule;
    case ExternType::Kind::Function:
      return Sort::Function;
    case ExternType::Kind::Value:
      return Sort::Value;
    case ExternType::Kind::Type:
      return Sort::Type;
    case ExternType::Kind::Component:
      return Sort::Component;
    case ExternType::Kind::Instance:
      return Sort::Instance;
  }
  return Sort::Function;
}

Result<void> check_space(size_t size, uint32_t max, std::string_view what, size_t at) {
  if (size <= max) return {};
  return fail(Errc::Limit, "{} count exceeds the limit of {} at offset {:#x}", what, max, at);
}

Result<void> Validator::append(Scope& scope, const ExternType& type, size_t at) {
  ComponentInfo& info = scope.info;
  switch (type.kind) {
    case ExternType::Kind::CoreModule:
      info.core_modules.push_back(type.core_module());
      return check_space(info.core_modules.size(), kMaxModules, "module", at);
    case ExternType::Kind::Function:
      info.functions.push_back(type.function());
      return check_space(info.functions.size(), kMaxItems, "function", at);
    case ExternType::Kind::Value:
      return fail(Errc::Unsupported, "component values are not supported (offset {:#x})", at);
    case ExternType::Kind::Type:
      info.types.push_back(type.type);
      return check_space(info.types.size(), kMaxItems, "type", at);
    case ExternType::Kind::Component:
      info.components.push_back(type.component());
      return check_space(info.components.size(), kMaxModules, "component", at);
    case ExternType::Kind::Instance:
      info.instances.push_back(type.instance());
      return check_space(info.instances.size() + info.core_instances.size(), kMaxInstances,
                         "instance", at);
  }
  return {};
}

Result<void> Validator::append(Scope& scope, const CoreExternType& type, size_t at) {
  ComponentInfo& info = scope.info;
  if (const auto* function = std::get_if<CoreFunctionExtern>(&type)) {
    info.core_functions.push_back(CoreTypeId{function->type});
    return check_space(info.core_functions.size(), kMaxItems, "core function", at);
  }
  if (const auto* table = std::get_if<CoreTableType>(&type)) {
    info.core_tables.push_back(*table);
    return check_space(info.core_tables.size(), kMaxItems, "core table", at);
  }
  if (const auto* memory = std::get_if<CoreMemoryType>(&type)) {
    info.core_memories.push_back(*memory);
    return check_space(info.core_memories.size(), kMaxItems, "core memory", at);
  }
  if (const auto* global = std::get_if<CoreGlobalType>(&type)) {
    info.core_globals.push_back(*global);
    return check_space(info.core_globals.size(), kMaxItems, "core global", at);
  }
  info.core_tags.push_back(CoreTypeId{std::get<CoreTagExtern>(type).type});
  return check_space(info.core_tags.size(), kMaxItems, "core tag", at);
}

// --- What imports and exports are ---

Result<ExternType> Validator::resolve(Scope& scope, const ExternDescriptor& descriptor,
                                      std::vector<ResourceId>& introduced, size_t at) {
  using Kind = ExternDescriptor::Kind;
  const auto type_of_kind = [&](TypeEntity::Kind wanted,
                                ExternType::Kind kind) -> Result<ExternType> {
    const TypeEntity entity =
        TRY(lookup(scope.info.types, TypeIndex{descriptor.index}, "type", at));
    if (entity.kind != wanted) {
      return fail(Errc::Invalid, "type index {} is not a {} type (offset {:#x})", descriptor.index,
                  name_of(kind), at);
    }
    return ExternType{.kind = kind, .id = entity.id, .type = {}};
  };
  switch (descriptor.kind) {
    case Kind::CoreModule: {
      const CoreTypeEntry entry =
          TRY(lookup(scope.info.core_types, CoreTypeIndex{descriptor.index}, "core type", at));
      if (!entry.is_module) {
        return fail(Errc::Invalid, "core type index {} is not a module type (offset {:#x})",
                    descriptor.index, at);
      }
      return ExternType{.kind = ExternType::Kind::CoreModule, .id = entry.id, .type = {}};
    }
    case Kind::Function:
      return type_of_kind(TypeEntity::Kind::Function, ExternType::Kind::Function);
    case Kind::Value:
    case Kind::ValueEqual:
      return fail(Errc::Unsupported, "component values are not supported (offset {:#x})", at);
    case Kind::TypeEqual: {
      const TypeEntity entity =
          TRY(lookup(scope.info.types, TypeIndex{descriptor.index}, "type", at));
      return with_new_name(ExternType{.kind = ExternType::Kind::Type, .type = entity});
    }
    case Kind::Resource: {
      const ResourceId id = types().new_resource();
      introduced.push_back(id);
      const TypeEntity entity{
          .kind = TypeEntity::Kind::Resource, .id = id.value, .tag = types().impl().new_tag()};
      return ExternType{.kind = ExternType::Kind::Type, .type = entity};
    }
    case Kind::Component:
      return type_of_kind(TypeEntity::Kind::Component, ExternType::Kind::Component);
    case Kind::Instance: {
      ExternType type = TRY(type_of_kind(TypeEntity::Kind::Instance, ExternType::Kind::Instance));
      const std::vector<ResourceId> fresh = types()[type.instance()].fresh;
      if (fresh.empty()) return type;
      // From here on the scope, not the instance, is what introduces its resources.
      Substitution open(types(), work_);
      for (const ResourceId id : fresh) {
        introduced.push_back(types().new_resource());
        open.bind(id, introduced.back());
      }
      type.id = open(type.instance()).value;
      types().impl().instances[type.id].fresh.clear();
      return type;
    }
  }
  return fail(Errc::Internal, "unknown descriptor");
}

ExternType Validator::with_new_name(ExternType type) {
  if (type.kind != ExternType::Kind::Type) return type;
  if (type.type.kind == TypeEntity::Kind::Value) {
    // Copies the members.
    work_.spend(types().members(type.type.value()).size());
    type.type.id = types().impl().with_new_tag(type.type.value()).value;
  }
  if (type.type.kind == TypeEntity::Kind::Resource) type.type.tag = types().impl().new_tag();
  return type;
}

Result<ExternType> Validator::at_index(const Scope& scope, SortIndex item, size_t at) const {
  using Kind = ExternType::Kind;
  const ComponentInfo& info = scope.info;
  switch (item.sort) {
    case Sort::CoreModule: {
      const auto module =
          TRY(lookup(info.core_modules, CoreModuleIndex{item.index}, "core module", at));
      return ExternType{.kind = Kind::CoreModule, .id = module.value, .type = {}};
    }
    case Sort::Function: {
      const auto function = TRY(lookup(info.functions, FunctionIndex{item.index}, "func", at));
      return ExternType{.kind = Kind::Function, .id = function.value, .type = {}};
    }
    case Sort::Type: {
      const auto entity = TRY(lookup(info.types, TypeIndex{item.index}, "type", at));
      return ExternType{.kind = Kind::Type, .type = entity};
    }
    case Sort::Component: {
      const auto component =
          TRY(lookup(info.components, ComponentIndex{item.index}, "component", at));
      return ExternType{.kind = Kind::Component, .id = component.value, .type = {}};
    }
    case Sort::Instance: {
      const auto instance = TRY(lookup(info.instances, InstanceIndex{item.index}, "instance", at));
      return ExternType{.kind = Kind::Instance, .id = instance.value, .type = {}};
    }
    case Sort::Value:
      return fail(Errc::Unsupported, "component values are not supported (offset {:#x})", at);
    default:
      return fail(Errc::Invalid, "{} at offset {:#x} cannot be exported", name_of(item.sort), at);
  }
}

uint64_t Validator::size_of(const ExternType& type) const {
  switch (type.kind) {
    case ExternType::Kind::CoreModule:
      return 1 + types()[type.core_module()].imports.size() +
             types()[type.core_module()].exports.size();
    case ExternType::Kind::Function:
      return types().impl().functions[type.id].nodes;
    case ExternType::Kind::Value:
      return types().node_count(type.value());
    case ExternType::Kind::Component:
      return types()[type.component()].size;
    case ExternType::Kind::Instance:
      return types()[type.instance()].size;
    case ExternType::Kind::Type:
      break;
  }
  switch (type.type.kind) {
    case TypeEntity::Kind::Value:
      return types().node_count(type.type.value());
    case TypeEntity::Kind::Function:
      return types().impl().functions[type.type.id].nodes;
    case TypeEntity::Kind::Resource:
      return 1;
    case TypeEntity::Kind::Component:
      return types()[type.type.component()].size;
    case TypeEntity::Kind::Instance:
      return types()[type.type.instance()].size;
  }
  return 1;
}

uint32_t Validator::depth_of(const ExternType& type) const {
  const bool is_type = type.kind == ExternType::Kind::Type;
  if (type.kind == ExternType::Kind::Component) return types()[type.component()].depth;
  if (type.kind == ExternType::Kind::Instance) return types()[type.instance()].depth;
  if (is_type && type.type.kind == TypeEntity::Kind::Component)
    return types()[type.type.component()].depth;
  if (is_type && type.type.kind == TypeEntity::Kind::Instance)
    return types()[type.type.instance()].depth;
  return 0;
}

bool Validator::has_resource(const ExternType& type) const {
  switch (type.kind) {
    case ExternType::Kind::CoreModule:
      return false;
    case ExternType::Kind::Function:
      return types().impl().functions[type.id].has_resource;
    case ExternType::Kind::Value:
      return types().has_resource(type.value());
    case ExternType::Kind::Component:
      return types()[type.component()].has_resource;
    case ExternType::Kind::Instance:
      return types()[type.instance()].has_resource;
    case ExternType::Kind::Type:
      break;
  }
  switch (type.type.kind) {
    case TypeEntity::Kind::Value:
      return types().has_resource(type.type.value());
    case TypeEntity::Kind::Function:
      return types().impl().functions[type.type.id].has_resource;
    case TypeEntity::Kind::Resource:
      return true;
    case TypeEntity::Kind::Component:
      return types()[type.type.component()].has_resource;
    case TypeEntity::Kind::Instance:
      return types()[type.type.instance()].has_resource;
  }
  return false;
}

Result<void> Validator::grow(Scope& scope, const ExternType& type, size_t at) {
  scope.size += size_of(type);
  scope.depth = std::max(scope.depth, depth_of(type));
  scope.has_resource = scope.has_resource || has_resource(type);
  if (scope.size > kMaxTypeNodes) {
    return fail(Errc::Limit, "effective type size exceeds the limit of {} at offset {:#x}",
                kMaxTypeNodes, at);
  }
  return check_depth(scope.depth, at);
}

// --- Imports and exports ---

Result<void> Validator::import(Scope& scope, const Import& item, size_t at) {
  std::vector<ResourceId> introduced;
  const ExternType type = TRY(resolve(scope, item.type, introduced, at));
  TRY(add_named(scope, item.name, type, Direction::Import, at));
  TRY(append(scope, type, at));
  scope.imported.insert(scope.imported.end(), introduced.begin(), introduced.end());
  if (scope.kind != Scope::Kind::Component) return {};
  scope.info.imports.push_back(ImportInfo{
      .definition = scope.definition, .name = types().name(item.name.name), .type = type});
  add_origins(scope, ResourceOrigin::From::Import,
              static_cast<uint32_t>(scope.info.imports.size() - 1), type, introduced);
  return {};
}

Result<void> Validator::declare_export(Scope& scope, const ExportDeclaration& item, size_t at) {
  const ExternType type = TRY(resolve(scope, item.type, scope.fresh, at));
  TRY(add_named(scope, item.name, type, Direction::Export, at));
  return append(scope, type, at);
}

Result<void> Validator::export_item(Scope& scope, const Export& item, size_t at) {
  const ExternType actual = TRY(at_index(scope, item.item, at));
  ExternType type = with_new_name(actual);
  std::vector<ResourceId> introduced;
  if (item.type) {
    const ExternType ascribed = TRY(resolve(scope, *item.type, introduced, at));
    Matcher matcher(types(), work_);
    matcher.open(introduced);
    if (auto matched = matcher.match(type, ascribed); !matched) {
      return fail(std::move(matched).error().within(fmt::format(
          "ascribed type of export \"{}\" at offset {:#x} is not compatible", item.name.name, at)));
    }
    type = ascribed;
  }
  TRY(add_named(scope, item.name, type, Direction::Export, at));
  TRY(append(scope, type, at));
  scope.info.exports.push_back(ExportInfo{.definition = scope.definition,
                                          .name = types().name(item.name.name),
                                          .type = type,
                                          .item = item.item});
  if (type.is_resource() && !introduced.empty()) {
    scope.info.resources.push_back(ResourceOrigin{.id = type.type.resource(),
                                                  .from = ResourceOrigin::From::Same,
                                                  .definition = scope.definition,
                                                  .same = actual.type.resource()});
  } else {
    add_origins(scope, ResourceOrigin::From::Instance, item.item.index, type, introduced);
  }
  return {};
}

Result<void> Validator::add_named(Scope& scope, const ExternName& name, const ExternType& type,
                                  Direction direction, size_t at) {
  const bool is_import = direction == Direction::Import;
  TRY(grow(scope, type, at));
  if (scope.kind != Scope::Kind::InstanceType) {
    // What imports name may be mentioned by exports too.
    const bool is_named = is_import ? scope.imported_types.check_and_insert(type) &&
                                          scope.exported_types.check_and_insert(type)
                                    : scope.exported_types.check_and_insert(type);
    if (!is_named) {
      return fail(Errc::Invalid,
                  "{} not valid to be used as {}: \"{}\" at offset {:#x} mentions a type that is "
                  "not {} before it",
                  name_of(type.kind), is_import ? "import" : "export", name.name, at,
                  is_import ? "imported" : "imported or exported");
    }
  }
  TRY(check_name(name, type, is_import ? scope.imported_resources : scope.exported_resources,
                 is_import ? scope.import_forms : scope.export_forms, at));
  ExternList& list = is_import ? scope.imports : scope.exports;
  list.add(types().name(name.name), type);
  return check_space(list.size(), kMaxItems, is_import ? "import" : "export", at);
}

Result<void> Validator::check_name(const ExternName& name, const ExternType& type,
                                   NamedResources& resources, HashSet<std::string>& forms,
                                   size_t at) {
  const ExternNameView view = TRY(parse_extern_name(name.name, features_, at));
  if (!forms.insert(unique_form(name.name)).second) {
    return fail(Errc::Invalid, "name \"{}\" conflicts with previous name (offset {:#x})", name.name,
                at);
  }
  if ((name.implements || name.external_id) && !features_.implements) {
    return fail(Errc::Unsupported, "attributes of name \"{}\" need the proposal {} (offset {:#x})",
                name.name, proposal_of(&Features::implements), at);
  }
  if (name.version_suffix) {
    return fail(Errc::Unsupported,
                "the version suffix of name \"{}\" is not enabled (offset {:#x})", name.name, at);
  }
  if (name.implements) {
    if (type.kind != ExternType::Kind::Instance) {
      return fail(Errc::Invalid,
                  "only instances can have an implements attribute; \"{}\" is a {} (offset {:#x})",
                  name.name, name_of(type.kind), at);
    }
    if (view.kind != ExternNameView::Kind::Label) {
      return fail(Errc::Invalid,
                  "name \"{}\" is not valid with implements: it is not plain (offset {:#x})",
                  name.name, at);
    }
    if (!is_interface_name(*name.implements)) {
      return fail(Errc::Invalid,
                  "\"{}\" is not a valid name to implement: it must be an interface (offset {:#x})",
                  *name.implements, at);
    }
  }
  if (view.is_annotated()) return check_annotation(view, name.name, type, resources, at);
  if (view.kind == ExternNameView::Kind::Label && type.is_resource()) {
    resources.names.emplace(resource_key(type.type.resource(), type.type.tag), name.name);
    resources.labels.insert(name.name);
  }
  return {};
}

Result<void> Validator::check_annotation(const ExternNameView& name, std::string_view text,
                                         const ExternType& type, const NamedResources& resources,
                                         size_t at) const {
  using Kind = ExternNameView::Kind;
  if (type.kind != ExternType::Kind::Function) {
    return fail(Errc::Invalid,
                "\"{}\" is a {}, but only functions can have names like this (offset {:#x})", text,
                name_of(type.kind), at);
  }
  const FunctionType& function = types()[type.function()];
  // Whether the type is a handle to the resource with the name's resource label.
  const auto is_handle = [&](ValueType value, TypeKind kind) {
    if (types().kind(value) != kind) return false;
    const TypeTable::Impl::Node& node = types().impl().nodes[value.value];
    const auto found = resources.names.find(resource_key(ResourceId{node.first}, node.tag));
    return found != resources.names.end() && found->second == name.resource;
  };
  const auto require = [&](bool right, std::string_view rule) -> Result<void> {
    if (right) return {};
    return fail(Errc::Invalid, "function \"{}\" {} (offset {:#x})", text, rule, at);
  };
  switch (name.kind) {
    case Kind::Constructor: {
      TRY(require(!function.is_async, "is a constructor, which cannot be async"));
      TRY(require(function.result.has_value(), "should return one value"));
      // own<R>, or result<own<R>, E?>
      ValueType made = *function.result;
      if (types().kind(made) == TypeKind::Result && types().ok(made)) made = *types().ok(made);
      return require(is_handle(made, TypeKind::Own),
                     "should return `own` of the resource it is named after, which must be named "
                     "in this scope first");
    }
    case Kind::Method:
      TRY(require(!function.params.empty(), "should have at least one argument"));
      TRY(require(types().text(function.params[0].name) == "self",
                  "should have a first argument called `self`"));
      return require(
          is_handle(*function.params[0].type, TypeKind::Borrow),
          "should take `borrow` of the resource it is named after as its first argument");
    case Kind::Static:
      return require(
          resources.labels.contains(std::string(name.resource)),
          "is named after a resource that is not known in this scope: static resource name");
    case Kind::Getter:
    case Kind::Setter: {
      TRY(require(!function.is_async, "is an accessor, which cannot be async"));
      const bool of_resource = !name.resource.empty();
      const size_t receiver = of_resource ? 1 : 0;
      if (of_resource) {
        TRY(require(
            !function.params.empty() && is_handle(*function.params[0].type, TypeKind::Borrow),
            "should take `borrow` of the resource it is named after as its first argument"));
      }
      if (name.kind == Kind::Getter) {
        return require(function.params.size() == receiver && function.result,
                       "is a getter, which takes nothing and returns a value");
      }
      return require(function.params.size() == receiver + 1, "is a setter, which takes one value");
    }
    case Kind::Label:
    case Kind::Interface:
      return {};
  }
  return {};
}

// --- Where resources are found ---

namespace {

class PathFinder {
 public:
  PathFinder(const TypeTable& types, Work& work, std::span<const ResourceId> ids)
      : types_(types), work_(work) {
    for (const ResourceId id : ids) wanted_.insert(id.value);
  }

  template <class Found>
  void visit(const ExternType& type, Found found) {
    work_.spend();
    if (wanted_.empty() || work_.is_exhausted()) return;
    if (type.is_resource() && wanted_.erase(type.type.id) != 0) found(type.type.resource(), path_);
    if (type.kind != ExternType::Kind::Instance || !types_[type.instance()].has_resource) return;
    for (const NamedExtern& item : types_[type.instance()].exports.items()) {
      path_.push_back(item.name);
      visit(item.type, found);
      path_.pop_back();
    }
  }

 private:
  const TypeTable& types_;
  Work& work_;
  HashSet<uint32_t> wanted_;
  std::vector<Name> path_;
};

}  // namespace

void Validator::add_origins(Scope& scope, ResourceOrigin::From from, uint32_t index,
                            const ExternType& type, std::span<const ResourceId> ids) {
  if (ids.empty() || scope.kind != Scope::Kind::Component) return;
  PathFinder finder(types(), work_, ids);
  finder.visit(type, [&](ResourceId id, const std::vector<Name>& path) {
    scope.info.resources.push_back(ResourceOrigin{
        .id = id, .from = from, .definition = scope.definition, .index = index, .path = path});
  });
}

}  // namespace wasmcloud::component::detail
