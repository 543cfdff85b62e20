#include "wit/lexer.h"

#include "base/semver.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>

namespace wasmcloud::wit {

namespace {

// Sorted.
constexpr auto kKeywords = std::to_array<std::string_view>({
    "as",       "async",     "bool",  "borrow", "char",   "constructor", "enum",    "error-context",
    "export",   "f32",       "f64",   "flags",  "from",   "func",        "future",  "import",
    "include",  "interface", "list",  "map",    "option", "own",         "package", "record",
    "resource", "result",    "s16",   "s32",    "s64",    "s8",          "static",  "stream",
    "string",   "tuple",     "type",  "u16",    "u32",    "u64",         "u8",      "use",
    "variant",  "with",      "world",
});
static_assert(std::is_sorted(kKeywords.begin(), kKeywords.end()));

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-'; }

std::string_view trim_end(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n\f");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

/// Spaces and line ends before the first word.
size_t leading_space(std::string_view text) {
  return std::min(text.find_first_not_of(" \t\r\n\f"), text.size());
}

}  // namespace

bool is_keyword(std::string_view word) {
  return std::binary_search(kKeywords.begin(), kKeywords.end(), word);
}

bool is_label(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return false;
  while (true) {
    const size_t end = std::min(text.find('-'), text.size());
    const std::string_view part = text.substr(0, end);
    if (part.empty()) return false;
    const bool lower =
        std::all_of(part.begin(), part.end(), [](char c) { return is_lower(c) || is_digit(c); });
    const bool upper =
        std::all_of(part.begin(), part.end(), [](char c) { return is_upper(c) || is_digit(c); });
    if (!lower && !upper) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

Lexer::Lexer(const Sources& sources, uint32_t file)
    : sources_(sources), file_(file), text_(sources.text(file)) {
  token_.span = {.file = file, .begin = 0, .end = 0};
}

Span Lexer::span(size_t begin, size_t end) const {
  return {.file = file_, .begin = static_cast<uint32_t>(begin), .end = static_cast<uint32_t>(end)};
}

Token Lexer::token(TokenKind kind, size_t begin, size_t end) const {
  return {.kind = kind, .span = span(begin, end), .text = text_.substr(begin, end - begin)};
}

void Lexer::reset(Mark mark) {
  token_ = mark.token;
  docs_ = std::move(mark.docs);
  at_ = mark.at;
}

void Lexer::line_comment() {
  const size_t end = std::min(text_.find('\n', at_), text_.size());
  const std::string_view line = text_.substr(at_, end - at_);
  at_ = end;
  if (line.starts_with("///"))
    docs_.push_back(line.substr(std::min(line.find_first_not_of('/'), line.size())));
}

// Block comments nest; one that begins with two stars, and is more than that, is documentation.
Result<void> Lexer::block_comment() {
  const size_t begin = at_;
  size_t depth = 0;
  do {
    const size_t next = std::min(text_.find_first_of("/*", at_), text_.size());
    const std::string_view two = text_.substr(next, 2);
    if (two.size() < 2) {
      return sources_.error(Errc::Malformed, span(begin, begin + 2),
                            "this comment has no end; expected '*/'");
    }
    at_ = next + 1;
    if (two == "/*") {
      ++depth;
      ++at_;
    } else if (two == "*/") {
      --depth;
      ++at_;
    }
  } while (depth != 0);
  const std::string_view body = text_.substr(begin, at_ - begin);
  if (body.starts_with("/**") && body != "/**/") docs_.push_back(body.substr(3, body.size() - 5));
  return {};
}

std::string Lexer::docs() const {
  size_t common = SIZE_MAX;
  for (const std::string_view doc : docs_) {
    if (const std::string_view text = trim_end(doc); !text.empty())
      common = std::min(common, leading_space(text));
  }
  std::string out;
  for (const std::string_view doc : docs_) {
    std::string_view text = trim_end(doc);
    const bool has_common = std::min(text.find_first_not_of(' '), text.size()) >= common;
    if (!text.empty() && has_common) text.remove_prefix(common);
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      std::string_view line = text.substr(begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      out.append(line).push_back('\n');
      begin = end + 1;
    }
  }
  out.resize(out.find_last_not_of('\n') + 1);
  return out;
}

Result<void> Lexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at_;
    } else if (text_.substr(at_, 2) == "//") {
      line_comment();
    } else if (text_.substr(at_, 2) == "/*") {
      TRY(block_comment());
    } else {
      break;
    }
  }
  return {};
}

Result<Token> Lexer::word(size_t begin, bool escaped) {
  size_t end = begin + (escaped ? 1 : 0);
  while (end < text_.size() && is_word(text_[end])) ++end;
  Token word = token(TokenKind::Identifier, begin, end);
  if (escaped) word.text.remove_prefix(1);
  if (!is_label(word.text)) {
    return sources_.error(Errc::Malformed, word.span,
                          "'{}' is no name; expected words of lower-case or of upper-case letters "
                          "and digits, joined by '-', beginning with a letter",
                          word.text);
  }
  if (!escaped && is_keyword(word.text)) word.kind = TokenKind::Keyword;
  return word;
}

Result<void> Lexer::advance() {
  docs_.clear();
  TRY(skip_space());
  const size_t begin = at_;
  if (begin == text_.size()) {
    token_ = token(TokenKind::End, begin, begin);
    return {};
  }
  const char c = text_[begin];
  if (is_lower(c) || is_upper(c) || c == '%') {
    token_ = TRY(word(begin, c == '%'));
  } else if (is_digit(c)) {
    size_t end = begin;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    token_ = token(TokenKind::Integer, begin, end);
  } else if (c == '"') {
    const size_t end = text_.find_first_of("\"\n\\", begin + 1);
    if (end == std::string_view::npos || text_[end] != '"') {
      return sources_.error(Errc::Malformed, span(begin, begin + 1),
                            "this string does not end on its line; expected '\"' (and no escapes)");
    }
    token_ = token(TokenKind::String, begin, end + 1);
    token_.text = token_.text.substr(1, token_.text.size() - 2);
  } else if (text_.substr(begin, 2) == "->") {
    token_ = token(TokenKind::Punctuation, begin, begin + 2);
  } else if (std::string_view("=,:;(){}<>*./@_").find(c) != std::string_view::npos) {
    token_ = token(TokenKind::Punctuation, begin, begin + 1);
  } else {
    std::string_view rest = text_.substr(begin);
    const std::string_view before = rest;
    take_utf8(rest);
    return sources_.error(Errc::Malformed, span(begin, begin + 1), "unexpected character '{}'",
                          before.substr(0, before.size() - rest.size()));
  }
  at_ = token_.span.end;
  return {};
}

Result<Token> Lexer::version() {
  const size_t begin = token_.span.begin;
  const size_t length = SemVer::prefix_length(text_.substr(begin));
  const size_t end = begin + length;
  if (length == 0 || (end < text_.size() && (is_word(text_[end]) || text_[end] == '+'))) {
    size_t shown = begin;
    while (shown < text_.size() &&
           (is_word(text_[shown]) || text_[shown] == '.' || text_[shown] == '+'))
      ++shown;
    return sources_.error(Errc::Malformed, span(begin, shown),
                          "'{}' is no version; expected one such as 1.2.3 or 0.2.0-rc.1",
                          text_.substr(begin, shown - begin));
  }
  Token version = token(TokenKind::String, begin, end);
  at_ = end;
  TRY(advance());
  return version;
}

}  // namespace wasmcloud::wit
