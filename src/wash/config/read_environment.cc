#include "base/text.h"
#include "wash/config/read.h"

#include <unistd.h>

#include <charconv>

namespace wasmcloud::wash {
namespace {

/// Reads `{a=1, b=[x, "y"]}` and scalars. What does not fit the form is a string as a whole.
class InlineReader {
 public:
  InlineReader(std::string_view text, const Origin& origin) : text_(text), origin_(origin) {}

  std::optional<Value> whole() {
    std::optional<Value> value = read(0);
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<Value> read(size_t depth) {
    if (depth > kMaxConfigDepth) return std::nullopt;
    std::optional<Value> value;
    skip_blanks();
    if (take('[')) {
      value = list(depth);
    } else if (take('{')) {
      value = map(depth);
    } else if (at_ < text_.size() && text_[at_] == '"') {
      if (auto text = quoted()) value = Value(std::move(*text));
    } else {
      value = bare(depth);
    }
    if (value) value->origin = origin_;
    return value;
  }

  std::optional<Value> list(size_t depth) {
    Value::List items;
    while (!take(']')) {
      if (!items.empty() && !take(',')) return std::nullopt;
      auto item = read(depth + 1);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return Value(std::move(items));
  }

  std::optional<Value> map(size_t depth) {
    Value::Map members;
    while (!take('}')) {
      if (!members.empty() && !take(',')) return std::nullopt;
      skip_blanks();
      std::optional<std::string> key;
      if (at_ < text_.size() && text_[at_] == '"') {
        key = quoted();
      } else {
        const size_t end = text_.find_first_of("=,{}[]", at_);
        if (end != std::string_view::npos) key = std::string(trim(text_.substr(at_, end - at_)));
        at_ = std::min(end, text_.size());
      }
      if (!key || key->empty() || !take('=')) return std::nullopt;
      auto value = read(depth + 1);
      if (!value) return std::nullopt;
      members.push_back({.key = std::move(*key), .value = std::move(*value), .origin = origin_});
    }
    return Value(std::move(members));
  }

  std::optional<std::string> quoted() {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return out;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    return std::nullopt;
  }

  Value bare(size_t depth) {
    // At the top all of it is one value; inside brackets it ends at the next separator.
    const size_t end =
        depth == 0 ? text_.size() : std::min(text_.find_first_of(",]}", at_), text_.size());
    const std::string_view word = trim(text_.substr(at_, end - at_));
    at_ = end;
    if (word == "true") return true;
    if (word == "false") return false;
    int64_t integer = 0;
    const char* last = word.data() + word.size();
    if (const auto [stop, error] = std::from_chars(word.data(), last, integer);
        error == std::errc() && stop == last && !word.empty())
      return integer;
    double real = 0;
    if (const auto [stop, error] = std::from_chars(word.data(), last, real);
        error == std::errc() && stop == last && !word.empty()) {
      Value value;
      value.data = real;
      return value;
    }
    return word;
  }

  std::string_view text_;
  size_t at_ = 0;
  Origin origin_;
};

}  // namespace

Value read_environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  constexpr std::string_view kPrefix = "WASH_";
  Value all{Value::Map()};
  for (const auto& [name, text] : variables) {
    if (!name.starts_with(kPrefix) || name.size() == kPrefix.size()) continue;
    const Origin origin{.source =
                            std::make_shared<const std::string>("environment variable " + name)};
    Value value = InlineReader(text, origin).whole().value_or(Value(text));
    value.origin = origin;
    const std::string path = to_lower(std::string_view(name).substr(kPrefix.size()));
    auto keys = split(path, '.');
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
      Value::Map outer;
      outer.push_back({.key = std::string(*key), .value = std::move(value), .origin = origin});
      value = Value(std::move(outer));
      value.origin = origin;
    }
    all = merge(std::move(all), std::move(value));
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> environment_variables() {
  std::vector<std::pair<std::string, std::string>> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      out.emplace_back(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  // The environment has no order that anybody relies on.
  std::ranges::sort(out);
  return out;
}

}  // namespace wasmcloud::wash
