#include "component/detail/visibility.h"

#include "component/detail/type_store.h"

#include <algorithm>

namespace wasmcloud::component::detail {

bool NamedTypes::contains(uint64_t key) const {
  return keys_.contains(key) || (outer_ != nullptr && outer_->contains(key));
}

void NamedTypes::insert(const TypeEntity& type) {
  if (type.kind == TypeEntity::Kind::Value) keys_.insert(type.id);
  if (type.kind == TypeEntity::Kind::Resource)
    keys_.insert(resource_key(type.resource(), type.tag));
}

bool NamedTypes::is_named(ValueType type) {
  const TypeKind kind = types_.kind(type);
  if (is_primitive(kind)) return true;
  work_.spend();
  if (kind == TypeKind::Own || kind == TypeKind::Borrow) return value_parts_named(type);
  if (contains(type.value)) return true;
  if (is_named_kind(kind) || !value_parts_named(type)) return false;
  keys_.insert(type.value);
  return true;
}

bool NamedTypes::value_parts_named(ValueType type) {
  const TypeTable::Impl& impl = types_.impl();
  const TypeTable::Impl::Node& node = impl.nodes[type.value];
  if (node.kind == TypeKind::Own || node.kind == TypeKind::Borrow) {
    return contains(resource_key(ResourceId{node.first}, node.tag));
  }
  work_.spend(node.member_count);
  const auto part_named = [&](uint32_t part) {
    return part == TypeTable::Impl::kNone || is_named(ValueType{part});
  };
  return part_named(node.first) && part_named(node.second) &&
         std::ranges::all_of(impl.members_of(node), [&](const Member& member) {
           return !member.type || is_named(*member.type);
         });
}

bool NamedTypes::is_named(FunctionTypeId type) {
  const FunctionType& function = types_[type];
  work_.spend(function.params.size() + 1);
  return std::ranges::all_of(function.params,
                             [&](const Member& param) { return is_named(*param.type); }) &&
         (!function.result || is_named(*function.result));
}

bool NamedTypes::parts_named(const TypeEntity& type) {
  switch (type.kind) {
    case TypeEntity::Kind::Value:
      return value_parts_named(type.value());
    case TypeEntity::Kind::Function:
      return is_named(type.function());
    case TypeEntity::Kind::Resource:
      return true;
    case TypeEntity::Kind::Component: {
      NamedTypes inside(types_, work_, this);
      const ComponentType& component = types_[type.component()];
      return closed(component.imports, inside) && closed(component.exports, inside);
    }
    case TypeEntity::Kind::Instance: {
      NamedTypes inside(types_, work_, this);
      return closed(types_[type.instance()].exports, inside);
    }
  }
  return true;
}

bool NamedTypes::closed(const ExternList& list, NamedTypes& inside) {
  return std::ranges::all_of(
      list.items(), [&](const NamedExtern& item) { return inside.check_and_insert(item.type); });
}

bool NamedTypes::check_and_insert(const ExternType& type) {
  if (work_.is_exhausted()) return true;  // whoever gave the work looks at it
  work_.spend();
  switch (type.kind) {
    case ExternType::Kind::Type:
      if (!parts_named(type.type)) return false;
      insert(type.type);
      return true;
    case ExternType::Kind::Function:
      return is_named(type.function());
    case ExternType::Kind::Value:
      return is_named(type.value());
    case ExternType::Kind::Instance:
      return std::ranges::all_of(
          types_[type.instance()].exports.items(),
          [&](const NamedExtern& item) { return check_and_insert(item.type); });
    case ExternType::Kind::CoreModule:
    case ExternType::Kind::Component:
      return true;  // closed
  }
  return true;
}

}  // namespace wasmcloud::component::detail
