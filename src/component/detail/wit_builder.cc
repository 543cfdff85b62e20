#include "component/detail/wit_builder.h"

#include "component/detail/name_rules.h"
#include "component/detail/same_form.h"
#include "component/interface_version.h"

#include <utility>

namespace wasmcloud::component::detail {
namespace {

namespace ast = wit::ast;

/// Types written out, counted where they are used again too.
constexpr uint32_t kMaxTypesWritten = 2'000'000;

ast::Primitive primitive_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::Bool:
      return ast::Primitive::Bool;
    case TypeKind::S8:
      return ast::Primitive::S8;
    case TypeKind::U8:
      return ast::Primitive::U8;
    case TypeKind::S16:
      return ast::Primitive::S16;
    case TypeKind::U16:
      return ast::Primitive::U16;
    case TypeKind::S32:
      return ast::Primitive::S32;
    case TypeKind::U32:
      return ast::Primitive::U32;
    case TypeKind::S64:
      return ast::Primitive::S64;
    case TypeKind::U64:
      return ast::Primitive::U64;
    case TypeKind::F32:
      return ast::Primitive::F32;
    case TypeKind::F64:
      return ast::Primitive::F64;
    case TypeKind::Char:
      return ast::Primitive::Char;
    case TypeKind::String:
      return ast::Primitive::String;
    default:
      return ast::Primitive::ErrorContext;
  }
}

ast::TypePointer make_type(ast::Type::Kind kind, wit::Span at) {
  auto type = std::make_unique<ast::Type>();
  type->kind = kind;
  type->span = at;
  return type;
}

/// How a type is defined that is another than any of the same form; other types are only named.
std::optional<ast::TypeDefinition::Kind> definition_kind(TypeKind kind) {
  switch (kind) {
    case TypeKind::Record:
      return ast::TypeDefinition::Kind::Record;
    case TypeKind::Variant:
      return ast::TypeDefinition::Kind::Variant;
    case TypeKind::Flags:
      return ast::TypeDefinition::Kind::Flags;
    case TypeKind::Enum:
      return ast::TypeDefinition::Kind::Enum;
    default:
      return std::nullopt;
  }
}

bool is_nominal(const TypeNode& type) {
  if (std::holds_alternative<TypeNode::Resource>(type.what)) return true;
  const auto* defined = std::get_if<Scoped<DefinedType>>(&type.what);
  return defined != nullptr && definition_kind(defined->syntax->kind);
}

std::string_view noun_of(const Entity& entity) {
  static constexpr auto kNouns =
      std::to_array<std::string_view>({"core module", "func", "type", "instance", "component"});
  static_assert(kNouns.size() == std::variant_size_v<Entity>);
  return kNouns[entity.index()];
}

/// The parts of "ns:package/interface@1.2.3".
struct InterfaceIdView {
  std::string package;  ///< "ns:package@1.2.3"
  std::string_view name;
};
std::optional<InterfaceIdView> split_id(std::string_view id) {
  const VersionedName versioned = split_version(id);
  const size_t slash = versioned.base.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  InterfaceIdView view{.package = std::string(versioned.base.substr(0, slash)),
                       .name = versioned.base.substr(slash + 1)};
  if (!versioned.version.empty()) view.package += fmt::format("@{}", versioned.version);
  return view;
}

/// Only interfaces have identifiers for names in WIT.
Result<void> require_label(std::string_view name, std::string_view what) {
  if (is_label(name)) return {};
  return fail(Errc::Unsupported, "the {} \"{}\" has a name that WIT has no words for", what, name);
}

}  // namespace

Result<void> WitBuilder::spend() {
  if (nodes_++ < kMaxTypesWritten) return {};
  return fail(Errc::Limit, "the component's WIT has more than {} types written out",
              kMaxTypesWritten);
}

// --- Packages and interfaces ---

Result<WitBuilder::Package*> WitBuilder::package(std::string_view text) {
  const auto found = packages_.find(text);
  if (found != packages_.end()) return &found->second;
  const VersionedName versioned = split_version(text);
  const size_t colon = versioned.base.find(':');
  if (colon == std::string_view::npos || versioned.base.substr(colon + 1).contains(':'))
    return fail(Errc::Unsupported, "the package name \"{}\"; expected namespace:name", text);
  Package made;
  made.name = {.ns = named(versioned.base.substr(0, colon)),
               .name = named(versioned.base.substr(colon + 1)),
               .version = {},
               .span = at_};
  if (!versioned.version.empty()) made.name.version = TRY(SemVer::parse(versioned.version));
  package_order_.emplace_back(text);
  return &packages_.emplace(std::string(text), std::move(made)).first->second;
}

