// A text as a value of a type that the input's first byte chooses: it is read or refused, and what
// was read is the same after it was written and read again.
#include "component/wave.h"

#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

namespace wasmcloud::component {
namespace {

/// One type of each kind, and a record that holds all of them.
struct Types {
  Types() {
    for (auto kind = TypeKind::Bool; kind < TypeKind::ErrorContext;
         kind = static_cast<TypeKind>(static_cast<int>(kind) + 1))
      all.push_back(primitive(kind));
    const ValueType u8 = primitive(TypeKind::U8);
    const ValueType text = primitive(TypeKind::String);
    const ValueType option = table.option(u8);
    const ValueType tuple = table.tuple(std::array{primitive(TypeKind::F32), text});
    all.insert(all.end(), {option, tuple, table.list(text), table.fixed_list(u8, 2),
                           table.map(text, option), table.option(option), table.option(tuple),
                           table.result(tuple, u8), table.result(std::nullopt, std::nullopt),
                           table.variant(std::array{Member{.name = table.name("ok"), .type = u8},
                                                    Member{.name = table.name("other")}}),
                           table.flags(std::array{table.name("a"), table.name("b-c")}),
                           table.enumeration(std::array{table.name("none"), table.name("b-c")})});
    std::vector<Member> fields;
    for (size_t i = 0; i < all.size(); ++i)
      fields.push_back({.name = table.name("f" + std::to_string(i)), .type = table.option(all[i])});
    all.push_back(table.list(table.record(fields)));
  }

  TypeTable table;
  std::vector<ValueType> all;
};

}  // namespace
}  // namespace wasmcloud::component

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wasmcloud::component;
  static const Types types;
  if (size == 0) return 0;
  const ValueType type = types.all[data[0] % types.all.size()];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto value = read_wave(types.table, type, text, {.values = 100'000});
  if (!value) return 0;
  const std::string written = write_wave(*value);
  const auto again = read_wave(types.table, type, written);
  if (!again || write_wave(*again) != written) std::abort();
  return 0;
}
