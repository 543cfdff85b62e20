#pragma once

#include "component/detail/type_graph.h"
#include "wit/ast.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace wasmcloud::component::detail {

/// Writes what a component's graph of types says as WIT syntax.
///
/// Each type that an interface exports is either defined there, or brought in by `use` from the
/// interface that an alias leads to. An interface may be met several times (imported and exported,
/// or by several others with those of its types that they use): all add to one.
class WitBuilder {
 public:
  /// All places in the syntax are the beginning of `file`.
  explicit WitBuilder(uint32_t file) : at_{.file = file} {}

  /// A world of the imports and exports. Errors: Errc::Unsupported for what WIT cannot say.
  Result<void> add_world(const std::string& package, const std::string& name,
                         const ComponentInterface& component);
  /// An interface by its full name: "wasi:io/streams@0.2.0".
  Result<void> add_interface(std::string_view id, const InstanceValue& instance);

  /// Everything so far as one file: `package`, the others in braces.
  Result<wit::ast::File> finish(const std::string& package);

 private:
  /// What types and functions belong to: an interface or a world.
  struct Place {
    std::string id;  ///< by which others may use its types; empty: they may not
    std::string name;
    std::string package;
    std::vector<wit::ast::Use> uses;
    const Place* last_used = nullptr;
    std::vector<wit::ast::TypeDefinition> types;
    std::vector<wit::ast::Function> functions;
    std::vector<wit::ast::Extern> externs;  ///< of a world
    std::unordered_map<const TypeNode*, std::string> names;
    /// By name, what it was when it was first met.
    std::map<std::string, const TypeNode*, std::less<>> types_met;
    std::map<std::string, const TypeNode*, std::less<>> functions_met;
  };
  struct Owner {
    Place* place = nullptr;
    std::string name;
  };
  struct Package {
    wit::ast::PackageName name;
    std::vector<std::unique_ptr<Place>> interfaces;
    std::map<std::string, Place*, std::less<>> by_name;
    std::vector<std::unique_ptr<Place>> worlds;
  };
  enum class Direction : bool { Import, Export };

  Result<Place*> interface_place(std::string_view id);
  Result<Package*> package(std::string_view text);
  Result<void> add_extern(Place& world, const NamedEntity& item, Direction direction);
  Result<void> add_items(Place& place, const InstanceValue& instance);
  Result<void> add_type(Place& place, const std::string& name, const TypeNode& type);
  Result<wit::ast::TypeDefinition> definition(Place& place, const std::string& name,
                                              const TypeNode& type);
  Result<void> add_function(Place& place, const ExternName& name, const TypeNode& type);
  Result<wit::ast::Function> function(Place& place, std::string_view name,
                                      wit::ast::Function::Kind kind, const TypeNode& type);
  void use(Place& place, const Owner& from, const std::string& name, const TypeNode& type);
  /// An interface has one definition in WIT, so what it has must be the same wherever it is met.
  Result<void> require_same(const Place& place, const std::string& name, const TypeNode& first,
                            const TypeNode& second) const;
  Result<std::string> name_of(Place& place, const TypeNode& type);
  std::optional<std::string> find_name(Place& place, const TypeNode& type);
  Result<wit::ast::TypePointer> value_type(Place& place, const ValueTypeRef& type,
                                           const TypeEnvironment& scope);
  Result<wit::ast::TypePointer> optional_type(Place& place, const std::optional<ValueTypeRef>& type,
                                              const TypeEnvironment& scope);
  Result<wit::ast::TypePointer> type_of(Place& place, const TypeNode& type);
  Result<wit::ast::TypePointer> constructed(Place& place, const DefinedType& type,
                                            const TypeEnvironment& scope);
  Result<std::vector<wit::ast::Member>> members(Place& place, const DefinedType& type,
                                                const TypeEnvironment& scope);
  wit::ast::Path path_to(const Place& interface, const std::string& from_package) const;
  wit::ast::Interface interface_syntax(Place& place) const;
  wit::ast::World world_syntax(Place& place) const;
  wit::ast::Name named(std::string_view text) const {
    return {.text = std::string(text), .span = at_};
  }
  Result<void> spend();

  wit::Span at_;
  std::map<std::string, Package, std::less<>> packages_;
  std::vector<std::string> package_order_;
  std::unordered_map<const TypeNode*, Owner> owners_;
  uint32_t nodes_ = 0;
};

}  // namespace wasmcloud::component::detail
