// Values of any type in a guest's memory of any content, in every encoding: lifting and copying end
// well or in a trap, and what was lifted is the same after it was lowered and lifted again.
#include "component/detail/dynamic_values.h"
#include "component/detail/places.h"
#include "component/detail/value_copy.h"
#include "component/support/fake_context.h"
#include "component/wave.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

namespace wasmcloud::component {
namespace {

const GuestResourceType kResource{.name = "r", .instance = 7};

class Input {
 public:
  explicit Input(std::span<const uint8_t> data) : data_(data) {}
  uint8_t byte() {
    if (data_.empty()) return 0;
    const uint8_t value = data_.front();
    data_ = data_.subspan(1);
    return value;
  }
  std::span<const uint8_t> rest() const { return data_; }

 private:
  std::span<const uint8_t> data_;
};

/// A type as the input says; lists nest three deep at most, since they multiply.
ValueType type_of(TypeTable& types, Input& in, int depth, int lists) {
  const uint8_t code = in.byte();
  if (depth == 0 || code % 3 == 0) {
    switch (code / 3 % 16) {
      case 13:
        return types.own(ResourceId{0});
      case 14:
        return types.borrow(ResourceId{0});
      case 15:
        return primitive(TypeKind::String);
      default:
        return primitive(static_cast<TypeKind>(code / 3 % 16));
    }
  }
  const auto part = [&] { return type_of(types, in, depth - 1, lists); };
  std::vector<Member> members;
  std::vector<Name> labels;
  const size_t count = 1 + in.byte() % 4;
  for (size_t i = 0; i < count; ++i) labels.push_back(types.name(std::string(1, char('a' + i))));
  switch (code / 3 % 10) {
    case 0:
    case 1:
      for (const Name label : labels) members.push_back({.name = label, .type = part()});
      return code / 3 % 10 == 0 ? types.record(members) : types.variant(members);
    case 2:
      return types.tuple(std::array{part(), part()});
    case 3:
      return types.flags(labels);
    case 4:
      return types.enumeration(labels);
    case 5:
      return types.option(part());
    case 6:
      return types.result(part(), std::nullopt);
    case 7:
      return types.fixed_list(part(), static_cast<uint32_t>(count));
    default:
      if (lists == 0) return primitive(TypeKind::String);
      return types.list(type_of(types, in, depth - 1, lists - 1));
  }
}

std::unique_ptr<FakeContext> guest(StringEncoding encoding, std::span<const uint8_t> content) {
  constexpr size_t kMemory = 512;
  auto out = std::make_unique<FakeContext>(kMemory, encoding);
  for (size_t i = 0; i < kMemory && !content.empty(); ++i)
    out->buffer()[i] = std::byte{content[i % content.size()]};
  for (uint32_t i = 1; i <= 8; ++i)
    static_cast<void>(out->handles().add_own(kResource, {.number = i}));
  return out;
}

void require(bool right) {
  if (!right) std::abort();
}

void check(const RuntimeType& type, StringEncoding from, StringEncoding to,
           std::span<const uint8_t> content) {
  const auto source = guest(from, content);
  if (!check_place(*source, 0, type.size, type.align)) return;
  const Result<Value> lifted = lift_memory(*source, type, 0);
  const auto sink = guest(to, {});
  const auto copier = guest(from, content);
  const uint32_t copy_at = sink->allocate(type.size, type.align).value();
  const bool copied = ValueCopy(*copier, *sink).memory_to_memory(type, 0, copy_at).has_value();
  require(copied == lifted.has_value());
  if (!lifted) return;
  const std::string text = write_wave(*lifted);
  const Result<Value> from_copy = lift_memory(*sink, type, copy_at);
  require(from_copy && write_wave(*from_copy) == text);
  const auto other = guest(to, {});
  const uint32_t at = other->allocate(type.size, type.align).value();
  require(lower_memory(*other, type, *lifted, at).has_value());
  const Result<Value> again = lift_memory(*other, type, at);
  require(again && write_wave(*again) == text);
}

void check_flat(const RuntimeType& type, StringEncoding encoding,
                std::span<const uint8_t> content) {
  if (type.flat_count > 16) return;
  const auto source = guest(encoding, content);
  std::array<engine::RawValue, 16> flat;
  for (size_t i = 0; i < flat.size(); ++i)
    flat[i].u64 = content.empty() ? 0 : content[i * 5 % content.size()];
  const Result<Value> lifted = lift_flat(*source, type, flat.data());
  if (!lifted) return;
  const auto sink = guest(encoding, {});
  std::array<engine::RawValue, 16> out;
  require(lower_flat(*sink, type, *lifted, out.data()).has_value());
  const Result<Value> again = lift_flat(*sink, type, out.data());
  require(again && write_wave(*again) == write_wave(*lifted));
}

}  // namespace
}  // namespace wasmcloud::component

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace wasmcloud::component;
  Input in({data, size});
  const auto from = static_cast<StringEncoding>(in.byte() % 3);
  const auto to = static_cast<StringEncoding>(in.byte() % 3);
  TypeTable table;
  table.new_resource();
  const ValueType type = type_of(table, in, 4, 3);
  RuntimeTypes types;
  const RuntimeType& runtime =
      *types.from(table, type, [](ResourceId) { return ResourceType(kResource); });
  check(runtime, from, to, in.rest());
  check_flat(runtime, from, in.rest());
  return 0;
}
