#include "wash/config/read.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <limits>
#include <sstream>

namespace wasmcloud::wash {
namespace {

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789";

/// Put behind the text as a comment. The library takes the end of the text for the end of an open
/// quote, so a scalar that holds this was never closed.
constexpr std::string_view kEndMark = "# the end \x1f of the text";

template <class Number>
std::optional<Number> number(std::string_view digits, int base) {
  Number value{};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<double> real(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?   (YAML 1.2, 10.3.2)
bool is_float(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const size_t exponent = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, exponent);
  if (exponent != std::string_view::npos) {
    std::string_view digits = text.substr(exponent + 1);
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    if (!all_of(digits, kDigits)) return false;
  }
  const size_t point = mantissa.find('.');
  if (point == std::string_view::npos) return all_of(mantissa, kDigits);
  const std::string_view before = mantissa.substr(0, point);
  const std::string_view after = mantissa.substr(point + 1);
  return before.empty() ? all_of(after, kDigits)
                        : all_of(before, kDigits) && (after.empty() || all_of(after, kDigits));
}

/// A scalar without quotes, by the core schema (YAML 1.2, 10.3.2).
Value plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  std::string_view digits = text;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  Value value;
  if (all_of(digits, kDigits)) {
    const bool plus = text.starts_with('+');
    if (const auto integer = number<int64_t>(std::string_view(text).substr(plus ? 1 : 0), 10))
      return *integer;
  }
  if (text.starts_with("0o") || text.starts_with("0x")) {
    const int base = text[1] == 'o' ? 8 : 16;
    if (const auto integer = number<int64_t>(std::string_view(text).substr(2), base))
      return *integer;
  }
  if (is_float(text)) {
    if (const auto floating = real(text)) {
      value.data = *floating;
      return value;
    }
  }
  if (digits == ".inf" || digits == ".Inf" || digits == ".INF") {
    const double infinity = std::numeric_limits<double>::infinity();
    value.data = text.starts_with('-') ? -infinity : infinity;
    return value;
  }
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    value.data = std::numeric_limits<double>::quiet_NaN();
    return value;
  }
  return text;
}

Origin origin_of(const SourceName& source, const YAML::Mark& mark) {
  if (mark.is_null()) return {.source = source};
  return {.source = source,
          .line = static_cast<uint32_t>(mark.line + 1),
          .column = static_cast<uint32_t>(mark.column + 1)};
}

class Converter {
 public:
  explicit Converter(const SourceName& source) : source_(source) {}

  Result<Value> convert(const YAML::Node& node, size_t depth = 0) {
    const Origin origin = origin_of(source_, node.Mark());
    // An alias stands for all of what it names, each time: that is what the limits count.
    if (++nodes_ > kMaxConfigNodes)
      return fail(Errc::Limit, "{}: more than {} values; are there aliases of aliases?",
                  origin.describe(), kMaxConfigNodes);
    if (depth > kMaxConfigDepth)
      return fail(Errc::Limit, "{}: nested more than {} deep", origin.describe(), kMaxConfigDepth);
    Value value;
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        value = TRY(scalar(node, origin));
        break;
      case YAML::NodeType::Sequence: {
        Value::List list;
        for (const auto& item : node) list.push_back(TRY(convert(item, depth + 1)));
        value = std::move(list);
        break;
      }
      case YAML::NodeType::Map:
        value = TRY(map(node, depth));
        break;
    }
    value.origin = origin;
    return value;
  }

 private:
  static Result<Value> scalar(const YAML::Node& node, const Origin& origin) {
    if (node.Scalar().contains(kEndMark))
      return fail(Errc::Malformed, "{}: the quote that opens here is never closed",
                  origin.describe());
    const std::string& tag = node.Tag();
    if (tag == "!" || tag == "tag:yaml.org,2002:str")
      return Value(node.Scalar());  // quoted, or said so
    if (!tag.empty() && tag != "?" && !tag.starts_with("tag:yaml.org,2002:"))
      return fail(Errc::Malformed, "{}: the tag '{}' is not known here; write plain values",
                  origin.describe(), tag);
    return plain(node.Scalar());
  }

  Result<Value> map(const YAML::Node& node, size_t depth) {
    Value::Map members;
    for (const auto& pair : node) {
      const Origin origin = origin_of(source_, pair.first.Mark());
      if (!pair.first.IsScalar())
        return fail(Errc::Malformed, "{}: a key should be a name, without brackets or braces",
                    origin.describe());
      const std::string& key = pair.first.Scalar();
      for (const Member& member : members) {
        if (member.key == key)
          return fail(Errc::Malformed,
                      "{}: the key '{}' is here a second time; its first place is line {}",
                      origin.describe(), key, member.origin.line);
      }
      Value value = TRY(convert(pair.second, depth + 1));
      members.push_back({.key = key, .value = std::move(value), .origin = origin});
    }
    return Value(std::move(members));
  }

  const SourceName& source_;
  size_t nodes_ = 0;
};

/// Where each document begins.
class DocumentStarts final : public YAML::EventHandler {
 public:
  const std::vector<YAML::Mark>& marks() const { return marks_; }

  void OnDocumentStart(const YAML::Mark& mark) override { marks_.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  std::vector<YAML::Mark> marks_;
};

/// Before a character that begins nothing, such as ',', the library finds empty documents without
/// end, so no more than two are looked for.
Result<void> check_documents(const std::string& text, const SourceName& source) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentStarts starts;
  while (starts.marks().size() < 2 && parser.HandleNextDocument(starts)) continue;
  const auto& marks = starts.marks();
  if (marks.size() < 2) return {};
  if (marks[0].pos != marks[1].pos)
    return fail(Errc::Malformed, "{}: it holds several documents; expected one", *source);
  return fail(Errc::Malformed, "{}: no key begins with '{}'",
              origin_of(source, marks[0]).describe(), text[static_cast<size_t>(marks[0].pos)]);
}

}  // namespace

Result<Value> read_yaml(std::string_view text, const SourceName& source) {
  // yaml-cpp tells of errors by exceptions; none leaves this function.
  try {
    const std::string marked = fmt::format("{}\n{}\n", text, kEndMark);
    TRY(check_documents(marked, source));
    Value value = TRY(Converter(source).convert(YAML::Load(marked)));
    if (value.is_null()) value = Value(Value::Map());
    if (value.map() == nullptr)
      return fail(Errc::Malformed, "{}: expected 'key: value' lines, found {}",
                  value.origin.describe(), value.describe());
    return value;
  } catch (const YAML::DeepRecursion&) {
    // Its place is that of the end.
    return fail(Errc::Limit, "{}: nested more than {} deep", *source, kMaxConfigDepth);
  } catch (const YAML::Exception& error) {
    return fail(Errc::Malformed, "{}: {}", origin_of(source, error.mark).describe(), error.msg);
  } catch (const std::exception& error) {
    return fail(Errc::Malformed, "{}: {}", *source, error.what());
  }
}

}  // namespace wasmcloud::wash
