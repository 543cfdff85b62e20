// Decodes and validates whatever it is given: no input may crash, hang or take memory without
// bound.
#include "component/decoder.h"
#include "component/validator.h"

#include <cstddef>
#include <cstdint>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wasmcloud;
  const auto bytes = std::as_bytes(std::span(data, size));
  for (const component::Features& features : {component::Features{}, component::Features::all()}) {
    auto decoded = component::decode(bytes);
    if (!decoded) return 0;
    static_cast<void>(component::validate(*std::move(decoded), bytes, features));
  }
  return 0;
}
