#pragma once
// RAII over the engine's C types, and its errors as ours.

#include "base/error.h"
#include "engine/values.h"

#include <wasm.h>
#include <wasmtime.h>
#include <wasmtime/async.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::engine::detail {

template <auto Delete>
struct Deleter {
  void operator()(auto* value) const { Delete(value); }
};
template <class T, auto Delete>
using Handle = std::unique_ptr<T, Deleter<Delete>>;

using ConfigHandle = Handle<wasm_config_t, wasm_config_delete>;
using EngineHandle = Handle<wasm_engine_t, wasm_engine_delete>;
using ModuleHandle = Handle<wasmtime_module_t, wasmtime_module_delete>;
using StoreHandle = Handle<wasmtime_store_t, wasmtime_store_delete>;
using LinkerHandle = Handle<wasmtime_linker_t, wasmtime_linker_delete>;
using InstancePreHandle = Handle<wasmtime_instance_pre_t, wasmtime_instance_pre_delete>;
using ErrorHandle = Handle<wasmtime_error_t, wasmtime_error_delete>;
using TrapHandle = Handle<wasm_trap_t, wasm_trap_delete>;
using FuncTypeHandle = Handle<wasm_functype_t, wasm_functype_delete>;

/// The engine's message on one line: causes follow what they caused, after a colon.
std::string message_of(const wasmtime_error_t& error);
std::string message_of(const wasm_trap_t& trap);
/// One line a frame, innermost first; empty if there is none.
std::string backtrace_of(const wasmtime_error_t* error, const wasm_trap_t* trap);

/// Takes `error` over.
Error to_error(Errc code, wasmtime_error_t* error);

FuncTypeHandle to_native(const FuncType& type);
FuncType from_native(const wasm_functype_t& type);
ExternType from_native(const wasm_externtype_t& type);

inline std::string_view view(const wasm_byte_vec_t& bytes) { return {bytes.data, bytes.size}; }

/// Our handles have the engine's layout, so that they pass without a conversion.
inline const wasmtime_func_t* native(const Func& func) {
  return reinterpret_cast<const wasmtime_func_t*>(&func);
}
inline wasmtime_func_t* native(Func& func) { return reinterpret_cast<wasmtime_func_t*>(&func); }
inline const wasmtime_memory_t* native(const Memory& memory) {
  return reinterpret_cast<const wasmtime_memory_t*>(&memory);
}
inline const wasmtime_table_t* native(const Table& table) {
  return reinterpret_cast<const wasmtime_table_t*>(&table);
}
inline const wasmtime_global_t* native(const Global& global) {
  return reinterpret_cast<const wasmtime_global_t*>(&global);
}
inline const wasmtime_instance_t* native(const CoreInstance& instance) {
  return reinterpret_cast<const wasmtime_instance_t*>(&instance);
}
inline wasmtime_instance_t* native(CoreInstance& instance) {
  return reinterpret_cast<wasmtime_instance_t*>(&instance);
}
inline const wasmtime_extern_t* native(const Extern* externs) {
  return reinterpret_cast<const wasmtime_extern_t*>(externs);
}
inline wasmtime_extern_t* native(Extern* item) {
  return reinterpret_cast<wasmtime_extern_t*>(item);
}
inline wasmtime_val_raw_t* native(RawValue* values) {
  return reinterpret_cast<wasmtime_val_raw_t*>(values);
}

}  // namespace wasmcloud::engine::detail
