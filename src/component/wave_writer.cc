#include "base/utf8.h"
#include "component/async/copy.h"
#include "component/detail/wave_text.h"
#include "component/wave.h"

#include <fmt/core.h>

#include <cmath>

namespace wasmcloud::component {
namespace {

/// A case of a variant or enumeration, whose name may be a keyword.
std::string case_name(const std::string& name) { return is_wave_keyword(name) ? "%" + name : name; }

void append_escaped(std::string& out, std::string_view bytes, char quote) {
  for (const char c : bytes) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        if (c == quote) {
          out += '\\';
          out += c;
        } else if ((c >= 0 && c < 0x20) || c == 0x7f) {
          // A terminal would take it as a command.
          out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
}

bool is_none(const Value& value) {
  const auto* option = value.get_if<Value::Option>();
  return option != nullptr && option->payload.empty();
}

/// Stands for a stream or future where the text is cut; no text has it, since it is escaped.
constexpr char kCut = '\0';

struct Printer {
  bool cuts = false;

  std::string text(const Value& value) const { return std::visit(*this, value.any()); }
  std::string joined(const std::vector<Value>& values) const {
    std::string out;
    for (const Value& value : values) {
      if (!out.empty()) out += ", ";
      out += text(value);
    }
    return out;
  }
  std::string with_payload(std::string_view name, const Value::Payload& payload) const {
    return payload.empty() ? std::string(name) : fmt::format("{}({})", name, joined(payload));
  }

  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int8_t value) const { return std::to_string(value); }
  std::string operator()(uint8_t value) const { return std::to_string(value); }
  template <class T>
    requires std::is_arithmetic_v<T>
  std::string operator()(T value) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(value)) return "nan";  // of either sign
    }
    return fmt::format("{}", value);
  }
  std::string operator()(char32_t value) const {
    std::string bytes;
    append_utf8(bytes, value);
    std::string out = "'";
    append_escaped(out, bytes, '\'');
    return out + "'";
  }
  std::string operator()(const std::string& value) const {
    std::string out = "\"";
    append_escaped(out, value, '"');
    return out + "\"";
  }
  std::string operator()(const Value::List& value) const { return "[" + joined(value.items) + "]"; }
  std::string operator()(const Value::Tuple& value) const {
    return "(" + joined(value.items) + ")";
  }
  std::string operator()(const Value::Record& value) const {
    std::string fields;
    for (size_t i = 0; i < value.names.size(); ++i) {
      if (is_none(value.values[i])) continue;
      if (!fields.empty()) fields += ", ";
      fields += fmt::format("{}: {}", value.names[i], text(value.values[i]));
    }
    return fields.empty() ? "{:}" : "{" + fields + "}";
  }
  std::string operator()(const Value::Variant& value) const {
    return with_payload(case_name(value.name), value.payload);
  }
  std::string operator()(const Value::Enum& value) const { return case_name(value.name); }
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
    if (cuts) return std::string(1, kCut);
    return value.shared->is_future() ? "<future>" : "<stream>";
  }
};

}  // namespace

std::string write_wave(const Value& value) { return Printer{}.text(value); }

std::vector<std::string> write_wave_around(const Value& value) {
  std::vector<std::string> pieces(1);
  for (const char c : Printer{.cuts = true}.text(value)) {
    if (c == kCut) {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  return pieces;
}

}  // namespace wasmcloud::component
