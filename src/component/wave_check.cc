#include "component/wave.h"

#include <set>

namespace wasmcloud::component {
namespace {

/// Whether that type has a text form itself; its parts are another matter.
bool has_text_form(TypeKind kind) {
  return kind != TypeKind::Own && kind != TypeKind::Borrow && kind != TypeKind::Stream &&
         kind != TypeKind::Future && kind != TypeKind::ErrorContext;
}

bool is_readable(TypeKind kind) { return kind == TypeKind::Stream || kind == TypeKind::Future; }

/// The types that were looked at.
struct Seen {
  std::set<ValueType> plain;      ///< as a value that is there
  std::set<ValueType> readables;  ///< as one whose streams and futures may be read
};

/// The first part of a type that has no text form. Visits no type twice, since they are shared.
std::optional<ValueType> without_text(const TypeTable& types, ValueType type, Seen& all_seen,
                                      bool may_be_read) {
  const TypeKind kind = types.kind(type);
  if (may_be_read && is_readable(kind)) {
    const auto element = types.element(type);
    return element ? without_text(types, *element, all_seen, false) : std::nullopt;
  }
  if (!has_text_form(kind)) return type;
  std::set<ValueType>& seen = may_be_read ? all_seen.readables : all_seen.plain;
  if (is_primitive(kind) || !seen.insert(type).second) return std::nullopt;
  std::vector<std::optional<ValueType>> parts;
  if (kind == TypeKind::List || kind == TypeKind::FixedList || kind == TypeKind::Option) {
    parts = {types.element(type)};
  } else if (kind == TypeKind::Result) {
    parts = {types.ok(type), types.error(type)};
  } else if (kind == TypeKind::Map) {
    parts = {types.value(type)};  // keys are plain
  } else {
    for (const Member& member : types.members(type)) parts.push_back(member.type);
  }
  for (const std::optional<ValueType> part : parts) {
    if (!part) continue;
    if (const auto found = without_text(types, *part, all_seen, may_be_read)) return found;
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_wave(const TypeTable& types, const FunctionType& function) {
  Seen seen;
  for (const Member& param : function.params) {
    if (const auto part = without_text(types, *param.type, seen, false)) {
      return fail(Errc::Unsupported, "its parameter {} holds {}, which has no text form",
                  types.text(param.name), types.to_string(*part));
    }
  }
  if (function.result) {
    if (const auto part = without_text(types, *function.result, seen, true)) {
      return fail(Errc::Unsupported, "its result holds {}, which has no text form",
                  types.to_string(*part));
    }
  }
  return {};
}

}  // namespace wasmcloud::component
