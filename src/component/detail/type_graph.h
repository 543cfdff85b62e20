#pragma once

#include "base/error.h"
#include "component/definitions.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

// What a component imports and exports, as written: which type is an alias of which other, under
// what name. Validation makes equal types one, so it cannot say that; WIT text needs it.

namespace wasmcloud::component::detail {

struct TypeEnvironment;
struct TypeNode;

/// A component, where it was defined: to be evaluated with what is given for its imports.
struct ComponentValue {
  /// A component of the binary, or only its type.
  std::variant<ComponentId, const ComponentTypeDefinition*> what = ComponentId{};
  const TypeEnvironment* environment = nullptr;  ///< around it
};

struct InstanceValue;

/// Something with a name: a type, a function's type, an instance or a component. Core modules are
/// nothing here.
struct FunctionEntity {
  const TypeNode* type = nullptr;
};
using Entity = std::variant<std::monostate, FunctionEntity, const TypeNode*, const InstanceValue*,
                            ComponentValue>;

struct NamedEntity {
  const ExternName* name = nullptr;
  Entity entity = {};
};

struct InstanceValue {
  std::vector<NamedEntity> exports = {};  ///< as declared
  const Entity* find(std::string_view name) const;
  std::map<std::string_view, uint32_t> by_name = {};
};

/// The index spaces of one component, component type or instance type that types go through. They
/// only grow, so an index that was right when it was written stays right.
struct TypeEnvironment {
  const TypeEnvironment* parent = nullptr;
  std::vector<const TypeNode*> types = {};
  std::vector<FunctionEntity> functions = {};
  std::vector<const InstanceValue*> instances = {};
  std::vector<ComponentValue> components = {};
};

/// A definition, and where its indices are to be looked up.
template <class Syntax>
struct Scoped {
  const Syntax* syntax = nullptr;
  const TypeEnvironment* environment = nullptr;
};

/// One type; its identity is its address.
struct TypeNode {
  /// A resource type: defined, or some resource of an import or export.
  struct Resource {};
  /// The same as another, by the name of an import or export.
  struct Named {
    const TypeNode* target = nullptr;
    const TypeNode* behind = nullptr;  ///< the end of a chain of names
  };
  std::variant<Scoped<DefinedType>, Scoped<FunctionTypeDefinition>, Scoped<InstanceTypeDefinition>,
               Scoped<ComponentTypeDefinition>, Resource, Named>
      what = Resource{};
};

/// What a component or component type takes and gives.
struct ComponentInterface {
  std::vector<NamedEntity> imports = {};
  std::vector<NamedEntity> exports = {};
};

/// Evaluates a valid component's types by following its definitions, with nested components
/// instantiated as often as the component does so.
///
/// Everything it hands out lives as long as it does, and refers to the component it was made of.
class TypeGraph {
 public:
  explicit TypeGraph(const DecodedComponent& component) : component_(component) {}
  TypeGraph(const TypeGraph&) = delete;
  TypeGraph& operator=(const TypeGraph&) = delete;

  /// Errors: Errc::Limit for a component whose instantiations multiply; Errc::Invalid if it is not
  /// valid after all.
  Result<ComponentInterface> root();
  /// A component that nobody has instantiated: its imports are new.
  Result<ComponentInterface> interface_of(const ComponentValue& component);

 private:
  using Arguments = std::map<std::string_view, Entity>;

  Result<ComponentInterface> evaluate(const ComponentValue& component, const Arguments* arguments,
                                      uint32_t depth);
  Result<void> define(TypeEnvironment& scope, const Definition& definition,
                      const Arguments* arguments, ComponentInterface& into, uint32_t depth);
  Result<void> declare(TypeEnvironment& scope, const Declaration& declaration,
                       const Arguments* arguments, ComponentInterface& into, uint32_t depth);
  Result<void> import(TypeEnvironment& scope, const Import& import, const Arguments* arguments,
                      ComponentInterface& into, uint32_t depth);
  Result<void> alias(TypeEnvironment& scope, const Alias& alias);
  Result<const InstanceValue*> instance(TypeEnvironment& scope, const InstanceDefinition& instance,
                                        uint32_t depth);
  Result<const InstanceValue*> instance_of(const TypeNode& type, uint32_t depth);
  Result<Entity> described(TypeEnvironment& scope, const ExternDescriptor& type, uint32_t depth);
  static Result<Entity> at(const TypeEnvironment& scope, SortIndex item);
  static void append(TypeEnvironment& scope, const Entity& entity);
  const TypeNode* add(TypeNode node);
  const TypeNode* add_named(const TypeNode& target);
  const TypeNode* type(TypeEnvironment& scope, const TypeDefinition& definition);
  const InstanceValue* add_instance(std::vector<NamedEntity> exports);
  TypeEnvironment& new_environment(const TypeEnvironment* parent);
  Result<void> spend();

  const DecodedComponent& component_;
  std::deque<TypeNode> nodes_;
  std::deque<InstanceValue> instances_;
  std::deque<TypeEnvironment> environments_;
  uint32_t steps_ = 0;
};

/// The type behind names.
const TypeNode& behind_names(const TypeNode& type);

}  // namespace wasmcloud::component::detail
