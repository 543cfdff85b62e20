#pragma once

#include "base/semver.h"
#include "wit/source.h"

#include <memory>
#include <optional>
#include <variant>
#include <vector>

/// One WIT file as it is written, with places, before names are looked up.
namespace wasmcloud::wit::ast {

struct Name {
  std::string text;
  Span span;
};

/// `@since`, `@unstable`, `@deprecated` and `@external-id` in front of an item.
struct Attributes {
  std::optional<SemVer> since;
  std::optional<std::string> unstable;  ///< the feature
  std::optional<SemVer> deprecated;
  std::optional<std::string> external_id;
  Span span;  ///< of the first one
};

/// What stands in front of an item.
struct Meta {
  std::string docs;
  Attributes attributes;
};

/// `ns:name@1.2.3`
struct PackageName {
  Name ns;
  Name name;
  std::optional<SemVer> version;
  Span span;
};

/// `iface`, or `ns:name/iface@1.2.3`
struct Path {
  std::optional<PackageName> package;
  Name name;
  Span span;
};

enum class Primitive : uint8_t {
  Bool,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  F32,
  F64,
  Char,
  String,
  ErrorContext,
};

struct Type {
  enum class Kind : uint8_t {
    Primitive,
    Named,
    List,
    FixedList,
    Map,
    Option,
    Result,
    Tuple,
    Future,
    Stream,
    Own,
    Borrow,
  };
  Kind kind = Kind::Primitive;
  Primitive primitive = Primitive::Bool;
  Span span;
  Name name;            ///< of Named, Own and Borrow
  uint32_t length = 0;  ///< of FixedList
  /// Element, payload, items, key and value. Null: `_` or left out (Result always has two).
  std::vector<std::unique_ptr<Type>> parts;
};
using TypePointer = std::unique_ptr<Type>;

struct Parameter {
  Name name;
  TypePointer type;
};

struct Function {
  enum class Kind : uint8_t { Free, Method, Static, Constructor };
  Meta meta;
  Name name;  ///< of a constructor: where its keyword stands
  Kind kind = Kind::Free;
  bool is_async = false;
  std::vector<Parameter> params;
  TypePointer result;  ///< or null
};

/// A field, case or label.
struct Member {
  std::string docs;
  Name name;
  TypePointer type;  ///< or null
};

struct TypeDefinition {
  enum class Kind : uint8_t { Alias, Record, Variant, Enum, Flags, Resource };
  Meta meta;
  Name name;
  Kind kind = Kind::Alias;
  TypePointer alias;
  std::vector<Member> members;
  std::vector<Function> functions;  ///< of a resource
};

struct Rename {
  Name name;
  std::optional<Name> as;
};

/// `use path.{a, b as c};`
struct Use {
  Meta meta;
  Path from;
  std::vector<Rename> names;
};

using InterfaceItem = std::variant<Use, TypeDefinition, Function>;

struct Interface {
  Meta meta;
  Name name;  ///< without text if it is written inside a world
  std::vector<InterfaceItem> items;
};

/// `include path with { a as b };`
struct Include {
  Meta meta;
  Path from;
  std::vector<Rename> with;
};

/// An import or export.
struct Extern {
  enum class Direction : uint8_t { Import, Export };
  Meta meta;
  Direction direction = Direction::Import;
  Span span;
  std::optional<Name> name;  ///< none: a path only
  std::variant<Path, Function, Interface> item;
};

using WorldItem = std::variant<Use, TypeDefinition, Include, Extern>;

struct World {
  Meta meta;
  Name name;
  std::vector<WorldItem> items;
};

/// `use path as name;` outside of interfaces and worlds
struct TopUse {
  Path path;
  std::optional<Name> as;
};

using TopItem = std::variant<TopUse, Interface, World>;

struct PackageDeclaration {
  std::string docs;
  PackageName name;
};

/// `package a:b { ... }`
struct NestedPackage {
  PackageDeclaration declaration;
  std::vector<TopItem> items;
};

struct File {
  uint32_t source = 0;
  std::optional<PackageDeclaration> package;
  std::vector<TopItem> items;
  std::vector<NestedPackage> nested;
};

}  // namespace wasmcloud::wit::ast
