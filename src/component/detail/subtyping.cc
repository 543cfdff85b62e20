#include "component/detail/subtyping.h"

namespace wasmcloud::component::detail {
namespace {

std::string_view name_of(TypeEntity::Kind kind) {
  switch (kind) {
    case TypeEntity::Kind::Value:
      return "value type";
    case TypeEntity::Kind::Function:
      return "func type";
    case TypeEntity::Kind::Resource:
      return "resource";
    case TypeEntity::Kind::Component:
      return "component type";
    case TypeEntity::Kind::Instance:
      return "instance type";
  }
  return "?";
}

std::unexpected<Error> mismatch(std::string_view expected, std::string_view found) {
  return fail(Errc::Invalid, "type mismatch: expected {}, found {}", expected, found);
}

Result<void> within(Result<void> result, std::string_view what, std::string_view name) {
  if (result) return result;
  return fail(std::move(result).error().within(fmt::format("{} \"{}\"", what, name)));
}

}  // namespace

void Matcher::open(std::span<const ResourceId> resources) {
  for (const ResourceId id : resources) unbound_.insert(id.value);
}

Result<void> Matcher::match(const ExternType& actual, const ExternType& expected) {
  using Kind = ExternType::Kind;
  work_.spend();
  if (actual.kind != expected.kind)
    return mismatch(component::name_of(expected.kind), component::name_of(actual.kind));
  switch (expected.kind) {
    case Kind::CoreModule:
      return match_module(actual.core_module(), expected.core_module());
    case Kind::Function:
      return match_function(actual.function(), expected.function());
    case Kind::Value:
      return match_value(actual.value(), expected.value());
    case Kind::Type:
      return match_type(actual.type, expected.type);
    case Kind::Component:
      return match_component(actual.component(), expected.component());
    case Kind::Instance:
      return match_instance(actual.instance(), expected.instance());
  }
  return {};
}

Result<void> Matcher::match_value(ValueType actual, ValueType expected) {
  const ValueType replaced = bindings_(expected);
  if (types_.same(actual, replaced)) return {};
  return mismatch(types_.to_string(replaced), types_.to_string(actual));
}

Result<void> Matcher::match_function(FunctionTypeId actual, FunctionTypeId expected) {
  const FunctionTypeId replaced = bindings_(expected);
  if (types_.same(actual, replaced)) return {};
  return mismatch(types_.to_string(replaced), types_.to_string(actual));
}

Result<void> Matcher::match_type(const TypeEntity& actual, const TypeEntity& expected) {
  using Kind = TypeEntity::Kind;
  if (actual.kind != expected.kind) return mismatch(name_of(expected.kind), name_of(actual.kind));
  switch (expected.kind) {
    case Kind::Value:
      return match_value(actual.value(), expected.value());
    case Kind::Function:
      return match_function(actual.function(), expected.function());
    case Kind::Resource:
      if (unbound_.erase(expected.id) != 0) {
        bindings_.bind(expected.resource(), actual.resource());
        return {};
      }
      if (bindings_(expected.resource()) == actual.resource()) return {};
      return mismatch("the same resource as elsewhere", "another: resource types are not the same");
    case Kind::Component: {
      // Types as such must be equal: each a subtype of the other.
      const ComponentTypeId replaced = bindings_(expected.component());
      TRY(Matcher(types_, work_).match_component(actual.component(), replaced));
      return Matcher(types_, work_).match_component(replaced, actual.component());
    }
    case Kind::Instance: {
      const InstanceTypeId replaced = bindings_(expected.instance());
      TRY(Matcher(types_, work_).match_instance(actual.instance(), replaced));
      return Matcher(types_, work_).match_instance(replaced, actual.instance());
    }
  }
  return {};
}

Result<void> Matcher::match_instance(InstanceTypeId actual, InstanceTypeId expected) {
  if (work_.is_exhausted()) return {};  // whoever gave the work looks at it
  const InstanceType& found = types_[actual];
  const InstanceType& wanted = types_[expected];
  open(wanted.fresh);
  for (const NamedExtern& item : wanted.exports.items()) {
    const ExternType* type = found.exports.find(item.name);
    if (type == nullptr)
      return fail(Errc::Invalid, "missing expected export \"{}\"", types_.text(item.name));
    TRY(within(match(*type, item.type), "type mismatch in instance export",
               types_.text(item.name)));
  }
  return {};
}

Result<void> Matcher::match_component(ComponentTypeId actual, ComponentTypeId expected_open) {
  if (work_.is_exhausted()) return {};
  const ComponentTypeId expected = bindings_(expected_open);
  const ComponentType& found = types_[actual];
  const ComponentType& wanted = types_[expected];
  // Whoever uses the expected type gives its imports; they must do for what the actual component
  // imports.
  Matcher given(types_, work_);
  given.open(found.imported);
  for (const NamedExtern& item : found.imports.items()) {
    const ExternType* type = wanted.imports.find(item.name);
    if (type == nullptr)
      return fail(Errc::Invalid, "missing expected import \"{}\"", types_.text(item.name));
    TRY(within(given.match(*type, item.type), "type mismatch in import", types_.text(item.name)));
  }
  Matcher exported(types_, work_);
  exported.open(wanted.fresh);
  for (const NamedExtern& item : wanted.exports.items()) {
    const ExternType* type = found.exports.find(item.name);
    if (type == nullptr)
      return fail(Errc::Invalid, "missing expected export \"{}\"", types_.text(item.name));
    TRY(within(exported.match(given.bindings()(*type), item.type), "type mismatch in export",
               types_.text(item.name)));
  }
  return {};
}

Result<void> Matcher::match_module(CoreModuleTypeId actual, CoreModuleTypeId expected) {
  if (actual == expected) return {};
  const CoreModuleType& found = types_[actual];
  const CoreModuleType& wanted = types_[expected];
  for (const CoreModuleType* type : {&found, &wanted}) {
    for (const CoreImport& item : type->imports)
      work_.spend_on_text(item.module.size() + item.name.size());
    for (const CoreExport& item : type->exports) work_.spend_on_text(item.name.size());
  }
  if (work_.is_exhausted()) return {};

  HashMap<std::string, const CoreExternType*> wanted_imports;
  const auto key = [](const CoreImport& item) {
    return fmt::format("{}:{}{}", item.module.size(), item.module, item.name);
  };
  for (const CoreImport& item : wanted.imports) wanted_imports.emplace(key(item), &item.type);
  for (const CoreImport& item : found.imports) {
    const auto type = wanted_imports.find(key(item));
    if (type == wanted_imports.end()) {
      return fail(Errc::Invalid, "missing expected import \"{}\" \"{}\"", item.module, item.name);
    }
    if (!types_.core().is_subtype(*type->second, item.type)) {
      return fail(Errc::Invalid, "type mismatch in import \"{}\" \"{}\"", item.module, item.name);
    }
  }
  HashMap<std::string_view, const CoreExternType*> exports;
  for (const CoreExport& item : found.exports) exports.emplace(item.name, &item.type);
  for (const CoreExport& item : wanted.exports) {
    const auto type = exports.find(item.name);
    if (type == exports.end())
      return fail(Errc::Invalid, "missing expected export \"{}\"", item.name);
    if (!types_.core().is_subtype(*type->second, item.type)) {
      return fail(Errc::Invalid, "type mismatch in export \"{}\"", item.name);
    }
  }
  return {};
}

}  // namespace wasmcloud::component::detail
