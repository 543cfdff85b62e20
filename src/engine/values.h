#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::engine {

/// One core value as functions take and return it; which member counts is known from the function's
/// type. Layout of the engine's own raw value.
union alignas(8) RawValue {
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  float f32;
  double f64;
  std::byte v128[16];
  void* funcref;
};
static_assert(sizeof(RawValue) == 16);

/// The handles below are values: copyable, without a destructor, good for one store and as long as
/// it. What they hold is the engine's; a default one is null.
struct Func {
  uint64_t store_id = 0;
  void* reserved = nullptr;

  bool is_null() const { return store_id == 0; }
  friend bool operator==(const Func&, const Func&) = default;
};

struct Memory {
  uint64_t store_id = 0;
  uint64_t reserved[2] = {};

  bool is_null() const { return store_id == 0; }
};

struct Table {
  uint64_t store_id = 0;
  uint64_t reserved[2] = {};

  bool is_null() const { return store_id == 0; }
};

struct Global {
  uint64_t store_id = 0;
  uint64_t reserved[2] = {};

  bool is_null() const { return store_id == 0; }
};

struct Tag {
  uint64_t store_id = 0;
  uint64_t reserved[2] = {};
};

struct CoreInstance {
  uint64_t store_id = 0;
  size_t reserved = 0;

  bool is_null() const { return store_id == 0; }
};

enum class ExternKind : uint8_t { Func, Global, Table, Memory, SharedMemory, Tag };

/// Anything a module imports or exports, in one store. Shared memories are not supported.
struct Extern {
  ExternKind kind = ExternKind::Func;
  union {
    engine::Func func;
    engine::Global global;
    engine::Table table;
    engine::Memory memory;
    engine::Tag tag;
  };

  Extern() : func() {}
  Extern(engine::Func value) : kind(ExternKind::Func), func(value) {}
  Extern(engine::Global value) : kind(ExternKind::Global), global(value) {}
  Extern(engine::Table value) : kind(ExternKind::Table), table(value) {}
  Extern(engine::Memory value) : kind(ExternKind::Memory), memory(value) {}
  Extern(engine::Tag value) : kind(ExternKind::Tag), tag(value) {}
};

enum class ValueType : uint8_t {
  I32,
  I64,
  F32,
  F64,
  V128,
  FuncRef,    ///< nullable reference to any function
  ExternRef,  ///< nullable reference to something of the host
  OtherRef,   ///< any other reference; the engine checks it, we only pass it along
};
std::string_view name_of(ValueType type);

struct FuncType {
  std::vector<ValueType> params;
  std::vector<ValueType> results;

  friend bool operator==(const FuncType&, const FuncType&) = default;
};

struct MemoryType {
  uint64_t min_pages = 0;
  std::optional<uint64_t> max_pages;
  bool is_64 = false;
  bool is_shared = false;

  friend bool operator==(const MemoryType&, const MemoryType&) = default;
};

/// The type of an import or export: the member that belongs to `kind` counts.
struct ExternType {
  ExternKind kind = ExternKind::Func;
  FuncType func;
  MemoryType memory;
  ValueType value = ValueType::I32;  ///< of a global, or the elements of a table
  bool is_mutable = false;           ///< of a global
};

struct ImportType {
  std::string module;
  std::string name;
  ExternType type;
};

struct ExportType {
  std::string name;
  ExternType type;
};

}  // namespace wasmcloud::engine
