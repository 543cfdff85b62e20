#include "component/detail/module_match.h"

#include <algorithm>

namespace wasmcloud::component {
namespace {

engine::ValueType engine_type(const CoreValueType& type) {
  switch (type.kind) {
    case CoreValueType::Kind::I32:
      return engine::ValueType::I32;
    case CoreValueType::Kind::I64:
      return engine::ValueType::I64;
    case CoreValueType::Kind::F32:
      return engine::ValueType::F32;
    case CoreValueType::Kind::F64:
      return engine::ValueType::F64;
    case CoreValueType::Kind::V128:
      return engine::ValueType::V128;
    default:
      break;
  }
  if (type.nullable && type.heap == CoreHeap::Func) return engine::ValueType::FuncRef;
  if (type.nullable && type.heap == CoreHeap::Extern) return engine::ValueType::ExternRef;
  return engine::ValueType::OtherRef;
}

engine::ExternType engine_type(const CoreExternType& type, const CoreTypeTable& types) {
  engine::ExternType out;
  if (const auto* function = std::get_if<CoreFunctionExtern>(&type)) {
    out.kind = engine::ExternKind::Func;
    out.func = engine_type(types.function(CoreTypeId{function->type}));
  } else if (const auto* table = std::get_if<CoreTableType>(&type)) {
    out.kind = engine::ExternKind::Table;
    out.value = engine_type(table->element);
  } else if (const auto* memory = std::get_if<CoreMemoryType>(&type)) {
    out.kind = engine::ExternKind::Memory;
    out.memory = {.min_pages = memory->limits.min,
                  .max_pages = memory->limits.max,
                  .is_64 = memory->limits.is_64,
                  .is_shared = memory->limits.shared};
  } else if (const auto* global = std::get_if<CoreGlobalType>(&type)) {
    out.kind = engine::ExternKind::Global;
    out.value = engine_type(global->type);
    out.is_mutable = global->is_mutable;
  } else {
    out.kind = engine::ExternKind::Tag;
  }
  return out;
}

std::string_view name_of(engine::ExternKind kind) {
  switch (kind) {
    case engine::ExternKind::Func:
      return "function";
    case engine::ExternKind::Global:
      return "global";
    case engine::ExternKind::Table:
      return "table";
    case engine::ExternKind::Memory:
    case engine::ExternKind::SharedMemory:
      return "memory";
    case engine::ExternKind::Tag:
      return "tag";
  }
  return "item";
}

/// Whether `item` may be used as `wanted` (core specification, "Import Subtyping").
bool fits(const engine::ExternType& item, const engine::ExternType& wanted) {
  if (item.kind != wanted.kind) return false;
  switch (item.kind) {
    case engine::ExternKind::Func:
      return item.func == wanted.func;
    case engine::ExternKind::Table:
      return item.value == wanted.value;
    case engine::ExternKind::Global:
      return item.value == wanted.value && item.is_mutable == wanted.is_mutable;
    case engine::ExternKind::Memory:
    case engine::ExternKind::SharedMemory:
      return item.memory.is_64 == wanted.memory.is_64 &&
             item.memory.is_shared == wanted.memory.is_shared &&
             item.memory.min_pages >= wanted.memory.min_pages &&
             (!wanted.memory.max_pages ||
              (item.memory.max_pages && *item.memory.max_pages <= *wanted.memory.max_pages));
    case engine::ExternKind::Tag:
      return true;
  }
  return false;
}

}  // namespace

engine::FuncType engine_type(const CoreFunctionType& type) {
  engine::FuncType out;
  for (const CoreValueType& param : type.params) out.params.push_back(engine_type(param));
  for (const CoreValueType& result : type.results) out.results.push_back(engine_type(result));
  return out;
}

Result<void> check_module(const engine::Module& given, const CoreModuleType& wanted,
                          const CoreTypeTable& types) {
  for (const CoreExport& item : wanted.exports) {
    const std::optional<size_t> index = given.find_export(item.name);
    if (!index) return fail(Errc::Invalid, "it does not export {}", item.name);
    const engine::ExternType& type = given.exports()[*index].type;
    const engine::ExternType expected = engine_type(item.type, types);
    if (fits(type, expected)) continue;
    return fail(Errc::Invalid, "its export {}, a {}, is not the {} that is expected", item.name,
                name_of(type.kind), name_of(expected.kind));
  }
  for (const engine::ImportType& import : given.imports()) {
    const auto found = std::ranges::find_if(wanted.imports, [&](const CoreImport& it) {
      return it.module == import.module && it.name == import.name;
    });
    if (found == wanted.imports.end()) {
      return fail(Errc::Invalid, "it imports {} {}, which nobody gives it", import.module,
                  import.name);
    }
    const engine::ExternType offered = engine_type(found->type, types);
    if (fits(offered, import.type)) continue;
    return fail(Errc::Invalid, "its import {} {}, a {}, does not fit the {} that it is given",
                import.module, import.name, name_of(import.type.kind), name_of(offered.kind));
  }
  return {};
}

}  // namespace wasmcloud::component
