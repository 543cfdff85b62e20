#include "wash/dev/gitignore.h"

#include "base/file.h"
#include "base/text.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

/// Without the blanks at its end, unless a backslash keeps them.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) {
    if (line.size() > 1 && line[line.size() - 2] == '\\') break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

bool IgnorePattern::Token::accepts(char c) const {
  switch (kind) {
    case Kind::Literal:
      return c == literal;
    case Kind::Any:
    case Kind::Star:
      return c != '/';
    case Kind::Set: {
      if (c == '/') return false;
      const bool inside = std::ranges::any_of(
          ranges, [c](const auto& range) { return range.first <= c && c <= range.second; });
      return inside != inverted;
    }
    case Kind::Folders:
    case Kind::Everything:
      return true;
  }
  return false;
}

std::optional<IgnorePattern> IgnorePattern::parse(std::string_view line) {
  line = without_trailing_blanks(line);
  if (line.empty() || line.starts_with('#')) return std::nullopt;
  IgnorePattern pattern;
  if (line.starts_with('!')) {
    pattern.negated_ = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    pattern.folders_only_ = true;
    line.remove_suffix(1);
  }
  if (line.empty()) return std::nullopt;
  // A slash at the front or in the middle ties the pattern to this folder.
  if (!line.contains('/')) pattern.tokens_.push_back({.kind = Token::Kind::Folders});
  if (line.starts_with('/')) line.remove_prefix(1);
  pattern.compile(line);
  return pattern;
}

void IgnorePattern::compile(std::string_view glob) {
  for (size_t at = 0; at < glob.size();) {
    const std::string_view rest = glob.substr(at);
    const bool starts_part = at == 0 || glob[at - 1] == '/';
    if (starts_part && rest.starts_with("**/")) {
      tokens_.push_back({.kind = Token::Kind::Folders});
      at += 3;
    } else if (starts_part && rest == "**") {
      tokens_.push_back({.kind = Token::Kind::Everything});
      at += 2;
    } else if (rest.starts_with('*')) {
      tokens_.push_back({.kind = Token::Kind::Star});
      at += std::min(rest.find_first_not_of('*'), rest.size());
    } else if (rest.starts_with('?')) {
      tokens_.push_back({.kind = Token::Kind::Any});
      ++at;
    } else if (rest.starts_with('[')) {
      Token token{.kind = Token::Kind::Set};
      const size_t end = parse_set(glob, at, token);
      if (end == 0) token = {.kind = Token::Kind::Literal, .literal = '['};
      tokens_.push_back(std::move(token));
      at = end == 0 ? at + 1 : end;
    } else {
      if (rest.front() == '\\' && rest.size() > 1) ++at;
      tokens_.push_back({.kind = Token::Kind::Literal, .literal = glob[at]});
      ++at;
    }
  }
}

/// The place behind the closing bracket, or 0 if there is none.
size_t IgnorePattern::parse_set(std::string_view glob, size_t at, Token& token) {
  ++at;
  if (at < glob.size() && (glob[at] == '!' || glob[at] == '^')) {
    token.inverted = true;
    ++at;
  }
  for (bool first = true; at < glob.size(); first = false) {
    if (glob[at] == ']' && !first) return at + 1;
    if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
    const char low = glob[at++];
    char high = low;
    if (at + 1 < glob.size() && glob[at] == '-' && glob[at + 1] != ']') {
      high = glob[at + 1];
      at += 2;
    }
    token.ranges.emplace_back(low, high);
  }
  return 0;
}

bool IgnorePattern::matches(std::string_view path, FileKind kind) const {
  if (folders_only_ && kind != FileKind::Directory) return false;
  // All states at once, so that no pattern takes more than its length times the path's.
  const size_t end = tokens_.size();
  std::vector<bool> now(end + 1);
  std::vector<bool> next(end + 1);
  const auto enter = [this, end](std::vector<bool>& states, size_t state) {
    for (;; ++state) {
      states[state] = true;
      const bool may_be_empty = state < end && (tokens_[state].kind == Token::Kind::Star ||
                                                tokens_[state].kind == Token::Kind::Folders);
      if (!may_be_empty) return;
    }
  };
  enter(now, 0);
  for (const char c : path) {
    std::fill(next.begin(), next.end(), false);
    for (size_t state = 0; state < end; ++state) {
      const Token& token = tokens_[state];
      if (!now[state] || !token.accepts(c)) continue;
      switch (token.kind) {
        case Token::Kind::Literal:
        case Token::Kind::Any:
        case Token::Kind::Set:
          enter(next, state + 1);
          break;
        case Token::Kind::Star:
          enter(next, state);
          break;
        case Token::Kind::Folders:
          next[state] = true;
          if (c == '/') enter(next, state + 1);
          break;
        case Token::Kind::Everything:
          next[state] = true;
          enter(next, state + 1);
          break;
      }
    }
    std::swap(now, next);
  }
  // In the middle of folders is not behind them: a Folders state that was reached by letters alone
  // leads on only at a slash, so the end state is what counts.
  return now[end];
}

IgnoreRules::IgnoreRules(std::string project) : project_(std::move(project)), top_(project_) {
  for (fs::path at = project_;; at = at.parent_path()) {
    if (file_exists(at / ".git")) {
      top_ = at;
      break;
    }
    if (at == at.parent_path()) break;
  }
  // A project inside an ignored folder is not in version control: only its own files speak.
  for (fs::path at = project_; at != top_ && at != at.parent_path(); at = at.parent_path()) {
    if (!ignores_absolute(at, FileKind::Directory)) continue;
    top_ = project_;
    break;
  }
}

bool IgnoreRules::ignores(std::string_view path, FileKind kind) {
  return ignores_absolute(fmt::format("{}/{}", project_, path), kind);
}

bool IgnoreRules::ignores_absolute(const std::string& path, FileKind kind) {
  std::string folder = path;
  while (folder.size() > top_.size()) {
    folder.resize(folder.rfind('/'));
    const Patterns& patterns = patterns_of(folder);
    const std::string_view relative = std::string_view(path).substr(folder.size() + 1);
    for (auto pattern = patterns.rbegin(); pattern != patterns.rend(); ++pattern) {
      if (pattern->matches(relative, kind)) return !pattern->negated();
    }
  }
  return false;
}

const IgnoreRules::Patterns& IgnoreRules::patterns_of(const std::string& folder) {
  const auto known = folders_.find(folder);
  if (known != folders_.end()) return known->second;
  Patterns patterns;
  const auto add = [&patterns](const std::string& file) {
    const Result<std::string> text = read_file(file, size_t{1} << 20);
    if (!text) return;
    for (const std::string_view line : split(*text, '\n')) {
      if (auto pattern = IgnorePattern::parse(line)) patterns.push_back(std::move(*pattern));
    }
  };
  if (folder == top_) add(folder + "/.git/info/exclude");
  add(folder + "/.gitignore");
  return folders_.emplace(folder, std::move(patterns)).first->second;
}

}  // namespace wasmcloud::wash
