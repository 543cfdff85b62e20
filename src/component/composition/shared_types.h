#pragma once

#include "component/types.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace wasmcloud::component::composition {

/// A resource of the composition: of one import, or of one instance that defines it. Different
/// numbers may turn out to be the same one.
class Resources {
 public:
  ResourceId add();
  /// The number that stands for all that are the same.
  ResourceId same(ResourceId id) const;
  /// They are one from now on.
  void unite(ResourceId a, ResourceId b);

 private:
  mutable std::vector<uint32_t> above_;
};

/// Which of the composition's resources one instance's own ones are.
using Bindings = std::map<ResourceId, ResourceId>;

/// The types of all instances in one table, where equal means that values may pass between them.
/// Nothing may be united any more.
class SharedTypes {
 public:
  explicit SharedTypes(const Resources& resources) : resources_(resources) {}

  /// A type of `from` in the shared table; none if it mentions a resource that is not bound.
  std::optional<ValueType> value(const TypeTable& from, ValueType type, const Bindings& bindings);
  std::optional<FunctionTypeId> function(const TypeTable& from, FunctionTypeId type,
                                         const Bindings& bindings);

  const TypeTable& table() const { return table_; }
  ResourceId same(ResourceId id) const { return resources_.same(id); }

 private:
  const Resources& resources_;
  TypeTable table_;
};

}  // namespace wasmcloud::component::composition