Result<WitBuilder::Place*> WitBuilder::interface_place(std::string_view id) {
  const auto view = split_id(id);
  if (!view) return fail(Errc::Unsupported, "\"{}\" is no interface's name", id);
  Package& in = *TRY(package(view->package));
  const auto found = in.by_name.find(view->name);
  if (found != in.by_name.end()) return found->second;
  auto made = std::make_unique<Place>();
  made->id = id;
  made->name = view->name;
  made->package = view->package;
  Place* place = made.get();
  in.by_name.emplace(place->name, place);
  in.interfaces.push_back(std::move(made));
  return place;
}

Result<void> WitBuilder::add_interface(std::string_view id, const InstanceValue& instance) {
  Place& place = *TRY(interface_place(id));
  const auto added = add_items(place, instance);
  if (!added) return fail(added.error().copy().within(fmt::format("interface {}", id)));
  return {};
}

Result<void> WitBuilder::add_items(Place& place, const InstanceValue& instance) {
  for (const NamedEntity& item : instance.exports) {
    if (const auto* type = std::get_if<const TypeNode*>(&item.entity)) {
      TRY(add_type(place, item.name->name, **type));
    } else if (const auto* function = std::get_if<FunctionEntity>(&item.entity)) {
      TRY(add_function(place, *item.name, *function->type));
    } else {
      return fail(Errc::Unsupported,
                  "\"{}\" is a {}; WIT has only types and functions in an interface",
                  item.name->name, noun_of(item.entity));
    }
  }
  return {};
}

// --- Worlds ---

Result<void> WitBuilder::add_world(const std::string& package, const std::string& name,
                                   const ComponentInterface& component) {
  Package& in = *TRY(this->package(package));
  Place& world = *in.worlds.emplace_back(std::make_unique<Place>());
  world.name = name;
  world.package = package;
  for (const NamedEntity& item : component.imports) TRY(add_extern(world, item, Direction::Import));
  for (const NamedEntity& item : component.exports) TRY(add_extern(world, item, Direction::Export));
  return {};
}

Result<void> WitBuilder::add_extern(Place& world, const NamedEntity& item, Direction direction) {
  const std::string& name = item.name->name;
  const bool is_import = direction == Direction::Import;
  ast::Extern made;
  made.direction = is_import ? ast::Extern::Direction::Import : ast::Extern::Direction::Export;
  made.span = at_;
  made.meta.attributes.external_id = item.name->external_id;

  if (const auto* type = std::get_if<const TypeNode*>(&item.entity); type != nullptr && is_import) {
    return add_type(world, name, **type);
  }
  if (const auto* type = std::get_if<FunctionEntity>(&item.entity)) {
    // What belongs to a resource of the world is written inside of it.
    if (name.starts_with('[') && is_import) return add_function(world, *item.name, *type->type);
    if (!name.starts_with('[')) {
      made.name = named(name);
      made.item = TRY(function(world, name, ast::Function::Kind::Free, *type->type));
      world.externs.push_back(std::move(made));
      return {};
    }
  }
  if (const auto* instance = std::get_if<const InstanceValue*>(&item.entity)) {
    const bool is_plain = !name.contains('/');
    if (is_plain && !item.name->implements) {
      Place inside;
      inside.package = world.package;
      const auto added = add_items(inside, **instance);
      if (!added) return fail(added.error().copy().within(fmt::format("interface {}", name)));
      made.name = named(name);
      made.item = interface_syntax(inside);
    } else {
      if (is_plain) made.name = named(name);
      const std::string& id = is_plain ? *item.name->implements : name;
      TRY(add_interface(id, **instance));
      made.item = path_to(*TRY(interface_place(id)), world.package);
    }
    world.externs.push_back(std::move(made));
    return {};
  }
  return fail(Errc::Unsupported, "the {} \"{}\" is a {}, which WIT has no words for",
              is_import ? "import" : "export", name, noun_of(item.entity));
}

// --- Types ---

