#include "wash/config/reference.h"

#include "wash/config/schema.h"
#include "wash/value.h"

#include <array>

namespace wasmcloud::wash {
namespace {

using Form = Shape::Form;

constexpr std::string_view kNotServed = "no effect in this version of wash";

// --- JSON Schema

Value schema_of(const Shape& shape);

Value texts_schema() {
  return Value::Map{
      {.key = "type", .value = "object"},
      {.key = "additionalProperties", .value = Value::Map{{.key = "type", .value = "string"}}}};
}

Value map_schema(const Shape& shape) {
  Value::Map properties;
  Value::List required;
  for (const Key& key : shape.keys) {
    Value::Map property;
    std::string description(key.help);
    if (!key.default_value.empty()) description += fmt::format(". Default: {}", key.default_value);
    if (!key.is_served) description += fmt::format(". It has {}", kNotServed);
    property.push_back({.key = "description", .value = std::move(description)});
    const Value schema = schema_of(key.shape);
    for (const Member& member : *schema.map()) property.push_back(member);
    properties.push_back({.key = std::string(key.name), .value = std::move(property)});
    if (key.is_required) required.emplace_back(key.name);
  }
  Value::Map out = {{.key = "type", .value = "object"},
                    {.key = "properties", .value = std::move(properties)}};
  if (!required.empty()) out.push_back({.key = "required", .value = std::move(required)});
  if (shape.is_closed) out.push_back({.key = "additionalProperties", .value = false});
  return out;
}

// Recursion is bounded by the table.
Value schema_of(const Shape& shape) {
  switch (shape.form) {
    case Form::Text: {
      Value::Map out = {{.key = "type", .value = "string"}};
      if (!shape.choices.empty()) {
        Value::List choices;
        for (const std::string_view choice : shape.choices) choices.emplace_back(choice);
        out.push_back({.key = "enum", .value = std::move(choices)});
      } else if (shape.check != nullptr) {
        out.push_back({.key = "minLength", .value = int64_t{1}});
      }
      return out;
    }
    case Form::Boolean:
      return Value::Map{{.key = "type", .value = "boolean"}};
    case Form::Integer:
      return Value::Map{{.key = "type", .value = "integer"},
                        {.key = "minimum", .value = shape.least},
                        {.key = "maximum", .value = shape.most}};
    case Form::Map:
      return map_schema(shape);
    case Form::Texts:
    case Form::Variables:
      return texts_schema();
    case Form::ListOf:
      return Value::Map{{.key = "type", .value = "array"},
                        {.key = "items", .value = schema_of(*shape.each)}};
    case Form::MapOf:
      return Value::Map{{.key = "type", .value = "object"},
                        {.key = "additionalProperties", .value = schema_of(*shape.each)}};
  }
  return Value();
}

// --- the reference

/// What of a shape's keys is listed by itself: the map behind lists and names.
const Shape* map_behind(const Shape& shape) {
  if (shape.form == Form::Map) return &shape;
  if ((shape.form == Form::ListOf || shape.form == Form::MapOf) && shape.each != nullptr)
    return map_behind(*shape.each);
  return nullptr;
}

std::string path_behind(const Shape& shape, std::string path) {
  if (shape.form == Form::ListOf && map_behind(shape) != nullptr) return path + "[]";
  if (shape.form == Form::MapOf) return path + ".NAME";
  return path;
}

std::string value_of(const Shape& shape) {
  if (shape.choices.empty()) return std::string(shape.name);
  std::string out;
  for (const std::string_view choice : shape.choices)
    out += fmt::format("{}`{}`", out.empty() ? "" : ", ", choice);
  return out;
}

void describe(const Shape& shape, const std::string& path, std::string& out) {
  if (!path.empty()) out += fmt::format("\n## `{}`\n", path);
  out += "\n| key | value | meaning | default |\n|---|---|---|---|\n";
  for (const Key& key : shape.keys) {
    std::string help(key.help);
    if (key.is_required) help += ". Required";
    if (!key.is_served) help += fmt::format(". *It has {}*", kNotServed);
    out += fmt::format("| `{}` | {} | {} | {} |\n", key.name, value_of(key.shape), help,
                       key.default_value);
  }
  for (const Key& key : shape.keys) {
    const std::string below =
        path.empty() ? std::string(key.name) : fmt::format("{}.{}", path, key.name);
    if (const Shape* map = map_behind(key.shape))
      describe(*map, path_behind(key.shape, below), out);
  }
}

}  // namespace

std::string config_json_schema() {
  Value::Map out = {{.key = "$schema", .value = "https://json-schema.org/draft/2020-12/schema"},
                    {.key = "title", .value = "Configuration of wash"},
                    {.key = "description",
                     .value = "The file .wash/config.yaml (.yml, .json, .toml) of a project, "
                              "or config.yaml of a user"}};
  const Value schema = schema_of(config_shape());
  for (const Member& member : *schema.map()) out.push_back(member);
  return to_json(out) + "\n";
}

std::string config_reference() {
  std::string out =
      "# Configuration\n"
      "<!-- Made by the tests from the table that the reader checks by, src/wash/config/schema.cc. "
      "-->\n\n"
      "A project's configuration is `.wash/config.yaml`, or `.yml`, `.json` or `.toml` of that "
      "name; "
      "a user's is `config.yaml` in wash's\nconfiguration folder (`wash config info` tells which). "
      "From low to high: built-in defaults, the user's, the project's, environment\nvariables "
      "(`WASH_BUILD='{command=make}'` sets `build.command`), flags. Maps are merged key by key; "
      "lists "
      "and everything else replace.\nPaths are relative to the project.\n\n"
      "`wash config validate` tells all that is wrong at once, with file, line and column. Unknown "
      "keys are accepted, and named where they\nlook like a slip of the pen. `wash config schema` "
      "prints a [JSON Schema](config.schema.json): an editor that speaks YAML takes it by\na first "
      "line `# yaml-language-server: $schema=PATH`.\n";
  describe(config_shape(), "", out);
  return out;
}

}  // namespace wasmcloud::wash
