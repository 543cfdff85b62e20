#include "component/detail/type_graph.h"

#include "component/limits.h"

namespace wasmcloud::component::detail {
namespace {

/// Definitions followed, those of a component that is instantiated again counted again.
constexpr uint32_t kMaxSteps = 2 * kMaxTotalDefinitions;
/// Instantiations in instantiations, and instances in instance types.
constexpr uint32_t kMaxEvaluationDepth = 2 * kMaxNesting;

/// Validation has seen every index; this is for a component that was not validated.
template <class T>
Result<T> lookup(const std::vector<T>& space, uint32_t index, std::string_view what) {
  if (index < space.size()) return space[index];
  return fail(Errc::Invalid, "there is no {} {}", what, index);
}

Result<const TypeEnvironment*> enclosing(const TypeEnvironment& scope, uint32_t count) {
  const TypeEnvironment* found = &scope;
  for (; count > 0 && found != nullptr; --count) found = found->parent;
  if (found == nullptr) return fail(Errc::Invalid, "an outer alias goes past the outermost scope");
  return found;
}

}  // namespace

const Entity* InstanceValue::find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : &exports[found->second].entity;
}

const TypeNode& behind_names(const TypeNode& type) {
  const auto* named = std::get_if<TypeNode::Named>(&type.what);
  return named != nullptr ? *named->behind : type;
}

Result<ComponentInterface> TypeGraph::root() {
  return evaluate({.what = ComponentId{0}, .environment = nullptr}, nullptr, 0);
}

Result<ComponentInterface> TypeGraph::interface_of(const ComponentValue& component) {
  return evaluate(component, nullptr, 0);
}

Result<void> TypeGraph::spend() {
  if (++steps_ <= kMaxSteps) return {};
  return fail(Errc::Limit, "the types of this component take more than {} steps to follow",
              kMaxSteps);
}

const TypeNode* TypeGraph::add(TypeNode node) { return &nodes_.emplace_back(node); }

const TypeNode* TypeGraph::add_named(const TypeNode& target) {
  return add({TypeNode::Named{.target = &target, .behind = &behind_names(target)}});
}

TypeEnvironment& TypeGraph::new_environment(const TypeEnvironment* parent) {
  return environments_.emplace_back(TypeEnvironment{.parent = parent});
}

const InstanceValue* TypeGraph::add_instance(std::vector<NamedEntity> exports) {
  InstanceValue& made = instances_.emplace_back(InstanceValue{.exports = std::move(exports)});
  for (uint32_t i = 0; i < made.exports.size(); ++i)
    made.by_name.emplace(made.exports[i].name->name, i);
  return &made;
}

Result<ComponentInterface> TypeGraph::evaluate(const ComponentValue& component,
                                               const Arguments* arguments, uint32_t depth) {
  if (depth > kMaxEvaluationDepth) {
    return fail(Errc::Limit, "instantiations nest deeper than the limit of {}",
                kMaxEvaluationDepth);
  }
  TypeEnvironment& scope = new_environment(component.environment);
  ComponentInterface found;
  if (const auto* id = std::get_if<ComponentId>(&component.what)) {
    for (const Definition& definition : component_[*id].definitions)
      TRY(define(scope, definition, arguments, found, depth));
  } else {
    for (const Declaration& declaration :
         std::get<const ComponentTypeDefinition*>(component.what)->declarations) {
      TRY(declare(scope, declaration, arguments, found, depth));
    }
  }
  return found;
}

const TypeNode* TypeGraph::type(TypeEnvironment& scope, const TypeDefinition& definition) {
  return std::visit(
      [&]<class T>(const T& what) -> const TypeNode* {
        if constexpr (std::is_same_v<T, ResourceDefinition>) {
          return add({TypeNode::Resource{}});
        } else {
          return add({Scoped<T>{&what, &scope}});
        }
      },
      definition);
}

