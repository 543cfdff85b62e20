#pragma once

#include "component/detail/work.h"
#include "component/types.h"

#include <unordered_map>

namespace wasmcloud::component::detail {

/// Replaces resource types in types. Types that mention none of them stay as they are; named types
/// that change get a new name tag, the same one wherever they occur.
class Substitution {
 public:
  Substitution(TypeTable& types, Work& work) : types_(types), work_(work) {}

  void bind(ResourceId from, ResourceId to) { resources_.insert_or_assign(from.value, to); }
  bool has(ResourceId id) const { return resources_.contains(id.value); }
  bool is_empty() const { return resources_.empty(); }

  ResourceId operator()(ResourceId id) const;
  ValueType operator()(ValueType type);
  FunctionTypeId operator()(FunctionTypeId type);
  InstanceTypeId operator()(InstanceTypeId type);
  ComponentTypeId operator()(ComponentTypeId type);
  TypeEntity operator()(TypeEntity type);
  ExternType operator()(ExternType type);

 private:
  ValueType replace_parts(ValueType type);
  ExternList replace(const ExternList& list);

  TypeTable& types_;
  Work& work_;
  std::unordered_map<uint32_t, ResourceId> resources_;
  std::unordered_map<uint32_t, ValueType> values_;
  std::unordered_map<uint32_t, FunctionTypeId> functions_;
  std::unordered_map<uint32_t, InstanceTypeId> instances_;
  std::unordered_map<uint32_t, ComponentTypeId> components_;
};

}  // namespace wasmcloud::component::detail