// The name by which a type is known in a place, or can be made known.
std::optional<std::string> WitBuilder::find_name(Place& place, const TypeNode& type) {
  // Chains of names count as types written: they may be long.
  const auto next = [this](const TypeNode* node) -> const TypeNode* {
    ++nodes_;
    const auto* named = std::get_if<TypeNode::Named>(&node->what);
    return named != nullptr ? named->target : nullptr;
  };
  for (const TypeNode* node = &type; node != nullptr; node = next(node)) {
    const auto found = place.names.find(node);
    if (found != place.names.end()) return found->second;
  }
  for (const TypeNode* node = &type; node != nullptr; node = next(node)) {
    const auto owner = owners_.find(node);
    if (owner == owners_.end() || place.types_met.contains(owner->second.name)) continue;
    const std::string name = owner->second.name;
    use(place, owner->second, name, *node);
    place.names.emplace(node, name);
    return name;
  }
  return std::nullopt;
}

Result<std::string> WitBuilder::name_of(Place& place, const TypeNode& type) {
  if (auto name = find_name(place, type)) return *std::move(name);
  return fail(Errc::Unsupported,
              "a type is used that is not exported by any interface; WIT has no name for it");
}

void WitBuilder::use(Place& place, const Owner& from, const std::string& name,
                     const TypeNode& type) {
  // One `use` for names of one interface that follow each other.
  if (place.last_used != from.place) {
    place.uses.emplace_back().from = path_to(*from.place, place.package);
    place.last_used = from.place;
  }
  ast::Rename rename{.name = named(from.name), .as = {}};
  if (name != from.name) rename.as = named(name);
  place.uses.back().names.push_back(std::move(rename));
  place.types_met.emplace(name, &type);
}

Result<void> WitBuilder::add_type(Place& place, const std::string& name, const TypeNode& type) {
  TRY(spend());
  TRY(require_label(name, "type"));
  const auto register_type = [&](const TypeNode& node) {
    place.names.emplace(&node, name);
    if (!place.id.empty()) owners_.emplace(&node, Owner{.place = &place, .name = name});
  };
  const TypeNode& behind = behind_names(type);
  const auto register_all = [&] {
    register_type(type);
    if (is_nominal(behind)) register_type(behind);
  };
  // The interface has been met before.
  if (const auto met = place.types_met.find(name); met != place.types_met.end()) {
    // Before it is registered as that type.
    TRY(require_same(place, name, *met->second, type));
    register_all();
    return {};
  }
  for (const TypeNode* node = &type;;) {
    TRY(spend());
    if (const auto local = place.names.find(node); local != place.names.end()) {
      ast::TypeDefinition made;
      made.name = named(name);
      made.kind = ast::TypeDefinition::Kind::Alias;
      made.alias = make_type(ast::Type::Kind::Named, at_);
      made.alias->name = named(local->second);
      place.types.push_back(std::move(made));
      place.types_met.emplace(name, &type);
      register_type(type);
      return {};
    }
    if (const auto owner = owners_.find(node); owner != owners_.end()) {
      use(place, owner->second, name, type);
      register_all();
      return {};
    }
    const auto* further = std::get_if<TypeNode::Named>(&node->what);
    if (further == nullptr) break;
    node = further->target;
  }
  place.types.push_back(TRY(definition(place, name, behind)));
  place.types_met.emplace(name, &type);
  register_all();
  return {};
}

Result<void> WitBuilder::require_same(const Place& place, const std::string& name,
                                      const TypeNode& first, const TypeNode& second) const {
  // A resource is known by its name; one that has none yet may be any.
  const auto same_resource = [&](const TypeNode& a, const TypeNode& b) {
    const auto one = place.names.find(&a);
    const auto other = place.names.find(&b);
    return one == place.names.end() || other == place.names.end() || one->second == other->second;
  };
  if (TRY(same_form(first, second, same_resource))) return {};
  return fail(Errc::Unsupported,
              "\"{}\" is one type where the interface is imported, exported or used by others, and "
              "another elsewhere; WIT has one definition of an interface",
              name);
}

Result<ast::TypeDefinition> WitBuilder::definition(Place& place, const std::string& name,
                                                   const TypeNode& type) {
  ast::TypeDefinition made;
  made.name = named(name);
  if (std::holds_alternative<TypeNode::Resource>(type.what)) {
    made.kind = ast::TypeDefinition::Kind::Resource;
    return made;
  }
  const auto* defined = std::get_if<Scoped<DefinedType>>(&type.what);
  if (defined == nullptr) {
    return fail(Errc::Unsupported, "\"{}\" is the type of a {}; WIT names only types of values",
                name, "func, instance or component");
  }
  const std::optional<ast::TypeDefinition::Kind> kind = definition_kind(defined->syntax->kind);
  if (!kind) {
    made.kind = ast::TypeDefinition::Kind::Alias;
    made.alias = TRY(constructed(place, *defined->syntax, *defined->environment));
    return made;
  }
  made.kind = *kind;
  made.members = TRY(members(place, *defined->syntax, *defined->environment));
  return made;
}

