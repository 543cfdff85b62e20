#include "wit/source.h"

#include "base/utf8.h"

#include <algorithm>

namespace wasmcloud::wit {

namespace {

// Characters that make text look other than it is: control characters, bidirectional overrides, and
// the code points that Unicode itself deprecates.
bool is_forbidden(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\r' && c != '\t';
  if (c < 0x80) return c == 0x7f;
  return (c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x149 || c == 0x673 || c == 0xf77 || c == 0xf79 || c == 0x17a3 || c == 0x17a4 ||
         c == 0x17b4 || c == 0x17b5;
}

}  // namespace

Result<uint32_t> Sources::add(std::string path, std::string text) {
  if (text.size() > kMaxFileBytes) {
    return fail(Errc::Limit, "{}: {} bytes of WIT; at most {} are read", path, text.size(),
                kMaxFileBytes);
  }
  if (!is_utf8(text)) return fail(Errc::Malformed, "{}: not UTF-8, which WIT has to be", path);
  const auto file = static_cast<uint32_t>(files_.size());
  files_.push_back({.path = std::move(path), .text = std::move(text)});
  std::string_view rest = files_.back().text;
  while (!rest.empty()) {
    const auto at = static_cast<uint32_t>(rest.data() - files_.back().text.data());
    const char32_t c = take_utf8(rest);
    if (is_forbidden(c)) {
      return error(Errc::Malformed, {.file = file, .begin = at, .end = at},
                   "character U+{:04X} is not allowed in WIT", static_cast<uint32_t>(c));
    }
  }
  return file;
}

std::string Sources::where(Span span) const {
  const File& file = files_[span.file];
  const std::string_view before = std::string_view(file.text).substr(0, span.begin);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto column = std::count_if(before.begin() + static_cast<ptrdiff_t>(start), before.end(),
                                    [](char c) { return (c & 0xc0) != 0x80; }) +
                      1;
  return fmt::format("{}:{}:{}", file.path, line, column);
}

}  // namespace wasmcloud::wit
