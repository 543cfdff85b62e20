#pragma once

#include "wit/ast.h"
#include "wit/source.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// WIT packages with every name looked up.
namespace wasmcloud::wit {

/// An index into one of a model's lists, which cannot be mixed up with that of another.
template <class T>
struct Id {
  uint32_t index = 0;
  friend auto operator<=>(Id, Id) = default;
};
struct TypeDefinition;
struct Interface;
struct World;
struct Package;
using TypeId = Id<TypeDefinition>;
using InterfaceId = Id<Interface>;
using WorldId = Id<World>;
using PackageId = Id<Package>;

using ast::Primitive;
/// A value type, or in alias targets and handles a resource.
using Type = std::variant<Primitive, TypeId>;

/// Since when an item is there, and until when; and what else was said in front of it.
struct Notes {
  std::string docs;
  std::optional<SemVer> since;
  std::optional<std::string> unstable;
  std::optional<SemVer> deprecated;
  std::optional<std::string> external_id;
};

/// A field, case or label.
struct Member {
  std::string name;
  std::optional<Type> type;
  std::string docs;
};

struct Record {
  std::vector<Member> fields;
};
struct Variant {
  std::vector<Member> cases;
};
struct Enum {
  std::vector<Member> labels;
};
struct Flags {
  std::vector<Member> labels;
};
struct Resource {};
/// `type a = b`, and a type brought in by `use`.
struct Alias {
  Type target;
};
struct Tuple {
  std::vector<Type> items;
};
struct Option {
  Type payload;
};
struct ResultType {
  std::optional<Type> ok;
  std::optional<Type> error;
};
struct List {
  Type element;
};
struct FixedList {
  Type element;
  uint32_t length;
};
struct Map {
  Type key;
  Type value;
};
struct Future {
  std::optional<Type> payload;
};
struct Stream {
  std::optional<Type> element;
};
struct Own {
  TypeId resource;
};
struct Borrow {
  TypeId resource;
};

/// Where a named type was defined; none for a type that was only written in place.
using Owner = std::variant<std::monostate, InterfaceId, WorldId>;

struct TypeDefinition {
  std::string name;  ///< empty if written in place
  Owner owner;
  std::variant<Record, Variant, Enum, Flags, Resource, Alias, Tuple, Option, ResultType, List,
               FixedList, Map, Future, Stream, Own, Borrow>
      kind;
  Notes notes;
  Span span;
  uint32_t depth = 1;       ///< of the type with everything it names
  uint32_t nodes = 1;       ///< likewise, counted through references
  bool has_borrow = false;  ///< a borrow handle somewhere inside
  bool has_stream = false;  ///< a stream or future somewhere inside
};

struct Parameter {
  std::string name;
  Type type;
};

struct Function {
  using Kind = ast::Function::Kind;
  std::string name;       ///< as components spell it: "[method]fields.get"
  std::string item_name;  ///< as written: "get"; empty for a constructor
  Kind kind = Kind::Free;
  bool is_async = false;
  std::optional<TypeId> resource;  ///< of all but free functions
  std::vector<Parameter> params;   ///< of a method: with `self` in front
  std::optional<Type> result;      ///< of a constructor: always there
  Notes notes;
  Span span;
};

struct Interface {
  std::string name;  ///< empty if written inside a world
  PackageId package;
  std::vector<TypeId> types;        ///< in the order written, used ones included
  std::vector<Function> functions;  ///< those of resources included
  std::vector<InterfaceId> uses;    ///< interfaces that types come from, each once
  /// What was declared by each name; a feature: the item is left out because that is not on.
  std::map<std::string, std::variant<TypeId, std::string>, std::less<>> names;
  Notes notes;
  Span span;
};

/// One import or export.
struct WorldItem {
  std::string name;  ///< empty: named by the interface's own identifier
  std::variant<InterfaceId, Function, TypeId> item;
  Notes notes;
};

struct World {
  std::string name;
  PackageId package;
  /// Complete: what is included, and the interfaces that others take types from, before those.
  std::vector<WorldItem> imports;
  std::vector<WorldItem> exports;
  Notes notes;
  Span span;
};

struct PackageName {
  std::string ns;
  std::string name;
  std::optional<SemVer> version;
  /// "wasi:io@0.2.12"
  std::string str() const;
  friend bool operator==(const PackageName&, const PackageName&) = default;
};

struct Package {
  PackageName name;
  /// What was declared by each name; a feature: the item is left out because that is not on.
  std::map<std::string, std::variant<InterfaceId, WorldId, std::string>, std::less<>> names;
  std::vector<InterfaceId> interfaces;  ///< dependencies first
  std::vector<WorldId> worlds;
  std::string docs;
};

struct LoadOptions {
  std::set<std::string> features;  ///< of `@unstable` items to keep
  bool all_features = false;
};

/// Any number of packages that refer to one another. What was loaded never changes.
class Model {
 public:
  Model() = default;
  explicit Model(LoadOptions options) : options_(std::move(options)) {}

  /// A package's folder (its `*.wit` files, with dependencies under `deps/`) or one file. A package
  /// that is there already, by name and version, is not loaded again.
  /// Errors: with file:line:column; Errc::NotFound for a file or package that is missing.
  Result<PackageId> load(const std::filesystem::path& path);
  /// One file given as text; `path` is for messages.
  Result<PackageId> load_text(std::string path, std::string text);
  /// A file that was never text, with all the packages it refers to: what `write` makes, given the
  /// number that its places are in. `path` is for messages.
  Result<PackageId> load_syntax(std::string path,
                                const std::function<Result<ast::File>(uint32_t file)>& write);

  const Package& operator[](PackageId id) const { return packages_[id.index]; }
  const Interface& operator[](InterfaceId id) const { return interfaces_[id.index]; }
  const World& operator[](WorldId id) const { return worlds_[id.index]; }
  const TypeDefinition& operator[](TypeId id) const { return types_[id.index]; }
  const std::vector<Package>& packages() const { return packages_; }
  const Sources& sources() const { return sources_; }

  /// "wasi:io/streams@0.2.12"; the plain name for an interface inside a world.
  std::string name_of(InterfaceId id) const;
  std::string name_of(WorldId id) const;
  std::optional<PackageId> find_package(const PackageName& name) const;
  /// By "wasi:io/streams@0.2.12". Errors: Errc::NotFound, telling what is there.
  Result<InterfaceId> find_interface(std::string_view name) const;
  Result<WorldId> find_world(std::string_view name) const;

  /// The definition behind aliases.
  TypeId follow(TypeId id) const;

 private:
  friend class Resolver;
  Result<PackageId> resolve(std::vector<ast::File> main,
                            std::vector<std::vector<ast::File>> dependencies);

  LoadOptions options_;
  Sources sources_;
  std::vector<Package> packages_;
  std::vector<Interface> interfaces_;
  std::vector<World> worlds_;
  std::vector<TypeDefinition> types_;
  std::map<std::string, PackageId, std::less<>> packages_by_name_;
};

}  // namespace wasmcloud::wit
