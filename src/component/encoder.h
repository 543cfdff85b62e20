#pragma once

#include "base/binary_writer.h"
#include "component/definitions.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

/// Writes a component definition by definition: what the decoder reads, but for core code (core
/// modules, instances and types, canonical definitions), values and start functions. Each call
/// returns the index that the definition gets in its space. Nothing is checked: indices must refer
/// to what was written before, and names be well-formed.
class Encoder {
 public:
  Encoder();

  /// A whole binary, nested as it is.
  ComponentIndex component(std::span<const std::byte> binary);
  InstanceIndex instance(const InstanceDefinition& definition);
  /// The index is one of the alias's sort.
  uint32_t alias(const Alias& alias);
  TypeIndex type(const TypeDefinition& definition);
  /// The index is one of what is imported; every export adds one too, of the exported item's sort.
  uint32_t import(const Import& import);
  uint32_t add_export(const Export& item);
  void custom(std::string_view name, std::span<const std::byte> bytes);

  /// The binary. The encoder is empty then.
  std::vector<std::byte> finish();

 private:
  /// Items of one section follow one another in one section of the binary.
  BinaryWriter& item(uint8_t section);
  void end_section();
  uint32_t next(Sort sort) { return counts_[static_cast<size_t>(sort)]++; }

  BinaryWriter out_;
  uint8_t section_ = 0;  ///< that is open; 0: none
  uint32_t items_ = 0;
  BinaryWriter body_;
  std::array<uint32_t, 13> counts_{};
};

/// The sort that an import or export of that description is of.
Sort sort_of(ExternDescriptor::Kind kind);

}  // namespace wasmcloud::component
