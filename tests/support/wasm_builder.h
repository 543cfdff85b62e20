#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::testing {

/// Bytes of the binary format, appended.
class WasmBytes {
 public:
  std::vector<std::byte> bytes;

  WasmBytes& byte(unsigned value) {
    bytes.push_back(std::byte(value));
    return *this;
  }
  WasmBytes& u32(uint64_t value) {
    do {
      const auto low = static_cast<unsigned>(value & 0x7F);
      value >>= 7;
      byte(value != 0 ? low | 0x80 : low);
    } while (value != 0);
    return *this;
  }
  WasmBytes& s64(int64_t value) {
    while (true) {
      const auto low = static_cast<unsigned>(value & 0x7F);
      value >>= 7;
      const bool last = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
      byte(last ? low : low | 0x80);
      if (last) return *this;
    }
  }
  WasmBytes& text(std::string_view value) {
    u32(value.size());
    for (const char c : value) byte(static_cast<unsigned char>(c));
    return *this;
  }
  WasmBytes& append(const WasmBytes& other) {
    bytes.insert(bytes.end(), other.bytes.begin(), other.bytes.end());
    return *this;
  }
  WasmBytes& sized(const WasmBytes& other) { return u32(other.bytes.size()).append(other); }
};

/// Value types by their byte in the binary format.
enum class Wasm : uint8_t {
  I32 = 0x7F,
  I64 = 0x7E,
  F32 = 0x7D,
  F64 = 0x7C,
  V128 = 0x7B,
  FuncRef = 0x70,
  ExternRef = 0x6F,
  Empty = 0x40,  ///< a block that takes and leaves nothing
};

/// A function's body or a constant expression, instruction by instruction; `end` is added by the
/// builder.
class Code : public WasmBytes {
 public:
  std::vector<Wasm> locals;

  Code& op(unsigned opcode) {
    byte(opcode);
    return *this;
  }
  Code& op(unsigned opcode, uint64_t index) {
    byte(opcode).u32(index);
    return *this;
  }
  Code& local(Wasm type) {
    locals.push_back(type);
    return *this;
  }
  Code& unreachable() { return op(0x00); }
  Code& block(Wasm type = Wasm::Empty) { return op(0x02).op(static_cast<unsigned>(type)); }
  Code& loop(Wasm type = Wasm::Empty) { return op(0x03).op(static_cast<unsigned>(type)); }
  Code& if_(Wasm type = Wasm::Empty) { return op(0x04).op(static_cast<unsigned>(type)); }
  Code& else_() { return op(0x05); }
  Code& end() { return op(0x0B); }
  Code& br(uint32_t depth) { return op(0x0C, depth); }
  Code& br_if(uint32_t depth) { return op(0x0D, depth); }
  Code& return_() { return op(0x0F); }
  Code& call(uint32_t function) { return op(0x10, function); }
  Code& call_indirect(uint32_t type, uint32_t table = 0) {
    op(0x11, type).u32(table);
    return *this;
  }
  Code& throw_(uint32_t tag) { return op(0x08, tag); }
  Code& drop() { return op(0x1A); }
  Code& local_get(uint32_t index) { return op(0x20, index); }
  Code& local_set(uint32_t index) { return op(0x21, index); }
  Code& local_tee(uint32_t index) { return op(0x22, index); }
  Code& global_get(uint32_t index) { return op(0x23, index); }
  Code& global_set(uint32_t index) { return op(0x24, index); }
  Code& i32_load(uint64_t offset = 0) {
    op(0x28, 2).u32(offset);
    return *this;
  }
  Code& i32_store(uint64_t offset = 0) {
    op(0x36, 2).u32(offset);
    return *this;
  }
  Code& memory_size() { return op(0x3F, 0); }
  Code& memory_grow() { return op(0x40, 0); }
  Code& i32(int32_t value) {
    op(0x41).s64(value);
    return *this;
  }
  Code& i64(int64_t value) {
    op(0x42).s64(value);
    return *this;
  }
  Code& f64(double value) {
    op(0x44);
    auto bits = std::bit_cast<uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8) byte(bits & 0xFF);
    return *this;
  }
  Code& i32_eqz() { return op(0x45); }
  Code& i32_add() { return op(0x6A); }
  Code& i32_sub() { return op(0x6B); }
  Code& i32_mul() { return op(0x6C); }
  Code& i32_div_s() { return op(0x6D); }
  Code& i64_add() { return op(0x7C); }
  Code& f64_add() { return op(0xA0); }
  Code& ref_func(uint32_t function) { return op(0xD2, function); }
};

/// Makes core modules without a text format: declare imports first, then everything else; indices
/// are returned.
class WasmBuilder {
 public:
  using Types = std::vector<Wasm>;

