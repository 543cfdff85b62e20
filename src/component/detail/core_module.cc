#include "component/detail/core_module.h"

#include "component/detail/core_reader.h"
#include "component/detail/hashed.h"
#include "component/detail/reader.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {
namespace {

/// `group` types follow those in scope.
Result<void> check_reference(uint64_t index, std::span<const CoreTypeId> scope, size_t group,
                             size_t at) {
  if (index >= scope.size() + group) {
    return fail(Errc::Invalid, "unknown type {}: type index out of bounds at offset {:#x}", index,
                at);
  }
  if (index < scope.size() && scope[index] == kNotACoreType) {
    return fail(Errc::Invalid, "type index {} is a module type at offset {:#x}", index, at);
  }
  return {};
}

Result<void> check_type(const CoreValueType& type, std::span<const CoreTypeId> scope, size_t group,
                        size_t at) {
  if (type.kind != CoreValueType::Kind::Ref || type.heap != CoreHeap::Concrete) return {};
  return check_reference(type.concrete, scope, group, at);
}

class CoreModuleReader {
 public:
  CoreModuleReader(ReaderView reader, CoreTypeTable& table) : reader_(reader), table_(table) {}

  Result<CoreModuleType> run();

 private:
  Result<void> section(uint8_t id, ReaderView body);
  Result<void> types(ReaderView& body);
  Result<void> imports(ReaderView& body);
  Result<void> functions(ReaderView& body);
  Result<void> tables(ReaderView& body);
  Result<void> memories(ReaderView& body);
  Result<void> globals(ReaderView& body);
  Result<void> tags(ReaderView& body);
  Result<void> exports(ReaderView& body);
  Result<void> skip_expression(ReaderView& body);
  Result<void> skip_heap_type(ReaderView& body);

  Result<CoreExternType> resolve(const CoreExternType& type, size_t at) const {
    return resolve_core(type, table_, types_, at);
  }
  void add(const CoreExternType& type) { spaces_[type.index()].push_back(type); }

  ReaderView reader_;
  CoreTypeTable& table_;
  CoreModuleType result_;
  std::vector<CoreTypeId> types_;
  std::array<std::vector<CoreExternType>, std::variant_size_v<CoreExternType>> spaces_;
};

/// Where a section must stand, or nothing if there is no such section.
std::optional<uint32_t> section_order(uint8_t id) {
  // By number but for tags (13), which come between memories and globals, and data counts (12),
  // between elements and code.
  switch (id) {
    case 13:
      return 55;
    case 12:
      return 95;
    default:
      if (id >= 1 && id <= 11) return id * 10;
      return std::nullopt;
  }
}

Result<CoreModuleType> CoreModuleReader::run() {
  uint32_t last = 0;
  while (!reader_.at_end()) {
    const size_t at = reader_.offset();
    const uint8_t id = TRY(reader_.byte());
    ReaderView body = TRY(reader_.part(TRY(reader_.u32())));
    if (id == 0) {
      TRY(body.name());
      continue;
    }
    const auto order = section_order(id);
    if (!order)
      return fail(Errc::Malformed, "core module section {:#04x} at offset {:#x} is unknown", id,
                  at);
    if (*order <= last)
      return fail(Errc::Malformed, "core module section {:#04x} at offset {:#x} is out of order",
                  id, at);
    last = *order;
    TRY(section(id, body));
  }
  return std::move(result_);
}

Result<void> CoreModuleReader::section(uint8_t id, ReaderView body) {
  switch (id) {
    case 1:
      TRY(types(body));
      break;
    case 2:
      TRY(imports(body));
      break;
    case 3:
      TRY(functions(body));
      break;
    case 4:
      TRY(tables(body));
      break;
    case 5:
      TRY(memories(body));
      break;
    case 6:
      TRY(globals(body));
      break;
    case 7:
      TRY(exports(body));
      break;
    case 13:
      TRY(tags(body));
      break;
    default:
      return {};
  }
  return body.finish("a core module's section");
}

Result<void> CoreModuleReader::types(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core types"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    TRY(add_core_group(table_, types_, TRY(read_core_recursion_group(body)), at));
  }
  return {};
}

