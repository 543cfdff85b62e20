// A module's start function runs as an ordinary call instead of inside the engine's instantiation,
// because only so may it wait: the engine refuses to instantiate on a stack that could be
// suspended. So the start section is taken out and its function exported under a name of ours.

#include "base/binary_writer.h"
#include "engine/detail/impl.h"

namespace wasmcloud::engine::detail {
namespace {

constexpr size_t kHeaderBytes = 8;
// Core specification, "Binary Format: Modules": section ids.
constexpr uint8_t kExportSection = 7;
constexpr uint8_t kStartSection = 8;
constexpr uint8_t kExportKindFunc = 0;

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ == bytes_.size(); }
  size_t at() const { return at_; }
  std::optional<uint8_t> byte() {
    if (at_end()) return std::nullopt;
    return static_cast<uint8_t>(bytes_[at_++]);
  }
  std::optional<uint32_t> u32() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const auto next = byte();
      if (!next) return std::nullopt;
      value |= uint64_t{*next & 0x7FU} << shift;
      if ((*next & 0x80U) == 0) {
        if (value > UINT32_MAX) return std::nullopt;
        return static_cast<uint32_t>(value);
      }
    }
    return std::nullopt;
  }
  std::optional<std::span<const std::byte>> take(size_t count) {
    if (count > bytes_.size() - at_) return std::nullopt;
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  std::span<const std::byte> rest() const { return bytes_.subspan(at_); }

 private:
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
};

/// exportsec ::= section_7(vec(export)); one more is appended.
bool put_exports(BinaryWriter& out, std::span<const std::byte> before, uint32_t start) {
  Reader reader(before);
  const auto count = before.empty() ? std::optional<uint32_t>(0) : reader.u32();
  if (!count || *count == UINT32_MAX) return false;
  BinaryWriter body;
  body.u32(*count + 1).raw(reader.rest());
  body.name(kStartExport).byte(kExportKindFunc).u32(start);
  if (body.size() > UINT32_MAX) return false;
  out.section(kExportSection, body.str());
  return true;
}

}  // namespace

std::optional<std::string> export_start(std::span<const std::byte> wasm) {
  if (wasm.size() < kHeaderBytes) return std::nullopt;
  std::span<const std::byte> exports;
  std::optional<uint32_t> start;
  // Where the export section goes if there is none: in the start section's place, which comes after
  // its own.
  size_t exports_at = 0;
  size_t exports_end = 0;
  size_t start_at = 0;
  size_t start_end = 0;
  Reader reader(wasm);
  reader.take(kHeaderBytes);
  while (!reader.at_end()) {
    const size_t at = reader.at();
    const auto id = reader.byte();
    const auto size = reader.u32();
    if (!id || !size) return std::nullopt;
    const auto body = reader.take(*size);
    if (!body) return std::nullopt;
    if (*id == kExportSection) {
      if (exports_end != 0) return std::nullopt;
      exports = *body;
      exports_at = at;
      exports_end = reader.at();
    } else if (*id == kStartSection) {
      if (start) return std::nullopt;
      Reader inner(*body);
      start = inner.u32();
      if (!start || !inner.at_end()) return std::nullopt;
      start_at = at;
      start_end = reader.at();
    }
  }
  if (!start) return std::nullopt;
  if (exports_end == 0) exports_at = exports_end = start_at;
  if (exports_end > start_at) return std::nullopt;  // out of order: the engine says so

  BinaryWriter out;
  out.reserve(wasm.size() + kStartExport.size() + 16);
  out.raw(wasm.first(exports_at));
  if (!put_exports(out, exports, *start)) return std::nullopt;
  out.raw(wasm.subspan(exports_end, start_at - exports_end)).raw(wasm.subspan(start_end));
  return out.take();
}

}  // namespace wasmcloud::engine::detail
