// What instances hold: memories, tables, globals, function references.

#include "engine/detail/impl.h"
#include "engine/store.h"

namespace wasmcloud::engine {

std::span<std::byte> Store::bytes(const Memory& memory) const {
  auto* data = reinterpret_cast<std::byte*>(wasmtime_memory_data(context_, detail::native(memory)));
  return {data, wasmtime_memory_data_size(context_, detail::native(memory))};
}

Result<uint64_t> Store::grow(const Memory& memory, uint64_t pages) {
  uint64_t before = 0;
  if (auto* error = wasmtime_memory_grow(context_, detail::native(memory), pages, &before)) {
    return fail(detail::to_error(Errc::Limit, error));
  }
  return before;
}

uint64_t Store::size(const Table& table) const {
  return wasmtime_table_size(context_, detail::native(table));
}

Result<Func> Store::get(const Table& table, uint64_t index) {
  wasmtime_val_t value;
  if (!wasmtime_table_get(context_, detail::native(table), index, &value)) {
    return fail(Errc::Invalid, "table index {} is out of bounds; the table has {} elements", index,
                size(table));
  }
  if (value.kind != WASMTIME_FUNCREF) {
    wasmtime_val_unroot(&value);
    return fail(Errc::Invalid, "the table does not hold functions");
  }
  Func func;
  if (!wasmtime_funcref_is_null(&value.of.funcref)) *detail::native(func) = value.of.funcref;
  return func;
}

Result<void> Store::set(const Table& table, uint64_t index, Func func) {
  wasmtime_val_t value;
  value.kind = WASMTIME_FUNCREF;
  value.of.funcref = *detail::native(func);
  if (auto* error = wasmtime_table_set(context_, detail::native(table), index, &value)) {
    return fail(detail::to_error(Errc::Invalid, error));
  }
  return {};
}

Result<RawValue> Store::get(const Global& global) {
  wasmtime_val_t value;
  wasmtime_global_get(context_, detail::native(global), &value);
  RawValue raw{.u64 = 0};
  switch (value.kind) {
    case WASMTIME_I32:
      raw.i32 = value.of.i32;
      return raw;
    case WASMTIME_I64:
      raw.i64 = value.of.i64;
      return raw;
    case WASMTIME_F32:
      raw.f32 = value.of.f32;
      return raw;
    case WASMTIME_F64:
      raw.f64 = value.of.f64;
      return raw;
    case WASMTIME_V128:
      std::memcpy(raw.v128, value.of.v128, sizeof raw.v128);
      return raw;
    case WASMTIME_FUNCREF:
      raw.funcref = wasmtime_funcref_is_null(&value.of.funcref)
                        ? nullptr
                        : wasmtime_func_to_raw(context_, &value.of.funcref);
      return raw;
    default:
      wasmtime_val_unroot(&value);
      return fail(Errc::Invalid, "the global holds a reference of the guest");
  }
}

Result<void> Store::set(const Global& global, RawValue raw) {
  wasmtime_val_t value;
  wasmtime_global_get(context_, detail::native(global), &value);
  switch (value.kind) {
    case WASMTIME_I32:
      value.of.i32 = raw.i32;
      break;
    case WASMTIME_I64:
      value.of.i64 = raw.i64;
      break;
    case WASMTIME_F32:
      value.of.f32 = raw.f32;
      break;
    case WASMTIME_F64:
      value.of.f64 = raw.f64;
      break;
    case WASMTIME_V128:
      std::memcpy(value.of.v128, raw.v128, sizeof raw.v128);
      break;
    case WASMTIME_FUNCREF:
      // The engine aborts on a null it is asked to make a function of.
      if (raw.funcref == nullptr) {
        wasmtime_funcref_set_null(&value.of.funcref);
      } else {
        wasmtime_func_from_raw(context_, raw.funcref, &value.of.funcref);
      }
      break;
    default:
      wasmtime_val_unroot(&value);
      return fail(Errc::Invalid, "the global holds a reference of the guest");
  }
  if (auto* error = wasmtime_global_set(context_, detail::native(global), &value)) {
    return fail(detail::to_error(Errc::Invalid, error));
  }
  return {};
}

void* Store::to_raw(Func func) {
  return func.is_null() ? nullptr : wasmtime_func_to_raw(context_, detail::native(func));
}

Func Store::from_raw(void* funcref) {
  Func func;
  // The engine aborts on null here.
  if (funcref != nullptr) wasmtime_func_from_raw(context_, funcref, detail::native(func));
  return func;
}

}  // namespace wasmcloud::engine