Result<void> CoreModuleReader::imports(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core imports"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    CoreImport item;
    item.module = TRY(body.name());
    item.name = TRY(body.name());
    item.type = TRY(resolve(TRY(read_core_extern_type(body)), at));
    add(item.type);
    result_.imports.push_back(std::move(item));
  }
  return {};
}

Result<void> CoreModuleReader::functions(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core functions"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    add(TRY(resolve(CoreFunctionExtern{.type = TRY(body.u32())}, at)));
  }
  return {};
}

Result<void> CoreModuleReader::tables(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core tables"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    // table ::= tabletype | 0x40 0x00 tabletype expr
    const bool has_initial = body.peek() == 0x40;
    if (has_initial) {
      TRY(body.byte());
      TRY(body.expect(0x00, "table form"));
    }
    add(TRY(resolve(TRY(read_core_table_type(body)), at)));
    if (has_initial) TRY(skip_expression(body));
  }
  return {};
}

Result<void> CoreModuleReader::memories(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core memories"));
  for (uint32_t i = 0; i < count; ++i) add(TRY(read_core_memory_type(body)));
  return {};
}

Result<void> CoreModuleReader::globals(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core globals"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    add(TRY(resolve(TRY(read_core_global_type(body)), at)));
    TRY(skip_expression(body));
  }
  return {};
}

Result<void> CoreModuleReader::tags(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core tags"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    add(TRY(resolve(TRY(read_core_tag_type(body)), at)));
  }
  return {};
}

Result<void> CoreModuleReader::exports(ReaderView& body) {
  const uint32_t count = TRY(body.count(kMaxItems, "core exports"));
  HashSet<std::string> names;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = body.offset();
    CoreExport item;
    item.name = TRY(body.name());
    const uint8_t kind = TRY(body.byte());
    const uint32_t index = TRY(body.u32());
    if (kind >= spaces_.size())
      return fail(Errc::Malformed, "core export kind {:#04x} at offset {:#x}", kind, at);
    if (index >= spaces_[kind].size()) {
      return fail(Errc::Invalid, "unknown {} {} exported at offset {:#x}",
                  name_of(static_cast<Sort>(kind)), index, at);
    }
    if (!names.insert(item.name).second) {
      return fail(Errc::Invalid, "duplicate export name \"{}\" at offset {:#x}", item.name, at);
    }
    item.type = spaces_[kind][index];
    result_.exports.push_back(std::move(item));
  }
  return {};
}

Result<void> CoreModuleReader::skip_heap_type(ReaderView& body) {
  if (body.peek() == 0x65) TRY(body.byte());
  return body.skip_leb(5);
}

/// A constant expression, to its end.
Result<void> CoreModuleReader::skip_expression(ReaderView& body) {
  while (true) {
    const size_t at = body.offset();
    switch (const uint8_t code = TRY(body.byte())) {
      case 0x0b:  // end
        return {};
      case 0x41:  // i32.const
      case 0x23:  // global.get
      case 0xd2:  // ref.func
        TRY(body.skip_leb(5));
        break;
      case 0x42:  // i64.const
        TRY(body.skip_leb(10));
        break;
      case 0x43:  // f32.const
        TRY(body.skip(4));
        break;
      case 0x44:  // f64.const
        TRY(body.skip(8));
        break;
      case 0xd0:  // ref.null
        TRY(skip_heap_type(body));
        break;
      case 0x6a:  // i32.add, sub, mul
      case 0x6b:
      case 0x6c:
      case 0x7c:  // i64.add, sub, mul
      case 0x7d:
      case 0x7e:
        break;
      case 0xfd:  // v128.const is the only vector instruction here
        TRY(body.expect(0x0c, "vector instruction in a constant expression"));
        TRY(body.skip(16));
        break;
      case 0xfb: {
        const uint32_t operation = TRY(body.u32());
        // struct.new, array.new, each with _default: a type; array.new_fixed: a type and a length;
        // the rest: nothing
        if (operation <= 0x01 || (operation >= 0x06 && operation <= 0x08)) TRY(body.skip_leb(5));
        if (operation == 0x08) TRY(body.skip_leb(5));
        break;
      }
      case 0xfe:  // ref.i31_shared
        TRY(body.skip_leb(5));
        break;
      default:
        return fail(Errc::Malformed, "instruction {:#04x} at offset {:#x} is not constant", code,
                    at);
    }
  }
}

}  // namespace

