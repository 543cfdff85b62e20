#include "component/decoder.h"

#include "component/detail/decoding.h"
#include "component/detail/reader.h"
#include "component/limits.h"

#include <array>

namespace wasmcloud::component {
namespace {

using detail::ReaderView;

constexpr size_t kPreambleBytes = 8;
constexpr auto kMagic = std::to_array<uint8_t>({0x00, 0x61, 0x73, 0x6d});
constexpr uint16_t kVersion = 0x0d;
constexpr uint16_t kLayer = 1;

uint8_t at(std::span<const std::byte> bytes, size_t index) {
  return std::to_integer<uint8_t>(bytes[index]);
}

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Result<DecodedComponent> run() {
    TRY(component(ByteRange{.offset = 0, .size = bytes_.size()}, 0));
    return std::move(result_);
  }

 private:
  Result<ComponentId> component(ByteRange range, uint32_t depth);
  Result<void> section(uint8_t id, ReaderView body, size_t start, ComponentBody& into,
                       uint32_t depth);
  void custom(ReaderView body, uint32_t depth);

  /// Reads a vector of definitions, one by one.
  template <class Read>
  Result<void> definitions(ReaderView& body, ComponentBody& into, std::string_view what, Read read);

  std::span<const std::byte> bytes_;
  DecodedComponent result_;
  uint32_t canons_ = 0;  // of the component that is being read
  uint32_t definitions_ = 0;
};

/// preamble ::= 0x00 0x61 0x73 0x6d version:0x0d 0x00 layer:0x01 0x00
Result<void> check_preamble(std::span<const std::byte> bytes, size_t offset) {
  if (bytes.size() < kPreambleBytes) {
    return fail(Errc::Malformed, "unexpected end: no component preamble at offset {:#x}", offset);
  }
  for (size_t i = 0; i < kMagic.size(); ++i) {
    if (at(bytes, i) != kMagic[i]) {
      return fail(Errc::Malformed, "magic header not detected: bad magic number at offset {:#x}",
                  offset);
    }
  }
  const auto version = static_cast<uint16_t>(at(bytes, 4) | at(bytes, 5) << 8);
  const auto layer = static_cast<uint16_t>(at(bytes, 6) | at(bytes, 7) << 8);
  if (layer == 0) {
    return fail(Errc::Malformed, "core module at offset {:#x} where a component is expected",
                offset);
  }
  if (layer != kLayer || version != kVersion) {
    return fail(Errc::Unsupported,
                "component version {:#x}, layer {:#x} at offset {:#x}; expected {:#x}, {:#x}",
                version, layer, offset, kVersion, kLayer);
  }
  return {};
}

Result<ComponentId> Decoder::component(ByteRange range, uint32_t depth) {
  if (depth > kMaxNesting) {
    return fail(Errc::Limit, "component at offset {:#x} is nested deeper than the limit of {}",
                range.offset, kMaxNesting);
  }
  if (result_.components.size() >= kMaxTotalComponents) {
    return fail(Errc::Limit, "more components than the limit of {} at offset {:#x}",
                kMaxTotalComponents, range.offset);
  }
  TRY(check_preamble(bytes_.subspan(range.offset, range.size), range.offset));

  const ComponentId id{static_cast<uint32_t>(result_.components.size())};
  result_.components.emplace_back();
  ComponentBody body{.bytes = range, .definitions = {}};
  const uint32_t outer_canons = std::exchange(canons_, 0);
  ReaderView reader(bytes_.subspan(range.offset + kPreambleBytes, range.size - kPreambleBytes),
                    range.offset + kPreambleBytes, &definitions_);
  while (!reader.at_end()) {
    const size_t start = reader.offset();
    const uint8_t section_id = TRY(reader.byte());
    const uint32_t size = TRY(reader.u32());
    TRY(section(section_id, TRY(reader.part(size)), start, body, depth));
  }
  canons_ = outer_canons;
  result_.components[id.value] = std::move(body);
  return id;
}

template <class Read>
Result<void> Decoder::definitions(ReaderView& body, ComponentBody& into, std::string_view what,
                                  Read read) {
  const uint32_t count = TRY(body.count(kMaxItems, what));
  for (uint32_t i = 0; i < count; ++i) {
    TRY(body.count_definition());
    Definition definition{.offset = body.offset()};
    definition.what = TRY(read());
    into.definitions.push_back(std::move(definition));
  }
  return body.finish(what);
}

Result<void> Decoder::section(uint8_t id, ReaderView body, size_t start, ComponentBody& into,
                              uint32_t depth) {
  switch (id) {
    case 0:
      TRY(ReaderView(body).name());
      custom(body, depth);
      return {};
    case 1: {
      const ModuleId module{static_cast<uint32_t>(result_.modules.size())};
      if (module.value >= kMaxTotalModules) {
        return fail(Errc::Limit, "more core modules than the limit of {} at offset {:#x}",
                    kMaxTotalModules, start);
      }
      TRY(body.count_definition());
      result_.modules.push_back(ByteRange{.offset = body.offset(), .size = body.remaining()});
      into.definitions.push_back(Definition{.offset = start, .what = module});
      return {};
    }
    case 2:
      return definitions(body, into, "core instances",
                         [&] { return detail::read_core_instance(body); });
    case 3:
      return definitions(body, into, "core types", [&] { return detail::read_core_type(body); });
    case 4: {
      const ByteRange range{.offset = body.offset(), .size = body.remaining()};
      into.definitions.push_back(
          Definition{.offset = start, .what = TRY(component(range, depth + 1))});
      return {};
    }
    case 5:
      return definitions(body, into, "instances", [&] { return detail::read_instance(body); });
    case 6:
      return definitions(body, into, "aliases", [&] { return detail::read_alias(body); });
    case 7:
      return definitions(body, into, "types", [&] { return detail::read_type(body, 0); });
    case 8:
      return definitions(body, into, "canonical definitions", [&]() -> Result<Canon> {
        Canon canon = TRY(detail::read_canon(body));
        canon.number = canons_++;
        return canon;
      });
    case 9: {
      // start ::= f:<funcidx> arg*:vec(<valueidx>) r:<u32>
      Start item{.function = FunctionIndex{TRY(body.u32())}, .arguments = {}};
      item.arguments = TRY(detail::read_vector<ValueIndex>(
          body, kMaxValues, "start arguments",
          [&]() -> Result<ValueIndex> { return ValueIndex{TRY(body.u32())}; }));
      item.results = TRY(body.u32());
      into.definitions.push_back(Definition{.offset = start, .what = std::move(item)});
      return body.finish("the start section");
    }
    case 10:
      return definitions(body, into, "imports", [&] { return detail::read_import(body); });
    case 11:
      return definitions(body, into, "exports", [&] { return detail::read_export(body); });
    case 12:
      // value ::= t:<valtype> len:<u32> v:<val(t)>
      return definitions(body, into, "values", [&]() -> Result<ValueDefinition> {
        ValueDefinition value{.type = TRY(detail::read_value_type(body)), .bytes = {}};
        const uint32_t size = TRY(body.u32());
        value.bytes = ByteRange{.offset = body.offset(), .size = size};
        TRY(body.skip(size));
        return value;
      });
    default:
      return fail(Errc::Malformed, "section id {:#04x} at offset {:#x}; expected 0x00 to 0x0c", id,
                  start);
  }
}

/// component-name ::= 0x00 size name (component), 0x01 … (names of items, which nothing here needs)
void Decoder::custom(ReaderView body, uint32_t depth) {
  // Debugging data: whatever is wrong with it is no error.
  const auto name = body.name();
  if (!name || *name != "component-name" || depth != 0) return;
  if (body.peek() != 0x00 || !body.byte() || !body.u32()) return;
  if (auto text = body.name()) result_.debug_name = *std::move(text);
}

}  // namespace

BinaryKind binary_kind(std::span<const std::byte> bytes) {
  if (bytes.size() < kPreambleBytes) return BinaryKind::NotWasm;
  for (size_t i = 0; i < kMagic.size(); ++i) {
    if (at(bytes, i) != kMagic[i]) return BinaryKind::NotWasm;
  }
  return at(bytes, 6) == 0 && at(bytes, 7) == 0 ? BinaryKind::CoreModule : BinaryKind::Component;
}

Result<DecodedComponent> decode(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxComponentBytes) {
    return fail(Errc::Limit, "component of {} bytes, more than the limit of {}", bytes.size(),
                kMaxComponentBytes);
  }
  auto decoded = Decoder(bytes).run();
  if (!decoded) return fail(detail::printable(std::move(decoded).error()));
  return decoded;
}

}  // namespace wasmcloud::component
