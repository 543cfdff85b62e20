#pragma once

#include "component/detail/hashed.h"
#include "component/detail/work.h"
#include "component/types.h"

#include <cstdint>

namespace wasmcloud::component::detail {

/// The types that have a name where somebody stands outside of a scope (Explainer.md, "External
/// Visibility of Types"): one such set of a scope holds what its imports name, another what its
/// imports and exports name.
///
/// Only resources, records, variants, enums and flags need names. What counts is the name tag that
/// the import or export gave, not what the type looks like.
class NamedTypes {
 public:
  NamedTypes(const TypeTable& types, Work& work, const NamedTypes* outer = nullptr)
      : types_(types), work_(work), outer_(outer) {}

  /// Whether the parts of a type are named; for a type that is just getting its own name.
  bool parts_named(const TypeEntity& type);
  bool is_named(ValueType type);
  bool is_named(FunctionTypeId type);
  /// Whether everything that a thing mentions is named. What an instance exports names types
  /// itself, and stays named.
  bool check_and_insert(const ExternType& type);
  void insert(const TypeEntity& type);

 private:
  bool value_parts_named(ValueType type);
  bool contains(uint64_t key) const;
  /// Imports and exports of a type, whose own names count within it only.
  bool closed(const ExternList& list, NamedTypes& inside);

  const TypeTable& types_;
  Work& work_;
  const NamedTypes* outer_;
  // Besides what was named, other value types that have been found to be made of named ones: that
  // stays true.
  HashSet<uint64_t> keys_;
};

/// A resource by the name it is meant by.
inline uint64_t resource_key(ResourceId id, uint32_t tag) {
  return uint64_t{1} << 63 | uint64_t{id.value} << 32 | tag;
}

}  // namespace wasmcloud::component::detail
