#include "wit/parser.h"

#include "base/text.h"
#include "wit/detail/parser.h"

namespace wasmcloud::wit {

Result<ast::File> parse(const Sources& sources, uint32_t file) {
  return detail::Parser(sources, file).file();
}

namespace detail {

bool Parser::at(std::string_view text) const {
  const Token& token = lexer_.peek();
  return (token.kind == TokenKind::Punctuation || token.kind == TokenKind::Keyword) &&
         token.text == text;
}

Result<bool> Parser::take(std::string_view text) {
  if (!at(text)) return false;
  TRY(lexer_.advance());
  return true;
}

std::string Parser::shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::End:
      return "the end of the file";
    case TokenKind::Keyword:
      return fmt::format("keyword '{}'", token.text);
    case TokenKind::String:
      return fmt::format("\"{}\"", token.text);
    case TokenKind::Identifier:
    case TokenKind::Integer:
    case TokenKind::Punctuation:
      return fmt::format("'{}'", token.text);
  }
  return {};
}

std::unexpected<Error> Parser::expected(std::string_view what) const {
  return sources_.error(Errc::Malformed, lexer_.peek().span, "expected {}, found {}", what,
                        shown(lexer_.peek()));
}

Result<Span> Parser::expect(std::string_view text) {
  const Span span = lexer_.peek().span;
  if (!TRY(take(text))) return expected(fmt::format("'{}'", text));
  return span;
}

Result<void> Parser::expect_word(std::string_view word) {
  const Token& token = lexer_.peek();
  if (token.kind != TokenKind::Identifier || token.text != word) {
    return expected(fmt::format("'{}'", word));
  }
  return lexer_.advance();
}

Result<ast::Name> Parser::name(std::string_view what) {
  const Token& token = lexer_.peek();
  if (token.kind == TokenKind::Keyword) {
    return sources_.error(Errc::Malformed, token.span,
                          "expected {}, found keyword '{}'; as a name it is written '%{}'", what,
                          token.text, token.text);
  }
  if (token.kind != TokenKind::Identifier) return expected(what);
  ast::Name name{.text = std::string(token.text), .span = token.span};
  TRY(lexer_.advance());
  return name;
}

Result<SemVer> Parser::version() { return SemVer::parse(TRY(lexer_.version()).text); }

// What follows `ns ':'` of a package's name. Neither has capitals: no component could name it.
Result<ast::PackageName> Parser::package_after(ast::Name ns) {
  ast::PackageName package;
  package.ns = std::move(ns);
  package.name = TRY(name("a package's name"));
  for (const ast::Name* part : {&package.ns, &package.name}) {
    if (part->text != to_lower(part->text)) {
      return sources_.error(Errc::Malformed, part->span,
                            "'{}' has capitals, which the name of a package cannot have",
                            part->text);
    }
  }
  package.span = package.ns.span;
  package.span.end = package.name.span.end;
  return package;
}

// package-name ::= id ':' id ('@' version)?
Result<ast::PackageName> Parser::package_name() {
  ast::Name ns = TRY(name("a package's namespace"));
  TRY(expect(":"));
  ast::PackageName package = TRY(package_after(std::move(ns)));
  if (at(":") || at("/")) {
    return sources_.error(Errc::Unsupported, lexer_.peek().span,
                          "nested namespaces and packages in names are not supported; expected "
                          "'@', ';' or '{{'");
  }
  if (TRY(take("@"))) package.version = TRY(version());
  return package;
}

// path ::= id | id ':' id '/' id ('@' version)?
Result<ast::Path> Parser::path(std::string_view what) {
  ast::Name first = TRY(name(what));
  if (!at(":")) {
    ast::Path path;
    path.span = first.span;
    path.name = std::move(first);
    return path;
  }
  TRY(expect(":"));
  return path_after(std::move(first));
}

// What follows `first ':'` of a path.
Result<ast::Path> Parser::path_after(ast::Name first) {
  ast::Path path;
  ast::PackageName package = TRY(package_after(std::move(first)));
  TRY(expect("/"));
  path.name = TRY(name("an interface's or world's name"));
  path.span = package.ns.span;
  path.span.end = path.name.span.end;
  if (TRY(take("@"))) package.version = TRY(version());
  path.package = std::move(package);
  return path;
}

// '{' (id ('as' id)? ',')* '}'
Result<std::vector<ast::Rename>> Parser::renames(std::string_view what, bool as_required) {
  std::vector<ast::Rename> list;
  TRY(expect("{"));
  while (!at("}")) {
    ast::Rename rename;
    rename.name = TRY(name(what));
    if (as_required && !at("as")) return expected("'as'");
    if (TRY(take("as"))) rename.as = TRY(name("the new name"));
    list.push_back(std::move(rename));
    if (!TRY(take(","))) break;
  }
  if (!at("}")) return expected("',' or '}'");
  TRY(lexer_.advance());
  return list;
}

