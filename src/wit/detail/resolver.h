#pragma once

#include "wit/model.h"

#include <functional>

namespace wasmcloud::wit {

/// Turns files into a model's packages: finds what each name means, checks the rules, and orders
/// everything so that what is needed comes first. Recursion follows type expressions only, whose
/// depth the parser limits.
class Resolver {
 public:
  explicit Resolver(Model& model) : model_(model) {}

  Result<PackageId> run(const std::vector<ast::File>& main,
                        const std::vector<std::vector<ast::File>>& dependencies);

 private:
  /// Items that share one file, and so its top-level `use`s.
  struct Group {
    const std::vector<ast::TopItem>* items;
    std::map<std::string, const ast::TopUse*, std::less<>> uses;
  };
  struct PackageSource {
    PackageName name;
    Span span;
    std::string docs;
    std::vector<Group> groups;
  };
  /// An interface or world of the package that is being resolved.
  struct Node {
    std::variant<const ast::Interface*, const ast::World*> item;
    const Group* group;
    std::optional<std::string> missing_feature;
    std::optional<std::variant<InterfaceId, WorldId>> id;
    const ast::Name& name() const;
    const ast::Meta& meta() const;
  };
  /// What a path leads to.
  struct Target {
    std::optional<uint32_t> node;  ///< of this package, or else in
    PackageId package;
    ast::Name name;
  };
  /// The names that types in one interface or world can use.
  struct Scope {
    Owner owner;
    const Group* group;
    std::map<std::string, std::variant<TypeId, std::string>, std::less<>> names;
    std::set<std::string> taken;  ///< reduced names, of functions too
  };
  struct WorldParts {
    std::set<std::string> import_names;
    std::set<std::string> export_names;
    std::set<InterfaceId> import_ids;
    std::set<InterfaceId> export_ids;
  };

  template <class... Args>
  std::unexpected<Error> error(Span at, fmt::format_string<Args...> format, Args&&... args) const {
    return model_.sources_.error(Errc::Invalid, at, format, std::forward<Args>(args)...);
  }

  // Packages (resolver.cc).
  Result<std::optional<size_t>> gather(const std::vector<ast::File>& files);
  Result<size_t> package_source(const ast::PackageDeclaration& declaration);
  Result<std::vector<uint32_t>> package_order();
  Result<void> package(PackageSource& source);
  Result<void> declare(const PackageSource& source);
  Result<void> check_uses(const Group& group);
  Result<std::vector<uint32_t>> node_order();
  Result<std::optional<std::string>> missing_feature(const ast::Meta& meta, Span at) const;
  Result<Target> target(const ast::Path& path, const Group& group);
  Result<InterfaceId> find_interface(const ast::Path& path, const Group& group);
  Result<WorldId> find_world(const ast::Path& path, const Group& group);
  Result<std::variant<InterfaceId, WorldId>> find(const ast::Path& path, const Group& group);
  Result<InterfaceId> interface(const ast::Interface& syntax, const Group& group, bool all_missing);
  static Notes notes(const ast::Meta& meta);

  // Types and functions (resolver_types.cc).
  Result<void> claim(Scope& scope, const ast::Name& name, std::string_view what);
  Result<std::vector<TypeId>> types(const std::vector<const ast::Use*>& uses,
                                    const std::vector<const ast::TypeDefinition*>& definitions,
                                    Scope& scope);
  Result<void> use(const ast::Use& use, Scope& scope, std::vector<TypeId>& made);
  Result<std::vector<uint32_t>> type_order(
      const std::vector<const ast::TypeDefinition*>& definitions);
  Result<TypeId> definition(const ast::TypeDefinition& syntax, const Scope& scope);
  Result<std::vector<Member>> members(const ast::TypeDefinition& syntax, const Scope& scope);
  Result<Type> type(const ast::Type& syntax, const Scope& scope);
  Result<Type> named_type(const ast::Name& name, const Scope& scope);
  Result<TypeId> name_in(const ast::Name& name, const Scope& scope) const;
  Result<TypeId> resource(const ast::Name& name, const Scope& scope) const;
  Result<std::optional<Type>> optional_type(const ast::TypePointer& syntax, const Scope& scope);
  Result<TypeId> add(TypeDefinition definition);
  bool is_resource(TypeId id) const;
  bool has_borrow(const Type& type) const;
  Result<Function> function(const ast::Function& syntax, const Scope& scope,
                            std::optional<TypeId> resource);
  Result<Type> constructor_result(const ast::Function& syntax, const Scope& scope, TypeId resource);
  Result<void> resource_functions(const ast::TypeDefinition& syntax, const Scope& scope,
                                  std::vector<Function>& out);

  // Worlds (resolver_worlds.cc).
  Result<WorldId> world(const ast::World& syntax, const Group& group, bool all_missing);
  Result<void> external(const ast::Extern& syntax, Scope& scope, World& world, WorldParts& parts);
  Result<void> include(const ast::Include& syntax, const Group& group, World& world,
                       WorldParts& parts);
  Result<void> include_item(WorldItem item, Span at, std::vector<WorldItem>& items,
                            std::set<std::string>& names, std::set<InterfaceId>& ids);
  Result<void> elaborate(World& world, Span at);
  void item_uses(const WorldItem& item, std::vector<InterfaceId>& out) const;

  Model& model_;
  std::vector<PackageSource> sources_;
  std::map<std::string, uint32_t> sources_by_name_;
  // Of the package at hand:
  PackageId current_;
  std::vector<Node> nodes_;
  std::map<std::string, uint32_t, std::less<>> node_by_name_;
  size_t world_items_ = 0;  ///< made so far, against kMaxWorldItems
};

/// What names that must not stand side by side have in common: case and hyphens do not count.
std::string reduced_name(std::string_view name);

}  // namespace wasmcloud::wit
