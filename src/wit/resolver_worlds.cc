#include "wit/detail/resolver.h"

#include <algorithm>

namespace wasmcloud::wit {

namespace {

// What one model's worlds may come to, with all that includes and dependencies add to them.
constexpr size_t kMaxWorldItems = 100'000;

}  // namespace

Result<WorldId> Resolver::world(const ast::World& syntax, const Group& group, bool all_missing) {
  const WorldId id{static_cast<uint32_t>(model_.worlds_.size())};
  model_.worlds_.push_back({.name = syntax.name.text,
                            .package = current_,
                            .imports = {},
                            .exports = {},
                            .notes = notes(syntax.meta),
                            .span = syntax.name.span});
  World world = model_.worlds_.back();
  Scope scope{.owner = id, .group = &group, .names = {}, .taken = {}};
  WorldParts parts;
  std::vector<const ast::Use*> uses;
  std::vector<const ast::TypeDefinition*> definitions;
  std::vector<const ast::Extern*> externals;
  std::vector<const ast::Include*> includes;
  for (const ast::WorldItem& item : syntax.items) {
    const ast::Meta& meta =
        std::visit([](const auto& inner) -> const ast::Meta& { return inner.meta; }, item);
    const auto* use = std::get_if<ast::Use>(&item);
    const auto* definition = std::get_if<ast::TypeDefinition>(&item);
    const auto* external = std::get_if<ast::Extern>(&item);
    const auto* include = std::get_if<ast::Include>(&item);
    const Span at = use != nullptr          ? use->from.span
                    : definition != nullptr ? definition->name.span
                    : external != nullptr   ? external->span
                                            : include->from.span;
    const std::optional<std::string> missing = TRY(missing_feature(meta, at));
    if (missing) {
      if (definition != nullptr) scope.names.emplace(definition->name.text, *missing);
      continue;
    }
    if (all_missing) {
      return error(at,
                   "this belongs to '{}', which is left out; expected the same '@unstable' here",
                   syntax.name.text);
    }
    if (use != nullptr) uses.push_back(use);
    if (definition != nullptr) definitions.push_back(definition);
    if (external != nullptr) externals.push_back(external);
    if (include != nullptr) includes.push_back(include);
  }
  for (const TypeId type : TRY(types(uses, definitions, scope))) {
    world.imports.push_back({.name = model_[type].name, .item = type, .notes = {}});
  }
  parts.import_names = scope.taken;
  for (const ast::TypeDefinition* definition : definitions) {
    std::vector<Function> functions;
    TRY(resource_functions(*definition, scope, functions));
    for (Function& function : functions) {
      std::string name = function.name;
      world.imports.push_back({.name = std::move(name), .item = std::move(function), .notes = {}});
    }
  }
  for (const ast::Extern* external : externals) TRY(this->external(*external, scope, world, parts));
  for (const ast::Include* include : includes) TRY(this->include(*include, group, world, parts));
  TRY(elaborate(world, syntax.name.span));
  world_items_ += world.imports.size() + world.exports.size();
  if (world_items_ > kMaxWorldItems) {
    return model_.sources_.error(Errc::Limit, syntax.name.span,
                                 "the worlds here come to more than {} imports and exports",
                                 kMaxWorldItems);
  }
  model_.worlds_[id.index] = std::move(world);
  return id;
}

Result<void> Resolver::external(const ast::Extern& syntax, Scope& scope, World& world,
                                WorldParts& parts) {
  const bool is_import = syntax.direction == ast::Extern::Direction::Import;
  const std::string_view verb = is_import ? "imported" : "exported";
  auto& items = is_import ? world.imports : world.exports;
  WorldItem item;
  item.notes = notes(syntax.meta);
  if (syntax.name) {
    auto& names = is_import ? parts.import_names : parts.export_names;
    if (!names.insert(reduced_name(syntax.name->text)).second) {
      return error(syntax.name->span, "'{}' is {} already (case and hyphens do not count)",
                   syntax.name->text, verb);
    }
    item.name = syntax.name->text;
  }
  if (const auto* inner = std::get_if<ast::Function>(&syntax.item)) {
    item.item = TRY(function(*inner, scope, std::nullopt));
  } else if (const auto* inline_interface = std::get_if<ast::Interface>(&syntax.item)) {
    item.item = TRY(interface(*inline_interface, *scope.group, false));
  } else {
    const auto& path = std::get<ast::Path>(syntax.item);
    const InterfaceId id = TRY(find_interface(path, *scope.group));
    auto& ids = is_import ? parts.import_ids : parts.export_ids;
    if (!syntax.name && !ids.insert(id).second)
      return error(path.span, "interface '{}' is {} already", path.name.text, verb);
    item.item = id;
  }
  items.push_back(std::move(item));
  return {};
}

Result<void> Resolver::include_item(WorldItem item, Span at, std::vector<WorldItem>& items,
                                    std::set<std::string>& names, std::set<InterfaceId>& ids) {
  if (item.name.empty()) {
    if (ids.insert(std::get<InterfaceId>(item.item)).second) items.push_back(std::move(item));
    return {};
  }
  // A resource's functions have names of their own, and come with it.
  const bool belongs = item.name.starts_with('[');
  if (!belongs && !names.insert(reduced_name(item.name)).second) {
    const auto same = std::find_if(items.begin(), items.end(),
                                   [&](const WorldItem& other) { return other.name == item.name; });
    const auto* type = std::get_if<TypeId>(&item.item);
    if (type != nullptr && same != items.end() && std::holds_alternative<TypeId>(same->item) &&
        model_.follow(std::get<TypeId>(same->item)) == model_.follow(*type)) {
      return {};
    }
    return error(at, "'{}' is in this world already; expected 'with {{ {} as another-name }}'",
                 item.name, item.name);
  }
  items.push_back(std::move(item));
  return {};
}

Result<void> Resolver::include(const ast::Include& syntax, const Group& group, World& world,
                               WorldParts& parts) {
  const World& from = model_[TRY(find_world(syntax.from, group))];
  std::map<std::string, const ast::Name*> renames;
  std::set<std::string> found;
  for (const ast::Rename& rename : syntax.with) {
    if (!renames.emplace(rename.name.text, &*rename.as).second) {
      return error(rename.name.span, "'{}' is renamed twice", rename.name.text);
    }
  }
  for (const bool is_import : {true, false}) {
    auto& items = is_import ? world.imports : world.exports;
    auto& names = is_import ? parts.import_names : parts.export_names;
    auto& ids = is_import ? parts.import_ids : parts.export_ids;
    for (WorldItem item : is_import ? from.imports : from.exports) {
      const auto rename = renames.find(item.name);
      if (rename != renames.end()) {
        if (std::holds_alternative<TypeId>(item.item)) {
          return error(rename->second->span,
                       "'{}' is a type; only functions and interfaces can be renamed", item.name);
        }
        found.insert(item.name);
        item.name = rename->second->text;
        if (auto* function = std::get_if<Function>(&item.item))
          function->name = function->item_name = item.name;
      }
      // What another package says of it is about that package's versions.
      if (from.package != world.package) item.notes = {};
      item.notes.docs.clear();
      TRY(include_item(std::move(item), syntax.from.span, items, names, ids));
    }
  }
  for (const ast::Rename& rename : syntax.with) {
    if (!found.contains(rename.name.text)) {
      return error(rename.name.span, "world '{}' has no '{}' with a name of its own",
                   syntax.from.name.text, rename.name.text);
    }
  }
  return {};
}

// The interfaces that an item itself takes types from.
void Resolver::item_uses(const WorldItem& item, std::vector<InterfaceId>& out) const {
  if (const auto* id = std::get_if<InterfaceId>(&item.item)) {
    const auto& uses = model_[*id].uses;
    out.insert(out.end(), uses.begin(), uses.end());
  } else if (const auto* type = std::get_if<TypeId>(&item.item)) {
    const auto* alias = std::get_if<Alias>(&model_[*type].kind);
    const auto* next = alias != nullptr ? std::get_if<TypeId>(&alias->target) : nullptr;
    const auto* owner = next != nullptr ? std::get_if<InterfaceId>(&model_[*next].owner) : nullptr;
    if (owner != nullptr) out.push_back(*owner);
  }
}

// Adds the imports that others need. Interfaces have numbers above those they use, so that order by
// number is dependencies first.
Result<void> Resolver::elaborate(World& world, Span at) {
  // Types and what belongs to them first, so that the order does not depend on how the text was
  // cut.
  const auto is_type = [](const WorldItem& item) {
    return std::holds_alternative<TypeId>(item.item) || item.name.starts_with('[');
  };
  std::vector<WorldItem> sorted;
  std::copy_if(world.imports.begin(), world.imports.end(), std::back_inserter(sorted), is_type);
  std::remove_copy_if(world.imports.begin(), world.imports.end(), std::back_inserter(sorted),
                      is_type);
  world.imports = std::move(sorted);
  std::map<InterfaceId, WorldItem> written;
  std::set<InterfaceId> exported;
  for (const WorldItem& item : world.imports) {
    if (item.name.empty()) written.emplace(std::get<InterfaceId>(item.item), item);
  }
  for (const WorldItem& item : world.exports) {
    if (item.name.empty()) exported.insert(std::get<InterfaceId>(item.item));
  }
  std::set<InterfaceId> done;
  std::vector<WorldItem> imports;
  const auto closure = [&](const WorldItem& item, const auto& skip) {
    std::vector<InterfaceId> open;
    std::set<InterfaceId> reached;
    item_uses(item, open);
    while (!open.empty()) {
      const InterfaceId next = open.back();
      open.pop_back();
      if (skip(next) || !reached.insert(next).second) continue;
      const auto& uses = model_[next].uses;
      open.insert(open.end(), uses.begin(), uses.end());
    }
    return reached;
  };
  const auto add_needed = [&](const std::set<InterfaceId>& needed) {
    for (const InterfaceId id : needed) {
      if (!done.insert(id).second) continue;
      const auto found = written.find(id);
      imports.push_back(found != written.end() ? found->second
                                               : WorldItem{.name = {}, .item = id, .notes = {}});
    }
  };
  for (const WorldItem& item : world.imports) {
    add_needed(closure(item, [&](InterfaceId id) { return done.contains(id); }));
    if (item.name.empty() && !done.insert(std::get<InterfaceId>(item.item)).second) continue;
    imports.push_back(item);
  }
  std::set<InterfaceId> needed;
  for (const WorldItem& item : world.exports) {
    const auto more =
        closure(item, [&](InterfaceId id) { return needed.contains(id) || exported.contains(id); });
    needed.insert(more.begin(), more.end());
  }
  // What an export takes from an import cannot lead back to an export: the types would be two.
  for (const InterfaceId id : needed) {
    for (const InterfaceId used : model_[id].uses) {
      if (!exported.contains(used)) continue;
      return error(at,
                   "an export needs interface '{}', which takes types from '{}', which is "
                   "exported; expected '{}' to be exported too",
                   model_.name_of(id), model_.name_of(used), model_.name_of(id));
    }
  }
  add_needed(needed);
  world.imports = std::move(imports);
  return {};
}

}  // namespace wasmcloud::wit
