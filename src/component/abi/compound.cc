#include "component/abi/compound.h"

#include "base/utf8.h"

namespace wasmcloud::component::abi {

char32_t Type<char32_t>::checked(Lift& in, uint32_t value) {
  if (is_scalar_value(value)) return static_cast<char32_t>(value);
  in.trap(fmt::format("{:#x} is no Unicode scalar value, as a char has to be", value));
  return 0;
}

uint32_t get_discriminant(Lift& in, uint32_t at, uint32_t cases) {
  switch (discriminant_size(cases)) {
    case 1:
      return in.get<uint8_t>(at);
    case 2:
      return in.get<uint16_t>(at);
    default:
      return in.get<uint32_t>(at);
  }
}

void put_discriminant(Lower& out, uint32_t at, uint32_t cases, uint32_t value) {
  switch (discriminant_size(cases)) {
    case 1:
      return out.put<uint8_t>(at, static_cast<uint8_t>(value));
    case 2:
      return out.put<uint16_t>(at, static_cast<uint16_t>(value));
    default:
      return out.put<uint32_t>(at, value);
  }
}

bool check_discriminant(Lift& in, uint32_t value, uint32_t cases) {
  if (in.failed()) return false;
  if (value < cases) return true;
  in.trap(fmt::format("discriminant {} of {} cases", value, cases));
  return false;
}

}  // namespace wasmcloud::component::abi
