#include "component/value.h"

#include "base/utf8.h"
#include "component/async/copy.h"

#include <fmt/core.h>

namespace wasmcloud::component {
namespace {

std::string joined(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) {
    if (!out.empty()) out += ", ";
    out += to_string(value);
  }
  return out;
}

std::string with_payload(std::string_view name, const Value::Payload& payload) {
  return payload.empty() ? std::string(name) : fmt::format("{}({})", name, joined(payload));
}

struct Printer {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int8_t value) const { return std::to_string(value); }
  std::string operator()(uint8_t value) const { return std::to_string(value); }
  template <class T>
    requires std::is_arithmetic_v<T>
  std::string operator()(T value) const {
    return fmt::format("{}", value);
  }
  std::string operator()(char32_t value) const {
    std::string out = "'";
    append_utf8(out, value);
    return out + "'";
  }
  std::string operator()(const std::string& value) const { return "\"" + value + "\""; }
  std::string operator()(const Value::List& value) const { return "[" + joined(value.items) + "]"; }
  std::string operator()(const Value::Tuple& value) const {
    return "(" + joined(value.items) + ")";
  }
  std::string operator()(const Value::Record& value) const {
    std::string out = "{";
    for (size_t i = 0; i < value.names.size(); ++i) {
      if (i != 0) out += ", ";
      out += fmt::format("{}: {}", value.names[i], to_string(value.values[i]));
    }
    return out + "}";
  }
  std::string operator()(const Value::Variant& value) const {
    return with_payload(value.name, value.payload);
  }
  std::string operator()(const Value::Enum& value) const { return value.name; }
  std::string operator()(const Value::Flags& value) const {
    std::string out = "{";
    for (const std::string& name : value.names) out += (out.size() > 1 ? ", " : "") + name;
    return out + "}";
  }
  std::string operator()(const Value::Option& value) const {
    return with_payload(value.payload.empty() ? "none" : "some", value.payload);
  }
  std::string operator()(const Value::Result& value) const {
    return with_payload(value.is_ok ? "ok" : "err", value.payload);
  }
  std::string operator()(const Value::Resource& value) const {
    return fmt::format("<{} {}>", value.type.name(), value.representation);
  }
  std::string operator()(const Value::Readable& value) const {
    return value.shared->is_future() ? "<future>" : "<stream>";
  }
};

}  // namespace

std::string to_string(const Value& value) { return std::visit(Printer{}, value.any()); }

}  // namespace wasmcloud::component
