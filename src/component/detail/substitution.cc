#include "component/detail/substitution.h"

#include "component/detail/type_store.h"

namespace wasmcloud::component::detail {

ResourceId Substitution::operator()(ResourceId id) const {
  const auto found = resources_.find(id.value);
  return found == resources_.end() ? id : found->second;
}

ValueType Substitution::operator()(ValueType type) {
  if (resources_.empty() || !types_.has_resource(type)) return type;
  if (const auto found = values_.find(type.value); found != values_.end()) return found->second;
  work_.spend();
  const ValueType replaced = replace_parts(type);
  values_.emplace(type.value, replaced);
  return replaced;
}

ValueType Substitution::replace_parts(ValueType type) {
  using Impl = TypeTable::Impl;
  Impl& impl = types_.impl();
  const Impl::Node node = impl.nodes[type.value];
  if (node.kind == TypeKind::Own || node.kind == TypeKind::Borrow) {
    const ResourceId resource = (*this)(ResourceId{node.first});
    return impl.intern(node.kind, resource.value, node.second, node.length, node.tag, {});
  }
  const auto replace_part = [&](uint32_t part) {
    return part == Impl::kNone ? part : (*this)(ValueType{part}).value;
  };
  const uint32_t first = replace_part(node.first);
  const uint32_t second = replace_part(node.second);
  bool changed = first != node.first || second != node.second;
  std::vector<Member> members(impl.members_of(node).begin(), impl.members_of(node).end());
  work_.spend(members.size());
  for (Member& member : members) {
    if (!member.type) continue;
    const ValueType replaced = (*this)(*member.type);
    changed = changed || replaced != *member.type;
    member.type = replaced;
  }
  if (!changed) return type;
  const uint32_t tag = node.tag == 0 ? 0 : impl.new_tag();
  return impl.intern(node.kind, first, second, node.length, tag, std::move(members));
}

FunctionTypeId Substitution::operator()(FunctionTypeId type) {
  if (resources_.empty() || !types_.impl().functions[type.value].has_resource) return type;
  if (const auto found = functions_.find(type.value); found != functions_.end())
    return found->second;
  FunctionType function = types_[type];
  work_.spend(function.params.size() + 1);
  for (Member& param : function.params) param.type = (*this)(*param.type);
  if (function.result) function.result = (*this)(*function.result);
  const FunctionTypeId replaced = types_.function(function);
  functions_.emplace(type.value, replaced);
  return replaced;
}

ExternList Substitution::replace(const ExternList& list) {
  ExternList replaced;
  for (const NamedExtern& item : list.items()) replaced.add(item.name, (*this)(item.type));
  return replaced;
}

InstanceTypeId Substitution::operator()(InstanceTypeId type) {
  if (resources_.empty() || !types_[type].has_resource || work_.is_exhausted()) return type;
  if (const auto found = instances_.find(type.value); found != instances_.end())
    return found->second;
  const InstanceType& old = types_[type];
  work_.spend(old.exports.size() + 1);
  InstanceType replaced{.exports = replace(old.exports),
                        .fresh = old.fresh,
                        .has_resource = true,
                        .size = old.size,
                        .depth = old.depth};
  const InstanceTypeId id = types_.instance(std::move(replaced));
  instances_.emplace(type.value, id);
  return id;
}

ComponentTypeId Substitution::operator()(ComponentTypeId type) {
  if (resources_.empty() || !types_[type].has_resource || work_.is_exhausted()) return type;
  if (const auto found = components_.find(type.value); found != components_.end())
    return found->second;
  const ComponentType& old = types_[type];
  work_.spend(old.imports.size() + old.exports.size() + 1);
  ComponentType replaced{.imports = replace(old.imports),
                         .exports = replace(old.exports),
                         .imported = old.imported,
                         .fresh = old.fresh,
                         .has_resource = true,
                         .size = old.size,
                         .depth = old.depth};
  const ComponentTypeId id = types_.component(std::move(replaced));
  components_.emplace(type.value, id);
  return id;
}

TypeEntity Substitution::operator()(TypeEntity type) {
  switch (type.kind) {
    case TypeEntity::Kind::Value:
      type.id = (*this)(type.value()).value;
      return type;
    case TypeEntity::Kind::Function:
      type.id = (*this)(type.function()).value;
      return type;
    case TypeEntity::Kind::Resource:
      type.id = (*this)(type.resource()).value;
      return type;
    case TypeEntity::Kind::Component:
      type.id = (*this)(type.component()).value;
      return type;
    case TypeEntity::Kind::Instance:
      type.id = (*this)(type.instance()).value;
      return type;
  }
  return type;
}

ExternType Substitution::operator()(ExternType type) {
  switch (type.kind) {
    case ExternType::Kind::CoreModule:
      return type;
    case ExternType::Kind::Function:
      type.id = (*this)(type.function()).value;
      return type;
    case ExternType::Kind::Value:
      type.id = (*this)(type.value()).value;
      return type;
    case ExternType::Kind::Type:
      type.type = (*this)(type.type);
      return type;
    case ExternType::Kind::Component:
      type.id = (*this)(type.component()).value;
      return type;
    case ExternType::Kind::Instance:
      type.id = (*this)(type.instance()).value;
      return type;
  }
  return type;
}

}  // namespace wasmcloud::component::detail
