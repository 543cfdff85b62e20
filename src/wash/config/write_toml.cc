#include "wash/config/toml.h"
#include "wash/config/write.h"

#include <sstream>

namespace wasmcloud::wash {
namespace {

toml::table table_of(const Value::Map& map);

/// Where a node goes: behind the others of an array, or under a key of a table.
struct Place {
  toml::array* array = nullptr;
  toml::table* table = nullptr;
  std::string_view key;

  template <class Node>
  void put(Node&& node) const {
    if (array != nullptr) {
      array->push_back(std::forward<Node>(node));
    } else {
      table->insert_or_assign(key, std::forward<Node>(node));
    }
  }
};

// Recursion is bounded: the readers limit the depth.
void convert(const Value& value, const Place& to) {
  if (const bool* flag = value.boolean()) {
    to.put(*flag);
  } else if (const auto* integer = std::get_if<int64_t>(&value.data)) {
    to.put(*integer);
  } else if (const auto* real = std::get_if<double>(&value.data)) {
    to.put(*real);
  } else if (const std::string* text = value.string()) {
    to.put(*text);
  } else if (const Value::List* list = value.list()) {
    toml::array array;
    for (const Value& each : *list) convert(each, {.array = &array, .key = {}});
    to.put(std::move(array));
  } else if (const Value::Map* map = value.map()) {
    to.put(table_of(*map));
  }
}

toml::table table_of(const Value::Map& map) {
  toml::table table;
  for (const Member& each : map) convert(each.value, {.table = &table, .key = each.key});
  return table;
}

}  // namespace

std::string write_toml(const Value& value) {
  const Value::Map* map = value.map();
  std::ostringstream out;
  if (map != nullptr) out << toml::toml_formatter(table_of(*map));
  return out.str() + "\n";
}

}  // namespace wasmcloud::wash
