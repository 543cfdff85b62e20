#include "plugins/logging/line.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace wasmcloud::plugins::logging {
namespace {

/// Length of the UTF-8 sequence that begins so; guests' strings are well-formed.
size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

char32_t decode(std::string_view sequence) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return at(0);
  char32_t value = at(0) & (0xff >> (sequence.size() + 1));
  for (size_t i = 1; i < sequence.size(); ++i) value = (value << 6) | (at(i) & 0x3f);
  return value;
}

/// Controls, line and paragraph separators, and what changes the direction of writing.
bool is_spelled_out(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

std::string field(std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" =\"\\") == std::string_view::npos;
  if (plain) return std::string(value);
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string one_line(std::string_view text, size_t limit) {
  std::string out;
  out.reserve(text.size() < limit ? text.size() : limit);
  size_t at = 0;
  while (at < text.size()) {
    const size_t length =
        std::min(sequence_length(static_cast<unsigned char>(text[at])), text.size() - at);
    if (at + length > limit) break;
    const std::string_view sequence = text.substr(at, length);
    const char32_t c = decode(sequence);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_spelled_out(c)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<uint32_t>(c));
    } else {
      out += sequence;
    }
    at += length;
  }
  if (at < text.size())
    fmt::format_to(std::back_inserter(out), "... ({} bytes left out)", text.size() - at);
  return out;
}

std::string format_line(std::string_view workload, std::string_view component,
                        std::string_view context, std::string_view message) {
  std::string out = fmt::format("{} workload={} component={}", one_line(message, kMaxMessageBytes),
                                field(one_line(workload, kMaxContextBytes)),
                                field(one_line(component, kMaxContextBytes)));
  if (!context.empty()) out += " context=" + field(one_line(context, kMaxContextBytes));
  return out;
}

}  // namespace wasmcloud::plugins::logging