Result<void> add_core_group(CoreTypeTable& table, std::vector<CoreTypeId>& scope,
                            CoreRecursionGroup group, size_t at) {
  const size_t base = scope.size();
  const size_t size = group.types.size();
  if (base + size > kMaxItems) {
    return fail(Errc::Limit, "more core types than the limit of {} at offset {:#x}", kMaxItems, at);
  }
  std::vector<uint32_t> depths(size);
  for (size_t i = 0; i < size; ++i) {
    const CoreSubType& type = group.types[i];
    for (const auto& item : type.function.params) TRY(check_type(item, scope, size, at));
    for (const auto& item : type.function.results) TRY(check_type(item, scope, size, at));
    for (const auto& field : type.fields) TRY(check_type(field.type, scope, size, at));
    // A supertype stands before its subtypes.
    if (type.supertype) {
      TRY(check_reference(*type.supertype, scope, i, at));
      const uint32_t above = *type.supertype < base ? table.depth(scope[*type.supertype])
                                                    : depths[*type.supertype - base];
      depths[i] = above + 1;
      if (depths[i] > kMaxSubtypingDepth) {
        return fail(Errc::Limit, "subtyping is deeper than the limit of {} at offset {:#x}",
                    kMaxSubtypingDepth, at);
      }
    }
    if (type.kind == CoreSubType::Kind::Continuation)
      TRY(check_reference(type.continuation, scope, size, at));
  }
  const auto ids = table.add(std::move(group), static_cast<uint32_t>(base), scope);
  scope.insert(scope.end(), ids.begin(), ids.end());
  return {};
}

Result<CoreValueType> resolve_core(CoreValueType type, std::span<const CoreTypeId> scope,
                                   size_t at) {
  TRY(check_type(type, scope, 0, at));
  if (type.kind == CoreValueType::Kind::Ref && type.heap == CoreHeap::Concrete) {
    type.concrete = scope[type.concrete].value;
  }
  return type;
}

Result<CoreExternType> resolve_core(const CoreExternType& type, const CoreTypeTable& table,
                                    std::span<const CoreTypeId> scope, size_t at) {
  const auto function = [&](uint32_t index) -> Result<uint32_t> {
    TRY(check_reference(index, scope, 0, at));
    if (table[scope[index]].kind != CoreSubType::Kind::Function) {
      return fail(Errc::Invalid, "type index {} is not a function type at offset {:#x}", index, at);
    }
    return scope[index].value;
  };
  CoreExternType resolved = type;
  if (auto* item = std::get_if<CoreFunctionExtern>(&resolved)) {
    item->type = TRY(function(item->type));
  } else if (auto* tag = std::get_if<CoreTagExtern>(&resolved)) {
    tag->type = TRY(function(tag->type));
  } else if (auto* core_table = std::get_if<CoreTableType>(&resolved)) {
    core_table->element = TRY(resolve_core(core_table->element, scope, at));
  } else if (auto* global = std::get_if<CoreGlobalType>(&resolved)) {
    global->type = TRY(resolve_core(global->type, scope, at));
  }
  return resolved;
}

Result<CoreModuleType> read_core_module(std::span<const std::byte> bytes, size_t offset,
                                        CoreTypeTable& table) {
  static constexpr auto kPreamble =
      std::to_array<uint8_t>({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00});
  ReaderView reader(bytes, offset);
  for (const uint8_t expected : kPreamble)
    TRY(reader.expect(expected, "byte in the preamble of a core module"));
  return CoreModuleReader(reader, table).run();
}

}  // namespace wasmcloud::component::detail