Result<std::vector<ast::Member>> WitBuilder::members(Place& place, const DefinedType& type,
                                                     const TypeEnvironment& scope) {
  std::vector<ast::Member> made;
  for (const LabeledType& member : type.members) {
    made.push_back({.docs = {},
                    .name = named(member.name),
                    .type = TRY(optional_type(place, member.type, scope))});
  }
  return made;
}

Result<ast::TypePointer> WitBuilder::optional_type(Place& place,
                                                   const std::optional<ValueTypeRef>& type,
                                                   const TypeEnvironment& scope) {
  if (!type) return ast::TypePointer();
  return value_type(place, *type, scope);
}

Result<ast::TypePointer> WitBuilder::value_type(Place& place, const ValueTypeRef& type,
                                                const TypeEnvironment& scope) {
  if (type.primitive) {
    TRY(spend());
    auto made = make_type(ast::Type::Kind::Primitive, at_);
    made->primitive = primitive_of(*type.primitive);
    return made;
  }
  if (type.index.value >= scope.types.size())
    return fail(Errc::Invalid, "there is no type {}", type.index.value);
  return type_of(place, *scope.types[type.index.value]);
}

Result<ast::TypePointer> WitBuilder::type_of(Place& place, const TypeNode& type) {
  TRY(spend());
  if (const auto name = find_name(place, type)) {
    auto made = make_type(ast::Type::Kind::Named, at_);
    made->name = named(*name);
    return made;
  }
  const TypeNode& behind = behind_names(type);
  const auto* defined = std::get_if<Scoped<DefinedType>>(&behind.what);
  if (defined == nullptr || is_nominal(behind))
    return fail(std::move(name_of(place, type)).error());
  return constructed(place, *defined->syntax, *defined->environment);
}

Result<ast::TypePointer> WitBuilder::constructed(Place& place, const DefinedType& type,
                                                 const TypeEnvironment& scope) {
  using Kind = ast::Type::Kind;
  if (is_primitive(type.kind))
    return value_type(place, {.primitive = type.kind, .index = {}}, scope);
  const auto with_parts = [&](Kind kind, auto... parts) -> Result<ast::TypePointer> {
    auto made = make_type(kind, at_);
    for (const std::optional<ValueTypeRef>* part : {parts...})
      made->parts.push_back(TRY(optional_type(place, *part, scope)));
    return made;
  };
  const auto handle = [&](Kind kind) -> Result<ast::TypePointer> {
    if (type.resource.value >= scope.types.size())
      return fail(Errc::Invalid, "there is no type {}", type.resource.value);
    auto made = make_type(kind, at_);
    made->name = named(TRY(name_of(place, *scope.types[type.resource.value])));
    return made;
  };
  switch (type.kind) {
    case TypeKind::List:
      return with_parts(Kind::List, &type.first);
    case TypeKind::FixedList: {
      auto made = TRY(with_parts(Kind::FixedList, &type.first));
      made->length = type.length;
      return made;
    }
    case TypeKind::Option:
      return with_parts(Kind::Option, &type.first);
    case TypeKind::Result:
      return with_parts(Kind::Result, &type.first, &type.second);
    case TypeKind::Map:
      return with_parts(Kind::Map, &type.first, &type.second);
    case TypeKind::Stream:
      return with_parts(Kind::Stream, &type.first);
    case TypeKind::Future:
      return with_parts(Kind::Future, &type.first);
    case TypeKind::Tuple: {
      auto made = make_type(Kind::Tuple, at_);
      for (const LabeledType& item : type.members)
        made->parts.push_back(TRY(optional_type(place, item.type, scope)));
      return made;
    }
    case TypeKind::Own:
      return handle(Kind::Own);
    case TypeKind::Borrow:
      return handle(Kind::Borrow);
    default:
      return fail(Errc::Unsupported, "a {} without a name", component::name_of(type.kind));
  }
}

// --- Functions ---

