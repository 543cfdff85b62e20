#pragma once

#include "base/watch.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

/// One line of a .gitignore file, ready to match.
class IgnorePattern {
 public:
  /// Nothing for blank lines and comments.
  static std::optional<IgnorePattern> parse(std::string_view line);

  /// `path` is relative to the folder of the file that the line is from.
  bool matches(std::string_view path, FileKind kind) const;
  /// The line began with '!': what it matches is not ignored after all.
  bool negated() const { return negated_; }

 private:
  struct Token {
    enum class Kind : uint8_t {
      Literal,    ///< this character
      Any,        ///< `?`: one character but '/'
      Set,        ///< `[a-z]`
      Star,       ///< `*`: any number of characters but '/'
      Folders,    ///< `**/`: any number of folders
      Everything  ///< `/**` at the end, behind its '/'
    };
    Kind kind = Kind::Literal;
    char literal = 0;
    bool inverted = false;
    std::vector<std::pair<char, char>> ranges = {};
    bool accepts(char c) const;
  };
  void compile(std::string_view glob);
  static size_t parse_set(std::string_view glob, size_t at, Token& token);

  std::vector<Token> tokens_;
  bool negated_ = false;
  bool folders_only_ = false;
};

/// Which files of a project version control ignores: the .gitignore files from the repository's
/// root down to each folder, deeper ones over upper ones, and .git/info/exclude.
///
/// Files are read when first asked for. Blocks.
class IgnoreRules {
 public:
  explicit IgnoreRules(std::string project);

  /// `path` is relative to the project. The folders above it are taken as not ignored.
  bool ignores(std::string_view path, FileKind kind);

 private:
  using Patterns = std::vector<IgnorePattern>;
  const Patterns& patterns_of(const std::string& folder);
  /// Absolute `path`, against all files from its folder up to `top_`.
  bool ignores_absolute(const std::string& path, FileKind kind);

  std::string project_;
  std::string top_;  ///< the repository's root, or the project where there is none
  std::map<std::string, Patterns, std::less<>> folders_;
};

}  // namespace wasmcloud::wash
