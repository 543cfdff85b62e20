#pragma once

#include "support/wasm_builder.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

/// Some bytes, where their meaning is told beside them.
inline testing::WasmBytes raw(std::initializer_list<unsigned> values) {
  testing::WasmBytes bytes;
  for (const unsigned value : values) bytes.byte(value);
  return bytes;
}

/// A component's binary, section by section.
class ComponentBuilder {
 public:
  ComponentBuilder() { bytes_ = raw({0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00}); }

  ComponentBuilder& section(unsigned id, const testing::WasmBytes& body) {
    bytes_.byte(id).sized(body);
    return *this;
  }
  /// A section that is a vector of items.
  ComponentBuilder& items(unsigned id, const std::vector<testing::WasmBytes>& items) {
    testing::WasmBytes body;
    body.u32(items.size());
    for (const auto& item : items) body.append(item);
    return section(id, body);
  }
  ComponentBuilder& types(const std::vector<testing::WasmBytes>& types) { return items(7, types); }
  ComponentBuilder& canons(const std::vector<testing::WasmBytes>& canons) {
    return items(8, canons);
  }
  ComponentBuilder& imports(const std::vector<testing::WasmBytes>& imports) {
    return items(10, imports);
  }
  ComponentBuilder& exports(const std::vector<testing::WasmBytes>& exports) {
    return items(11, exports);
  }
  ComponentBuilder& component(const ComponentBuilder& nested) { return section(4, nested.bytes_); }
  ComponentBuilder& module(const std::vector<std::byte>& module) {
    testing::WasmBytes body;
    body.bytes = module;
    return section(1, body);
  }

  const std::vector<std::byte>& bytes() const { return bytes_.bytes; }

 private:
  testing::WasmBytes bytes_;
};

/// An import or export item: a name and what follows it.
inline testing::WasmBytes named(std::string_view name, std::initializer_list<unsigned> rest) {
  return raw({0x00}).text(name).append(raw(rest));
}

}  // namespace wasmcloud::component
