#include "wash/wit/world_imports.h"

#include "base/file.h"
#include "base/text.h"
#include "wit/lexer.h"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

/// `import ns:name/interface@version;` in a world.
struct FoundImport {
  size_t begin = 0;  ///< of the keyword
  size_t end = 0;    ///< behind the semicolon
  std::string path;  ///< without the version
};

struct FoundWorld {
  size_t body = 0;  ///< behind the brace
  std::vector<FoundImport> imports;
};

bool is_punctuation(const wit::Token& token, std::string_view text) {
  return token.kind == wit::TokenKind::Punctuation && token.text == text;
}

/// The first world, by the language's own words: comments and names cannot mislead.
Result<FoundWorld> find_world(std::string_view wit) {
  wit::Sources sources;
  const uint32_t file = TRY(sources.add("world.wit", std::string(wit)));
  std::vector<wit::Token> tokens;
  wit::Lexer lexer(sources, file);
  TRY(lexer.advance());
  while (lexer.peek().kind != wit::TokenKind::End) {
    tokens.push_back(lexer.peek());
    TRY(lexer.advance());
  }
  const auto is_keyword = [&](size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].kind == wit::TokenKind::Keyword && tokens[i].text == word;
  };
  size_t at = 0;
  // world ID '{'
  while (at + 2 < tokens.size() &&
         !(is_keyword(at, "world") && is_punctuation(tokens[at + 2], "{")))
    ++at;
  if (at + 2 >= tokens.size()) return fail(Errc::NotFound, "there is no world");
  FoundWorld world{.body = tokens[at + 2].span.end, .imports = {}};
  size_t depth = 1;
  for (at += 3; at < tokens.size() && depth > 0; ++at) {
    if (is_punctuation(tokens[at], "{")) ++depth;
    if (is_punctuation(tokens[at], "}")) --depth;
    if (depth != 1 || !is_keyword(at, "import")) continue;
    FoundImport found{.begin = tokens[at].span.begin, .end = 0, .path = {}};
    size_t end = at + 1;
    while (end < tokens.size() && !is_punctuation(tokens[end], ";") &&
           !is_punctuation(tokens[end], "{"))
      ++end;
    if (end == tokens.size() || is_punctuation(tokens[end], "{")) continue;
    found.end = tokens[end].span.end;
    const size_t path = tokens[at + 1].span.begin;
    const std::string_view text = wit.substr(path, tokens[end].span.begin - path);
    found.path = trim(text.substr(0, text.find('@')));
    // import NAME: ns:name/interface;
    if (const size_t colon = found.path.find(':');
        found.path.find(':', colon + 1) != std::string::npos)
      found.path = trim(std::string_view(found.path).substr(colon + 1));
    world.imports.push_back(std::move(found));
    at = end;
  }
  return world;
}

std::string path_of(const PackageSpec& spec) {
  return spec.interface.empty() ? spec.package : spec.package + "/" + spec.interface;
}

/// The spaces in front of a place, if nothing else is on its line.
std::string_view indentation(std::string_view text, size_t at) {
  const size_t line = text.rfind('\n', at == 0 ? 0 : at - 1);
  const size_t begin = line == std::string_view::npos ? 0 : line + 1;
  const std::string_view spaces = text.substr(begin, at - begin);
  return spaces.find_first_not_of(" \t") == std::string_view::npos ? spaces : std::string_view();
}

}  // namespace

Result<PackageSpec> PackageSpec::parse(std::string_view text) {
  PackageSpec spec;
  const std::string_view path = text.substr(0, text.find('@'));
  const size_t colon = path.find(':');
  const size_t slash = path.find('/');
  spec.package = path.substr(0, slash);
  if (slash != std::string_view::npos) spec.interface = path.substr(slash + 1);
  const bool is_right =
      colon != std::string_view::npos && wit::is_label(path.substr(0, colon)) &&
      wit::is_label(
          std::string_view(spec.package).substr(std::min(colon + 1, spec.package.size()))) &&
      (slash == std::string_view::npos || wit::is_label(spec.interface));
  if (!is_right)
    return fail(Errc::Invalid,
                "'{}' is no package; expected ns:name, ns:name/interface or either with @version",
                text);
  if (path.size() < text.size()) {
    const std::string_view behind = text.substr(path.size() + 1);
    if (auto version = SemVer::parse(behind)) {
      spec.version = *std::move(version);
    } else {
      auto requirement = VersionRequirement::parse(behind);
      if (!requirement) return fail(std::move(requirement).error().within(text));
      spec.requirement = *std::move(requirement);
    }
  }
  return spec;
}

std::string PackageSpec::text() const {
  return fmt::format("{}{}{}", path_of(*this), version ? "@" : "", version ? version->str() : "");
}

Result<std::string> add_import(std::string_view wit, const PackageSpec& spec) {
  const FoundWorld world = TRY(find_world(wit));
  const std::string path = path_of(spec);
  if (std::ranges::find(world.imports, path, &FoundImport::path) != world.imports.end())
    return fail(Errc::Exists, "Package {} is already imported in world.wit", spec.text());
  const size_t at = world.imports.empty() ? world.body : world.imports.back().end;
  std::string_view indent = "    ";
  if (!world.imports.empty()) {
    const std::string_view there = indentation(wit, world.imports.back().begin);
    if (!there.empty()) indent = there;
  }
  std::string text(wit.substr(0, at));
  text += fmt::format("\n{}import {};", indent, spec.text());
  // A world on one line gets its end on a line of its own.
  if (const std::string_view rest = wit.substr(at);
      !rest.starts_with('\n') && !rest.starts_with("\r\n") &&
      trim(rest.substr(0, rest.find('\n'))).starts_with('}'))
    return text + "\n" + std::string(rest.substr(rest.find('}')));
  return text + std::string(wit.substr(at));
}

Result<std::string> remove_import(std::string_view wit, const PackageSpec& spec) {
  const FoundWorld world = TRY(find_world(wit));
  std::string text;
  size_t kept = 0;
  bool found = false;
  for (const FoundImport& import : world.imports) {
    const bool matches = spec.interface.empty() ? import.path == spec.package ||
                                                      import.path.starts_with(spec.package + "/")
                                                : import.path == path_of(spec);
    if (!matches) continue;
    found = true;
    const std::string_view indent = indentation(wit, import.begin);
    const size_t begin = import.begin - indent.size();
    size_t end = import.end;
    // The line goes with it, unless something else is on it.
    const size_t line_end = std::min(wit.find('\n', end), wit.size());
    const bool has_line =
        (begin == 0 || wit[begin - 1] == '\n') && trim(wit.substr(end, line_end - end)).empty();
    if (has_line) end = std::min(line_end + 1, wit.size());
    text += wit.substr(kept, (has_line ? begin : import.begin) - kept);
    kept = end;
  }
  if (!found)
    return fail(Errc::NotFound, "Package '{}' is not imported in the world", path_of(spec));
  return text + std::string(wit.substr(kept));
}

Result<std::string> find_world_file(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".wit") files.push_back(entry.path());
  }
  if (error) return fail(Errc::NotFound, "WIT directory does not exist: {}", folder);
  std::ranges::sort(files, {}, [](const std::string& path) {
    return std::pair(fs::path(path).filename() != "world.wit", path);
  });
  for (const std::string& file : files) {
    if (fs::path(file).filename() == "world.wit") return file;
    if (find_world(TRY(read_file(file, wit::Sources::kMaxFileBytes)))) return file;
  }
  return fail(Errc::NotFound, "no file in {} has a world; write one in {}/world.wit", folder,
              folder);
}

}  // namespace wasmcloud::wash
