#include "component/metadata.h"

#include "base/utf8.h"
#include "component/detail/reader.h"
#include "component/limits.h"

#include <algorithm>
#include <array>

namespace wasmcloud::component {
namespace {

using detail::ReaderView;

constexpr size_t kPreambleBytes = 8;
/// More tools than any binary went through.
constexpr uint32_t kMaxProducers = 1'000;
/// Other text is cut out: it is no description.
constexpr size_t kMaxTextBytes = size_t{1} << 16;

Result<CustomSectionView> read_custom(ReaderView body, std::span<const std::byte> bytes,
                                      size_t base) {
  CustomSectionView section{.name = TRY(body.name()), .content = {}};
  section.content = bytes.subspan(body.offset() - base, body.remaining());
  return section;
}

/// The name subsection that "name" of modules and "component-name" of components begin with.
Result<std::string> read_name(std::span<const std::byte> content) {
  ReaderView reader(content, 0);
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.byte());
    ReaderView part = TRY(reader.part(TRY(reader.u32())));
    if (id == 0) return part.name();
  }
  return fail(Errc::NotFound, "no name");
}

/// vec(field: name, values: vec(name, version))
Result<void> read_producers(std::span<const std::byte> content, std::vector<Producer>& into) {
  ReaderView reader(content, 0);
  const uint32_t fields = TRY(reader.count(kMaxProducers, "fields"));
  for (uint32_t i = 0; i < fields; ++i) {
    const std::string field = TRY(reader.name());
    const uint32_t values = TRY(reader.count(kMaxProducers, "producers"));
    for (uint32_t j = 0; j < values && into.size() < kMaxProducers; ++j) {
      std::string name = TRY(reader.name());
      std::string version = TRY(reader.name());
      into.push_back({.field = field, .name = std::move(name), .version = std::move(version)});
    }
  }
  return {};
}

}  // namespace

std::span<const MetadataText> metadata_texts() {
  static constexpr auto kTexts = std::to_array<MetadataText>({
      {"description", &Metadata::description},
      {"authors", &Metadata::authors},
      {"licenses", &Metadata::licenses},
      {"source", &Metadata::source},
      {"homepage", &Metadata::homepage},
      {"revision", &Metadata::revision},
      {"version", &Metadata::version},
  });
  return kTexts;
}

std::vector<CustomSectionView> custom_sections(std::span<const std::byte> bytes) {
  std::vector<CustomSectionView> found;
  if (bytes.size() < kPreambleBytes) return found;
  const std::span<const std::byte> sections = bytes.subspan(kPreambleBytes);
  ReaderView reader(sections, 0);
  while (!reader.at_end()) {
    const auto id = reader.byte();
    const auto size = reader.u32();
    if (!id || !size) return found;
    auto body = reader.part(*size);
    if (!body) return found;
    if (*id != 0) continue;
    if (auto section = read_custom(*body, sections, 0)) found.push_back(*std::move(section));
  }
  return found;
}

Metadata read_metadata(std::span<const std::byte> bytes) {
  Metadata metadata;
  for (const CustomSectionView& section : custom_sections(bytes)) {
    if (section.name == "producers") {
      // What was read before something unreadable counts.
      static_cast<void>(read_producers(section.content, metadata.producers));
    } else if (section.name == "name" || section.name == "component-name") {
      if (auto name = read_name(section.content)) metadata.name = *std::move(name);
    }
    for (const auto& [name, member] : metadata_texts()) {
      if (section.name != name || section.content.size() > kMaxTextBytes) continue;
      std::string text(reinterpret_cast<const char*>(section.content.data()),
                       section.content.size());
      if (is_utf8(text)) metadata.*member = std::move(text);
    }
  }
  return metadata;
}

std::vector<BinaryPart> parts_of(const DecodedComponent& component,
                                 std::span<const std::byte> bytes) {
  std::vector<BinaryPart> parts;
  const auto add = [&](BinaryPart::Kind kind, ByteRange range) {
    parts.push_back({.kind = kind,
                     .bytes = range,
                     .metadata = read_metadata(bytes.subspan(range.offset, range.size))});
  };
  for (const ComponentBody& body : component.components)
    add(BinaryPart::Kind::Component, body.bytes);
  for (const ByteRange& module : component.modules) add(BinaryPart::Kind::Module, module);
  std::ranges::sort(parts, {}, [](const BinaryPart& part) { return part.bytes.offset; });
  // Ranges are nested or apart.
  std::vector<size_t> ends;
  for (BinaryPart& part : parts) {
    while (!ends.empty() && ends.back() <= part.bytes.offset) ends.pop_back();
    part.depth = static_cast<uint32_t>(ends.size());
    ends.push_back(part.bytes.offset + part.bytes.size);
  }
  return parts;
}

std::vector<std::string> languages_of(std::span<const BinaryPart> parts) {
  std::vector<std::string> languages;
  for (const BinaryPart& part : parts) {
    for (const Producer& producer : part.metadata.producers) {
      if (producer.field != "language" ||
          std::ranges::find(languages, producer.name) != languages.end())
        continue;
      languages.push_back(producer.name);
    }
  }
  return languages;
}

}  // namespace wasmcloud::component
