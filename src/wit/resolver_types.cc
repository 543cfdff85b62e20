#include "wit/detail/resolver.h"
#include "wit/order.h"

#include <algorithm>

namespace wasmcloud::wit {

namespace {

// Spec, limits.
constexpr uint32_t kMaxTypeDepth = 100;
constexpr uint32_t kMaxTypeNodes = 1'000'000;
constexpr size_t kMaxFlags = 32;

using TypeNames = std::vector<const ast::Name*>;

void collect_names(const ast::Type& type, TypeNames& out) {
  using Kind = ast::Type::Kind;
  if (type.kind == Kind::Named || type.kind == Kind::Own || type.kind == Kind::Borrow)
    out.push_back(&type.name);
  for (const ast::TypePointer& part : type.parts) {
    if (part) collect_names(*part, out);
  }
}

// Calls `visit` with each type that a definition is made of.
template <class Visit>
void visit_parts(const TypeDefinition& definition, const Visit& visit) {
  const auto each = [&](const std::vector<Member>& members) {
    for (const Member& member : members) {
      if (member.type) visit(*member.type);
    }
  };
  const auto maybe = [&](const std::optional<Type>& type) {
    if (type) visit(*type);
  };
  struct Visitor {
    const decltype(each)& members;
    const decltype(maybe)& optional;
    const Visit& one;
    void operator()(const Record& it) const { members(it.fields); }
    void operator()(const Variant& it) const { members(it.cases); }
    void operator()(const Enum&) const {}
    void operator()(const Flags&) const {}
    void operator()(const Resource&) const {}
    void operator()(const Alias& it) const { one(it.target); }
    void operator()(const Tuple& it) const { std::for_each(it.items.begin(), it.items.end(), one); }
    void operator()(const Option& it) const { one(it.payload); }
    void operator()(const ResultType& it) const { optional(it.ok), optional(it.error); }
    void operator()(const List& it) const { one(it.element); }
    void operator()(const FixedList& it) const { one(it.element); }
    void operator()(const Map& it) const { one(it.key), one(it.value); }
    void operator()(const Future& it) const { optional(it.payload); }
    void operator()(const Stream& it) const { optional(it.element); }
    void operator()(const Own&) const {}
    void operator()(const Borrow&) const {}
  };
  std::visit(Visitor{each, maybe, visit}, definition.kind);
}

std::string_view noun_of(ast::TypeDefinition::Kind kind) {
  switch (kind) {
    case ast::TypeDefinition::Kind::Alias:
      return "type";
    case ast::TypeDefinition::Kind::Record:
      return "record";
    case ast::TypeDefinition::Kind::Variant:
      return "variant";
    case ast::TypeDefinition::Kind::Enum:
      return "enum";
    case ast::TypeDefinition::Kind::Flags:
      return "flags";
    case ast::TypeDefinition::Kind::Resource:
      return "resource";
  }
  return "";
}

}  // namespace

Result<void> Resolver::claim(Scope& scope, const ast::Name& name, std::string_view what) {
  if (scope.taken.insert(reduced_name(name.text)).second) return {};
  return error(name.span,
               "{} '{}' clashes with a name that is here already (case and hyphens do not count)",
               what, name.text);
}

// Gives a definition its place and notes what is known about it as a whole.
Result<TypeId> Resolver::add(TypeDefinition definition) {
  uint64_t nodes = 1;
  uint32_t depth = 0;
  bool borrow = std::holds_alternative<Borrow>(definition.kind);
  bool stream = std::holds_alternative<Stream>(definition.kind) ||
                std::holds_alternative<Future>(definition.kind);
  visit_parts(definition, [&](const Type& part) {
    const auto* id = std::get_if<TypeId>(&part);
    const TypeDefinition* inner = id != nullptr ? &model_[*id] : nullptr;
    nodes += inner != nullptr ? inner->nodes : 1;
    depth = std::max(depth, inner != nullptr ? inner->depth : 1);
    borrow = borrow || (inner != nullptr && inner->has_borrow);
    stream = stream || (inner != nullptr && inner->has_stream);
  });
  if (depth >= kMaxTypeDepth) {
    return model_.sources_.error(Errc::Limit, definition.span, "types nest deeper than {} here",
                                 kMaxTypeDepth);
  }
  if (nodes > kMaxTypeNodes) {
    return model_.sources_.error(Errc::Limit, definition.span, "this type has more than {} parts",
                                 kMaxTypeNodes);
  }
  definition.depth = depth + 1;
  definition.nodes = static_cast<uint32_t>(nodes);
  definition.has_borrow = borrow;
  definition.has_stream = stream;
  const TypeId id{static_cast<uint32_t>(model_.types_.size())};
  model_.types_.push_back(std::move(definition));
  return id;
}

bool Resolver::is_resource(TypeId id) const {
  return std::holds_alternative<Resource>(model_[model_.follow(id)].kind);
}

bool Resolver::has_borrow(const Type& type) const {
  const auto* id = std::get_if<TypeId>(&type);
  return id != nullptr && model_[*id].has_borrow;
}

Result<void> Resolver::use(const ast::Use& use, Scope& scope, std::vector<TypeId>& made) {
  const InterfaceId from = TRY(find_interface(use.from, *scope.group));
  for (const ast::Rename& rename : use.names) {
    const auto& names = model_[from].names;
    const auto found = names.find(rename.name.text);
    if (found == names.end()) {
      const auto& functions = model_[from].functions;
      const bool is_function =
          std::any_of(functions.begin(), functions.end(),
                      [&](const Function& function) { return function.name == rename.name.text; });
      return error(rename.name.span, "{} '{}' in interface '{}'; expected a type",
                   is_function ? "there is only a function" : "there is nothing called",
                   rename.name.text, use.from.name.text);
    }
    if (const auto* feature = std::get_if<std::string>(&found->second)) {
      return error(rename.name.span, "'{}' is left out: its feature '{}' is not on",
                   rename.name.text, *feature);
    }
    const ast::Name& name = rename.as ? *rename.as : rename.name;
    TRY(claim(scope, name, "type"));
    const TypeId target = std::get<TypeId>(found->second);
    Notes own_notes = notes(use.meta);
    own_notes.docs.clear();
    const TypeId id = TRY(add({.name = name.text,
                               .owner = scope.owner,
                               .kind = Alias{target},
                               .notes = std::move(own_notes),
                               .span = name.span}));
    scope.names.emplace(name.text, id);
    made.push_back(id);
  }
  return {};
}

// Definitions after those they contain.
Result<std::vector<uint32_t>> Resolver::type_order(
    const std::vector<const ast::TypeDefinition*>& definitions) {
  std::map<std::string_view, uint32_t> by_name;
  for (uint32_t i = 0; i < definitions.size(); ++i) by_name.emplace(definitions[i]->name.text, i);
  std::vector<std::vector<uint32_t>> needs(definitions.size());
  for (uint32_t i = 0; i < definitions.size(); ++i) {
    TypeNames names;
    if (definitions[i]->alias) collect_names(*definitions[i]->alias, names);
    for (const ast::Member& member : definitions[i]->members) {
      if (member.type) collect_names(*member.type, names);
    }
    for (const ast::Name* name : names) {
      const auto found = by_name.find(name->text);
      if (found != by_name.end()) needs[i].push_back(found->second);
    }
  }
  auto order = dependencies_first(needs);
  if (order) return std::move(*order);
  std::string cycle;
  for (const uint32_t index : order.error()) cycle += definitions[index]->name.text + " -> ";
  const ast::Name& first = definitions[order.error().front()]->name;
  return error(first.span, "type '{}' contains itself: {}{}", first.text, cycle, first.text);
}

// Fills the scope; returns its types, those brought in first.
Result<std::vector<TypeId>> Resolver::types(
    const std::vector<const ast::Use*>& uses,
    const std::vector<const ast::TypeDefinition*>& definitions, Scope& scope) {
  std::vector<TypeId> made;
  for (const ast::Use* inner : uses) TRY(use(*inner, scope, made));
  for (const ast::TypeDefinition* inner : definitions)
    TRY(claim(scope, inner->name, noun_of(inner->kind)));
  std::vector<TypeId> own(definitions.size());
  for (const uint32_t index : TRY(type_order(definitions))) {
    own[index] = TRY(definition(*definitions[index], scope));
    scope.names.emplace(definitions[index]->name.text, own[index]);
  }
  made.insert(made.end(), own.begin(), own.end());
  return made;
}

Result<std::vector<Member>> Resolver::members(const ast::TypeDefinition& syntax,
                                              const Scope& scope) {
  std::vector<Member> list;
  std::set<std::string> names;
  for (const ast::Member& member : syntax.members) {
    if (!names.insert(reduced_name(member.name.text)).second) {
      return error(member.name.span, "'{}' is in {} '{}' already (case and hyphens do not count)",
                   member.name.text, noun_of(syntax.kind), syntax.name.text);
    }
    list.push_back({.name = member.name.text,
                    .type = TRY(optional_type(member.type, scope)),
                    .docs = member.docs});
  }
  if (list.empty()) {
    return error(syntax.name.span, "{} '{}' is empty; expected at least one member",
                 noun_of(syntax.kind), syntax.name.text);
  }
  if (syntax.kind == ast::TypeDefinition::Kind::Flags && list.size() > kMaxFlags) {
    return error(syntax.name.span, "flags '{}' has {} labels; expected at most {}",
                 syntax.name.text, list.size(), kMaxFlags);
  }
  return list;
}

Result<TypeId> Resolver::definition(const ast::TypeDefinition& syntax, const Scope& scope) {
  TypeDefinition definition{.name = syntax.name.text,
                            .owner = scope.owner,
                            .kind = Resource{},
                            .notes = notes(syntax.meta),
                            .span = syntax.name.span};
  switch (syntax.kind) {
    case ast::TypeDefinition::Kind::Alias:
      // An alias of a resource is the resource, not a handle.
      if (syntax.alias->kind == ast::Type::Kind::Named) {
        definition.kind = Alias{TRY(name_in(syntax.alias->name, scope))};
      } else {
        definition.kind = Alias{TRY(type(*syntax.alias, scope))};
      }
      break;
    case ast::TypeDefinition::Kind::Record:
      definition.kind = Record{TRY(members(syntax, scope))};
      break;
    case ast::TypeDefinition::Kind::Variant:
      definition.kind = Variant{TRY(members(syntax, scope))};
      break;
    case ast::TypeDefinition::Kind::Enum:
      definition.kind = Enum{TRY(members(syntax, scope))};
      break;
    case ast::TypeDefinition::Kind::Flags:
      definition.kind = Flags{TRY(members(syntax, scope))};
      break;
    case ast::TypeDefinition::Kind::Resource:
      break;
  }
  return add(std::move(definition));
}

Result<TypeId> Resolver::name_in(const ast::Name& name, const Scope& scope) const {
  const auto found = scope.names.find(name.text);
  if (found == scope.names.end()) return error(name.span, "no type '{}' here", name.text);
  if (const auto* feature = std::get_if<std::string>(&found->second)) {
    return error(name.span, "'{}' is left out: its feature '{}' is not on", name.text, *feature);
  }
  return std::get<TypeId>(found->second);
}

Result<TypeId> Resolver::resource(const ast::Name& name, const Scope& scope) const {
  const TypeId id = TRY(name_in(name, scope));
  if (!is_resource(id))
    return error(name.span, "'{}' is no resource; only resources have handles", name.text);
  return id;
}

// A resource named as a type stands for its own handle.
Result<Type> Resolver::named_type(const ast::Name& name, const Scope& scope) {
  const TypeId id = TRY(name_in(name, scope));
  if (!is_resource(id)) return id;
  return TRY(add({.name = {}, .owner = {}, .kind = Own{id}, .notes = {}, .span = name.span}));
}

Result<std::optional<Type>> Resolver::optional_type(const ast::TypePointer& syntax,
                                                    const Scope& scope) {
  if (!syntax) return std::nullopt;
  return TRY(type(*syntax, scope));
}

Result<Type> Resolver::type(const ast::Type& syntax, const Scope& scope) {
  using Kind = ast::Type::Kind;
  const auto part = [&](size_t i) { return type(*syntax.parts[i], scope); };
  TypeDefinition made{
      .name = {}, .owner = {}, .kind = Resource{}, .notes = {}, .span = syntax.span};
  switch (syntax.kind) {
    case Kind::Primitive:
      return syntax.primitive;
    case Kind::Named:
      return named_type(syntax.name, scope);
    case Kind::Own:
      made.kind = Own{TRY(resource(syntax.name, scope))};
      break;
    case Kind::Borrow:
      made.kind = Borrow{TRY(resource(syntax.name, scope))};
      break;
    case Kind::List:
      made.kind = List{TRY(part(0))};
      break;
    case Kind::FixedList:
      made.kind = FixedList{TRY(part(0)), syntax.length};
      break;
    case Kind::Map: {
      const Type key = TRY(part(0));
      const TypeId* id = std::get_if<TypeId>(&key);
      const Type* last = &key;
      if (id != nullptr) {
        const auto* alias = std::get_if<Alias>(&model_[model_.follow(*id)].kind);
        if (alias != nullptr) last = &alias->target;
      }
      const auto* primitive = std::get_if<Primitive>(last);
      if (primitive == nullptr || *primitive == Primitive::F32 || *primitive == Primitive::F64 ||
          *primitive == Primitive::ErrorContext) {
        return error(syntax.parts[0]->span,
                     "a map's key is a bool, an integer, a char or a string");
      }
      made.kind = Map{key, TRY(part(1))};
      break;
    }
    case Kind::Option:
      made.kind = Option{TRY(part(0))};
      break;
    case Kind::Result:
      made.kind = ResultType{TRY(optional_type(syntax.parts[0], scope)),
                             TRY(optional_type(syntax.parts[1], scope))};
      break;
    case Kind::Tuple: {
      Tuple tuple;
      for (size_t i = 0; i < syntax.parts.size(); ++i) tuple.items.push_back(TRY(part(i)));
      made.kind = std::move(tuple);
      break;
    }
    case Kind::Future:
    case Kind::Stream: {
      const std::optional<Type> element = TRY(optional_type(syntax.parts[0], scope));
      if (element && has_borrow(*element)) {
        return error(syntax.span, "a stream or future cannot carry borrow handles");
      }
      if (syntax.kind == Kind::Future)
        made.kind = Future{element};
      else
        made.kind = Stream{element};
      break;
    }
  }
  return TRY(add(std::move(made)));
}

// own R, or result<own R, E>
Result<Type> Resolver::constructor_result(const ast::Function& syntax, const Scope& scope,
                                          TypeId resource) {
  if (!syntax.result)
    return TRY(add(
        {.name = {}, .owner = {}, .kind = Own{resource}, .notes = {}, .span = syntax.name.span}));
  const Type result = TRY(type(*syntax.result, scope));
  const auto is_own = [&](const Type& type) {
    const auto* id = std::get_if<TypeId>(&type);
    const auto* own = id != nullptr ? std::get_if<Own>(&model_[*id].kind) : nullptr;
    return own != nullptr && model_.follow(own->resource) == resource;
  };
  const auto* id = std::get_if<TypeId>(&result);
  const auto* either = id != nullptr ? std::get_if<ResultType>(&model_[*id].kind) : nullptr;
  if (is_own(result) || (either != nullptr && either->ok && is_own(*either->ok))) return result;
  return error(syntax.result->span, "a constructor returns its resource, or 'result' of it");
}

Result<Function> Resolver::function(const ast::Function& syntax, const Scope& scope,
                                    std::optional<TypeId> resource) {
  using Kind = ast::Function::Kind;
  Function function{.name = syntax.name.text,
                    .item_name = syntax.name.text,
                    .kind = syntax.kind,
                    .is_async = syntax.is_async,
                    .resource = resource,
                    .params = {},
                    .result = {},
                    .notes = notes(syntax.meta),
                    .span = syntax.name.span};
  const std::string owner = resource ? model_[*resource].name : std::string();
  std::set<std::string> names;
  switch (syntax.kind) {
    case Kind::Free:
      break;
    case Kind::Method:
      function.name = fmt::format("[method]{}.{}", owner, syntax.name.text);
      function.params.push_back({.name = "self",
                                 .type = TRY(add({.name = {},
                                                  .owner = {},
                                                  .kind = Borrow{*resource},
                                                  .notes = {},
                                                  .span = syntax.name.span}))});
      names.insert("self");
      break;
    case Kind::Static:
      function.name = fmt::format("[static]{}.{}", owner, syntax.name.text);
      break;
    case Kind::Constructor:
      function.name = fmt::format("[constructor]{}", owner);
      function.result = TRY(constructor_result(syntax, scope, *resource));
      break;
  }
  for (const ast::Parameter& parameter : syntax.params) {
    if (!names.insert(reduced_name(parameter.name.text)).second) {
      return error(parameter.name.span,
                   "parameter '{}' is here already (case and hyphens do not count)",
                   parameter.name.text);
    }
    function.params.push_back(
        {.name = parameter.name.text, .type = TRY(type(*parameter.type, scope))});
  }
  if (syntax.result && syntax.kind != Kind::Constructor)
    function.result = TRY(type(*syntax.result, scope));
  if (function.result && has_borrow(*function.result)) {
    return error(syntax.result->span, "a result cannot hold borrow handles");
  }
  return function;
}

Result<void> Resolver::resource_functions(const ast::TypeDefinition& syntax, const Scope& scope,
                                          std::vector<Function>& out) {
  if (syntax.kind != ast::TypeDefinition::Kind::Resource) return {};
  const TypeId id = std::get<TypeId>(scope.names.find(syntax.name.text)->second);
  // "[method]r.r" reduces to "r" (component model, "Names": strong uniqueness).
  std::set<std::string> names{reduced_name(syntax.name.text)};
  bool has_constructor = false;
  for (const ast::Function& inner : syntax.functions) {
    if (TRY(missing_feature(inner.meta, inner.name.span))) continue;
    if (inner.kind == ast::Function::Kind::Constructor) {
      if (std::exchange(has_constructor, true)) {
        return error(inner.name.span, "resource '{}' has a constructor already", syntax.name.text);
      }
    } else if (!names.insert(reduced_name(inner.name.text)).second) {
      return error(inner.name.span,
                   "function '{}' clashes with another of resource '{}' or with its name",
                   inner.name.text, syntax.name.text);
    }
    out.push_back(TRY(function(inner, scope, id)));
  }
  return {};
}

}  // namespace wasmcloud::wit
