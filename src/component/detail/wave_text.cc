#include "component/detail/wave_text.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace wasmcloud::component {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_label(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

/// The length of what `text` begins with of that kind.
template <class Is>
size_t run(std::string_view text, Is is) {
  return static_cast<size_t>(std::ranges::find_if_not(text, is) - text.begin());
}

size_t digits(std::string_view text) { return run(text, is_digit); }

}  // namespace

bool is_wave_keyword(std::string_view text) {
  static constexpr std::array<std::string_view, 8> kKeywords = {"true", "false", "inf", "nan",
                                                                "some", "none",  "ok",  "err"};
  return std::ranges::find(kKeywords, text) != kKeywords.end();
}

size_t WaveText::at() {
  for (;;) {
    at_ += run(text_.substr(at_),
               [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    if (!text_.substr(at_).starts_with("//")) return at_;
    at_ = std::min(text_.find('\n', at_), text_.size());
  }
}

bool WaveText::take(char mark) {
  if (!sees({&mark, 1})) return false;
  ++at_;
  return true;
}

Result<void> WaveText::expect(char mark, std::string_view what) {
  if (take(mark)) return {};
  return expected(fmt::format("'{}' {}", mark, what));
}

std::optional<WaveLabel> WaveText::label() {
  const size_t begin = at();
  std::string_view rest = text_.substr(begin);
  const bool escaped = rest.starts_with('%');
  if (escaped) rest.remove_prefix(1);
  if (rest.empty() || !is_letter(rest.front())) return std::nullopt;
  const std::string_view word = rest.substr(0, run(rest, is_label));
  at_ = begin + word.size() + (escaped ? 1 : 0);
  return WaveLabel{.text = word, .is_escaped = escaped};
}

// JSON: -? (0 | [1-9][0-9]*) ("." [0-9]+)? ([eE] [+-]? [0-9]+)?
std::string_view WaveText::number() {
  const std::string_view rest = text_.substr(at());
  size_t length = rest.starts_with('-') ? 1 : 0;
  const size_t whole = digits(rest.substr(length));
  if (whole == 0 || (whole > 1 && rest[length] == '0')) return {};
  length += whole;
  if (rest.substr(length).starts_with('.')) {
    const size_t fraction = digits(rest.substr(length + 1));
    if (fraction == 0) return {};
    length += 1 + fraction;
  }
  if (rest.size() > length && (rest[length] == 'e' || rest[length] == 'E')) {
    size_t sign = length + 1;
    if (rest.size() > sign && (rest[sign] == '+' || rest[sign] == '-')) ++sign;
    const size_t exponent = digits(rest.substr(sign));
    if (exponent == 0) return {};
    length = sign + exponent;
  }
  at_ += length;
  return rest.substr(0, length);
}

/// What follows a backslash. `in` says what is being read.
Result<char32_t> WaveText::escaped(std::string_view in) {
  const size_t backslash = at_ - 1;
  const char c = at_ < text_.size() ? text_[at_] : '\0';
  ++at_;
  switch (c) {
    case '\'':
    case '"':
    case '\\':
      return c;
    case 't':
      return U'\t';
    case 'n':
      return U'\n';
    case 'r':
      return U'\r';
    case 'u': {
      const std::string_view rest = text_.substr(at_);
      const size_t close = rest.starts_with('{') ? rest.substr(0, 12).find('}') : rest.npos;
      uint32_t value = 0;
      if (close != rest.npos) {
        const char* const end = rest.data() + close;
        const auto parsed = std::from_chars(rest.data() + 1, end, value, 16);
        if (parsed.ec == std::errc() && parsed.ptr == end && is_scalar_value(value)) {
          at_ += close + 1;
          return static_cast<char32_t>(value);
        }
      }
      return fail_at(backslash,
                     "expected \\u{{...}} with the hexadecimal number of a Unicode scalar value");
    }
    default:
      return fail_at(backslash,
                     "unknown escape in a {}; there are \\' \\\" \\\\ \\t \\n \\r and "
                     "\\u{{...}}",
                     in);
  }
}

Result<char32_t> WaveText::character() {
  const size_t begin = at();
  if (!take('\'')) return expected("a char, such as 'x'");
  std::string_view rest = text_.substr(at_);
  if (rest.empty()) return fail_at(begin, "the char that begins here has no end");
  char32_t value = 0;
  if (rest.front() == '\\') {
    ++at_;
    value = TRY(escaped("char"));
  } else if (rest.front() == '\'' || rest.front() == '\n') {
    return fail_at(at_, "a char is one character; write \\' or \\n for these");
  } else {
    value = take_utf8(rest);
    at_ = text_.size() - rest.size();
  }
  if (!text_.substr(at_).starts_with('\'')) {
    return fail_at(at_,
                   "expected ' at the end of a char, found {}; a text of several characters "
                   "is a string, between \"",
                   found(at_));
  }
  ++at_;
  return value;
}

Result<std::string> WaveText::string() {
  if (!sees("\"")) return expected("a string, such as \"text\"");
  return sees("\"\"\"") ? block_string() : line_string();
}

Result<std::string> WaveText::line_string() {
  const size_t begin = at_++;
  std::string out;
  for (;;) {
    const size_t stop = text_.find_first_of("\"\\\n", at_);
    if (stop == text_.npos) return fail_at(begin, "the string that begins here has no end");
    out.append(text_.substr(at_, stop - at_));
    at_ = stop + 1;
    if (text_[stop] == '"') return out;
    if (text_[stop] == '\n') {
      return fail_at(stop, "a line break in a string; write \\n, or put the string between \"\"\"");
    }
    append_utf8(out, TRY(escaped("string")));
  }
}

/// One line of a block string, without its indentation and line break.
Result<void> WaveText::append_line(std::string& out, size_t begin, size_t end) {
  at_ = begin;
  while (at_ < end) {
    const size_t stop = std::min(text_.find('\\', at_), end);
    out.append(text_.substr(at_, stop - at_));
    at_ = stop + 1;
    if (stop < end) append_utf8(out, TRY(escaped("string")));
  }
  return {};
}

// A line break follows the opening quotes. The spaces in front of the closing ones are the
// indentation that is taken off every line.
Result<std::string> WaveText::block_string() {
  const size_t begin = at_;
  size_t line = begin + 3;
  if (text_.substr(line).starts_with("\r\n")) ++line;
  if (!text_.substr(line).starts_with('\n')) {
    return fail_at(line, "expected a line break after \"\"\", found {}", found(line));
  }
  ++line;
  const size_t close = text_.find("\"\"\"", line);
  if (close == text_.npos) return fail_at(begin, "the string that begins here has no end");
  const size_t last = text_.rfind('\n', close) + 1;
  const size_t indent = close - last;
  if (run(text_.substr(last, indent), [](char c) { return c == ' '; }) != indent) {
    return fail_at(close,
                   "expected only spaces in front of the closing \"\"\"; write \"\"\\\" for "
                   "three quotes within the string");
  }
  std::string out;
  bool is_first = true;
  while (line < last) {
    const size_t next = text_.find('\n', line) + 1;
    size_t end = next - 1;
    if (end > line && text_[end - 1] == '\r') --end;
    if (run(text_.substr(line, end - line), [](char c) { return c == ' '; }) < indent) {
      return fail_at(line, "expected at least {} spaces, as in front of the closing \"\"\"",
                     indent);
    }
    if (!is_first) out += '\n';
    is_first = false;
    TRY(append_line(out, line + indent, end));
    line = next;
  }
  at_ = close + 3;
  return out;
}

std::string WaveText::place(size_t at) const {
  const std::string_view before = text_.substr(0, at);
  const size_t begin = before.rfind('\n') + 1;
  // Columns count characters, not the bytes that continue one.
  const auto column = 1 + std::ranges::count_if(before.substr(begin), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
                      });
  if (!text_.contains('\n')) return fmt::format("column {}", column);
  return fmt::format("line {}, column {}", 1 + std::ranges::count(before, '\n'), column);
}

std::string WaveText::found(size_t at) const {
  const std::string_view rest = text_.substr(std::min(at, text_.size()));
  if (rest.empty()) return "the end";
  size_t length = run(rest, [](char c) { return is_label(c) || c == '.' || c == '+'; });
  if (length == 0) {
    std::string_view left = rest;
    static_cast<void>(take_utf8(left));
    length = rest.size() - left.size();
  }
  constexpr size_t kShown = 40;
  return length > kShown ? fmt::format("'{}...'", rest.substr(0, kShown))
                         : fmt::format("'{}'", rest.substr(0, length));
}

}  // namespace wasmcloud::component
