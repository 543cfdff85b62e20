#pragma once

#include "component/detail/hashed.h"
#include "component/detail/work.h"
#include "component/types.h"

namespace wasmcloud::component::detail {

/// Replaces resource types in types. Types that mention none of them stay as they are; named types
/// that change get a new name tag, the same one wherever they occur.
class Substitution {
 public:
  Substitution(TypeTable& types, Work& work) : types_(types), work_(work) {}

  void bind(ResourceId from, ResourceId to) { resources_.insert_or_assign(from.value, to); }
  /// A type known by one name is known by another from here on: what an instantiation gives for an
  /// import, and with it the types that instances on both sides export.
  void rename(const ExternType& from, const ExternType& to);

  ResourceId operator()(ResourceId id) const;
  ValueType operator()(ValueType type);
  FunctionTypeId operator()(FunctionTypeId type);
  InstanceTypeId operator()(InstanceTypeId type);
  ComponentTypeId operator()(ComponentTypeId type);
  TypeEntity operator()(TypeEntity type);
  ExternType operator()(ExternType type);

 private:
  bool is_empty() const { return resources_.empty() && !renames_; }
  bool is_unaffected(bool has_resource) const { return is_empty() || (!has_resource && !renames_); }
  void rename(const TypeEntity& from, const TypeEntity& to);
  ValueType replace_parts(ValueType type);
  ExternList replace(const ExternList& list);

  TypeTable& types_;
  Work& work_;
  HashMap<uint32_t, ResourceId> resources_;
  struct Resource {
    ResourceId id;
    uint32_t tag;
  };
  Resource replace(ResourceId id, uint32_t tag) const;

  bool renames_ = false;
  HashMap<uint64_t, Resource> named_resources_;  // by resource_key
  HashMap<uint32_t, ValueType> values_;          // renamed ones, and what was found out
  HashMap<uint32_t, FunctionTypeId> functions_;
  HashMap<uint32_t, InstanceTypeId> instances_;
  HashMap<uint32_t, ComponentTypeId> components_;
};

}  // namespace wasmcloud::component::detail
