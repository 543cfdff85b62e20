#include "wash/component_value.h"

#include "base/utf8.h"
#include "component/wave.h"

#include <cmath>
#include <limits>

namespace wasmcloud::wash {
namespace {

using Guest = component::Value;

Value list_of(const std::vector<Guest>& items) {
  Value::List out;
  for (const Guest& item : items) out.push_back(json_of(item));
  return out;
}

Value case_of(std::string_view name, const Guest::Payload& payload) {
  return Value::Map{
      {.key = std::string(name), .value = payload.empty() ? Value() : json_of(payload.front())}};
}

struct ToJson {
  Value operator()(bool value) const { return value; }
  template <class T>
    requires std::is_integral_v<T>
  Value operator()(T value) const {
    if constexpr (sizeof(T) == 8 && std::is_unsigned_v<T>) {
      if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
        return std::to_string(value);
    }
    return static_cast<int64_t>(value);
  }
  template <class T>
    requires std::is_floating_point_v<T>
  Value operator()(T value) const {
    if (!std::isfinite(value)) return component::write_wave(value);
    // The shortest text of a float is that of a double too.
    return std::stod(fmt::format("{}", value));
  }
  Value operator()(char32_t value) const {
    std::string text;
    append_utf8(text, value);
    return text;
  }
  Value operator()(const std::string& value) const { return value; }
  Value operator()(const Guest::List& value) const { return list_of(value.items); }
  Value operator()(const Guest::Tuple& value) const { return list_of(value.items); }
  Value operator()(const Guest::Record& value) const {
    Value::Map out;
    for (size_t i = 0; i < value.names.size(); ++i)
      out.push_back({.key = value.names[i], .value = json_of(value.values[i])});
    return out;
  }
  Value operator()(const Guest::Variant& value) const {
    if (value.payload.empty()) return value.name;
    return case_of(value.name, value.payload);
  }
  Value operator()(const Guest::Enum& value) const { return value.name; }
  Value operator()(const Guest::Flags& value) const {
    return Value::List(value.names.begin(), value.names.end());
  }
  Value operator()(const Guest::Option& value) const {
    if (value.payload.empty()) return {};
    if (value.payload.front().get_if<Guest::Option>() != nullptr)
      return case_of("some", value.payload);
    return json_of(value.payload.front());
  }
  Value operator()(const Guest::Result& value) const {
    return case_of(value.is_ok ? "ok" : "err", value.payload);
  }
  Value operator()(const Guest::Resource& value) const { return component::write_wave(value); }
  Value operator()(const Guest::Readable& value) const { return component::write_wave(value); }
};

}  // namespace

Value json_of(const component::Value& value) { return std::visit(ToJson{}, value.any()); }

}  // namespace wasmcloud::wash
