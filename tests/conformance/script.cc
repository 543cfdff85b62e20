#include "conformance/script.h"

#include "base/utf8.h"

#include <boost/json.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

namespace wasmcloud::conformance {
namespace {

namespace json = boost::json;
using component::Value;

Result<json::value> read_json(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) return fail(Errc::NotFound, "{} cannot be read", path.string());
  std::stringstream text;
  text << in.rdbuf();
  boost::system::error_code error;
  json::value value = json::parse(text.str(), error, {}, {.max_depth = 500});
  if (error) return fail(Errc::Malformed, "{}: {}", path.string(), error.message());
  return value;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

template <class T>
Value number(const json::value& value) {
  const json::string& text = value.as_string();
  T out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return Value(out);
}

template <class Float, class Bits>
Value floating(const json::value& value) {
  const json::string& text = value.as_string();
  if (text.starts_with("nan:")) return Value(std::numeric_limits<Float>::quiet_NaN());
  Bits bits{};
  std::from_chars(text.data(), text.data() + text.size(), bits);
  return Value(std::bit_cast<Float>(bits));
}

Value value_of(const json::value& json);

Value::Payload payload_of(const json::value* json) {
  Value::Payload out;
  if (json != nullptr && !json->is_null()) out.push_back(value_of(*json));
  return out;
}

std::vector<Value> values_of(const json::value& array) {
  std::vector<Value> out;
  for (const json::value& item : array.as_array()) out.push_back(value_of(item));
  return out;
}

Value value_of(const json::value& json) {
  const json::object& object = json.as_object();
  const std::string type = text_of(object, "type");
  static const json::value kNull;
  const json::value& value = object.contains("value") ? object.at("value") : kNull;
  if (type == "bool") return Value(value.as_bool());
  if (type == "u8") return number<uint8_t>(value);
  if (type == "s8") return number<int8_t>(value);
  if (type == "u16") return number<uint16_t>(value);
  if (type == "s16") return number<int16_t>(value);
  if (type == "u32") return number<uint32_t>(value);
  if (type == "s32") return number<int32_t>(value);
  if (type == "u64") return number<uint64_t>(value);
  if (type == "s64") return number<int64_t>(value);
  if (type == "f32") return floating<float, uint32_t>(value);
  if (type == "f64") return floating<double, uint64_t>(value);
  if (type == "char") {
    std::string_view text = value.as_string();
    return Value(take_utf8(text));
  }
  if (type == "string") return Value(std::string(value.as_string()));
  if (type == "list") return Value(Value::List{values_of(value)});
  if (type == "tuple") return Value(Value::Tuple{values_of(value)});
  if (type == "record") {
    Value::Record record;
    for (const json::value& field : value.as_array()) {
      record.names.emplace_back(field.as_array()[0].as_string());
      record.values.push_back(value_of(field.as_array()[1]));
    }
    return Value(std::move(record));
  }
  if (type == "variant") {
    const json::object& variant = value.as_object();
    return Value(
        Value::Variant{text_of(variant, "case"), payload_of(variant.if_contains("payload"))});
  }
  if (type == "enum") return Value(Value::Enum{std::string(value.as_string())});
  if (type == "flags") {
    Value::Flags flags;
    for (const json::value& name : value.as_array()) flags.names.emplace_back(name.as_string());
    return Value(std::move(flags));
  }
  if (type == "option") return Value(Value::Option{payload_of(&value)});
  const json::object& result = value.as_object();
  const json::value* ok = result.if_contains("Ok");
  return Value(
      Value::Result{ok != nullptr, payload_of(ok != nullptr ? ok : result.if_contains("Err"))});
}

Command command_of(const json::object& object) {
  Command out;
  out.type = text_of(object, "type");
  out.line = object.at("line").to_number<uint32_t>();
  out.filename = text_of(object, "filename");
  out.module_type = text_of(object, "module_type");
  out.name = text_of(object, out.type == "module_instance" ? "instance" : "name");
  out.module = text_of(object, "module");
  out.text = text_of(object, "text");
  if (const json::value* action = object.if_contains("action")) {
    out.action =
        Invoke{text_of(action->as_object(), "field"), values_of(action->as_object().at("args"))};
  }
  if (const json::value* expected = object.if_contains("expected")) {
    out.expected = values_of(*expected);
  }
  return out;
}

struct Same {
  bool operator()(float a, float b) const {
    return (std::isnan(a) && std::isnan(b)) ||
           std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
  }
  bool operator()(double a, double b) const {
    return (std::isnan(a) && std::isnan(b)) ||
           std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
  }
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
    return std::ranges::equal(a, b, is_same);
  }
  bool operator()(const Value::List& a, const Value::List& b) const {
    return (*this)(a.items, b.items);
  }
  bool operator()(const Value::Tuple& a, const Value::Tuple& b) const {
    return (*this)(a.items, b.items);
  }
  bool operator()(const Value::Record& a, const Value::Record& b) const {
    return a.names == b.names && (*this)(a.values, b.values);
  }
  bool operator()(const Value::Variant& a, const Value::Variant& b) const {
    return a.name == b.name && (*this)(a.payload, b.payload);
  }
  bool operator()(const Value::Option& a, const Value::Option& b) const {
    return (*this)(a.payload, b.payload);
  }
  bool operator()(const Value::Result& a, const Value::Result& b) const {
    return a.is_ok == b.is_ok && (*this)(a.payload, b.payload);
  }
  template <class T>
  bool operator()(const T& a, const T& b) const {
    return a == b;
  }
  template <class T, class U>
  bool operator()(const T&, const U&) const {
    return false;
  }
};

}  // namespace

bool is_same(const Value& a, const Value& b) { return std::visit(Same{}, a.any(), b.any()); }

Result<Script> read_script(const std::filesystem::path& path) {
  const json::value root = TRY(read_json(path));
  Script script{.folder = path.parent_path(), .commands = {}};
  try {
    for (const json::value& command : root.as_object().at("commands").as_array()) {
      script.commands.push_back(command_of(command.as_object()));
    }
  } catch (const std::exception& error) {
    return fail(Errc::Malformed, "{}: {}", path.string(), error.what());
  }
  return script;
}

Result<Notes> read_notes(const std::filesystem::path& wast) {
  Notes notes;
  const std::filesystem::path absolute = std::filesystem::absolute(wast);
  for (std::filesystem::path folder = absolute.parent_path(); folder != folder.parent_path();
       folder = folder.parent_path()) {
    if (!std::filesystem::exists(folder / "index.json")) continue;
    const json::value root = TRY(read_json(folder / "index.json"));
    const std::string name = std::filesystem::relative(absolute, folder).generic_string();
    try {
      for (const json::value& file : root.as_object().at("files").as_array()) {
        if (text_of(file.as_object(), "file") != name) continue;
        if (const json::value* features = file.as_object().if_contains("requires")) {
          for (const json::value& feature : features->as_array()) {
            notes.requires_features.emplace(feature.as_string());
          }
        }
      }
    } catch (const std::exception& error) {
      return fail(Errc::Malformed, "{}: {}", (folder / "index.json").string(), error.what());
    }
    break;
  }
  return notes;
}

}  // namespace wasmcloud::conformance
