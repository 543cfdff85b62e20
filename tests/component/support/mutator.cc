#include "component/support/mutator.h"

#include "component/detail/reader.h"

#include <algorithm>
#include <array>

namespace wasmcloud::component {
namespace {

constexpr size_t kPreamble = 8;
constexpr uint8_t kModule = 1;
constexpr uint8_t kComponent = 4;
/// Bytes that mean something nearly everywhere: type codes, sorts, flags, small indices.
constexpr auto kTelling = std::to_array<uint8_t>(
    {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x10, 0x11, 0x12, 0x3f, 0x40, 0x41, 0x42,
     0x43, 0x50, 0x60, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6d, 0x6e, 0x6f, 0x70,
     0x71, 0x72, 0x73, 0x74, 0x79, 0x7d, 0x7e, 0x7f, 0x80, 0xff, '-',  '.',  '[',  'A'});

void append_size(std::vector<std::byte>& out, size_t size) {
  do {
    const auto low = static_cast<uint8_t>(size & 0x7f);
    size >>= 7;
    out.push_back(std::byte(size != 0 ? low | 0x80 : low));
  } while (size != 0);
}

}  // namespace

std::vector<Mutator::Section> Mutator::split(std::span<const std::byte> component) {
  std::vector<Section> sections;
  detail::ReaderView reader(component.subspan(kPreamble), 0);
  while (!reader.at_end()) {
    const auto id = reader.byte();
    const auto size = reader.u32();
    if (!id || !size || *size > reader.remaining()) break;
    const auto body = component.subspan(kPreamble + reader.offset(), *size);
    sections.push_back({.id = *id, .body = {body.begin(), body.end()}});
    static_cast<void>(reader.skip(*size));
  }
  return sections;
}

std::vector<std::byte> Mutator::mutate(std::span<const std::byte> component) {
  std::vector<Section> sections = split(component);
  std::erase_if(sections, [](const Section& section) { return section.id == 0; });
  const size_t changes = 1 + below(3);
  for (size_t i = 0; i < changes && !sections.empty(); ++i) {
    if (below(6) == 0) {
      change_sections(sections);
      continue;
    }
    Section& section = sections[below(sections.size())];
    if (section.id == kComponent && section.body.size() > kPreamble) {
      section.body = mutate(section.body);
    } else if (section.id != kModule && !section.body.empty()) {
      change_bytes(section.body);
    }
  }
  std::vector<std::byte> out(component.begin(), component.begin() + kPreamble);
  for (const Section& section : sections) {
    out.push_back(std::byte{section.id});
    append_size(out, section.body.size());
    out.insert(out.end(), section.body.begin(), section.body.end());
  }
  return out;
}

void Mutator::change_sections(std::vector<Section>& sections) {
  const size_t at = below(sections.size());
  switch (below(3)) {
    case 0:
      sections.erase(sections.begin() + static_cast<ptrdiff_t>(at));
      break;
    case 1: {
      Section copy = sections[at];
      sections.insert(sections.begin() + static_cast<ptrdiff_t>(below(sections.size() + 1)),
                      std::move(copy));
      break;
    }
    default:
      std::swap(sections[at], sections[below(sections.size())]);
      break;
  }
}

void Mutator::change_bytes(std::vector<std::byte>& body) {
  const size_t at = below(body.size());
  const auto place = body.begin() + static_cast<ptrdiff_t>(at);
  switch (below(8)) {
    case 0:
      *place ^= std::byte(1u << below(8));
      break;
    case 1:
      *place = std::byte(std::to_integer<unsigned>(*place) + 1);
      break;
    case 2:
      *place = std::byte(std::to_integer<unsigned>(*place) - 1);
      break;
    case 3:
      body.insert(place, std::byte{kTelling[below(kTelling.size())]});
      break;
    case 4:
      body.erase(place);
      break;
    case 5: {
      // A piece once more, somewhere.
      const size_t size = 1 + below(std::min<size_t>(body.size() - at, 12));
      const std::vector<std::byte> piece(place, place + static_cast<ptrdiff_t>(size));
      body.insert(body.begin() + static_cast<ptrdiff_t>(below(body.size() + 1)), piece.begin(),
                  piece.end());
      if (below(2) == 0) body[0] = std::byte(std::to_integer<unsigned>(body[0]) + 1);
      break;
    }
    default:
      *place = std::byte{kTelling[below(kTelling.size())]};
      break;
  }
}

}  // namespace wasmcloud::component
