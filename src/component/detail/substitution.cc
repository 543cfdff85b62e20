#include "component/detail/substitution.h"

#include "component/detail/type_store.h"
#include "component/detail/visibility.h"

namespace wasmcloud::component::detail {

ResourceId Substitution::operator()(ResourceId id) const {
  const auto found = resources_.find(id.value);
  return found == resources_.end() ? id : found->second;
}

Substitution::Resource Substitution::replace(ResourceId id, uint32_t tag) const {
  const auto named = named_resources_.find(resource_key(id, tag));
  return named != named_resources_.end() ? named->second : Resource{.id = (*this)(id), .tag = tag};
}

void Substitution::rename(const TypeEntity& from, const TypeEntity& to) {
  if (from.kind == TypeEntity::Kind::Resource) {
    renames_ = true;
    named_resources_.insert_or_assign(resource_key(from.resource(), from.tag),
                                      Resource{.id = to.resource(), .tag = to.tag});
  } else if (from.kind == TypeEntity::Kind::Value && is_named_kind(types_.kind(from.value()))) {
    renames_ = true;
    values_.insert_or_assign(from.id, to.value());
  }
}

void Substitution::rename(const ExternType& from, const ExternType& to) {
  work_.spend();
  if (from.kind == ExternType::Kind::Type) return rename(from.type, to.type);
  if (from.kind != ExternType::Kind::Instance || work_.is_exhausted()) return;
  const InstanceType& given = types_[to.instance()];
  for (const NamedExtern& item : types_[from.instance()].exports.items()) {
    if (const ExternType* type = given.exports.find(item.name)) rename(item.type, *type);
  }
}

ValueType Substitution::operator()(ValueType type) {
  if (is_empty()) return type;
  // Nothing in a type without resources and names can change.
  if (!types_.has_resource(type) && (!renames_ || types_.plain(type) == type)) return type;
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
    const Resource resource = replace(ResourceId{node.first}, node.tag);
    return impl.intern(node.kind, resource.id.value, node.second, node.length, resource.tag, {});
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
  if (is_unaffected(types_.impl().functions[type.value].has_resource)) return type;
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
  if (is_unaffected(types_[type].has_resource) || work_.is_exhausted()) return type;
  if (const auto found = instances_.find(type.value); found != instances_.end())
    return found->second;
  const InstanceType& old = types_[type];
  work_.spend(old.exports.size() + 1);
  InstanceType replaced{.exports = replace(old.exports),
                        .fresh = old.fresh,
                        .has_resource = old.has_resource,
                        .size = old.size,
                        .depth = old.depth};
  const InstanceTypeId id = types_.instance(std::move(replaced));
  instances_.emplace(type.value, id);
  return id;
}

ComponentTypeId Substitution::operator()(ComponentTypeId type) {
  if (is_unaffected(types_[type].has_resource) || work_.is_exhausted()) return type;
  if (const auto found = components_.find(type.value); found != components_.end())
    return found->second;
  const ComponentType& old = types_[type];
  work_.spend(old.imports.size() + old.exports.size() + 1);
  ComponentType replaced{.imports = replace(old.imports),
                         .exports = replace(old.exports),
                         .imported = old.imported,
                         .fresh = old.fresh,
                         .has_resource = old.has_resource,
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
    case TypeEntity::Kind::Resource: {
      const Resource replaced = replace(type.resource(), type.tag);
      type.id = replaced.id.value;
      type.tag = replaced.tag;
      return type;
    }
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
