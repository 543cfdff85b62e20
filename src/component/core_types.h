#pragma once

#include "component/indices.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wasmcloud::component {

/// A core type after canonicalisation: equal types of all modules of a binary have equal ids (an
/// index of `CoreTypeTable`).
using CoreTypeId = Index<struct CoreTypeIdTag>;

enum class CoreHeap : uint8_t {
  Func,
  Extern,
  Any,
  Eq,
  I31,
  Struct,
  Array,
  Exn,
  Cont,
  NoFunc,
  NoExtern,
  None,
  NoExn,
  NoCont,
  Concrete,  ///< a defined type
};

/// A core value type, or a packed type where a field or element type is meant.
struct CoreValueType {
  enum class Kind : uint8_t { I32, I64, F32, F64, V128, Ref, I8, I16 };
  Kind kind = Kind::I32;
  bool nullable = false;  ///< of Ref
  bool shared = false;    ///< of Ref to an abstract heap type
  CoreHeap heap = CoreHeap::Func;
  /// Of CoreHeap::Concrete. As decoded: a type index of the module or component. In resolved types:
  /// a CoreTypeId.
  uint32_t concrete = 0;

  friend bool operator==(const CoreValueType&, const CoreValueType&) = default;
};

struct CoreFunctionType {
  std::vector<CoreValueType> params = {};
  std::vector<CoreValueType> results = {};
  friend bool operator==(const CoreFunctionType&, const CoreFunctionType&) = default;
};

struct CoreFieldType {
  CoreValueType type = {};
  bool is_mutable = false;
  friend bool operator==(const CoreFieldType&, const CoreFieldType&) = default;
};

/// One type of a recursion group. A plain function type is a final one without supertypes in a
/// group of its own.
struct CoreSubType {
  enum class Kind : uint8_t { Function, Struct, Array, Continuation };
  Kind kind = Kind::Function;
  bool is_final = true;
  bool shared = false;
  /// a type index or a CoreTypeId, as in CoreValueType::concrete
  std::optional<uint32_t> supertype = {};
  CoreFunctionType function = {};          ///< of Function
  std::vector<CoreFieldType> fields = {};  ///< of Struct; one of Array
  uint32_t continuation = 0;               ///< of Continuation: the function type
};

struct CoreRecursionGroup {
  std::vector<CoreSubType> types = {};
  bool is_explicit = false;  ///< written as a group
};

struct CoreLimits {
  uint64_t min = 0;
  std::optional<uint64_t> max = {};
  bool is_64 = false;
  bool shared = false;
};

struct CoreMemoryType {
  CoreLimits limits = {};  ///< in pages
  uint32_t page_size_log2 = 16;
};

struct CoreTableType {
  CoreValueType element = {};
  CoreLimits limits = {};
};

struct CoreGlobalType {
  CoreValueType type = {};
  bool is_mutable = false;
  bool shared = false;
};

/// What a core module imports or exports. `type` of functions and tags: a type index as decoded, a
/// CoreTypeId resolved.
struct CoreFunctionExtern {
  uint32_t type = 0;
};
struct CoreTagExtern {
  uint32_t type = 0;
};
using CoreExternType =
    std::variant<CoreFunctionExtern, CoreTableType, CoreMemoryType, CoreGlobalType, CoreTagExtern>;

/// The index space that an item of this type lives in.
inline Sort sort_of(const CoreExternType& type) { return static_cast<Sort>(type.index()); }

}  // namespace wasmcloud::component
