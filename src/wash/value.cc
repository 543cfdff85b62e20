#include "wash/value.h"

#include "base/json_text.h"

#include <fmt/core.h>

#include <cmath>

namespace wasmcloud::wash {
namespace {

// Recursion is bounded: values come from readers that limit the depth, or from our own code.
void write(std::string& out, const Value& value, size_t depth) {
  const auto newline = [&out](size_t level) { out += fmt::format("\n{:{}}", "", level * 2); };
  if (value.is_null()) {
    out += "null";
  } else if (const bool* flag = value.boolean()) {
    out += *flag ? "true" : "false";
  } else if (const auto* integer = std::get_if<int64_t>(&value.data)) {
    out += fmt::format("{}", *integer);
  } else if (const auto* real = std::get_if<double>(&value.data)) {
    out += std::isfinite(*real) ? fmt::format("{}", *real) : "null";
  } else if (const std::string* text = value.string()) {
    out += json_quoted(*text);
  } else if (const Value::List* list = value.list()) {
    out += '[';
    for (const Value& item : *list) {
      if (&item != list->data()) out += ',';
      newline(depth + 1);
      write(out, item, depth + 1);
    }
    if (!list->empty()) newline(depth);
    out += ']';
  } else if (const Value::Map* map = value.map()) {
    out += '{';
    for (const Member& member : *map) {
      if (&member != map->data()) out += ',';
      newline(depth + 1);
      out += json_quoted(member.key);
      out += ": ";
      write(out, member.value, depth + 1);
    }
    if (!map->empty()) newline(depth);
    out += '}';
  }
}

}  // namespace

std::string Origin::describe() const {
  if (source == nullptr) return {};
  if (line == 0) return *source;
  return fmt::format("{}:{}:{}", *source, line, column);
}

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;
Value::Value(bool value) : data(value) {}
Value::Value(int64_t value) : data(value) {}
Value::Value(double value) : data(value) {}
Value::Value(std::string value) : data(std::move(value)) {}
Value::Value(std::string_view value) : data(std::string(value)) {}
Value::Value(const char* value) : data(std::string(value)) {}
Value::Value(List value) : data(std::move(value)) {}
Value::Value(Map value) : data(std::move(value)) {}

const Value* Value::find(std::string_view key) const {
  const Map* members = map();
  if (members == nullptr) return nullptr;
  for (const Member& member : *members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

std::string Value::describe() const {
  if (is_null()) return "null";
  if (const bool* flag = boolean()) return *flag ? "the boolean true" : "the boolean false";
  if (const auto* integer = std::get_if<int64_t>(&data))
    return fmt::format("the number {}", *integer);
  if (const auto* real = std::get_if<double>(&data)) return fmt::format("the number {}", *real);
  if (const std::string* text = string()) {
    constexpr size_t kShown = 60;
    return text->size() <= kShown ? fmt::format("the string \"{}\"", *text) : "a long string";
  }
  return list() != nullptr ? "a list" : "a map";
}

std::string_view Value::describe_kind() const {
  if (is_null()) return "null";
  if (boolean() != nullptr) return "a boolean";
  if (string() != nullptr) return "a string";
  if (list() != nullptr) return "a list";
  return map() != nullptr ? "a map" : "a number";
}

Value merge(Value under, Value over) {
  auto* below = std::get_if<Value::Map>(&under.data);
  auto* above = std::get_if<Value::Map>(&over.data);
  if (below == nullptr || above == nullptr) return over;
  for (Member& member : *above) {
    const auto same = std::find_if(below->begin(), below->end(),
                                   [&](const Member& m) { return m.key == member.key; });
    if (same == below->end()) {
      below->push_back(std::move(member));
    } else {
      same->origin = member.origin;
      same->value = merge(std::move(same->value), std::move(member.value));
    }
  }
  under.origin = over.origin;
  return under;
}

std::string to_json(const Value& value) {
  std::string out;
  write(out, value, 0);
  return out;
}

}  // namespace wasmcloud::wash