Result<void> Parser::attribute(ast::Attributes& attributes) {
  const Span span = TRY(expect("@"));
  const ast::Name kind = TRY(name("an attribute's name"));
  const auto twice = [&] {
    return sources_.error(Errc::Malformed, kind.span, "'@{}' is given twice", kind.text);
  };
  if (attributes.span.end == 0) attributes.span = span;
  TRY(expect("("));
  if (kind.text == "since" || kind.text == "deprecated") {
    auto& target = kind.text == "since" ? attributes.since : attributes.deprecated;
    if (target) return twice();
    TRY(expect_word("version"));
    TRY(expect("="));
    target = TRY(version());
  } else if (kind.text == "unstable") {
    if (attributes.unstable) return twice();
    TRY(expect_word("feature"));
    TRY(expect("="));
    attributes.unstable = TRY(name("a feature's name")).text;
  } else if (kind.text == "external-id") {
    if (attributes.external_id) return twice();
    if (lexer_.peek().kind != TokenKind::String) return expected("a string");
    attributes.external_id = std::string(lexer_.peek().text);
    TRY(lexer_.advance());
  } else {
    return sources_.error(
        Errc::Malformed, kind.span,
        "unknown attribute '@{}'; expected '@since', '@unstable', '@deprecated' or "
        "'@external-id'",
        kind.text);
  }
  TRY(expect(")"));
  return {};
}

Result<ast::Meta> Parser::meta() {
  ast::Meta meta;
  meta.docs = lexer_.docs();
  while (at("@")) {
    TRY(attribute(meta.attributes));
    if (const std::string more = lexer_.docs(); !more.empty()) {
      if (!meta.docs.empty()) meta.docs.push_back('\n');
      meta.docs += more;
    }
  }
  const auto& attributes = meta.attributes;
  if (attributes.since && attributes.unstable) {
    return sources_.error(Errc::Malformed, attributes.span,
                          "an item is either '@since' a version or '@unstable', not both");
  }
  if (attributes.deprecated && !attributes.since && !attributes.unstable) {
    return sources_.error(Errc::Malformed, attributes.span,
                          "'@deprecated' needs '@since' or '@unstable' beside it");
  }
  return meta;
}

Result<ast::File> Parser::file() {
  ast::File file;
  file.source = file_;
  TRY(lexer_.advance());
  while (lexer_.peek().kind != TokenKind::End) {
    if (!at("package")) {
      file.items.push_back(TRY(top_item()));
      continue;
    }
    ast::PackageDeclaration declaration;
    declaration.docs = lexer_.docs();
    const Span start = TRY(expect("package"));
    declaration.name = TRY(package_name());
    if (TRY(take("{"))) {
      ast::NestedPackage nested;
      nested.declaration = std::move(declaration);
      while (!at("}")) {
        if (at("package")) {
          return sources_.error(
              Errc::Malformed, lexer_.peek().span,
              "a package inside braces cannot hold another; expected 'interface', "
              "'world', 'use' or '}}'");
        }
        nested.items.push_back(TRY(top_item()));
      }
      TRY(expect("}"));
      file.nested.push_back(std::move(nested));
      continue;
    }
    if (!at(";")) return expected("';' or '{'");
    TRY(lexer_.advance());
    if (file.package) {
      return sources_.error(Errc::Malformed, start,
                            "this file's package is declared already; further packages are written "
                            "with braces");
    }
    if (!file.items.empty() || !file.nested.empty()) {
      return sources_.error(Errc::Malformed, start,
                            "the file's package is declared before all else");
    }
    file.package = std::move(declaration);
  }
  return file;
}

Result<ast::TopItem> Parser::top_item() {
  ast::Meta meta = TRY(this->meta());
  if (at("interface")) return TRY(interface(std::move(meta)));
  if (at("world")) return TRY(world(std::move(meta)));
  if (at("use")) {
    if (meta.attributes.span.end != 0) return expected("'interface' or 'world' after an attribute");
    return TRY(top_use());
  }
  return expected("'interface', 'world', 'use' or 'package'");
}

// toplevel-use ::= 'use' path ('as' id)? ';'
Result<ast::TopUse> Parser::top_use() {
  TRY(expect("use"));
  ast::TopUse use;
  use.path = TRY(path("an interface's or world's name"));
  if (TRY(take("as"))) use.as = TRY(name("the new name"));
  TRY(expect(";"));
  return use;
}

