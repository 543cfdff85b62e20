#pragma once

#include "base/error.h"
#include "component/detail/hashed.h"
#include "component/detail/substitution.h"
#include "component/types.h"

namespace wasmcloud::component::detail {

/// Whether things of one type can stand where another type is expected. Abstract resource types of
/// the expected side are found on the way: each is bound where the expected type introduces it, to
/// what stands there on the actual side, and must be the same everywhere after.
class Matcher {
 public:
  Matcher(TypeTable& types, Work& work) : types_(types), work_(work), bindings_(types, work) {}

  /// These resource types of the expected side are to be found.
  void open(std::span<const ResourceId> resources);
  /// Errors name what differs, from the outside in.
  Result<void> match(const ExternType& actual, const ExternType& expected);
  /// What was found.
  Substitution& bindings() { return bindings_; }

 private:
  Result<void> match_type(const TypeEntity& actual, const TypeEntity& expected);
  Result<void> match_value(ValueType actual, ValueType expected);
  Result<void> match_function(FunctionTypeId actual, FunctionTypeId expected);
  Result<void> match_instance(InstanceTypeId actual, InstanceTypeId expected);
  Result<void> match_component(ComponentTypeId actual, ComponentTypeId expected);
  Result<void> match_module(CoreModuleTypeId actual, CoreModuleTypeId expected);

  TypeTable& types_;
  Work& work_;
  HashSet<uint32_t> unbound_;
  Substitution bindings_;
};

}  // namespace wasmcloud::component::detail