Result<void> TypeGraph::define(TypeEnvironment& scope, const Definition& definition,
                               const Arguments* arguments, ComponentInterface& into,
                               uint32_t depth) {
  TRY(spend());
  const auto define_one = [&]<class T>(const T& what) -> Result<void> {
    if constexpr (std::is_same_v<T, TypeDefinition>) {
      scope.types.push_back(type(scope, what));
    } else if constexpr (std::is_same_v<T, ComponentId>) {
      scope.components.push_back({.what = what, .environment = &scope});
    } else if constexpr (std::is_same_v<T, InstanceDefinition>) {
      scope.instances.push_back(TRY(instance(scope, what, depth)));
    } else if constexpr (std::is_same_v<T, Alias>) {
      return alias(scope, what);
    } else if constexpr (std::is_same_v<T, Canon>) {
      if (what.kind == CanonKind::Lift)
        scope.functions.push_back({TRY(lookup(scope.types, what.type.value, "type"))});
    } else if constexpr (std::is_same_v<T, Import>) {
      return import(scope, what, arguments, into, depth);
    } else if constexpr (std::is_same_v<T, Export>) {
      Entity entity = TRY(at(scope, what.item));
      if (const auto* exported = std::get_if<const TypeNode*>(&entity))
        entity = add_named(**exported);
      // An ascription is what those outside see: the names of exported types in place of inner
      // ones.
      if (what.type) entity = TRY(described(scope, *what.type, depth));
      append(scope, entity);
      into.exports.push_back({.name = &what.name, .entity = entity});
    }
    // Core definitions have no part in component-level types.
    return {};
  };
  return std::visit(define_one, definition.what);
}

Result<void> TypeGraph::declare(TypeEnvironment& scope, const Declaration& declaration,
                                const Arguments* arguments, ComponentInterface& into,
                                uint32_t depth) {
  TRY(spend());
  const auto declare_one = [&]<class T>(const T& what) -> Result<void> {
    if constexpr (std::is_same_v<T, TypeDefinition>) {
      scope.types.push_back(type(scope, what));
    } else if constexpr (std::is_same_v<T, Alias>) {
      return alias(scope, what);
    } else if constexpr (std::is_same_v<T, Import>) {
      return import(scope, what, arguments, into, depth);
    } else if constexpr (std::is_same_v<T, ExportDeclaration>) {
      const Entity entity = TRY(described(scope, what.type, depth));
      append(scope, entity);
      into.exports.push_back({.name = &what.name, .entity = entity});
    }
    return {};
  };
  return std::visit(declare_one, declaration.what);
}

Result<void> TypeGraph::import(TypeEnvironment& scope, const Import& import,
                               const Arguments* arguments, ComponentInterface& into,
                               uint32_t depth) {
  Entity entity;
  if (arguments == nullptr) {
    entity = TRY(described(scope, import.type, depth));
  } else if (import.type.kind != ExternDescriptor::Kind::CoreModule) {
    const auto given = arguments->find(import.name.name);
    if (given == arguments->end()) {
      return fail(Errc::Invalid, "nothing is given for the import \"{}\" of a nested component",
                  import.name.name);
    }
    entity = given->second;
  }
  append(scope, entity);
  into.imports.push_back({.name = &import.name, .entity = entity});
  return {};
}

Result<void> TypeGraph::alias(TypeEnvironment& scope, const Alias& alias) {
  if (const auto* exported = std::get_if<ExportAlias>(&alias)) {
    const InstanceValue* instance =
        TRY(lookup(scope.instances, exported->instance.value, "instance"));
    const Entity* found = instance->find(exported->name);
    if (found == nullptr)
      return fail(Errc::Invalid, "an instance has no export \"{}\"", exported->name);
    append(scope, *found);
  } else if (const auto* outer = std::get_if<OuterAlias>(&alias)) {
    const TypeEnvironment* around = TRY(enclosing(scope, outer->count));
    if (outer->sort == Sort::Type || outer->sort == Sort::Component)
      append(scope, TRY(at(*around, {.sort = outer->sort, .index = outer->index})));
  }
  return {};
}

