#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wasmcloud::wash {

/// Where a value was written, for messages.
struct Origin {
  std::shared_ptr<const std::string> source;  ///< shared: one text for all values of a file
  uint32_t line = 0;                          ///< from 1; 0 where there are no lines
  uint32_t column = 0;

  /// ".wash/config.yaml:3:5", "environment variable WASH_BUILD"; empty if unknown.
  std::string describe() const;
};

struct Member;

/// A tree of plain data: what a configuration says, or what a command answers.
struct Value {
  using List = std::vector<Value>;
  using Map = std::vector<Member>;  // in the order of the file

  // Out of line: a Member is complete only below.
  Value();
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();
  Value(bool value);
  Value(int64_t value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(List value);
  Value(Map value);

  bool is_null() const { return std::holds_alternative<std::monostate>(data); }
  const std::string* string() const { return std::get_if<std::string>(&data); }
  const bool* boolean() const { return std::get_if<bool>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const Map* map() const { return std::get_if<Map>(&data); }
  /// The member of a map; null if there is none or this is no map.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);

  /// For messages: "null", "the number 8080", "a list".
  std::string describe() const;
  /// The same without what it is: "a number", "a string".
  std::string_view describe_kind() const;

  std::variant<std::monostate, bool, int64_t, double, std::string, List, Map> data;
  Origin origin;
};

struct Member {
  std::string key;
  Value value;
  Origin origin = {};  ///< of the key
};

/// `over` on top of `under`: maps key by key, everything else replaces.
Value merge(Value under, Value over);

/// JSON with two spaces of indentation and no newline at the end.
std::string to_json(const Value& value);

}  // namespace wasmcloud::wash
