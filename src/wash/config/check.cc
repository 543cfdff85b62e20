#include "wash/config/check.h"

#include "base/text.h"

#include <algorithm>

namespace wasmcloud::wash {
namespace {

using Form = Shape::Form;

class Checker {
 public:
  explicit Checker(Findings& findings) : findings_(findings) {}

  // Recursion is bounded: by the table, and the readers limit the depth of values.
  void check(const Value& value, const Shape& shape, const std::string& field) {
    switch (shape.form) {
      case Form::Text:
        return text(value, shape, field);
      case Form::Boolean:
        if (value.boolean() == nullptr) wrong(value, field, "true or false");
        return;
      case Form::Integer:
        return integer(value, shape, field);
      case Form::Map:
        return map(value, shape, field);
      case Form::Texts:
      case Form::Variables:
        return texts(value, shape, field);
      case Form::ListOf:
        return list(value, shape, field);
      case Form::MapOf:
        if (value.map() == nullptr) return wrong(value, field, "a map");
        for (const Member& member : *value.map()) {
          if (member.key.empty())
            findings_.error(member.origin, field, "a name is empty");
          else
            check(member.value, *shape.each, field_of(field, member.key));
        }
        return;
    }
  }

 private:
  void wrong(const Value& value, std::string_view field, std::string_view expected,
             std::string_view advice = {}) {
    // What is beneath `secrets`, and tokens, must not be shown.
    const bool hidden = field.starts_with("secrets.") || field.ends_with(".token");
    findings_.error(value.origin, field,
                    fmt::format("expected {}, found {}{}{}", expected,
                                hidden ? value.describe_kind() : value.describe(),
                                advice.empty() ? "" : "; ", advice));
  }

  void text(const Value& value, const Shape& shape, const std::string& field) {
    const std::string* text = value.string();
    if (text == nullptr) return wrong(value, field, "a string", shape.advice);
    // Says it without the colon behind the field, and what would be right.
    if (shape.name == "command" && trim(*text).empty()) {
      return findings_.error(value.origin, field + " is empty",
                             "write the shell command that builds the component, such as 'cargo "
                             "build --target wasm32-wasip2'");
    }
    if (!shape.choices.empty() && std::ranges::find(shape.choices, *text) == shape.choices.end()) {
      return findings_.error(value.origin, field,
                             fmt::format("'{}' is not known; {}", *text, shape.advice));
    }
    if (shape.check == nullptr) return;
    if (auto right = shape.check(*text); !right) {
      const bool advises = text->empty() && !shape.advice.empty();
      findings_.error(value.origin, field,
                      fmt::format("{}{}{}", right.error().message(), advises ? "; " : "",
                                  advises ? shape.advice : ""));
    }
  }

  void integer(const Value& value, const Shape& shape, const std::string& field) {
    const auto* number = std::get_if<int64_t>(&value.data);
    if (number != nullptr && *number >= shape.least && *number <= shape.most) return;
    wrong(value, field, fmt::format("a number from {} to {}", shape.least, shape.most),
          value.string() != nullptr ? "write it without quotes" : "");
  }

  void texts(const Value& value, const Shape& shape, const std::string& field) {
    if (value.map() == nullptr) return wrong(value, field, "a map");
    for (const Member& member : *value.map()) {
      const std::string name = field_of(field, member.key);
      if (shape.form == Form::Variables && (member.key.empty() || member.key.contains('='))) {
        findings_.error(member.origin, name, "a variable's name may not be empty or hold '='");
      } else if (member.value.string() == nullptr) {
        const bool scalar = member.value.map() == nullptr && member.value.list() == nullptr;
        wrong(member.value, name, "a string", scalar ? "put it in quotes" : "");
      }
    }
  }

  void list(const Value& value, const Shape& shape, const std::string& field) {
    const bool of_texts = shape.each->form == Form::Text;
    if (value.list() == nullptr)
      return wrong(value, field, of_texts ? "a list of strings" : "a list");
    for (size_t i = 0; i < value.list()->size(); ++i)
      check((*value.list())[i], *shape.each, fmt::format("{}[{}]", field, i));
  }

  static bool is_off(const Value& value) {
    return value.is_null() || (value.boolean() != nullptr && !*value.boolean()) ||
           (value.list() != nullptr && value.list()->empty());
  }

  void map(const Value& value, const Shape& shape, const std::string& field) {
    if (value.map() == nullptr)
      return wrong(value, field.empty() ? "configuration" : field, "a map");
    for (const Member& member : *value.map()) {
      const std::string name = field_of(field, member.key);
      const auto key = std::ranges::find(shape.keys, member.key, &Key::name);
      if (key == shape.keys.end()) {
        unknown(member, shape, field);
        continue;
      }
      if (member.value.is_null() && !key->is_required) continue;
      if (!key->is_served && !is_off(member.value))
        findings_.warn(member.origin, name + " has no effect in this version of wash");
      if (!(key->is_required && member.value.is_null())) check(member.value, key->shape, name);
    }
    for (const Key& key : shape.keys) {
      const Value* given = value.find(key.name);
      if (key.is_required && (given == nullptr || given->is_null()))
        findings_.error(value.origin, field_of(field, key.name), "is missing");
    }
  }

  /// Newer versions may know it; one that is nearly a known one is worth a word.
  void unknown(const Member& member, const Shape& shape, const std::string& field) {
    std::vector<std::string_view> known;
    for (const Key& key : shape.keys) known.push_back(key.name);
    const std::string_view near = closest(member.key, known);
    const std::string name = field_of(field, member.key);
    const std::string guess =
        near.empty() ? "" : fmt::format("; did you mean {}?", field_of(field, near));
    if (shape.is_closed) {
      findings_.error(member.origin, name, "is not known" + guess);
    } else if (!near.empty()) {
      findings_.warn(member.origin, fmt::format("{} is not known{}", name, guess));
    } else if (member.origin.line != 0) {
      findings_.unknown.push_back(
          fmt::format("{}: {} is not known, and ignored", member.origin.describe(), name));
    }
  }

  Findings& findings_;
};

}  // namespace

std::string field_of(std::string_view above, std::string_view key) {
  return above.empty() ? std::string(key) : fmt::format("{}.{}", above, key);
}

void Findings::error(const Origin& origin, std::string_view field, std::string_view what) {
  const std::string place = origin.describe();
  errors.push_back(fmt::format("{}{}{}: {}", place, place.empty() ? "" : ": ", field, what));
}

void Findings::warn(const Origin& origin, std::string_view what) {
  warnings.push_back(fmt::format("{}: {}", origin.describe(), what));
}

void check_shape(const Value& value, const Shape& shape, const std::string& field,
                 Findings& findings) {
  Checker(findings).check(value, shape, field);
}

}  // namespace wasmcloud::wash
