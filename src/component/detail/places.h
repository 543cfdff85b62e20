#pragma once

#include "component/canonical_context.h"
#include "component/detail/runtime_type.h"
#include "engine/values.h"

#include <cstdint>
#include <cstring>

namespace wasmcloud::component {

// Where a value is read or written: in core values one after another, or in memory. Both kinds have
// the same members, so that lifting and lowering are written once. Places in memory must have been
// checked as a whole before: memories never shrink, so what was in bounds stays so.
//
// The joined core types of a variant's payload need no care: core values are little-endian unions,
// a narrow value is the low part of a wide one and is written with zeros above.

struct FlatSource {
  const engine::RawValue* at;

  /// The next core value; as much of it as a type of `size` bytes has.
  uint64_t take(uint32_t size) {
    const engine::RawValue& value = *at++;
    return size == 8 ? value.u64 : value.u32;
  }
  FlatSource& part(uint32_t) { return *this; }
  /// Reads a payload without moving on.
  FlatSource payload(const RuntimeType&) const { return *this; }
  void end_payload(const RuntimeType& type) { at += type.flat_count - 1; }
};

struct FlatSink {
  engine::RawValue* at;

  void put(uint32_t, uint64_t value) { (at++)->u64 = value; }
  FlatSink& part(uint32_t) { return *this; }
  FlatSink payload(const RuntimeType&) const { return *this; }
  /// `inner` is the payload's place after it was written.
  void end_payload(const RuntimeType& type, const FlatSink& inner) {
    const engine::RawValue* const end = at + (type.flat_count - 1);
    for (at = inner.at; at != end; ++at) at->u64 = 0;
  }
};

struct MemorySource {
  CanonicalContext* context;
  uint32_t at;

  uint64_t take(uint32_t size) const {
    uint64_t value = 0;
    std::memcpy(&value, context->memory().data() + at, size);
    return value;
  }
  MemorySource part(uint32_t offset) const { return {context, at + offset}; }
  MemorySource payload(const RuntimeType& type) const { return part(type.payload_offset); }
  void end_payload(const RuntimeType&) const {}
};

struct MemorySink {
  CanonicalContext* context;
  uint32_t at;

  void put(uint32_t size, uint64_t value) const {
    std::memcpy(context->memory().data() + at, &value, size);
  }
  MemorySink part(uint32_t offset) const { return {context, at + offset}; }
  MemorySink payload(const RuntimeType& type) const { return part(type.payload_offset); }
  void end_payload(const RuntimeType&, const MemorySink&) const {}
};

/// Lifts a number, bool, char, flags or discriminant: the value as a core value has it.
/// Errors: Errc::Trap for a char that is none.
template <class Source>
Result<uint64_t> take_scalar(const RuntimeType& type, Source&& source) {
  const uint64_t raw = source.take(type.size);
  switch (type.kind) {
    case TypeKind::Bool:
      return raw != 0;
    case TypeKind::S8:
      return static_cast<uint32_t>(static_cast<int8_t>(raw));
    case TypeKind::U8:
      return static_cast<uint8_t>(raw);
    case TypeKind::S16:
      return static_cast<uint32_t>(static_cast<int16_t>(raw));
    case TypeKind::U16:
      return static_cast<uint16_t>(raw);
    case TypeKind::Char:
      if (raw >= 0x110000 || (raw >= 0xd800 && raw < 0xe000)) {
        return fail(Errc::Trap, "invalid `char` bit pattern: {:#x}", raw);
      }
      return raw;
    case TypeKind::Flags:
      return raw & type.flag_mask;
    default:
      return raw;
  }
}

/// Lifts a discriminant. Errors: Errc::Trap if there is no such case.
template <class Source>
Result<uint32_t> take_discriminant(const RuntimeType& type, Source&& source) {
  const uint64_t value = source.take(type.discriminant_size);
  if (value >= type.parts.size()) {
    return fail(Errc::Trap, "invalid variant discriminant: {} of {}", value, type.parts.size());
  }
  return static_cast<uint32_t>(value);
}

/// Checks the place of a list or of spilled values.
inline Result<void> check_place(CanonicalContext& context, uint32_t at, uint64_t bytes,
                                uint32_t align) {
  if (at % align != 0) {
    return fail(Errc::Trap, "unaligned pointer: {:#x}, to {}", at, align);
  }
  if (at + bytes > context.memory().size()) {
    return fail(Errc::Trap, "pointer not in bounds of memory: {} bytes at {:#x}", bytes, at);
  }
  return {};
}

/// Checks a list's place and returns its size in bytes.
inline Result<uint32_t> check_list(CanonicalContext& context, uint32_t at, uint32_t length,
                                   const RuntimeType& element) {
  const uint64_t bytes = uint64_t{length} * element.size;
  if (bytes > (uint64_t{1} << 28) - 1) {
    return fail(Errc::Trap, "list content out-of-bounds: {} elements of {} bytes are too many",
                length, element.size);
  }
  if (at % element.align != 0) {
    return fail(Errc::Trap, "unaligned pointer: list at {:#x}, to {}", at, element.align);
  }
  if (at + bytes > context.memory().size()) {
    return fail(Errc::Trap, "list content out-of-bounds: {} bytes at {:#x}", bytes, at);
  }
  return static_cast<uint32_t>(bytes);
}

/// Lays out a value in memory as flat core values, without lifting it: the place has been checked.
/// Errors: Errc::Trap for a discriminant that is none.
Result<void> flatten_from_memory(CanonicalContext& context, const RuntimeType& type, uint32_t at,
                                 engine::RawValue* flat);

}  // namespace wasmcloud::component