Result<ast::Function> WitBuilder::function(Place& place, std::string_view name,
                                           ast::Function::Kind kind, const TypeNode& type) {
  const auto* defined = std::get_if<Scoped<FunctionTypeDefinition>>(&behind_names(type).what);
  if (defined == nullptr)
    return fail(Errc::Invalid, "the type of func \"{}\" is no func type", name);
  // That of a constructor is its resource's.
  if (kind != ast::Function::Kind::Constructor) TRY(require_label(name, "func"));
  const FunctionTypeDefinition& signature = *defined->syntax;
  const TypeEnvironment& scope = *defined->environment;
  ast::Function made;
  made.name = named(name);
  made.kind = kind;
  made.is_async = signature.is_async;
  // `self` is not written.
  for (size_t i = kind == ast::Function::Kind::Method ? 1 : 0; i < signature.params.size(); ++i) {
    const LabeledType& param = signature.params[i];
    made.params.push_back(
        {.name = named(param.name), .type = TRY(optional_type(place, param.type, scope))});
  }
  made.result = TRY(optional_type(place, signature.result, scope));
  return made;
}

Result<void> WitBuilder::add_function(Place& place, const ExternName& name, const TypeNode& type) {
  using Kind = ast::Function::Kind;
  if (const auto [met, is_new] = place.functions_met.emplace(name.name, &type); !is_new)
    return require_same(place, name.name, *met->second, type);
  std::string_view text = name.name;
  Kind kind = Kind::Free;
  std::string_view resource;
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    const std::string_view annotation = text.substr(0, bracket + 1);
    text.remove_prefix(annotation.size());
    if (annotation == "[constructor]") {
      kind = Kind::Constructor;
      resource = std::exchange(text, {});
    } else if (annotation == "[method]" || annotation == "[static]") {
      kind = annotation == "[method]" ? Kind::Method : Kind::Static;
      const size_t dot = text.find('.');
      resource = text.substr(0, dot);
      text = text.substr(dot == std::string_view::npos ? text.size() : dot + 1);
    } else {
      return fail(Errc::Unsupported, "func \"{}\": accessors are not read", name.name);
    }
  }
  ast::Function made = TRY(function(place, text, kind, type));
  made.meta.attributes.external_id = name.external_id;
  if (kind == Kind::Free) {
    place.functions.push_back(std::move(made));
    return {};
  }
  const auto owner = std::ranges::find_if(place.types, [&](const ast::TypeDefinition& definition) {
    return definition.name.text == resource;
  });
  if (owner == place.types.end() || owner->kind != ast::TypeDefinition::Kind::Resource) {
    return fail(Errc::Unsupported,
                "func \"{}\": its resource is not defined in the same interface or world",
                name.name);
  }
  // That a constructor makes its resource goes without saying.
  if (kind == Kind::Constructor && made.result && made.result->kind == ast::Type::Kind::Own)
    made.result.reset();
  owner->functions.push_back(std::move(made));
  return {};
}

// --- Syntax ---

ast::Path WitBuilder::path_to(const Place& interface, const std::string& from_package) const {
  ast::Path path{.package = {}, .name = named(interface.name), .span = at_};
  if (interface.package != from_package)
    path.package = packages_.find(interface.package)->second.name;
  return path;
}

ast::Interface WitBuilder::interface_syntax(Place& place) const {
  ast::Interface made;
  made.name = named(place.name);
  for (ast::Use& use : place.uses) made.items.emplace_back(std::move(use));
  for (ast::TypeDefinition& type : place.types) made.items.emplace_back(std::move(type));
  for (ast::Function& function : place.functions) made.items.emplace_back(std::move(function));
  return made;
}

ast::World WitBuilder::world_syntax(Place& place) const {
  ast::World made;
  made.name = named(place.name);
  for (ast::Use& use : place.uses) made.items.emplace_back(std::move(use));
  for (ast::TypeDefinition& type : place.types) made.items.emplace_back(std::move(type));
  for (ast::Extern& external : place.externs) made.items.emplace_back(std::move(external));
  return made;
}

Result<ast::File> WitBuilder::finish(const std::string& package) {
  TRY(this->package(package));
  ast::File file{.source = at_.file, .package = {}, .items = {}, .nested = {}};
  for (const std::string& name : package_order_) {
    Package& made = packages_.find(name)->second;
    ast::PackageDeclaration declaration{.docs = {}, .name = made.name};
    std::vector<ast::TopItem> items;
    for (auto& interface : made.interfaces) items.emplace_back(interface_syntax(*interface));
    for (auto& world : made.worlds) items.emplace_back(world_syntax(*world));
    if (name == package) {
      file.package = std::move(declaration);
      file.items = std::move(items);
    } else {
      file.nested.push_back({.declaration = std::move(declaration), .items = std::move(items)});
    }
  }
  return file;
}

}  // namespace wasmcloud::component::detail
