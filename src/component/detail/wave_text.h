#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wasmcloud::component {

/// A word of letters, digits and hyphens.
struct WaveLabel {
  std::string_view text;
  bool is_escaped = false;  ///< written with a % in front, so that it is no keyword

  bool is(std::string_view keyword) const { return !is_escaped && text == keyword; }
};

/// Words that mean something by themselves; a case of that name is written with % in front.
bool is_wave_keyword(std::string_view text);

/// The tokens of a WAVE text, taken off its front one after another. The text outlives it.
class WaveText {
 public:
  /// Begins at `begin`; places in errors count from the start of `text`, which is UTF-8.
  WaveText(std::string_view text, size_t begin) : text_(text), at_(begin) {}

  /// Where the next token begins.
  size_t at();
  bool is_at_end() { return at() == text_.size(); }
  /// Whether the next token begins so.
  bool sees(std::string_view begin) { return text_.substr(at()).starts_with(begin); }
  /// Takes that punctuation mark if it is next.
  bool take(char mark);
  Result<void> expect(char mark, std::string_view what);

  /// Takes a label if one is next.
  std::optional<WaveLabel> label();
  /// Goes back to `at`, where a token begins.
  void back_to(size_t at) { at_ = at; }
  /// A number as JSON has them, else empty and nothing taken.
  std::string_view number();
  /// Errors: Errc::Malformed.
  Result<char32_t> character();
  Result<std::string> string();

  /// "at column 4: expected u8, found "x""
  template <class... Args>
  std::unexpected<Error> fail_at(size_t at, fmt::format_string<Args...> format,
                                 Args&&... args) const {
    return fail(Errc::Malformed, "at {}: {}", place(at),
                fmt::vformat(format, fmt::make_format_args(args...)));
  }
  std::unexpected<Error> expected(std::string_view what) {
    const size_t here = at();
    return fail_at(here, "expected {}, found {}", what, found(here));
  }

 private:
  Result<char32_t> escaped(std::string_view in);
  Result<std::string> line_string();
  Result<std::string> block_string();
  Result<void> append_line(std::string& out, size_t begin, size_t end);
  /// "column 4", and the line where there are several.
  std::string place(size_t at) const;
  /// What stands there, for messages.
  std::string found(size_t at) const;

  std::string_view text_;
  size_t at_;
};

}  // namespace wasmcloud::component
