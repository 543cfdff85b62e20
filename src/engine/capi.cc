#include "engine/detail/capi.h"

#include <cstddef>

namespace wasmcloud::engine {

static_assert(sizeof(RawValue) == sizeof(wasmtime_val_raw_t) &&
              alignof(RawValue) == alignof(wasmtime_val_raw_t));
static_assert(sizeof(Func) == sizeof(wasmtime_func_t) &&
              alignof(Func) == alignof(wasmtime_func_t) &&
              offsetof(Func, store_id) == offsetof(wasmtime_func_t, store_id));
static_assert(sizeof(Memory) == sizeof(wasmtime_memory_t) &&
              alignof(Memory) == alignof(wasmtime_memory_t));
static_assert(sizeof(Table) == sizeof(wasmtime_table_t) &&
              alignof(Table) == alignof(wasmtime_table_t));
static_assert(sizeof(Global) == sizeof(wasmtime_global_t) &&
              alignof(Global) == alignof(wasmtime_global_t));
static_assert(sizeof(Tag) == sizeof(wasmtime_tag_t) && alignof(Tag) == alignof(wasmtime_tag_t));
static_assert(sizeof(CoreInstance) == sizeof(wasmtime_instance_t) &&
              alignof(CoreInstance) == alignof(wasmtime_instance_t));
static_assert(sizeof(Extern) == sizeof(wasmtime_extern_t) &&
              alignof(Extern) == alignof(wasmtime_extern_t) &&
              offsetof(Extern, kind) == offsetof(wasmtime_extern_t, kind) &&
              offsetof(Extern, func) == offsetof(wasmtime_extern_t, of));
static_assert(static_cast<int>(ExternKind::Func) == WASMTIME_EXTERN_FUNC &&
              static_cast<int>(ExternKind::Global) == WASMTIME_EXTERN_GLOBAL &&
              static_cast<int>(ExternKind::Table) == WASMTIME_EXTERN_TABLE &&
              static_cast<int>(ExternKind::Memory) == WASMTIME_EXTERN_MEMORY &&
              static_cast<int>(ExternKind::SharedMemory) == WASMTIME_EXTERN_SHAREDMEMORY &&
              static_cast<int>(ExternKind::Tag) == WASMTIME_EXTERN_TAG);

std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::I32:
      return "i32";
    case ValueType::I64:
      return "i64";
    case ValueType::F32:
      return "f32";
    case ValueType::F64:
      return "f64";
    case ValueType::V128:
      return "v128";
    case ValueType::FuncRef:
      return "funcref";
    case ValueType::ExternRef:
      return "externref";
    case ValueType::OtherRef:
      return "ref";
  }
  return "unknown";
}

namespace detail {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// A chain of causes comes as several paragraphs, numbered if there are more than one.
std::string on_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view part = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.empty() || part == "Caused by:") continue;
    const auto digits = part.find_first_not_of("0123456789");
    if (digits != 0 && digits != std::string_view::npos && part.substr(digits).starts_with(": ")) {
      part.remove_prefix(digits + 2);
    }
    if (!line.empty()) line += ": ";
    line += part;
  }
  return line;
}

ValueType value_type(const wasm_valtype_t& type) {
  // wasm_valtype_kind would abort on v128 and on most references.
  wasmtime_valtype_t value;
  wasmtime_valtype_new(&type, &value);
  ValueType result = ValueType::OtherRef;
  switch (value.kind) {
    case WASMTIME_VALTYPE_KIND_I32:
      result = ValueType::I32;
      break;
    case WASMTIME_VALTYPE_KIND_I64:
      result = ValueType::I64;
      break;
    case WASMTIME_VALTYPE_KIND_F32:
      result = ValueType::F32;
      break;
    case WASMTIME_VALTYPE_KIND_F64:
      result = ValueType::F64;
      break;
    case WASMTIME_VALTYPE_KIND_V128:
      result = ValueType::V128;
      break;
    default:
      if (value.reftype.nullable) {
        if (value.reftype.heaptype.kind == WASMTIME_HEAPTYPE_KIND_FUNC) result = ValueType::FuncRef;
        if (value.reftype.heaptype.kind == WASMTIME_HEAPTYPE_KIND_EXTERN)
          result = ValueType::ExternRef;
      }
  }
  wasmtime_valtype_delete(&value);
  return result;
}

std::vector<ValueType> value_types(const wasm_valtype_vec_t& types) {
  std::vector<ValueType> result;
  result.reserve(types.size);
  for (size_t i = 0; i < types.size; ++i) result.push_back(value_type(*types.data[i]));
  return result;
}

