#include "component/detail/runtime_type.h"

#include "base/check.h"

#include <atomic>
#include <limits>

namespace wasmcloud::component {
namespace {

constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();

uint32_t saturate(uint64_t value) { return value > kMost ? kMost : static_cast<uint32_t>(value); }
uint64_t round_up(uint64_t value, uint64_t align) { return (value + align - 1) / align * align; }

uint32_t discriminant_size(size_t cases) { return cases <= 256 ? 1 : cases <= 65536 ? 2 : 4; }

// Canonical ABI, "Alignment", "Element Size", "Flattening".
void lay_out_scalar(RuntimeType& type, uint32_t size) {
  type.size = type.align = size;
  type.flat_count = 1;
}

void lay_out_record(RuntimeType& type) {
  uint64_t at = 0;
  uint64_t flat = 0;
  bool plain = true;
  for (RuntimePart& part : type.parts) {
    const uint64_t start = round_up(at, part.type->align);
    plain &= start == at && part.type->is_plain;
    part.offset = saturate(start);
    at = start + part.type->size;
    flat += part.type->flat_count;
    type.align = std::max(type.align, part.type->align);
  }
  type.size = saturate(round_up(at, type.align));
  type.is_plain = plain && type.size == at;
  type.flat_count = saturate(flat);
}

void lay_out_variant(RuntimeType& type) {
  type.discriminant_size = discriminant_size(type.parts.size());
  uint32_t payload_align = 1;
  uint32_t payload_size = 0;
  uint32_t payload_flat = 0;
  for (const RuntimePart& part : type.parts) {
    if (part.type == nullptr) continue;
    payload_align = std::max(payload_align, part.type->align);
    payload_size = std::max(payload_size, part.type->size);
    payload_flat = std::max(payload_flat, part.type->flat_count);
  }
  type.align = std::max(type.discriminant_size, payload_align);
  type.payload_offset = saturate(round_up(type.discriminant_size, payload_align));
  for (RuntimePart& part : type.parts) part.offset = type.payload_offset;
  type.size = saturate(round_up(uint64_t{type.payload_offset} + payload_size, type.align));
  type.flat_count = saturate(uint64_t{payload_flat} + 1);
}

bool is_number(TypeKind kind) { return kind <= TypeKind::F64; }

/// Number kinds whose core value is the value, whatever its bits.
bool is_whole_core_value(TypeKind kind) { return kind >= TypeKind::S32 && kind <= TypeKind::F64; }

bool all_parts(const RuntimeType& type, bool RuntimeType::* flag) {
  return std::ranges::all_of(type.parts, [&](const RuntimePart& part) {
    return part.type == nullptr || part.type->*flag;
  });
}

void note_how_it_moves(RuntimeType& type) {
  switch (type.kind) {
    case TypeKind::Record:
    case TypeKind::Tuple:
      type.is_passed_on = all_parts(type, &RuntimeType::is_passed_on);
      type.is_static = all_parts(type, &RuntimeType::is_static);
      return;
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::FixedList:
      type.is_static = all_parts(type, &RuntimeType::is_static);
      return;
    default:
      type.is_passed_on = is_whole_core_value(type.kind);
      type.is_static = is_number(type.kind) || type.kind == TypeKind::Char ||
                       type.kind == TypeKind::Enum || type.kind == TypeKind::Flags;
  }
}

void lay_out(RuntimeType& type) {
  switch (type.kind) {
    case TypeKind::Bool:
      return lay_out_scalar(type, 1);
    case TypeKind::S8:
    case TypeKind::U8:
      type.is_plain = true;
      return lay_out_scalar(type, 1);
    case TypeKind::S16:
    case TypeKind::U16:
      type.is_plain = true;
      return lay_out_scalar(type, 2);
    case TypeKind::S32:
    case TypeKind::U32:
    case TypeKind::F32:
      type.is_plain = true;
      return lay_out_scalar(type, 4);
    case TypeKind::S64:
    case TypeKind::U64:
    case TypeKind::F64:
      type.is_plain = true;
      return lay_out_scalar(type, 8);
    case TypeKind::Char:
    case TypeKind::ErrorContext:
    case TypeKind::Own:
    case TypeKind::Stream:
    case TypeKind::Future:
      return lay_out_scalar(type, 4);
    case TypeKind::Borrow:
      type.has_borrow = true;
      return lay_out_scalar(type, 4);
    case TypeKind::String:
    case TypeKind::List:
    case TypeKind::Map:
      type.size = 8;
      type.align = 4;
      type.flat_count = 2;
      return;
    case TypeKind::Record:
    case TypeKind::Tuple:
      return lay_out_record(type);
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum:
      return lay_out_variant(type);
    case TypeKind::Flags: {
      const size_t labels = type.parts.size();
      lay_out_scalar(type, labels <= 8 ? 1 : labels <= 16 ? 2 : 4);
      type.flag_mask = labels >= 32 ? kMost : (uint32_t{1} << labels) - 1;
      type.is_plain = labels == 8 || labels == 16 || labels == 32;
      return;
    }
    case TypeKind::FixedList: {
      const RuntimeType& element = *type.element();
      type.align = element.align;
      type.size = saturate(uint64_t{element.size} * type.length);
      type.flat_count = saturate(uint64_t{element.flat_count} * type.length);
      type.is_plain = element.is_plain;
      return;
    }
  }
}

TypeKind kind_of(TypeDescription::Kind kind) {
  using Kind = TypeDescription::Kind;
  switch (kind) {
    case Kind::Bool:
      return TypeKind::Bool;
    case Kind::S8:
      return TypeKind::S8;
    case Kind::U8:
      return TypeKind::U8;
    case Kind::S16:
      return TypeKind::S16;
    case Kind::U16:
      return TypeKind::U16;
    case Kind::S32:
      return TypeKind::S32;
    case Kind::U32:
      return TypeKind::U32;
    case Kind::S64:
      return TypeKind::S64;
    case Kind::U64:
      return TypeKind::U64;
    case Kind::F32:
      return TypeKind::F32;
    case Kind::F64:
      return TypeKind::F64;
    case Kind::Char:
      return TypeKind::Char;
    case Kind::String:
      return TypeKind::String;
    case Kind::ErrorContext:
      return TypeKind::ErrorContext;
    case Kind::Record:
      return TypeKind::Record;
    case Kind::Variant:
      return TypeKind::Variant;
    case Kind::List:
      return TypeKind::List;
    case Kind::FixedList:
      return TypeKind::FixedList;
    case Kind::Tuple:
      return TypeKind::Tuple;
    case Kind::Flags:
      return TypeKind::Flags;
    case Kind::Enum:
      return TypeKind::Enum;
    case Kind::Option:
      return TypeKind::Option;
    case Kind::Result:
      return TypeKind::Result;
    case Kind::Own:
    case Kind::OwnOfGuest:
      return TypeKind::Own;
    case Kind::Borrow:
    case Kind::BorrowOfGuest:
      return TypeKind::Borrow;
    case Kind::Stream:
      return TypeKind::Stream;
    case Kind::Future:
      return TypeKind::Future;
    case Kind::Map:
      return TypeKind::Map;
  }
  return TypeKind::Bool;
}

// Options and results are written as variants, so that one code moves them all.
std::vector<RuntimePart> parts_of_option(const RuntimeType* payload) {
  return {{.name = "none"}, {.name = "some", .type = payload}};
}

}  // namespace

const RuntimeType* RuntimeTypes::intern(RuntimeType type) {
  for (const RuntimePart& part : type.parts) {
    if (part.type != nullptr) type.has_borrow |= part.type->has_borrow;
  }
  std::string key =
      fmt::format("{}/{}/{}", static_cast<int>(type.kind), type.length, type.resource.address());
  for (const RuntimePart& part : type.parts) {
    key += fmt::format("/{}:{}", part.name, static_cast<const void*>(part.type));
  }
  const auto [found, inserted] = interned_.try_emplace(std::move(key), nullptr);
  if (inserted) {
    lay_out(type);
    note_how_it_moves(type);
    types_.push_back(std::move(type));
    found->second = &types_.back();
  }
  return found->second;
}

const RuntimeType* RuntimeTypes::from(const TypeTable& table, ValueType type,
                                      const Resources& resources) {
  RuntimeType out{.kind = table.kind(type)};
  auto optional = [&](std::optional<ValueType> part) {
    return part ? from(table, *part, resources) : nullptr;
  };
  switch (out.kind) {
    case TypeKind::Record:
    case TypeKind::Variant:
    case TypeKind::Tuple:
    case TypeKind::Flags:
    case TypeKind::Enum: {
      const bool named = out.kind != TypeKind::Tuple;
      // By index: making parts does not add to `table`, but be independent of that.
      const std::span<const Member> members = table.members(type);
      for (const Member& member : members) {
        out.parts.push_back({.name = named ? table.text(member.name) : std::string(),
                             .type = optional(member.type)});
      }
      break;
    }
    case TypeKind::FixedList:
      out.length = table.length(type);
      [[fallthrough]];
    case TypeKind::List:
    case TypeKind::Stream:
    case TypeKind::Future:
      out.parts.push_back({.type = optional(table.element(type))});
      break;
    case TypeKind::Option:
      out.parts = parts_of_option(optional(table.element(type)));
      break;
    case TypeKind::Result:
      out.parts = {{.name = "ok", .type = optional(table.ok(type))},
                   {.name = "error", .type = optional(table.error(type))}};
      break;
    case TypeKind::Map: {
      RuntimeType pair{.kind = TypeKind::Tuple};
      pair.parts = {{.type = from(table, table.key(type), resources)},
                    {.type = from(table, table.value(type), resources)}};
      out.parts.push_back({.type = intern(std::move(pair))});
      break;
    }
    case TypeKind::Own:
    case TypeKind::Borrow:
      out.resource = resources(table.resource(type));
      break;
    default:
      break;  // primitive
  }
  return intern(std::move(out));
}

RuntimeFunction RuntimeTypes::from(const TypeTable& table, const FunctionType& type,
                                   const Resources& resources) {
  RuntimeType params{.kind = TypeKind::Record};
  for (const Member& member : type.params) {
    params.parts.push_back(
        {.name = table.text(member.name), .type = from(table, *member.type, resources)});
  }
  return {.is_async = type.is_async,
          .params = intern(std::move(params)),
          .result = type.result ? from(table, *type.result, resources) : nullptr};
}

const RuntimeType* RuntimeTypes::from(const TypeDescription& description,
                                      const GuestResources& guests) {
  RuntimeType out{.kind = kind_of(description.kind), .length = description.length};
  for (const NamedType& part : description.parts) {
    out.parts.push_back({.name = std::string(part.name),
                         .type = part.type == nullptr ? nullptr : from(*part.type, guests)});
  }
  switch (out.kind) {
    case TypeKind::Option:
      out.parts = parts_of_option(out.parts[0].type);
      break;
    case TypeKind::Result:
      CHECK(out.parts.size() == 2);
      out.parts[0].name = "ok";
      out.parts[1].name = "error";
      break;
    case TypeKind::Tuple:
      for (RuntimePart& part : out.parts) part.name.clear();
      break;
    case TypeKind::List:
    case TypeKind::FixedList:
      CHECK(out.parts.size() == 1);
      break;
    case TypeKind::Stream:
    case TypeKind::Future:
      out.parts.resize(1);
      out.parts[0].name.clear();
      break;
    case TypeKind::Map: {
      RuntimeType pair{.kind = TypeKind::Tuple, .parts = std::move(out.parts)};
      for (RuntimePart& part : pair.parts) part.name.clear();
      out.parts = {{.type = intern(std::move(pair))}};
      break;
    }
    case TypeKind::Own:
    case TypeKind::Borrow:
      CHECK(description.resource != nullptr);
      out.resource = *description.resource;
      if (description.kind == TypeDescription::Kind::OwnOfGuest ||
          description.kind == TypeDescription::Kind::BorrowOfGuest) {
        // Else it stays a name that no component has a resource for.
        const auto* const guest = guests ? guests(*description.resource) : nullptr;
        if (guest != nullptr) out.resource = *guest;
      }
      break;
    default:
      break;
  }
  return intern(std::move(out));
}

RuntimeFunction RuntimeTypes::from(const FunctionDescription& description,
                                   const GuestResources& guests) {
  RuntimeType params{.kind = TypeKind::Record};
  for (const NamedType& param : description.params) {
    params.parts.push_back({.name = std::string(param.name), .type = from(*param.type, guests)});
  }
  return {.is_async = description.effect == FunctionDescription::Effect::Async,
          .params = intern(std::move(params)),
          .result = description.result == nullptr ? nullptr : from(*description.result, guests)};
}

bool is_same_type(const RuntimeType* a, const RuntimeType* b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  return a->kind == b->kind && a->length == b->length && a->resource == b->resource &&
         std::ranges::equal(a->parts, b->parts, [](const RuntimePart& x, const RuntimePart& y) {
           return x.name == y.name && is_same_type(x.type, y.type);
         });
}

bool is_same_type(const RuntimeType* a, const TypeDescription* b) {
  if (a == nullptr || b == nullptr) return a == nullptr && b == nullptr;
  if (a->kind != kind_of(b->kind)) return false;
  if (b->parts.empty() && b->resource == nullptr) return a->parts.empty();
  const std::atomic_ref<const TypeDescription*> known(a->known_as);
  if (known.load(std::memory_order_relaxed) == b) return true;
  RuntimeTypes types;
  if (!is_same_type(a, types.from(*b))) return false;
  known.store(b, std::memory_order_relaxed);
  return true;
}

bool is_same_type(const TypeDescription* a, const TypeDescription* b) {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  RuntimeTypes types;
  return types.from(*a) == types.from(*b);
}

std::string to_string(const RuntimeType& type) {
  auto part = [](const RuntimeType* inner) {
    return inner == nullptr ? std::string("_") : to_string(*inner);
  };
  std::string out{name_of(type.kind)};
  switch (type.kind) {
    case TypeKind::Record:
    case TypeKind::Variant:
    case TypeKind::Flags:
    case TypeKind::Enum: {
      out += " {";
      for (size_t i = 0; i < type.parts.size(); ++i) {
        const RuntimePart& member = type.parts[i];
        out += i == 0 ? " " : ", ";
        out += member.name;
        if (member.type != nullptr) out += ": " + to_string(*member.type);
        if (out.size() > 400) return out + ", ...";
      }
      return out + " }";
    }
    case TypeKind::Tuple:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Stream:
    case TypeKind::Future:
      out += "<";
      for (size_t i = 0; i < type.parts.size(); ++i) {
        out += (i == 0 ? "" : ", ") + part(type.parts[i].type);
      }
      return out + ">";
    case TypeKind::FixedList:
      return fmt::format("list<{}, {}>", part(type.element()), type.length);
    case TypeKind::Option:
      return fmt::format("option<{}>", part(type.parts[1].type));
    case TypeKind::Result:
      return fmt::format("result<{}, {}>", part(type.parts[0].type), part(type.parts[1].type));
    case TypeKind::Own:
      return fmt::format("own<{}>", type.resource.name());
    case TypeKind::Borrow:
      return fmt::format("borrow<{}>", type.resource.name());
    default:
      return out;
  }
}

std::string to_string(const RuntimeFunction& type) {
  std::string out = type.is_async ? "async func(" : "func(";
  for (size_t i = 0; i < type.params->parts.size(); ++i) {
    const RuntimePart& param = type.params->parts[i];
    out += fmt::format("{}{}: {}", i == 0 ? "" : ", ", param.name, to_string(*param.type));
  }
  out += ")";
  if (type.result != nullptr) out += " -> " + to_string(*type.result);
  return out;
}

}  // namespace wasmcloud::component
