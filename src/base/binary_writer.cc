#include "base/binary_writer.h"

namespace wasmcloud {

BinaryWriter& BinaryWriter::u32(uint64_t value) {
  for (; value >= 0x80; value >>= 7) byte(static_cast<uint8_t>(value | 0x80));
  return byte(static_cast<uint8_t>(value));
}

BinaryWriter& BinaryWriter::s33(uint32_t value) {
  for (; value >= 0x40; value >>= 7) byte(static_cast<uint8_t>(value | 0x80));
  return byte(static_cast<uint8_t>(value));
}

BinaryWriter& BinaryWriter::name(std::string_view text) { return u32(text.size()).raw(text); }

BinaryWriter& BinaryWriter::section(uint8_t id, std::string_view body) {
  return byte(id).u32(body.size()).raw(body);
}

BinaryWriter& BinaryWriter::custom_section(std::string_view name, std::string_view content) {
  return section(0, BinaryWriter().name(name).raw(content).str());
}

}  // namespace wasmcloud
