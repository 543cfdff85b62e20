#pragma once

#include "wit/source.h"

namespace wasmcloud::wit {

enum class TokenKind : uint8_t {
  End,
  Identifier,  ///< a label that is no keyword, or one after '%'
  Keyword,
  Integer,
  String,
  Punctuation,  ///< one of = , : ; ( ) { } < > * . / @ _ and ->
};

/// Trivially copyable; its text is looked up through the span.
struct Token {
  TokenKind kind = TokenKind::End;
  Span span;
  std::string_view text;  ///< without the '%' of an escaped identifier
};

/// Whether WIT reserves `word`, so that it needs a '%' to be a name.
bool is_keyword(std::string_view word);

/// Whether `text` is a label (component model, "Names"): words joined by '-', each all lower case
/// or all upper case with digits, the first one beginning with a letter.
bool is_label(std::string_view text);

}  // namespace wasmcloud::wit