  uint32_t type(const Types& params, const Types& results) {
    types_.byte(0x60).u32(params.size());
    for (const Wasm t : params) types_.byte(static_cast<unsigned>(t));
    types_.u32(results.size());
    for (const Wasm t : results) types_.byte(static_cast<unsigned>(t));
    return type_count_++;
  }
  uint32_t import_func(std::string_view module, std::string_view name, uint32_t type) {
    imports_.text(module).text(name).byte(0x00).u32(type);
    ++import_count_;
    return func_count_++;
  }
  uint32_t import_memory(std::string_view module, std::string_view name, uint64_t min) {
    imports_.text(module).text(name).byte(0x02).byte(0x00).u32(min);
    ++import_count_;
    return memory_index_++;
  }
  uint32_t import_table(std::string_view module, std::string_view name, uint64_t min) {
    imports_.text(module).text(name).byte(0x01).byte(0x70).byte(0x00).u32(min);
    ++import_count_;
    return table_index_++;
  }
  /// The index the next `func` gets, for recursion and forward calls.
  uint32_t next_func() const { return func_count_; }
  uint32_t func(uint32_t type, const Code& code, std::string_view export_as = {}) {
    functions_.u32(type);
    WasmBytes body;
    body.u32(code.locals.size());
    for (const Wasm t : code.locals) body.u32(1).byte(static_cast<unsigned>(t));
    body.append(code).byte(0x0B);
    codes_.sized(body);
    ++code_count_;
    if (!export_as.empty()) export_item(export_as, 0x00, func_count_);
    return func_count_++;
  }
  uint32_t memory(uint64_t min, std::optional<uint64_t> max = std::nullopt,
                  std::string_view export_as = {}) {
    limits(memories_, min, max);
    ++memory_count_;
    if (!export_as.empty()) export_item(export_as, 0x02, memory_index_);
    return memory_index_++;
  }
  uint32_t table(uint64_t min, std::optional<uint64_t> max = std::nullopt,
                 std::string_view export_as = {}) {
    tables_.byte(0x70);
    limits(tables_, min, max);
    ++table_count_;
    if (!export_as.empty()) export_item(export_as, 0x01, table_index_);
    return table_index_++;
  }
  uint32_t global(Wasm type, bool is_mutable, const Code& init, std::string_view export_as = {}) {
    globals_.byte(static_cast<unsigned>(type)).byte(is_mutable ? 1 : 0).append(init).byte(0x0B);
    if (!export_as.empty()) export_item(export_as, 0x03, global_count_);
    return global_count_++;
  }
  uint32_t tag(uint32_t type) {
    tags_.byte(0x00).u32(type);
    return tag_count_++;
  }
  void start(uint32_t function) { start_ = function; }
  /// Functions into table 0, from `offset`.
  void elements(int32_t offset, const std::vector<uint32_t>& functions) {
    elements_.byte(0x00).append(Code().i32(offset)).byte(0x0B).u32(functions.size());
    for (const uint32_t f : functions) elements_.u32(f);
    ++element_count_;
  }
  void data(int32_t offset, std::string_view text) {
    datas_.byte(0x00).append(Code().i32(offset)).byte(0x0B).text(text);
    ++data_count_;
  }
  void export_item(std::string_view name, unsigned kind, uint32_t index) {
    exports_.text(name).byte(kind).u32(index);
    ++export_count_;
  }
  void custom(std::string_view name, const WasmBytes& content) {
    WasmBytes body;
    body.text(name).append(content);
    custom_.byte(0).sized(body);
  }

  std::vector<std::byte> build() const {
    WasmBytes out;
    for (const unsigned b : {0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00}) out.byte(b);
    section(out, 1, type_count_, types_);
    section(out, 2, import_count_, imports_);
    section(out, 3, code_count_, functions_);
    section(out, 4, table_count_, tables_);
    section(out, 5, memory_count_, memories_);
    section(out, 13, tag_count_, tags_);
    section(out, 6, global_count_, globals_);
    section(out, 7, export_count_, exports_);
    if (start_) {
      out.byte(8).sized(WasmBytes().u32(*start_));
    }
    section(out, 9, element_count_, elements_);
    section(out, 10, code_count_, codes_);
    section(out, 11, data_count_, datas_);
    out.append(custom_);
    return out.bytes;
  }

 private:
  static void section(WasmBytes& out, unsigned id, uint32_t count, const WasmBytes& items) {
    if (count == 0) return;
    WasmBytes body;
    body.u32(count).append(items);
    out.byte(id).sized(body);
  }
  static void limits(WasmBytes& out, uint64_t min, std::optional<uint64_t> max) {
    out.byte(max ? 1 : 0).u32(min);
    if (max) out.u32(*max);
  }

  WasmBytes types_, imports_, functions_, tables_, memories_, tags_, globals_, exports_, elements_,
      codes_, datas_, custom_;
  uint32_t type_count_ = 0, import_count_ = 0, func_count_ = 0, code_count_ = 0, table_count_ = 0,
           table_index_ = 0, memory_count_ = 0, memory_index_ = 0, tag_count_ = 0,
           global_count_ = 0, export_count_ = 0, element_count_ = 0, data_count_ = 0;
  std::optional<uint32_t> start_;
};

}  // namespace wasmcloud::testing