Result<const InstanceValue*> TypeGraph::instance(TypeEnvironment& scope,
                                                 const InstanceDefinition& instance,
                                                 uint32_t depth) {
  if (const auto* list = std::get_if<InlineExports>(&instance)) {
    std::vector<NamedEntity> exports;
    for (const InlineExports::Item& item : list->items) {
      TRY(spend());
      exports.push_back({.name = &item.name, .entity = TRY(at(scope, item.item))});
    }
    return add_instance(std::move(exports));
  }
  const auto& made = std::get<Instantiate>(instance);
  Arguments arguments;
  for (const Instantiate::Argument& argument : made.arguments) {
    TRY(spend());
    arguments.emplace(argument.name, TRY(at(scope, argument.item)));
  }
  const ComponentValue component = TRY(lookup(scope.components, made.component.value, "component"));
  return add_instance(TRY(evaluate(component, &arguments, depth + 1)).exports);
}

Result<const InstanceValue*> TypeGraph::instance_of(const TypeNode& type, uint32_t depth) {
  const auto* definition = std::get_if<Scoped<InstanceTypeDefinition>>(&behind_names(type).what);
  if (definition == nullptr)
    return fail(Errc::Invalid, "an instance's type is not an instance type");
  if (depth > kMaxEvaluationDepth)
    return fail(Errc::Limit, "instance types nest deeper than the limit of {}",
                kMaxEvaluationDepth);
  TypeEnvironment& scope = new_environment(definition->environment);
  ComponentInterface found;
  for (const Declaration& declaration : definition->syntax->declarations)
    TRY(declare(scope, declaration, nullptr, found, depth + 1));
  return add_instance(std::move(found.exports));
}

Result<Entity> TypeGraph::described(TypeEnvironment& scope, const ExternDescriptor& type,
                                    uint32_t depth) {
  using Kind = ExternDescriptor::Kind;
  const auto type_at = [&]() { return lookup(scope.types, type.index, "type"); };
  switch (type.kind) {
    case Kind::CoreModule:
      return Entity{};
    case Kind::Function:
      return Entity{FunctionEntity{TRY(type_at())}};
    case Kind::TypeEqual:
      return Entity{add_named(*TRY(type_at()))};
    case Kind::Resource:
      return Entity{add({TypeNode::Resource{}})};
    case Kind::Instance:
      return Entity{TRY(instance_of(*TRY(type_at()), depth))};
    case Kind::Component: {
      const auto* definition =
          std::get_if<Scoped<ComponentTypeDefinition>>(&behind_names(*TRY(type_at())).what);
      if (definition == nullptr)
        return fail(Errc::Invalid, "a component's type is not a component type");
      return Entity{
          ComponentValue{.what = definition->syntax, .environment = definition->environment}};
    }
    case Kind::Value:
    case Kind::ValueEqual:
      break;
  }
  return fail(Errc::Unsupported, "component values are not supported");
}

Result<Entity> TypeGraph::at(const TypeEnvironment& scope, SortIndex item) {
  switch (item.sort) {
    case Sort::Function:
      return Entity{TRY(lookup(scope.functions, item.index, "func"))};
    case Sort::Type:
      return Entity{TRY(lookup(scope.types, item.index, "type"))};
    case Sort::Component:
      return Entity{TRY(lookup(scope.components, item.index, "component"))};
    case Sort::Instance:
      return Entity{TRY(lookup(scope.instances, item.index, "instance"))};
    default:
      return Entity{};
  }
}

void TypeGraph::append(TypeEnvironment& scope, const Entity& entity) {
  const auto append_one = [&]<class T>(const T& what) {
    if constexpr (std::is_same_v<T, FunctionEntity>) {
      scope.functions.push_back(what);
    } else if constexpr (std::is_same_v<T, const TypeNode*>) {
      scope.types.push_back(what);
    } else if constexpr (std::is_same_v<T, const InstanceValue*>) {
      scope.instances.push_back(what);
    } else if constexpr (std::is_same_v<T, ComponentValue>) {
      scope.components.push_back(what);
    }
  };
  std::visit(append_one, entity);
}

}  // namespace wasmcloud::component::detail
