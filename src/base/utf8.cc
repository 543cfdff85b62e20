#include "base/utf8.h"

#include <array>
#include <cstring>

namespace wasmcloud {

namespace {

// The length of the sequence that `lead` begins, or 0 if nothing well-formed begins so.
constexpr size_t sequence_length(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;  // continuation bytes, and overlong forms of ASCII
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  if (lead < 0xf5) return 4;
  return 0;
}

constexpr uint64_t kNotAscii = 0x8080808080808080;

// Most text is ASCII. Past as many whole blocks of it as `at` begins with; compilers make vector
// code of this.
const uint8_t* skip_ascii_blocks(const uint8_t* at, const uint8_t* end) {
  std::array<uint64_t, 8> block;
  while (static_cast<size_t>(end - at) >= sizeof(block)) {
    std::memcpy(block.data(), at, sizeof(block));
    uint64_t seen = 0;
    for (const uint64_t word : block) seen |= word;
    if ((seen & kNotAscii) != 0) break;
    at += sizeof(block);
  }
  return at;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const auto* const end = at + text.size();
  at = skip_ascii_blocks(at, end);
  while (at != end) {
    while (end - at >= 8) {
      uint64_t word;
      std::memcpy(&word, at, 8);
      if ((word & kNotAscii) != 0) break;
      at += 8;
    }
    if (at == end) return true;
    const uint8_t lead = *at;
    const size_t length = sequence_length(lead);
    if (length == 0 || static_cast<size_t>(end - at) < length) return false;
    // Table 3-7 of the Unicode standard: the second byte's range depends on the first byte.
    if (length > 1) {
      uint8_t low = 0x80;
      uint8_t high = 0xbf;
      if (lead == 0xe0) low = 0xa0;
      if (lead == 0xed) high = 0x9f;
      if (lead == 0xf0) low = 0x90;
      if (lead == 0xf4) high = 0x8f;
      if (at[1] < low || at[1] > high) return false;
      for (size_t i = 2; i < length; ++i) {
        if ((at[i] & 0xc0) != 0x80) return false;
      }
    }
    at += length;
  }
  return true;
}

char32_t take_utf8(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(text[i])); };
  const uint32_t lead = byte(0);
  const size_t length = sequence_length(static_cast<uint8_t>(lead));
  uint32_t value = lead;
  if (length == 2) value = (lead & 0x1f) << 6 | (byte(1) & 0x3f);
  if (length == 3) value = (lead & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
  if (length == 4) {
    value = (lead & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
  }
  text.remove_prefix(length);
  return static_cast<char32_t>(value);
}

void append_utf8(std::string& out, char32_t value) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xc0 | value >> 6);
    put(0x80 | (value & 0x3f));
  } else if (value < 0x10000) {
    put(0xe0 | value >> 12);
    put(0x80 | (value >> 6 & 0x3f));
    put(0x80 | (value & 0x3f));
  } else {
    put(0xf0 | value >> 18);
    put(0x80 | (value >> 12 & 0x3f));
    put(0x80 | (value >> 6 & 0x3f));
    put(0x80 | (value & 0x3f));
  }
}

}  // namespace wasmcloud