wasm_valtype_t* native_value_type(ValueType type) {
  switch (type) {
    case ValueType::I32:
      return wasm_valtype_new(WASM_I32);
    case ValueType::I64:
      return wasm_valtype_new(WASM_I64);
    case ValueType::F32:
      return wasm_valtype_new(WASM_F32);
    case ValueType::F64:
      return wasm_valtype_new(WASM_F64);
    case ValueType::V128:
      return wasmtime_wasm_valtype_v128();
    case ValueType::FuncRef:
      return wasm_valtype_new(WASM_FUNCREF);
    case ValueType::ExternRef:
    case ValueType::OtherRef:
      return wasm_valtype_new(WASM_EXTERNREF);
  }
  return wasm_valtype_new(WASM_I32);
}

wasm_valtype_vec_t native_value_types(const std::vector<ValueType>& types) {
  wasm_valtype_vec_t result;
  wasm_valtype_vec_new_uninitialized(&result, types.size());
  for (size_t i = 0; i < types.size(); ++i) result.data[i] = native_value_type(types[i]);
  return result;
}

}  // namespace

std::string message_of(const wasmtime_error_t& error) {
  wasm_name_t message;
  wasmtime_error_message(&error, &message);
  std::string result = on_one_line(view(message));
  wasm_byte_vec_delete(&message);
  return result;
}

std::string message_of(const wasm_trap_t& trap) {
  wasm_byte_vec_t message;
  wasm_trap_message(&trap, &message);
  std::string_view text = view(message);
  if (text.ends_with('\0')) text.remove_suffix(1);
  std::string result = on_one_line(text);
  wasm_byte_vec_delete(&message);
  return result;
}

std::string backtrace_of(const wasmtime_error_t* error, const wasm_trap_t* trap) {
  wasm_frame_vec_t frames;
  if (trap != nullptr) {
    wasm_trap_trace(trap, &frames);
  } else {
    wasmtime_error_wasm_trace(error, &frames);
  }
  std::string result;
  for (size_t i = 0; i < frames.size; ++i) {
    const wasm_frame_t* frame = frames.data[i];
    const wasm_name_t* module = wasmtime_frame_module_name(frame);
    const wasm_name_t* function = wasmtime_frame_func_name(frame);
    result += fmt::format("{:>3}: {:#x} {}!", i, wasm_frame_module_offset(frame),
                          module != nullptr ? view(*module) : "<unnamed>");
    if (function != nullptr) {
      result += view(*function);
    } else {
      result += fmt::format("<function {}>", wasm_frame_func_index(frame));
    }
    result += '\n';
  }
  wasm_frame_vec_delete(&frames);
  return result;
}

Error to_error(Errc code, wasmtime_error_t* error) {
  const ErrorHandle owned(error);
  return Error(code, message_of(*error));
}

FuncTypeHandle to_native(const FuncType& type) {
  wasm_valtype_vec_t params = native_value_types(type.params);
  wasm_valtype_vec_t results = native_value_types(type.results);
  return FuncTypeHandle(wasm_functype_new(&params, &results));
}

FuncType from_native(const wasm_functype_t& type) {
  return FuncType{.params = value_types(*wasm_functype_params(&type)),
                  .results = value_types(*wasm_functype_results(&type))};
}

ExternType from_native(const wasm_externtype_t& type) {
  ExternType result;
  switch (wasm_externtype_kind(&type)) {
    case WASM_EXTERN_FUNC:
      result.kind = ExternKind::Func;
      result.func = from_native(*wasm_externtype_as_functype_const(&type));
      break;
    case WASM_EXTERN_GLOBAL: {
      const auto* global = wasm_externtype_as_globaltype_const(&type);
      result.kind = ExternKind::Global;
      result.value = value_type(*wasm_globaltype_content(global));
      result.is_mutable = wasm_globaltype_mutability(global) == WASM_VAR;
      break;
    }
    case WASM_EXTERN_TABLE:
      // Not its limits: asking for those of a 64-bit table may abort.
      result.kind = ExternKind::Table;
      result.value = value_type(*wasm_tabletype_element(wasm_externtype_as_tabletype_const(&type)));
      break;
    case WASM_EXTERN_MEMORY: {
      const auto* memory = wasm_externtype_as_memorytype_const(&type);
      uint64_t maximum = 0;
      result.memory.min_pages = wasmtime_memorytype_minimum(memory);
      if (wasmtime_memorytype_maximum(memory, &maximum)) result.memory.max_pages = maximum;
      result.memory.is_64 = wasmtime_memorytype_is64(memory);
      result.memory.is_shared = wasmtime_memorytype_isshared(memory);
      result.kind = result.memory.is_shared ? ExternKind::SharedMemory : ExternKind::Memory;
      break;
    }
    default:
      result.kind = ExternKind::Tag;
  }
  return result;
}

}  // namespace detail
}  // namespace wasmcloud::engine
