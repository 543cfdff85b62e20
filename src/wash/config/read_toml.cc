#include "wash/config/read.h"
#include "wash/config/toml.h"

#include <sstream>

namespace wasmcloud::wash {
namespace {

class Converter {
 public:
  explicit Converter(const SourceName& source) : source_(source) {}

  // Depth is bounded by the parser (TOML_MAX_NESTED_VALUES).
  Value convert(const toml::node& node) const {
    Value value;
    if (const toml::table* table = node.as_table()) {
      Value::Map members;
      for (const auto& [key, child] : *table) {
        members.push_back({.key = std::string(key.str()),
                           .value = convert(child),
                           .origin = origin_of(key.source())});
      }
      // The library sorts by name; people wrote another order.
      std::ranges::sort(members, [](const Member& a, const Member& b) {
        return std::pair(a.origin.line, a.origin.column) <
               std::pair(b.origin.line, b.origin.column);
      });
      value = Value(std::move(members));
    } else if (const toml::array* array = node.as_array()) {
      Value::List list;
      for (const toml::node& item : *array) list.push_back(convert(item));
      value = Value(std::move(list));
    } else if (const auto* text = node.as_string()) {
      value = text->get();
    } else if (const auto* flag = node.as_boolean()) {
      value = flag->get();
    } else if (const auto* integer = node.as_integer()) {
      value = integer->get();
    } else if (const auto* real = node.as_floating_point()) {
      value = real->get();
    } else {
      // Dates and times: nothing of ours is one, so their text is what matters.
      std::ostringstream out;
      node.visit([&out](const auto& any) {
        if constexpr (!toml::is_container<decltype(any)>) out << any.get();
      });
      value = out.str();
    }
    value.origin = origin_of(node.source());
    return value;
  }

  Origin origin_of(const toml::source_region& region) const {
    return {.source = source_, .line = region.begin.line, .column = region.begin.column};
  }

 private:
  const SourceName& source_;
};

}  // namespace

Result<Value> read_toml(std::string_view text, const SourceName& source) {
  const toml::parse_result parsed = toml::parse(text, *source);
  const Converter converter(source);
  if (!parsed) {
    return fail(Errc::Malformed, "{}: {}", converter.origin_of(parsed.error().source()).describe(),
                parsed.error().description());
  }
  return converter.convert(parsed.table());
}

}  // namespace wasmcloud::wash
