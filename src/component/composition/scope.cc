#include "component/composition/scope.h"

#include "component/detail/type_store.h"

namespace wasmcloud::component::composition {
std::optional<TypeIndex> Scope::find(ResourceId id) {
  const auto known = resources_.find(id);
  if (known != resources_.end()) return known->second;
  const auto got = get(id);
  if (got) resources_.emplace(id, *got);
  return got;
}

std::optional<TypeIndex> Scope::find(ValueType type) {
  const auto known = values_.find(type);
  if (known != values_.end()) return known->second;
  if (!is_named_kind(types_.kind(type))) return std::nullopt;
  const auto got = get(type);
  if (got) values_.emplace(type, *got);
  return got;
}

void Scope::name(ValueType type, TypeIndex index) {
  if (!is_primitive(types_.kind(type))) values_.insert_or_assign(type, index);
}

void Scope::name(ResourceId id, TypeIndex index) {
  if (named_.insert(id).second) resources_.insert_or_assign(id, index);
}

Result<TypeIndex> Scope::resource(ResourceId id) {
  const auto index = find(id);
  if (index) return *index;
  return fail(Errc::Invalid, "a resource is mentioned that has no name outside of the composition");
}

Result<ValueTypeRef> Scope::reference(ValueType type) {
  const TypeKind kind = types_.kind(type);
  if (is_primitive(kind)) return ValueTypeRef{.primitive = kind};
  return ValueTypeRef{.index = TRY(index(type))};
}

Result<TypeIndex> Scope::index(ValueType type) {
  if (const auto known = find(type)) return *known;
  const TypeIndex made = define(TRY(defined(type)));
  name(type, made);
  return made;
}

Result<std::optional<ValueTypeRef>> Scope::optional(std::optional<ValueType> type) {
  std::optional<ValueTypeRef> out;
  if (type) out = TRY(reference(*type));
  return out;
}

Result<DefinedType> Scope::defined(ValueType type) {
  const TypeKind kind = types_.kind(type);
  DefinedType out{.kind = kind};
  switch (kind) {
    case TypeKind::Record:
    case TypeKind::Variant:
    case TypeKind::Tuple:
    case TypeKind::Flags:
    case TypeKind::Enum:
      for (const Member& member : types_.members(type)) {
        const bool is_named = kind != TypeKind::Tuple;
        out.members.push_back({.name = is_named ? types_.text(member.name) : std::string(),
                               .type = TRY(optional(member.type))});
      }
      return out;
    case TypeKind::List:
    case TypeKind::FixedList:
    case TypeKind::Option:
    case TypeKind::Stream:
    case TypeKind::Future:
      out.first = TRY(optional(types_.element(type)));
      if (kind == TypeKind::FixedList) out.length = types_.length(type);
      return out;
    case TypeKind::Result:
      out.first = TRY(optional(types_.ok(type)));
      out.second = TRY(optional(types_.error(type)));
      return out;
    case TypeKind::Map:
      out.first = TRY(reference(types_.key(type)));
      out.second = TRY(reference(types_.value(type)));
      return out;
    case TypeKind::Own:
    case TypeKind::Borrow:
      out.resource = TRY(resource(types_.resource(type)));
      return out;
    case TypeKind::Bool:
    case TypeKind::S8:
    case TypeKind::U8:
    case TypeKind::S16:
    case TypeKind::U16:
    case TypeKind::S32:
    case TypeKind::U32:
    case TypeKind::S64:
    case TypeKind::U64:
    case TypeKind::F32:
    case TypeKind::F64:
    case TypeKind::Char:
    case TypeKind::String:
    case TypeKind::ErrorContext:
      return out;
  }
  return out;
}

Result<TypeIndex> Scope::function(FunctionTypeId type) {
  const FunctionType& function = types_[type];
  FunctionTypeDefinition out{.is_async = function.is_async};
  for (const Member& param : function.params) {
    out.params.push_back({.name = types_.text(param.name), .type = TRY(reference(*param.type))});
  }
  out.result = TRY(optional(function.result));
  return define(std::move(out));
}

std::optional<TypeIndex> InstanceScope::outer(std::optional<TypeIndex> index) {
  if (!index) return index;
  declarations_.push_back(
      {.what = Alias(OuterAlias{.sort = Sort::Type, .count = 1, .index = index->value})});
  return TypeIndex{count_++};
}

Result<void> InstanceScope::add_export(const std::string& text, const ExternType& type) {
  using Kind = ExternDescriptor::Kind;
  ExternDescriptor descriptor;
  const bool is_type = type.kind == ExternType::Kind::Type;
  if (!is_type) {
    descriptor = {.kind = Kind::Function, .index = TRY(function(type.function())).value};
  } else if (!type.is_resource()) {
    descriptor = {.kind = Kind::TypeEqual, .index = TRY(index(type.type.value())).value};
  } else if (has(type.type.resource())) {
    descriptor = {.kind = Kind::TypeEqual, .index = TRY(resource(type.type.resource())).value};
  } else {
    descriptor = {.kind = Kind::Resource};
  }
  declarations_.push_back({.what = ExportDeclaration{.name = {.name = text}, .type = descriptor}});
  if (!is_type) return {};
  const TypeIndex named{count_++};
  if (type.is_resource()) {
    name(type.type.resource(), named);
  } else {
    name(type.type.value(), named);
  }
  return {};
}

}  // namespace wasmcloud::component::composition