Result<ast::Interface> Parser::interface(ast::Meta meta) {
  TRY(expect("interface"));
  ast::Interface interface;
  interface.meta = std::move(meta);
  interface.name = TRY(name("the interface's name"));
  interface.items = TRY(interface_items());
  return interface;
}

bool Parser::at_type_definition() const {
  return at("type") || at("record") || at("variant") || at("enum") || at("flags") || at("resource");
}

Result<std::vector<ast::InterfaceItem>> Parser::interface_items() {
  std::vector<ast::InterfaceItem> items;
  TRY(expect("{"));
  while (!at("}")) {
    ast::Meta meta = TRY(this->meta());
    if (at("use")) {
      items.emplace_back(TRY(use(std::move(meta))));
    } else if (at_type_definition()) {
      items.emplace_back(TRY(type_definition(std::move(meta))));
    } else if (lexer_.peek().kind == TokenKind::Identifier) {
      items.emplace_back(TRY(named_function(std::move(meta))));
    } else {
      return expected("a function, a type, 'use' or '}'");
    }
  }
  TRY(expect("}"));
  return items;
}

// use-item ::= 'use' path '.' '{' names '}' ';'
Result<ast::Use> Parser::use(ast::Meta meta) {
  ast::Use use;
  use.meta = std::move(meta);
  TRY(expect("use"));
  use.from = TRY(path("an interface's name"));
  TRY(expect("."));
  if (!at("{")) return expected("'{'");
  use.names = TRY(renames("a type's name", false));
  TRY(expect(";"));
  return use;
}

// include-item ::= 'include' path ('with' '{' renames '}')? ';'
Result<ast::Include> Parser::include(ast::Meta meta) {
  ast::Include include;
  include.meta = std::move(meta);
  TRY(expect("include"));
  include.from = TRY(path("a world's name"));
  if (TRY(take("with"))) {
    include.with = TRY(renames("a name of that world", true));
    TRY(take(";"));  // after braces the semicolon may be left out
  } else {
    TRY(expect(";"));
  }
  return include;
}

Result<ast::World> Parser::world(ast::Meta meta) {
  TRY(expect("world"));
  ast::World world;
  world.meta = std::move(meta);
  world.name = TRY(name("the world's name"));
  TRY(expect("{"));
  while (!at("}")) world.items.push_back(TRY(world_item()));
  TRY(expect("}"));
  return world;
}

Result<ast::WorldItem> Parser::world_item() {
  ast::Meta meta = TRY(this->meta());
  if (at("import") || at("export")) return TRY(external(std::move(meta)));
  if (at("include")) return TRY(include(std::move(meta)));
  if (at("use")) return TRY(use(std::move(meta)));
  if (at_type_definition()) return TRY(type_definition(std::move(meta)));
  return expected("'import', 'export', 'include', 'use', a type or '}'");
}

// import-item ::= 'import' id ':' (func-type ';' | 'interface' '{' ... '}' | path ';') | 'import'
// path ';' and the same for exports.
Result<ast::Extern> Parser::external(ast::Meta meta) {
  ast::Extern external;
  external.meta = std::move(meta);
  external.span = lexer_.peek().span;
  external.direction =
      at("import") ? ast::Extern::Direction::Import : ast::Extern::Direction::Export;
  TRY(lexer_.advance());
  ast::Name first = TRY(name("a name or an interface"));
  if (!TRY(take(":"))) {
    ast::Path path;
    path.span = first.span;
    path.name = std::move(first);
    external.item = std::move(path);
    TRY(expect(";"));
    return external;
  }
  if (at("func") || at("async")) {
    ast::Function function;
    function.meta = external.meta;
    function.name = first;
    TRY(function_type(function));
    TRY(expect(";"));
    external.item = std::move(function);
  } else if (TRY(take("interface"))) {
    ast::Interface interface;
    interface.name.span = first.span;
    interface.items = TRY(interface_items());
    external.item = std::move(interface);
  } else {
    // `a:b/c` is a path, `a: b` and `a: b:c/d` give an interface the name `a`.
    Lexer::Mark mark = lexer_.mark();
    TRY(name("'func', 'async func', 'interface' or an interface's name"));
    const bool is_path = at("/");
    lexer_.reset(std::move(mark));
    if (is_path) {
      external.item = TRY(path_after(std::move(first)));
      TRY(expect(";"));
      return external;
    }
    external.item = TRY(path("an interface's name"));
    TRY(expect(";"));
  }
  external.name = std::move(first);
  return external;
}

}  // namespace detail
}  // namespace wasmcloud::wit
