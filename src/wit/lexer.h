#pragma once

#include "wit/token.h"

#include <vector>

namespace wasmcloud::wit {

/// Cuts one file into tokens. Comments are skipped; what documentation comments say is kept for the
/// token that follows them.
class Lexer {
 public:
  Lexer(const Sources& sources, uint32_t file);

  /// The token here, without taking it.
  const Token& peek() const { return token_; }
  /// The documentation in front of the token here, one line a line: without the comments' markers
  /// and the blanks that all of them begin with. What stands before the words within a block
  /// comment, such as a star, stays: other tools keep it, and so do binary packages.
  std::string docs() const;
  /// Goes on to the next token. Errors: Errc::Malformed with position.
  Result<void> advance();
  /// Takes a version that begins where the token here begins. Errors: Errc::Malformed with
  /// position.
  Result<Token> version();

  /// For looking ahead: everything about the place in the file.
  struct Mark {
    Token token;
    std::vector<std::string_view> docs;
    size_t at;
  };
  Mark mark() const { return {.token = token_, .docs = docs_, .at = at_}; }
  void reset(Mark mark);

 private:
  Result<void> skip_space();
  Result<void> block_comment();
  void line_comment();
  Result<Token> word(size_t begin, bool escaped);
  Token token(TokenKind kind, size_t begin, size_t end) const;
  Span span(size_t begin, size_t end) const;

  const Sources& sources_;
  uint32_t file_;
  std::string_view text_;
  size_t at_ = 0;  ///< behind `token_`
  Token token_;
  std::vector<std::string_view> docs_;  ///< what the comments hold between their markers
};

}  // namespace wasmcloud::wit
