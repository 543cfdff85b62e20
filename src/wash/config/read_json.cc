#include "wash/config/read.h"

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include <set>

namespace wasmcloud::wash {
namespace {

namespace json = boost::json;

Origin place(std::string_view text, size_t offset, const SourceName& source) {
  Origin origin{.source = source, .line = 1, .column = 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++origin.line;
      origin.column = 1;
    } else {
      ++origin.column;
    }
  }
  return origin;
}

/// Walks a text that is known to be right, for the places that the parser does not tell and the
/// keys that it would drop. Only the values of scalars are the parser's.
class Walker {
 public:
  Walker(std::string_view text, const SourceName& source)
      : text_(text), here_{.source = source, .line = 1, .column = 1} {}

  /// Depth is bounded: the parser has refused deeper texts.
  Result<Value> value() {
    skip_blanks();
    Origin origin = here_;
    Value out;
    if (peek() == '{') {
      out = TRY(map());
    } else if (peek() == '[') {
      Value::List list;
      advance(1);
      while (!closes(']')) list.push_back(TRY(value()));
      out = std::move(list);
    } else {
      out = scalar();
    }
    out.origin = std::move(origin);
    return out;
  }

 private:
  char peek() const { return text_[at_]; }

  void advance(size_t count) {
    for (const char c : text_.substr(at_, count)) {
      here_.column = c == '\n' ? 1 : here_.column + 1;
      here_.line += c == '\n' ? 1 : 0;
    }
    at_ += count;
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").contains(peek())) advance(1);
  }

  /// Skips blanks and a comma; true if the closing bracket was there, which is then consumed.
  bool closes(char bracket) {
    skip_blanks();
    if (peek() == ',') {
      advance(1);
      skip_blanks();
    }
    if (peek() != bracket) return false;
    advance(1);
    return true;
  }

  Result<Value> map() {
    Value::Map members;
    std::set<std::string, std::less<>> keys;
    advance(1);
    while (!closes('}')) {
      const Origin origin = here_;
      std::string key = *scalar().string();
      if (!keys.insert(key).second)
        return fail(Errc::Malformed, "{}: the key '{}' is here a second time", origin.describe(),
                    key);
      skip_blanks();
      advance(1);  // the colon
      Value member = TRY(value());
      members.push_back({.key = std::move(key), .value = std::move(member), .origin = origin});
    }
    return Value(std::move(members));
  }

  /// A string, number or word, and the cursor behind it.
  Value scalar() {
    size_t end = at_ + 1;
    if (peek() == '"') {
      while (text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
      ++end;
    } else {
      while (end < text_.size() && !std::string_view(",]} \t\r\n").contains(text_[end])) ++end;
    }
    const std::string_view token = text_.substr(at_, end - at_);
    advance(token.size());
    boost::system::error_code error;
    const json::value parsed = json::parse(json::string_view(token.data(), token.size()), error);
    Value out;
    if (parsed.is_string()) {
      out = std::string(parsed.get_string());
    } else if (parsed.is_bool()) {
      out = parsed.get_bool();
    } else if (parsed.is_int64()) {
      out = parsed.get_int64();
    } else if (parsed.is_uint64()) {
      out.data = static_cast<double>(parsed.get_uint64());
    } else if (parsed.is_double()) {
      out.data = parsed.get_double();
    }
    return out;
  }

  std::string_view text_;
  size_t at_ = 0;
  Origin here_;
};

}  // namespace

Result<Value> read_json(std::string_view text, const SourceName& source) {
  // What is only blank counts as empty, as in the other formats.
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Value(Value::Map());
  json::stream_parser parser;
  boost::system::error_code error;
  const size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && parser.done() && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    return fail(Errc::Malformed, "{}: there is more after the end of the value",
                place(text, read, source).describe());
  if (!error) parser.finish(error);
  if (error == json::error::too_deep) {
    return fail(Errc::Limit, "{}: nested more than {} deep", place(text, read, source).describe(),
                kMaxConfigDepth);
  }
  if (error)
    return fail(Errc::Malformed, "{}: {}", place(text, read, source).describe(), error.message());
  Value value = TRY(Walker(text, source).value());
  if (value.map() == nullptr)
    return fail(Errc::Malformed, "{}: expected an object, found {}", value.origin.describe(),
                value.describe());
  return value;
}

}  // namespace wasmcloud::wash
