#include "wit/detail/resolver.h"

#include "wit/order.h"

#include <type_traits>

namespace wasmcloud::wit {

namespace {

using PathVisitor = std::function<Result<void>(const ast::Path&)>;

bool is_left_out(const ast::Meta& meta, const LoadOptions& options) {
  return meta.attributes.unstable && !options.all_features &&
         !options.features.contains(*meta.attributes.unstable);
}

Result<void> visit_items(const std::vector<ast::InterfaceItem>& items, const LoadOptions& options,
                         const PathVisitor& visit) {
  for (const ast::InterfaceItem& item : items) {
    const auto* use = std::get_if<ast::Use>(&item);
    if (use != nullptr && !is_left_out(use->meta, options)) TRY(visit(use->from));
  }
  return {};
}

Result<void> visit_items(const std::vector<ast::WorldItem>& items, const LoadOptions& options,
                         const PathVisitor& visit) {
  for (const ast::WorldItem& item : items) {
    if (const auto* use = std::get_if<ast::Use>(&item)) {
      if (!is_left_out(use->meta, options)) TRY(visit(use->from));
    } else if (const auto* include = std::get_if<ast::Include>(&item)) {
      if (!is_left_out(include->meta, options)) TRY(visit(include->from));
    } else if (const auto* external = std::get_if<ast::Extern>(&item)) {
      if (is_left_out(external->meta, options)) continue;
      if (const auto* path = std::get_if<ast::Path>(&external->item)) TRY(visit(*path));
      if (const auto* inner = std::get_if<ast::Interface>(&external->item)) {
        TRY(visit_items(inner->items, options, visit));
      }
    }
  }
  return {};
}

PackageName plain(const ast::PackageName& name) {
  return {.ns = name.ns.text, .name = name.name.text, .version = name.version};
}

}  // namespace

const ast::Name& Resolver::Node::name() const {
  return std::visit([](const auto* item) -> const ast::Name& { return item->name; }, item);
}
const ast::Meta& Resolver::Node::meta() const {
  return std::visit([](const auto* item) -> const ast::Meta& { return item->meta; }, item);
}

std::string reduced_name(std::string_view name) {
  std::string reduced;
  for (const char c : name) {
    if (c == '-') continue;
    reduced.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return reduced;
}

Result<PackageId> Model::resolve(std::vector<ast::File> main,
                                 std::vector<std::vector<ast::File>> dependencies) {
  const size_t packages = packages_.size();
  const size_t interfaces = interfaces_.size();
  const size_t worlds = worlds_.size();
  const size_t types = types_.size();
  auto result = Resolver(*this).run(main, dependencies);
  if (!result) {
    // The model stays as it was.
    std::erase_if(packages_by_name_,
                  [&](const auto& entry) { return entry.second.index >= packages; });
    packages_.erase(packages_.begin() + static_cast<ptrdiff_t>(packages), packages_.end());
    interfaces_.erase(interfaces_.begin() + static_cast<ptrdiff_t>(interfaces), interfaces_.end());
    worlds_.erase(worlds_.begin() + static_cast<ptrdiff_t>(worlds), worlds_.end());
    types_.erase(types_.begin() + static_cast<ptrdiff_t>(types), types_.end());
  }
  return result;
}

Result<PackageId> Resolver::run(const std::vector<ast::File>& main,
                                const std::vector<std::vector<ast::File>>& dependencies) {
  const std::optional<size_t> root = TRY(gather(main));
  if (!root) {
    return fail(Errc::Invalid,
                "{}: no package is declared; expected 'package ns:name;' at the top of a file",
                model_.sources_.path(main.front().source));
  }
  for (const std::vector<ast::File>& files : dependencies) {
    if (files.empty()) continue;
    if (!TRY(gather(files))) {
      return fail(Errc::Invalid,
                  "{}: no package is declared; expected 'package ns:name;' at the top of a file",
                  model_.sources_.path(files.front().source));
    }
  }
  for (const uint32_t index : TRY(package_order())) {
    if (!model_.find_package(sources_[index].name)) TRY(package(sources_[index]));
  }
  return *model_.find_package(sources_[*root].name);
}

// The place of a package among the sources.
Result<size_t> Resolver::package_source(const ast::PackageDeclaration& declaration) {
  PackageName name = plain(declaration.name);
  const auto [it, is_new] =
      sources_by_name_.try_emplace(name.str(), static_cast<uint32_t>(sources_.size()));
  if (!is_new) {
    return error(declaration.name.span, "package '{}' is defined a second time; the first is at {}",
                 name.str(), model_.sources_.where(sources_[it->second].span));
  }
  sources_.push_back({.name = std::move(name),
                      .span = declaration.name.span,
                      .docs = declaration.docs,
                      .groups = {}});
  return it->second;
}

// One folder's or file's packages. Returns the one that its files declare, or else, where nothing
// stands outside of braces, the first.
Result<std::optional<size_t>> Resolver::gather(const std::vector<ast::File>& files) {
  const ast::PackageDeclaration* declared = nullptr;
  std::optional<size_t> root;
  for (const ast::File& file : files) {
    if (!file.package) continue;
    if (declared == nullptr) {
      declared = &*file.package;
      root = TRY(package_source(*declared));
      continue;
    }
    if (plain(file.package->name) != plain(declared->name)) {
      return error(file.package->name.span,
                   "this file is of package '{}', others here are of '{}'; expected one package",
                   plain(file.package->name).str(), plain(declared->name).str());
    }
    if (!file.package->docs.empty()) {
      PackageSource& source = sources_[*root];
      if (!source.docs.empty()) {
        return error(file.package->name.span, "package '{}' is documented in two files",
                     source.name.str());
      }
      source.docs = file.package->docs;
    }
  }
  for (const ast::File& file : files) {
    if (!file.items.empty() && !root) {
      return fail(Errc::Invalid,
                  "{}: no package is declared; expected 'package ns:name;' at the top",
                  model_.sources_.path(file.source));
    }
    if (root) sources_[*root].groups.push_back({.items = &file.items, .uses = {}});
  }
  for (const ast::File& file : files) {
    for (const ast::NestedPackage& nested : file.nested) {
      const size_t index = TRY(package_source(nested.declaration));
      sources_[index].groups.push_back({.items = &nested.items, .uses = {}});
      if (!root) root = index;
    }
  }
  return root;
}

// Packages after those they refer to.
Result<std::vector<uint32_t>> Resolver::package_order() {
  std::vector<std::vector<uint32_t>> needs(sources_.size());
  std::vector<Span> spans(sources_.size());
  for (uint32_t i = 0; i < sources_.size(); ++i) {
    const PathVisitor visit = [&](const ast::Path& path) -> Result<void> {
      if (!path.package) return {};
      const PackageName name = plain(*path.package);
      if (name == sources_[i].name) return {};
      const auto found = sources_by_name_.find(name.str());
      if (found != sources_by_name_.end()) {
        needs[i].push_back(found->second);
        spans[i] = path.span;
        return {};
      }
      if (model_.find_package(name)) return {};
      std::string others;
      for (const PackageSource& source : sources_) {
        if (source.name.ns == name.ns && source.name.name == name.name)
          others += fmt::format("; there is '{}'", source.name.str());
      }
      return model_.sources_.error(Errc::NotFound, path.span,
                                   "package '{}' is not here; expected it in 'deps/'{}", name.str(),
                                   others);
    };
    for (const Group& group : sources_[i].groups) {
      for (const ast::TopItem& item : *group.items) {
        if (const auto* use = std::get_if<ast::TopUse>(&item)) TRY(visit(use->path));
        if (const auto* inner = std::get_if<ast::Interface>(&item))
          TRY(visit_items(inner->items, model_.options_, visit));
        if (const auto* inner = std::get_if<ast::World>(&item))
          TRY(visit_items(inner->items, model_.options_, visit));
      }
    }
  }
  auto order = dependencies_first(needs);
  if (order) return std::move(*order);
  std::string cycle;
  for (const uint32_t index : order.error()) cycle += sources_[index].name.str() + " -> ";
  return error(spans[order.error().front()], "packages need each other: {}{}", cycle,
               sources_[order.error().front()].name.str());
}

Notes Resolver::notes(const ast::Meta& meta) {
  return {.docs = meta.docs,
          .since = meta.attributes.since,
          .unstable = meta.attributes.unstable,
          .deprecated = meta.attributes.deprecated,
          .external_id = meta.attributes.external_id};
}

// The feature for lack of which an item is left out.
Result<std::optional<std::string>> Resolver::missing_feature(const ast::Meta& meta, Span at) const {
  const PackageName& package = model_[current_].name;
  const auto& since = meta.attributes.since;
  if (since && !package.version) {
    return error(at, "'@since' makes no sense here: package '{}' has no version", package.str());
  }
  if (since && *since > *package.version) {
    return error(at, "'@since(version = {})' is later than package '{}'", since->str(),
                 package.str());
  }
  if (is_left_out(meta, model_.options_)) return meta.attributes.unstable;
  return std::nullopt;
}

Result<void> Resolver::declare(const PackageSource& source) {
  std::map<std::string, uint32_t> by_reduced_name;
  for (const Group& group : source.groups) {
    for (const ast::TopItem& item : *group.items) {
      Node node{.item = {}, .group = &group, .missing_feature = {}, .id = {}};
      if (const auto* interface = std::get_if<ast::Interface>(&item)) {
        node.item = interface;
      } else if (const auto* world = std::get_if<ast::World>(&item)) {
        node.item = world;
      } else {
        continue;
      }
      const ast::Name& name = node.name();
      node.missing_feature = TRY(missing_feature(node.meta(), name.span));
      const auto index = static_cast<uint32_t>(nodes_.size());
      const auto [same, is_new] = by_reduced_name.try_emplace(reduced_name(name.text), index);
      if (!is_new) {
        const ast::Name& first = nodes_[same->second].name();
        return error(name.span,
                     "'{}' is defined a second time in package '{}'{}; the first is at {}",
                     name.text, source.name.str(),
                     first.text == name.text ? "" : " (case and hyphens do not count)",
                     model_.sources_.where(first.span));
      }
      node_by_name_.emplace(name.text, index);
      if (group.uses.contains(name.text)) {
        return error(name.span, "'{}' is the name of a 'use' in this file already", name.text);
      }
      if (node.missing_feature)
        model_.packages_[current_.index].names.emplace(name.text, *node.missing_feature);
      nodes_.push_back(std::move(node));
    }
  }
  return {};
}

// Follows top-level `use`s, of which each leads on to another name at most.
Result<Resolver::Target> Resolver::target(const ast::Path& path, const Group& group) {
  const ast::Path* at = &path;
  for (size_t steps = 0; steps <= group.uses.size(); ++steps) {
    if (at->package) {
      const PackageName name = plain(*at->package);
      if (name != model_[current_].name) {
        const auto package = model_.find_package(name);
        if (!package) return error(at->span, "package '{}' is not here", name.str());
        return Target{.node = {}, .package = *package, .name = at->name};
      }
    } else if (const auto use = group.uses.find(at->name.text); use != group.uses.end()) {
      // `use a;` names what the package itself calls so.
      const bool itself =
          !use->second->path.package && use->second->path.name.text == at->name.text;
      if (!itself) {
        at = &use->second->path;
        continue;
      }
    }
    const auto found = node_by_name_.find(at->name.text);
    if (found == node_by_name_.end()) {
      return error(at->name.span, "no interface or world '{}' in package '{}'", at->name.text,
                   model_[current_].name.str());
    }
    return Target{.node = found->second, .package = current_, .name = at->name};
  }
  return error(path.span, "the 'use's that lead from '{}' go round in a circle", path.name.text);
}

Result<std::variant<InterfaceId, WorldId>> Resolver::find(const ast::Path& path,
                                                          const Group& group) {
  const Target found = TRY(target(path, group));
  if (found.node) {
    const Node& node = nodes_[*found.node];
    if (node.id) return *node.id;
    if (node.missing_feature) {
      return error(path.span, "'{}' is left out: its feature '{}' is not on", path.name.text,
                   *node.missing_feature);
    }
    return error(path.span, "'{}' needs itself", path.name.text);
  }
  const Package& package = model_[found.package];
  const auto it = package.names.find(found.name.text);
  if (it == package.names.end()) {
    return error(path.span, "no interface or world '{}' in package '{}'", found.name.text,
                 package.name.str());
  }
  if (const auto* id = std::get_if<InterfaceId>(&it->second)) return *id;
  if (const auto* id = std::get_if<WorldId>(&it->second)) return *id;
  return error(path.span, "'{}' is left out: its feature '{}' is not on", found.name.text,
               std::get<std::string>(it->second));
}

Result<InterfaceId> Resolver::find_interface(const ast::Path& path, const Group& group) {
  const auto found = TRY(find(path, group));
  if (const auto* id = std::get_if<InterfaceId>(&found)) return *id;
  return error(path.span, "'{}' is a world; expected an interface", path.name.text);
}

Result<WorldId> Resolver::find_world(const ast::Path& path, const Group& group) {
  const auto found = TRY(find(path, group));
  if (const auto* id = std::get_if<WorldId>(&found)) return *id;
  return error(path.span, "'{}' is an interface; expected a world", path.name.text);
}

Result<void> Resolver::check_uses(const Group& group) {
  for (const auto& [name, use] : group.uses) {
    const Target found = TRY(target(use->path, group));
    if (found.node) continue;
    const auto it = model_[found.package].names.find(found.name.text);
    if (it != model_[found.package].names.end() && !std::holds_alternative<WorldId>(it->second)) {
      continue;
    }
    return error(use->path.span, "no interface '{}' in package '{}'", found.name.text,
                 model_[found.package].name.str());
  }
  return {};
}

// Interfaces and worlds of this package after those they refer to.
Result<std::vector<uint32_t>> Resolver::node_order() {
  std::vector<std::vector<uint32_t>> needs(nodes_.size());
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (node.missing_feature) continue;
    const PathVisitor visit = [&](const ast::Path& path) -> Result<void> {
      const Target found = TRY(target(path, *node.group));
      if (found.node) needs[i].push_back(*found.node);
      return {};
    };
    TRY(std::visit(
        [&](const auto* item) { return visit_items(item->items, model_.options_, visit); },
        node.item));
  }
  auto order = dependencies_first(needs);
  if (order) return std::move(*order);
  std::string cycle;
  for (const uint32_t index : order.error()) cycle += nodes_[index].name().text + " -> ";
  const ast::Name& first = nodes_[order.error().front()].name();
  return error(first.span, "these need each other: {}{}", cycle, first.text);
}

Result<void> Resolver::package(PackageSource& source) {
  current_ = PackageId{static_cast<uint32_t>(model_.packages_.size())};
  model_.packages_.push_back(
      {.name = source.name, .names = {}, .interfaces = {}, .worlds = {}, .docs = source.docs});
  model_.packages_by_name_.emplace(source.name.str(), current_);
  nodes_.clear();
  node_by_name_.clear();
  for (Group& group : source.groups) {
    for (const ast::TopItem& item : *group.items) {
      const auto* use = std::get_if<ast::TopUse>(&item);
      if (use == nullptr) continue;
      const ast::Name& name = use->as ? *use->as : use->path.name;
      if (!group.uses.try_emplace(name.text, use).second) {
        return error(name.span, "'{}' is used a second time in this file", name.text);
      }
    }
  }
  TRY(declare(source));
  for (const Group& group : source.groups) TRY(check_uses(group));
  for (const uint32_t index : TRY(node_order())) {
    const bool left_out = nodes_[index].missing_feature.has_value();
    const Group& group = *nodes_[index].group;
    if (const auto* syntax = std::get_if<const ast::Interface*>(&nodes_[index].item)) {
      const InterfaceId id = TRY(interface(**syntax, group, left_out));
      if (left_out) continue;
      nodes_[index].id = id;
      model_.packages_[current_.index].interfaces.push_back(id);
      model_.packages_[current_.index].names.emplace((*syntax)->name.text, id);
    } else {
      const auto* world_syntax = std::get<const ast::World*>(nodes_[index].item);
      const WorldId id = TRY(world(*world_syntax, group, left_out));
      if (left_out) continue;
      nodes_[index].id = id;
      model_.packages_[current_.index].worlds.push_back(id);
      model_.packages_[current_.index].names.emplace(world_syntax->name.text, id);
    }
  }
  return {};
}

Result<InterfaceId> Resolver::interface(const ast::Interface& syntax, const Group& group,
                                        bool all_missing) {
  const InterfaceId id{static_cast<uint32_t>(model_.interfaces_.size())};
  Scope scope{.owner = id, .group = &group, .names = {}, .taken = {}};
  std::vector<const ast::Use*> uses;
  std::vector<const ast::TypeDefinition*> definitions;
  std::vector<const ast::Function*> functions;
  for (const ast::InterfaceItem& item : syntax.items) {
    const ast::Meta& meta =
        std::visit([](const auto& inner) -> const ast::Meta& { return inner.meta; }, item);
    const auto* use = std::get_if<ast::Use>(&item);
    const auto* definition = std::get_if<ast::TypeDefinition>(&item);
    const auto* function = std::get_if<ast::Function>(&item);
    const Span at = use != nullptr          ? use->from.span
                    : definition != nullptr ? definition->name.span
                                            : function->name.span;
    const std::optional<std::string> missing = TRY(missing_feature(meta, at));
    if (missing) {
      if (definition != nullptr) scope.names.emplace(definition->name.text, *missing);
      if (use != nullptr) {
        for (const ast::Rename& rename : use->names)
          scope.names.emplace((rename.as ? *rename.as : rename.name).text, *missing);
      }
    } else if (all_missing) {
      return error(at,
                   "this belongs to '{}', which is left out; expected the same '@unstable' here",
                   syntax.name.text);
    } else if (use != nullptr) {
      uses.push_back(use);
    } else if (definition != nullptr) {
      definitions.push_back(definition);
    } else {
      functions.push_back(function);
    }
    // Gates of what belongs to a resource count too, even where the resource is left out.
    if (definition != nullptr && missing) {
      for (const ast::Function& inner : definition->functions) {
        if (!TRY(missing_feature(inner.meta, inner.name.span))) {
          return error(
              inner.name.span,
              "this belongs to '{}', which is left out; expected the same '@unstable' here",
              definition->name.text);
        }
      }
    }
  }
  // The place is taken before types refer to it.
  model_.interfaces_.push_back({.name = syntax.name.text,
                                .package = current_,
                                .types = {},
                                .functions = {},
                                .uses = {},
                                .names = {},
                                .notes = notes(syntax.meta),
                                .span = syntax.name.span});
  std::vector<TypeId> made = TRY(types(uses, definitions, scope));
  std::vector<Function> all;
  for (const ast::Function* function : functions) {
    if (function->kind == ast::Function::Kind::Static) {
      return error(function->name.span, "only a resource has static functions; expected 'func'");
    }
    TRY(claim(scope, function->name, "function"));
  }
  // In the order written.
  for (const ast::InterfaceItem& item : syntax.items) {
    if (const auto* definition = std::get_if<ast::TypeDefinition>(&item)) {
      if (!TRY(missing_feature(definition->meta, definition->name.span)))
        TRY(resource_functions(*definition, scope, all));
    } else if (const auto* inner = std::get_if<ast::Function>(&item)) {
      if (!TRY(missing_feature(inner->meta, inner->name.span)))
        all.push_back(TRY(function(*inner, scope, std::nullopt)));
    }
  }
  Interface& interface = model_.interfaces_[id.index];
  interface.types = std::move(made);
  interface.functions = std::move(all);
  interface.names = std::move(scope.names);
  std::set<InterfaceId> seen;
  for (const TypeId type : interface.types) {
    const auto* alias = std::get_if<Alias>(&model_[type].kind);
    const auto* next = alias != nullptr ? std::get_if<TypeId>(&alias->target) : nullptr;
    if (next == nullptr) continue;
    const auto* owner = std::get_if<InterfaceId>(&model_[*next].owner);
    if (owner != nullptr && *owner != id && seen.insert(*owner).second)
      interface.uses.push_back(*owner);
  }
  return id;
}

}  // namespace wasmcloud::wit
