#include "wit/detail/parser.h"
#include "wit/parser.h"

#include <charconv>

namespace wasmcloud::wit::detail {

namespace {

using ast::Primitive;

struct PrimitiveWord {
  std::string_view word;
  Primitive primitive;
};
constexpr PrimitiveWord kPrimitives[] = {
    {"bool", Primitive::Bool},     {"u8", Primitive::U8},
    {"u16", Primitive::U16},       {"u32", Primitive::U32},
    {"u64", Primitive::U64},       {"s8", Primitive::S8},
    {"s16", Primitive::S16},       {"s32", Primitive::S32},
    {"s64", Primitive::S64},       {"f32", Primitive::F32},
    {"f64", Primitive::F64},       {"char", Primitive::Char},
    {"string", Primitive::String}, {"error-context", Primitive::ErrorContext},
};

struct Constructed {
  std::string_view word;
  ast::Type::Kind kind;
};
constexpr Constructed kConstructed[] = {
    {"list", ast::Type::Kind::List},     {"map", ast::Type::Kind::Map},
    {"option", ast::Type::Kind::Option}, {"result", ast::Type::Kind::Result},
    {"tuple", ast::Type::Kind::Tuple},   {"future", ast::Type::Kind::Future},
    {"stream", ast::Type::Kind::Stream}, {"own", ast::Type::Kind::Own},
    {"borrow", ast::Type::Kind::Borrow},
};

}  // namespace

Result<ast::TypeDefinition> Parser::type_definition(ast::Meta meta) {
  using Kind = ast::TypeDefinition::Kind;
  ast::TypeDefinition definition;
  definition.meta = std::move(meta);
  const std::string keyword(lexer_.peek().text);
  TRY(lexer_.advance());
  definition.name = TRY(name("the type's name"));
  if (keyword == "type") {
    TRY(expect("="));
    definition.alias = TRY(type());
    TRY(expect(";"));
    return definition;
  }
  if (keyword == "resource") return resource(std::move(definition));
  if (keyword == "record") definition.kind = Kind::Record;
  if (keyword == "variant") definition.kind = Kind::Variant;
  if (keyword == "enum") definition.kind = Kind::Enum;
  if (keyword == "flags") definition.kind = Kind::Flags;
  definition.members = TRY(members(definition.kind));
  return definition;
}

// '{' (id (':' type)? | id ('(' type ')')?) ',' ... '}'
Result<std::vector<ast::Member>> Parser::members(ast::TypeDefinition::Kind kind) {
  std::vector<ast::Member> list;
  TRY(expect("{"));
  while (!at("}")) {
    ast::Member member;
    member.docs = lexer_.docs();
    if (at("@")) {
      return sources_.error(Errc::Malformed, lexer_.peek().span,
                            "attributes are for whole items; expected a name");
    }
    member.name =
        TRY(name(kind == ast::TypeDefinition::Kind::Record ? "a field's name" : "a name"));
    if (kind == ast::TypeDefinition::Kind::Record) {
      TRY(expect(":"));
      member.type = TRY(type());
    } else if (kind == ast::TypeDefinition::Kind::Variant && TRY(take("("))) {
      member.type = TRY(type());
      TRY(expect(")"));
    }
    list.push_back(std::move(member));
    if (!TRY(take(","))) break;
  }
  if (!at("}")) return expected("',' or '}'");
  TRY(lexer_.advance());
  return list;
}

Result<ast::TypeDefinition> Parser::resource(ast::TypeDefinition resource) {
  resource.kind = ast::TypeDefinition::Kind::Resource;
  if (TRY(take(";"))) return resource;
  if (!at("{")) return expected("';' or '{'");
  TRY(lexer_.advance());
  while (!at("}")) resource.functions.push_back(TRY(resource_function()));
  TRY(expect("}"));
  return resource;
}

// constructor ::= 'constructor' params ('->' type)? ';'
// method, static ::= id ':' 'static'? func-type ';'
Result<ast::Function> Parser::resource_function() {
  ast::Meta meta = TRY(this->meta());
  if (!at("constructor")) {
    if (lexer_.peek().kind != TokenKind::Identifier) {
      return expected("a method, 'constructor' or '}'");
    }
    ast::Function function = TRY(named_function(std::move(meta)));
    if (function.kind == ast::Function::Kind::Free) function.kind = ast::Function::Kind::Method;
    return function;
  }
  ast::Function constructor;
  constructor.meta = std::move(meta);
  constructor.kind = ast::Function::Kind::Constructor;
  constructor.name.span = TRY(expect("constructor"));
  TRY(parameters(constructor));
  if (TRY(take("->"))) constructor.result = TRY(type());
  TRY(expect(";"));
  return constructor;
}

// id ':' 'static'? func-type ';'
Result<ast::Function> Parser::named_function(ast::Meta meta) {
  ast::Function function;
  function.meta = std::move(meta);
  function.name = TRY(name("a function's name"));
  TRY(expect(":"));
  if (at("static")) {
    TRY(lexer_.advance());
    function.kind = ast::Function::Kind::Static;
  }
  const Token& token = lexer_.peek();
  if (token.kind == TokenKind::Identifier && (token.text == "get" || token.text == "set")) {
    return sources_.error(Errc::Unsupported, token.span,
                          "accessors are not supported; expected 'func' or 'async func'");
  }
  TRY(function_type(function));
  TRY(expect(";"));
  return function;
}

// func-type ::= 'async'? 'func' params ('->' type)?
Result<void> Parser::function_type(ast::Function& function) {
  function.is_async = TRY(take("async"));
  if (!at("func")) return expected(function.is_async ? "'func'" : "'func' or 'async func'");
  TRY(lexer_.advance());
  TRY(parameters(function));
  if (TRY(take("->"))) function.result = TRY(type());
  return {};
}

Result<void> Parser::parameters(ast::Function& function) {
  TRY(expect("("));
  while (!at(")")) {
    ast::Parameter parameter;
    parameter.name = TRY(name("a parameter's name"));
    TRY(expect(":"));
    parameter.type = TRY(type());
    function.params.push_back(std::move(parameter));
    if (!TRY(take(","))) break;
  }
  if (!at(")")) return expected("',' or ')'");
  return lexer_.advance();
}

Result<ast::TypePointer> Parser::type_or_underscore() {
  if (TRY(take("_"))) return ast::TypePointer();
  return type();
}

Result<uint32_t> Parser::list_length() {
  const Token token = lexer_.peek();
  if (token.kind != TokenKind::Integer) return expected("the list's length");
  uint32_t length = 0;
  const char* const end = token.text.data() + token.text.size();
  const auto [stop, code] = std::from_chars(token.text.data(), end, length);
  // 2^30: spec, limits.
  if (code != std::errc() || stop != end || length == 0 || length > (1u << 30)) {
    return sources_.error(Errc::Malformed, token.span,
                          "'{}' is no length of a list; expected 1 to 2^30", token.text);
  }
  TRY(lexer_.advance());
  return length;
}

// What stands in angle brackets, if anything may.
Result<void> Parser::type_arguments(ast::Type& type, std::string_view keyword) {
  using Kind = ast::Type::Kind;
  const bool optional =
      type.kind == Kind::Result || type.kind == Kind::Future || type.kind == Kind::Stream;
  if (optional && !at("<")) {
    type.parts.resize(type.kind == Kind::Result ? 2 : 1);
    return {};
  }
  if (!at("<")) return expected(fmt::format("'<' after '{}'", keyword));
  TRY(lexer_.advance());
  switch (type.kind) {
    case Kind::Own:
    case Kind::Borrow:
      type.name = TRY(name("a resource's name"));
      break;
    case Kind::Option:
    case Kind::Future:
    case Kind::Stream:
      type.parts.push_back(TRY(this->type()));
      break;
    case Kind::List:
      type.parts.push_back(TRY(this->type()));
      if (TRY(take(","))) {
        type.kind = Kind::FixedList;
        type.length = TRY(list_length());
      }
      break;
    case Kind::Map:
      type.parts.push_back(TRY(this->type()));
      TRY(expect(","));
      type.parts.push_back(TRY(this->type()));
      break;
    case Kind::Result:
      if (at("_")) {
        TRY(lexer_.advance());
        type.parts.emplace_back();
        if (!at(",")) return expected("',' (a result of nothing is written 'result')");
      } else {
        type.parts.push_back(TRY(this->type()));
      }
      if (TRY(take(","))) {
        type.parts.push_back(TRY(type_or_underscore()));
      } else {
        type.parts.emplace_back();
      }
      break;
    case Kind::Tuple:
      while (!at(">")) {
        type.parts.push_back(TRY(this->type()));
        if (!TRY(take(","))) break;
      }
      if (type.parts.empty()) return expected("a type (a tuple has at least one)");
      break;
    case Kind::Primitive:
    case Kind::Named:
    case Kind::FixedList:
      break;
  }
  if (!at(">")) return expected(type.kind == Kind::Tuple ? "',' or '>'" : "'>'");
  return lexer_.advance();
}

Result<ast::TypePointer> Parser::type() {
  auto type = std::make_unique<ast::Type>();
  const Token token = lexer_.peek();
  type->span = token.span;
  if (token.kind == TokenKind::Identifier) {
    type->kind = ast::Type::Kind::Named;
    type->name = TRY(name("a type"));
    return type;
  }
  if (token.kind != TokenKind::Keyword) return expected("a type");
  for (const PrimitiveWord& entry : kPrimitives) {
    if (entry.word != token.text) continue;
    type->primitive = entry.primitive;
    TRY(lexer_.advance());
    return type;
  }
  for (const Constructed& entry : kConstructed) {
    if (entry.word != token.text) continue;
    type->kind = entry.kind;
    if (++type_depth_ > kMaxTypeNesting) {
      return sources_.error(Errc::Limit, token.span, "types nest deeper than {} here",
                            kMaxTypeNesting);
    }
    TRY(lexer_.advance());
    TRY(type_arguments(*type, token.text));
    --type_depth_;
    return type;
  }
  return expected("a type");
}

}  // namespace wasmcloud::wit::detail
