#pragma once

#include "component/resource_type.h"
#include "component/type_description.h"
#include "component/types.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace wasmcloud::component {

struct RuntimeType;

/// A field, case or item; `offset` is its place in memory, after the start of the value.
struct RuntimePart {
  std::string name = {};
  const RuntimeType* type = nullptr;  ///< null where there is no payload
  uint32_t offset = 0;
};

/// A value type whose resources are run-time ones, with everything that moving values needs worked
/// out. Interned: two types of one table are equal if their addresses are.
struct RuntimeType {
  TypeKind kind = TypeKind::Bool;
  /// Every bit of the memory form belongs to the value and any of its values is valid, so bytes can
  /// be copied as they are. No padding: that would show one guest's memory to another.
  bool is_plain = false;
  bool has_borrow = false;
  /// No string, list or handle at any depth: moving it allocates nothing and runs no guest.
  bool is_static = false;
  /// Core values of it are passed on as they are: numbers of 32 and 64 bits.
  bool is_passed_on = false;
  uint32_t size = 0;
  uint32_t align = 1;
  uint32_t flat_count = 0;  ///< saturates
  uint32_t discriminant_size = 0;
  uint32_t payload_offset = 0;
  uint32_t length = 0;     ///< of a fixed list
  uint32_t flag_mask = 0;  ///< of flags
  std::vector<RuntimePart> parts = {};
  ResourceType resource = {};
  /// A description that it was found to be the same as; for is_same_type, by any thread.
  mutable const TypeDescription* known_as = nullptr;

  const RuntimeType* element() const { return parts[0].type; }
};

struct RuntimeFunction {
  bool is_async = false;
  const RuntimeType* params = nullptr;  ///< a record, which may be empty: its names are the params'
  const RuntimeType* result = nullptr;  ///< null: none

  bool params_spill() const { return params->flat_count > 16; }
  bool results_spill() const { return result != nullptr && result->flat_count > 1; }
  friend bool operator==(const RuntimeFunction&, const RuntimeFunction&) = default;
};

/// The types of one prepared component. Thread: any, once nothing is added.
class RuntimeTypes {
 public:
  using Resources = std::function<ResourceType(ResourceId)>;
  /// What descriptions call a guest's; a null pointer if there is none of that name.
  using GuestResources = std::function<const GuestResourceType*(const HostResourceType&)>;

  const RuntimeType* from(const TypeTable& table, ValueType type, const Resources& resources);
  RuntimeFunction from(const TypeTable& table, const FunctionType& type,
                       const Resources& resources);
  const RuntimeType* from(const TypeDescription& description, const GuestResources& guests = {});
  RuntimeFunction from(const FunctionDescription& description, const GuestResources& guests = {});

 private:
  const RuntimeType* intern(RuntimeType type);

  std::deque<RuntimeType> types_;
  std::map<std::string, const RuntimeType*> interned_;
};

/// Structural equality, for types of different tables; null for no type.
bool is_same_type(const RuntimeType* a, const RuntimeType* b);
bool is_same_type(const RuntimeType* a, const TypeDescription* b);
bool is_same_type(const TypeDescription* a, const TypeDescription* b);

/// As in WIT, for messages; cut off when very long.
std::string to_string(const RuntimeType& type);
std::string to_string(const RuntimeFunction& type);

}  // namespace wasmcloud::component
