#include "component/composition/shared_types.h"

#include <algorithm>
#include <unordered_map>

namespace wasmcloud::component::composition {

ResourceId Resources::add() {
  above_.push_back(static_cast<uint32_t>(above_.size()));
  return {above_.back()};
}

ResourceId Resources::same(ResourceId id) const {
  while (above_[id.value] != id.value) {
    above_[id.value] = above_[above_[id.value]];
    id.value = above_[id.value];
  }
  return id;
}

void Resources::unite(ResourceId a, ResourceId b) {
  // The earlier number stands for both, so that the order of the composition decides.
  const auto [first, second] = std::minmax(same(a).value, same(b).value);
  above_[second] = first;
}

namespace {

/// Brings one type over, each of its parts once.
class Translation {
 public:
  Translation(const TypeTable& from, TypeTable& to, const Bindings& bindings,
              const Resources& resources)
      : from_(from), to_(to), bindings_(bindings), resources_(resources) {}

  std::optional<ValueType> value(ValueType type) {
    if (is_primitive(from_.kind(type))) return type;
    if (const auto known = known_.find(type.value); known != known_.end()) return known->second;
    const std::optional<ValueType> made = make(type);
    known_.emplace(type.value, made);
    return made;
  }

  std::optional<FunctionTypeId> function(FunctionTypeId type) {
    const FunctionType& own = from_[type];
    FunctionType out{.is_async = own.is_async};
    if (!members(own.params, out.params)) return std::nullopt;
    if (own.result) {
      out.result = value(*own.result);
      if (!out.result) return std::nullopt;
    }
    return to_.function(out);
  }

 private:
  bool members(std::span<const Member> own, std::vector<Member>& out) {
    for (const Member& member : own) {
      Member& made = out.emplace_back(Member{.name = to_.name(from_.text(member.name))});
      if (!member.type) continue;
      made.type = value(*member.type);
      if (!made.type) return false;
    }
    return true;
  }

  std::optional<ValueType> handle(ValueType type) {
    const auto bound = bindings_.find(from_.resource(type));
    if (bound == bindings_.end()) return std::nullopt;
    const ResourceId resource = resources_.same(bound->second);
    return from_.kind(type) == TypeKind::Own ? to_.own(resource) : to_.borrow(resource);
  }

  /// A part that may not be there: false if it is, and cannot be brought over.
  bool part(std::optional<ValueType> own, std::optional<ValueType>& out) {
    if (own) out = value(*own);
    return !own || out;
  }

  std::optional<ValueType> of_members(ValueType type) {
    std::vector<Member> parts;
    if (!members(from_.members(type), parts)) return std::nullopt;
    std::vector<Name> labels;
    std::vector<ValueType> items;
    for (const Member& each : parts) {
      labels.push_back(each.name);
      if (each.type) items.push_back(*each.type);
    }
    const TypeKind kind = from_.kind(type);
    if (kind == TypeKind::Record) return to_.record(parts);
    if (kind == TypeKind::Variant) return to_.variant(parts);
    if (kind == TypeKind::Tuple) return to_.tuple(items);
    return kind == TypeKind::Flags ? to_.flags(labels) : to_.enumeration(labels);
  }

  std::optional<ValueType> make(ValueType type) {
    const TypeKind kind = from_.kind(type);
    if (kind == TypeKind::Own || kind == TypeKind::Borrow) return handle(type);
    std::optional<ValueType> first;
    std::optional<ValueType> second;
    if (kind == TypeKind::Result) {
      if (!part(from_.ok(type), first) || !part(from_.error(type), second)) return std::nullopt;
      return to_.result(first, second);
    }
    if (kind == TypeKind::Map) {
      if (!part(from_.key(type), first) || !part(from_.value(type), second)) return std::nullopt;
      return to_.map(*first, *second);
    }
    const bool has_element = kind == TypeKind::List || kind == TypeKind::FixedList ||
                             kind == TypeKind::Option || kind == TypeKind::Stream ||
                             kind == TypeKind::Future;
    if (!has_element) return of_members(type);
    if (!part(from_.element(type), first)) return std::nullopt;
    if (kind == TypeKind::List) return to_.list(*first);
    if (kind == TypeKind::FixedList) return to_.fixed_list(*first, from_.length(type));
    if (kind == TypeKind::Option) return to_.option(*first);
    return kind == TypeKind::Stream ? to_.stream(first) : to_.future(first);
  }

  const TypeTable& from_;
  TypeTable& to_;
  const Bindings& bindings_;
  const Resources& resources_;
  std::unordered_map<uint32_t, std::optional<ValueType>> known_;
};

}  // namespace

std::optional<ValueType> SharedTypes::value(const TypeTable& from, ValueType type,
                                            const Bindings& bindings) {
  return Translation(from, table_, bindings, resources_).value(type);
}

std::optional<FunctionTypeId> SharedTypes::function(const TypeTable& from, FunctionTypeId type,
                                                    const Bindings& bindings) {
  return Translation(from, table_, bindings, resources_).function(type);
}

}  // namespace wasmcloud::component::composition
