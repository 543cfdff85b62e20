#include "bindgen/shape.h"

#include "bindgen/names.h"

#include <array>

namespace wasmcloud::bindgen {

namespace {

constexpr auto kPrimitives = std::to_array<std::string_view>({
    "bool",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
    "float",
    "double",
    "char32_t",
    "std::string",
});

}  // namespace

std::optional<wit::Primitive> Shape::primitive(const wit::Type& type) const {
  if (const auto* found = std::get_if<wit::Primitive>(&type)) return *found;
  const auto* alias =
      std::get_if<wit::Alias>(&model_[model_.follow(std::get<wit::TypeId>(type))].kind);
  return alias != nullptr ? primitive(alias->target) : std::nullopt;
}

Result<std::string> Shape::name(wit::TypeId id) const {
  const wit::TypeDefinition& definition = model_[id];
  if (definition.owner == unit_.owner) return type_name(definition.name);
  return qualified_name(id);
}

Result<std::string> Shape::qualified_name(wit::TypeId id) const {
  const wit::TypeDefinition& definition = model_[id];
  const Unit* owner = TRY(units_.of(definition.owner, unit_));
  return fmt::format("{}::{}", owner->scope(), type_name(definition.name));
}

Result<std::string> Shape::optional(const std::optional<wit::Type>& type,
                                    std::string_view nothing) const {
  if (!type) return std::string(nothing);
  return value(*type);
}

Result<std::string> Shape::constructed(const wit::TypeDefinition& definition) const {
  const auto& kind = definition.kind;
  if (const auto* alias = std::get_if<wit::Alias>(&kind)) return value(alias->target);
  if (const auto* list = std::get_if<wit::List>(&kind)) {
    if (primitive(list->element) == wit::Primitive::U8) return "::wasmcloud::Bytes";
    return fmt::format("std::vector<{}>", TRY(value(list->element)));
  }
  if (const auto* list = std::get_if<wit::FixedList>(&kind)) {
    return fmt::format("std::array<{}, {}>", TRY(value(list->element)), list->length);
  }
  if (const auto* map = std::get_if<wit::Map>(&kind)) {
    return fmt::format("std::vector<std::pair<{}, {}>>", TRY(value(map->key)),
                       TRY(value(map->value)));
  }
  if (const auto* option = std::get_if<wit::Option>(&kind)) {
    return fmt::format("std::optional<{}>", TRY(value(option->payload)));
  }
  if (const auto* either = std::get_if<wit::ResultType>(&kind)) {
    return fmt::format("std::expected<{}, {}>", TRY(optional(either->ok, "void")),
                       TRY(optional(either->error, "std::monostate")));
  }
  if (const auto* tuple = std::get_if<wit::Tuple>(&kind)) {
    std::string items;
    for (const wit::Type& item : tuple->items)
      items += (items.empty() ? "" : ", ") + TRY(value(item));
    return fmt::format("std::tuple<{}>", items);
  }
  if (const auto* own = std::get_if<wit::Own>(&kind))
    return fmt::format("std::unique_ptr<{}>", TRY(name(own->resource)));
  if (const auto* borrow = std::get_if<wit::Borrow>(&kind))
    return fmt::format("{}*", TRY(name(borrow->resource)));
  if (const auto* future = std::get_if<wit::Future>(&kind)) {
    return fmt::format("::wasmcloud::component::FutureReader<{}>",
                       TRY(optional(future->payload, "void")));
  }
  if (const auto* stream = std::get_if<wit::Stream>(&kind)) {
    return fmt::format("::wasmcloud::component::StreamReader<{}>",
                       TRY(optional(stream->element, "void")));
  }
  return fail(Errc::Internal, "a type without a name");
}

Result<std::string> Shape::value(const wit::Type& type) const {
  if (const auto* primitive = std::get_if<wit::Primitive>(&type)) {
    if (*primitive == wit::Primitive::ErrorContext) {
      return fail(Errc::Unsupported, "'{}': error-context is not generated yet", unit_.wit_name);
    }
    return std::string(kPrimitives[static_cast<size_t>(*primitive)]);
  }
  const auto id = std::get<wit::TypeId>(type);
  if (!model_[id].name.empty()) return name(id);
  return constructed(model_[id]);
}

Result<Shape::Parameter> Shape::parameter(const wit::Type& type, Views views) const {
  if (views == Views::Yes && primitive(type) == wit::Primitive::String)
    return Parameter{"std::string_view", "std::string_view"};
  if (const auto* id = std::get_if<wit::TypeId>(&type)) {
    const wit::TypeDefinition* const inner = &model_[model_.follow(*id)];
    if (const auto* borrow = std::get_if<wit::Borrow>(&inner->kind)) {
      const std::string resource = TRY(name(borrow->resource));
      return Parameter{resource + "&", resource + "*", true};
    }
    const auto* list = std::get_if<wit::List>(&inner->kind);
    if (views == Views::Yes && list != nullptr && primitive(list->element) == wit::Primitive::U8) {
      return Parameter{"std::span<const std::byte>", "std::span<const std::byte>"};
    }
  }
  std::string plain = TRY(value(type));
  return Parameter{plain, plain};
}

Result<std::string> Shape::result(const wit::Function& function) const {
  if (!function.result) return std::string("void");
  return value(*function.result);
}

}  // namespace wasmcloud::bindgen
