#pragma once

#include "wit/ast.h"
#include "wit/lexer.h"

namespace wasmcloud::wit::detail {

/// Recursive descent over the tokens of one file; one member function for each production.
class Parser {
 public:
  Parser(const Sources& sources, uint32_t file)
      : sources_(sources), lexer_(sources, file), file_(file) {}

  Result<ast::File> file();

 private:
  // Tokens.
  bool at(std::string_view text) const;  ///< punctuation or keyword
  Result<bool> take(std::string_view text);
  Result<Span> expect(std::string_view text);
  Result<void> expect_word(std::string_view word);  ///< an identifier that is not reserved
  std::unexpected<Error> expected(std::string_view what) const;
  static std::string shown(const Token& token);

  // Names.
  Result<ast::Name> name(std::string_view what);
  Result<SemVer> version();
  Result<ast::PackageName> package_name();
  Result<ast::Path> path(std::string_view what);
  Result<ast::PackageName> package_after(ast::Name ns);
  Result<ast::Path> path_after(ast::Name first);
  Result<std::vector<ast::Rename>> renames(std::string_view what, bool as_required);

  // Items.
  Result<ast::Meta> meta();
  Result<void> attribute(ast::Attributes& attributes);
  Result<ast::TopItem> top_item();
  Result<ast::TopUse> top_use();
  Result<ast::Interface> interface(ast::Meta meta);
  Result<std::vector<ast::InterfaceItem>> interface_items();
  Result<ast::World> world(ast::Meta meta);
  Result<ast::WorldItem> world_item();
  Result<ast::Extern> external(ast::Meta meta);
  Result<ast::Use> use(ast::Meta meta);
  Result<ast::Include> include(ast::Meta meta);
  bool at_type_definition() const;

  // Types (parser_types.cc).
  Result<ast::TypeDefinition> type_definition(ast::Meta meta);
  Result<ast::TypeDefinition> resource(ast::TypeDefinition resource);
  Result<ast::Function> resource_function();
  Result<std::vector<ast::Member>> members(ast::TypeDefinition::Kind kind);
  Result<ast::Function> named_function(ast::Meta meta);
  Result<void> function_type(ast::Function& function);
  Result<void> parameters(ast::Function& function);
  Result<ast::TypePointer> type();
  Result<ast::TypePointer> type_or_underscore();
  Result<void> type_arguments(ast::Type& type, std::string_view keyword);
  Result<uint32_t> list_length();

  const Sources& sources_;
  Lexer lexer_;
  uint32_t file_;
  int type_depth_ = 0;
};

}  // namespace wasmcloud::wit::detail
