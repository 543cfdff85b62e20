#include "component/detail/core_reader.h"

#include "component/limits.h"

namespace wasmcloud::component::detail {
namespace {

using Kind = CoreValueType::Kind;

/// absheaptype ::= 0x68 … 0x75
std::optional<CoreHeap> abstract_heap(uint8_t code) {
  switch (code) {
    case 0x68:
      return CoreHeap::Cont;
    case 0x69:
      return CoreHeap::Exn;
    case 0x6a:
      return CoreHeap::Array;
    case 0x6b:
      return CoreHeap::Struct;
    case 0x6c:
      return CoreHeap::I31;
    case 0x6d:
      return CoreHeap::Eq;
    case 0x6e:
      return CoreHeap::Any;
    case 0x6f:
      return CoreHeap::Extern;
    case 0x70:
      return CoreHeap::Func;
    case 0x71:
      return CoreHeap::None;
    case 0x72:
      return CoreHeap::NoExtern;
    case 0x73:
      return CoreHeap::NoFunc;
    case 0x74:
      return CoreHeap::NoExn;
    case 0x75:
      return CoreHeap::NoCont;
    default:
      return std::nullopt;
  }
}

/// heaptype ::= absheaptype | 0x65 absheaptype (shared) | x:s33 (x ≥ 0)
Result<CoreValueType> read_reference(ReaderView& reader, bool nullable) {
  CoreValueType type{.kind = Kind::Ref, .nullable = nullable};
  const size_t at = reader.offset();
  uint8_t next = reader.peek().value_or(0);
  if (next == 0x65) {
    TRY(reader.byte());
    type.shared = true;
    next = reader.peek().value_or(0);
  }
  if (const auto heap = abstract_heap(next)) {
    TRY(reader.byte());
    type.heap = *heap;
    return type;
  }
  const int64_t index = TRY(reader.s33());
  if (index < 0 || type.shared)
    return fail(Errc::Malformed, "unknown heap type at offset {:#x}", at);
  type.heap = CoreHeap::Concrete;
  type.concrete = static_cast<uint32_t>(index);
  return type;
}

/// storagetype ::= valtype | 0x78 (i8) | 0x77 (i16)
Result<CoreFieldType> read_field(ReaderView& reader) {
  CoreFieldType field;
  const uint8_t next = reader.peek().value_or(0);
  if (next == 0x78 || next == 0x77) {
    TRY(reader.byte());
    field.type.kind = next == 0x78 ? Kind::I8 : Kind::I16;
  } else {
    field.type = TRY(read_core_value_type(reader));
  }
  field.is_mutable = TRY(reader.flag("mutability"));
  return field;
}

/// comptype ::= 0x60 … | 0x5f … | 0x5e … | 0x5d …, each with 0x65 in front if shared
Result<void> read_composite(ReaderView& reader, CoreSubType& type) {
  if (reader.peek() == 0x65) {
    TRY(reader.byte());
    type.shared = true;
  }
  const size_t at = reader.offset();
  const auto value = [&] { return read_core_value_type(reader); };
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x60:
      type.kind = CoreSubType::Kind::Function;
      type.function.params =
          TRY(read_vector<CoreValueType>(reader, kMaxCoreParams, "core parameters", value));
      type.function.results =
          TRY(read_vector<CoreValueType>(reader, kMaxCoreResults, "core results", value));
      return {};
    case 0x5f:
      type.kind = CoreSubType::Kind::Struct;
      type.fields = TRY(read_vector<CoreFieldType>(reader, kMaxMembers, "struct fields",
                                                   [&] { return read_field(reader); }));
      return {};
    case 0x5e:
      type.kind = CoreSubType::Kind::Array;
      type.fields.push_back(TRY(read_field(reader)));
      return {};
    case 0x5d: {
      type.kind = CoreSubType::Kind::Continuation;
      const int64_t index = TRY(reader.s33());
      if (index < 0) return fail(Errc::Malformed, "unknown continuation type at offset {:#x}", at);
      type.continuation = static_cast<uint32_t>(index);
      return {};
    }
    default:
      return fail(Errc::Malformed, "core type {:#04x} at offset {:#x}; expected 0x5d to 0x60", code,
                  at);
  }
}

/// subtype ::= 0x4f vec(typeidx) comptype (final) | 0x50 vec(typeidx) comptype | comptype
Result<CoreSubType> read_subtype(ReaderView& reader) {
  CoreSubType type;
  const auto next = reader.peek();
  if (next == 0x4f || next == 0x50) {
    TRY(reader.byte());
    type.is_final = next == 0x4f;
    const uint32_t supertypes = TRY(reader.count(1, "supertypes"));
    if (supertypes == 1) type.supertype = TRY(reader.u32());
  }
  TRY(read_composite(reader, type));
  return type;
}

struct LimitsWithPage {
  CoreLimits limits;
  uint32_t page_size_log2 = 16;
};

/// limits, with the proposals' flags: 1 maximum, 2 shared, 4 64-bit, 8 (memories only) page size
Result<LimitsWithPage> read_limits(ReaderView& reader, uint8_t allowed) {
  const size_t at = reader.offset();
  const uint8_t flags = TRY(reader.byte());
  if ((flags & ~allowed) != 0) {
    return fail(Errc::Malformed, "limits flags {:#04x} at offset {:#x} have unknown bits", flags,
                at);
  }
  LimitsWithPage result;
  CoreLimits& limits = result.limits;
  limits.shared = (flags & 2) != 0;
  limits.is_64 = (flags & 4) != 0;
  limits.min = limits.is_64 ? TRY(reader.u64()) : TRY(reader.u32());
  if ((flags & 1) != 0) limits.max = limits.is_64 ? TRY(reader.u64()) : TRY(reader.u32());
  if ((flags & 8) != 0) {
    result.page_size_log2 = TRY(reader.u32());
    if (result.page_size_log2 > 16) {
      return fail(Errc::Malformed, "page size 2^{} at offset {:#x}", result.page_size_log2, at);
    }
  }
  if (limits.max && *limits.max < limits.min) {
    return fail(Errc::Invalid,
                "limits at offset {:#x}: the minimum must not be greater than the maximum", at);
  }
  if (limits.shared && !limits.max)
    return fail(Errc::Invalid, "shared limits at offset {:#x} need a maximum", at);
  return result;
}

}  // namespace

Result<CoreValueType> read_core_value_type(ReaderView& reader) {
  const size_t at = reader.offset();
  const uint8_t code = TRY(reader.byte());
  switch (code) {
    case 0x7f:
      return CoreValueType{.kind = Kind::I32};
    case 0x7e:
      return CoreValueType{.kind = Kind::I64};
    case 0x7d:
      return CoreValueType{.kind = Kind::F32};
    case 0x7c:
      return CoreValueType{.kind = Kind::F64};
    case 0x7b:
      return CoreValueType{.kind = Kind::V128};
    case 0x63:
      return read_reference(reader, true);
    case 0x64:
      return read_reference(reader, false);
    default:
      if (const auto heap = abstract_heap(code)) {
        return CoreValueType{.kind = Kind::Ref, .nullable = true, .heap = *heap};
      }
      return fail(Errc::Malformed, "core value type {:#04x} at offset {:#x} is unknown", code, at);
  }
}

Result<CoreRecursionGroup> read_core_recursion_group(ReaderView& reader) {
  CoreRecursionGroup group;
  if (reader.peek() == 0x4e) {
    TRY(reader.byte());
    group.is_explicit = true;
    group.types = TRY(read_vector<CoreSubType>(reader, kMaxItems, "types of a group",
                                               [&] { return read_subtype(reader); }));
  } else {
    group.types.push_back(TRY(read_subtype(reader)));
  }
  return group;
}

Result<CoreTableType> read_core_table_type(ReaderView& reader) {
  const size_t at = reader.offset();
  CoreTableType table;
  table.element = TRY(read_core_value_type(reader));
  if (table.element.kind != Kind::Ref) {
    return fail(Errc::Malformed, "table at offset {:#x} must hold references", at);
  }
  table.limits = TRY(read_limits(reader, 7)).limits;
  return table;
}

Result<CoreMemoryType> read_core_memory_type(ReaderView& reader) {
  const size_t at = reader.offset();
  const LimitsWithPage read = TRY(read_limits(reader, 15));
  // Beyond the address space no size is right.
  const uint32_t page_bits = (read.limits.is_64 ? 64 : 32) - read.page_size_log2;
  const auto too_big = [&](uint64_t pages) {
    return page_bits < 64 && pages > uint64_t{1} << page_bits;
  };
  if (too_big(read.limits.min) || (read.limits.max && too_big(*read.limits.max))) {
    return fail(Errc::Invalid, "memory at offset {:#x}: memory size must be at most 2^{} pages", at,
                page_bits);
  }
  return CoreMemoryType{.limits = read.limits, .page_size_log2 = read.page_size_log2};
}

Result<CoreGlobalType> read_core_global_type(ReaderView& reader) {
  CoreGlobalType global;
  global.type = TRY(read_core_value_type(reader));
  const size_t at = reader.offset();
  const uint8_t flags = TRY(reader.byte());
  if (flags > 3)
    return fail(Errc::Malformed, "global flags {:#04x} at offset {:#x} have unknown bits", flags,
                at);
  global.is_mutable = (flags & 1) != 0;
  global.shared = (flags & 2) != 0;
  return global;
}

Result<CoreTagExtern> read_core_tag_type(ReaderView& reader) {
  TRY(reader.expect(0x00, "tag attribute"));
  return CoreTagExtern{.type = TRY(reader.u32())};
}

Result<CoreExternType> read_core_extern_type(ReaderView& reader) {
  const size_t at = reader.offset();
  switch (const uint8_t kind = TRY(reader.byte())) {
    case 0x00:
      return CoreFunctionExtern{.type = TRY(reader.u32())};
    case 0x01:
      return TRY(read_core_table_type(reader));
    case 0x02:
      return TRY(read_core_memory_type(reader));
    case 0x03:
      return TRY(read_core_global_type(reader));
    case 0x04:
      return TRY(read_core_tag_type(reader));
    default:
      return fail(Errc::Malformed,
                  "core external kind {:#04x} at offset {:#x}; expected 0x00 to 0x04", kind, at);
  }
}

}  // namespace wasmcloud::component::detail
