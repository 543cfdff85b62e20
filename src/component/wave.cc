#include "component/wave.h"

#include "base/utf8.h"
#include "component/detail/wave_text.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace wasmcloud::component {
namespace {

/// Reads one text by types, which bound how deep it goes.
class Reader {
 public:
  Reader(const TypeTable& types, WaveText& text, const WaveLimits& limits)
      : types_(types), text_(text), max_values_(limits.values), left_(limits.values) {}

  Result<Value> value(ValueType type);

 private:
  template <class T>
  Result<Value> integer(ValueType type);
  template <class T>
  Result<Value> floating(ValueType type);
  Result<Value> boolean(ValueType type);
  Result<Value> list(ValueType type, ValueType element);
  Result<Value> map(ValueType type);
  Result<Value> tuple(ValueType type);
  Result<Value> record(ValueType type);
  Result<Value> variant(ValueType type);
  Result<Value> flags(ValueType type);
  Result<Value> option(ValueType type);
  Result<Value> result(ValueType type);

  Result<void> charge(size_t values = 1);
  /// Items between `open`, which has been taken, and `close`, with commas.
  template <class Item>
  Result<void> items(char close, std::string_view of, Item item);
  Result<Value::Payload> payload(std::string_view name, std::optional<ValueType> type);
  /// A payload that stands for the whole option or result: only where it is neither itself.
  bool may_be_flat(std::optional<ValueType> type) const;
  std::unexpected<Error> expected(ValueType type) {
    return text_.expected(fmt::format("{}", types_.to_string(type)));
  }
  std::string names(ValueType type) const;
  /// The position of the member that is called so, else of none.
  size_t index_of(ValueType type, std::string_view name) const;

  const TypeTable& types_;
  WaveText& text_;
  const size_t max_values_;
  size_t left_;
};

Result<void> Reader::charge(size_t values) {
  if (values > left_) return fail(Errc::Limit, "the text has more than {} values", max_values_);
  left_ -= values;
  return {};
}

template <class Item>
Result<void> Reader::items(char close, std::string_view of, Item item) {
  while (!text_.take(close)) {
    TRY(item());
    if (text_.take(',')) continue;
    if (text_.take(close)) break;
    return text_.expected(fmt::format("',' or '{}' in the {}", close, of));
  }
  return {};
}

std::string Reader::names(ValueType type) const {
  std::string out;
  constexpr size_t kShown = 20;
  const auto members = types_.members(type);
  for (size_t i = 0; i < std::min(members.size(), kShown); ++i) {
    if (i != 0) out += ", ";
    const std::string& name = types_.text(members[i].name);
    const bool is_case =
        types_.kind(type) == TypeKind::Variant || types_.kind(type) == TypeKind::Enum;
    out += is_case && is_wave_keyword(name) ? "%" + name : name;
  }
  return members.size() > kShown ? out + ", ..." : out;
}

size_t Reader::index_of(ValueType type, std::string_view name) const {
  const auto members = types_.members(type);
  const auto found = std::ranges::find_if(
      members, [&](const Member& member) { return types_.text(member.name) == name; });
  return static_cast<size_t>(found - members.begin());
}

bool Reader::may_be_flat(std::optional<ValueType> type) const {
  if (!type) return false;
  const TypeKind kind = types_.kind(*type);
  return kind != TypeKind::Option && kind != TypeKind::Result;
}

Result<Value> Reader::boolean(ValueType type) {
  const size_t begin = text_.at();
  const auto label = text_.label();
  if (label && label->is("true")) return Value(true);
  if (label && label->is("false")) return Value(false);
  text_.back_to(begin);
  return expected(type);
}

template <class T>
Result<Value> Reader::integer(ValueType type) {
  const size_t begin = text_.at();
  const std::string_view digits = text_.number();
  T number{};
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // "-0" is no number of an unsigned type to from_chars.
  if (digits == "-0") return Value(T{0});
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) {
    text_.back_to(begin);
    const auto shown = [](auto value) { return std::to_string(value); };
    return text_.expected(fmt::format("{} ({} to {})", types_.to_string(type),
                                      shown(std::numeric_limits<T>::min()),
                                      shown(std::numeric_limits<T>::max())));
  }
  return Value(number);
}

template <class T>
Result<Value> Reader::floating(ValueType type) {
  const size_t begin = text_.at();
  const bool is_negative = text_.sees("-inf");
  if (is_negative) text_.back_to(begin + 1);
  if (const auto label = text_.label()) {
    if (label->is("inf")) {
      const T infinity = std::numeric_limits<T>::infinity();
      return Value(is_negative ? -infinity : infinity);
    }
    if (label->is("nan")) return Value(std::numeric_limits<T>::quiet_NaN());
    text_.back_to(begin);
    return expected(type);
  }
  const std::string_view digits = text_.number();
  if (digits.empty()) return expected(type);
  T number{};
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc()) {
    return text_.fail_at(begin, "{} is out of the range of {}", digits, types_.to_string(type));
  }
  return Value(number);
}

Result<Value> Reader::list(ValueType type, ValueType element) {
  if (!text_.take('[')) return expected(type);
  const size_t begin = text_.at();
  Value::List list;
  TRY(items(']', "list", [&]() -> Result<void> {
    list.items.push_back(TRY(value(element)));
    return {};
  }));
  if (types_.kind(type) == TypeKind::FixedList && list.items.size() != types_.length(type)) {
    return text_.fail_at(begin, "expected {} items of {}, found {}", types_.length(type),
                         types_.to_string(type), list.items.size());
  }
  return Value(std::move(list));
}

// No form of its own: a list of pairs, as it travels.
Result<Value> Reader::map(ValueType type) {
  if (!text_.take('[')) return expected(type);
  Value::List list;
  TRY(items(']', "map", [&]() -> Result<void> {
    TRY(charge());
    TRY(text_.expect('(', "before a key and its value"));
    Value::Tuple pair;
    pair.items.push_back(TRY(value(types_.key(type))));
    TRY(text_.expect(',', "between a key and its value"));
    pair.items.push_back(TRY(value(types_.value(type))));
    text_.take(',');
    TRY(text_.expect(')', "after a key and its value"));
    list.items.push_back(Value(std::move(pair)));
    return {};
  }));
  return Value(std::move(list));
}

Result<Value> Reader::tuple(ValueType type) {
  if (!text_.take('(')) return expected(type);
  const auto members = types_.members(type);
  Value::Tuple tuple;
  for (const Member& member : members) {
    if (!tuple.items.empty())
      TRY(text_.expect(',', fmt::format("and the next item of {}", types_.to_string(type))));
    tuple.items.push_back(TRY(value(*member.type)));
  }
  text_.take(',');
  TRY(text_.expect(')', fmt::format("after the last item of {}", types_.to_string(type))));
  return Value(std::move(tuple));
}

Result<Value> Reader::record(ValueType type) {
  const size_t begin = text_.at();
  if (!text_.take('{')) return expected(type);
  const auto members = types_.members(type);
  TRY(charge(members.size()));
  std::vector<std::optional<Value>> given(members.size());
  // "{:}" has no fields; "{}" are flags.
  const bool is_empty = text_.take(':');
  if (!is_empty && text_.sees("}")) {
    return text_.fail_at(begin, "expected the record {}; with every field left out it is {{:}}",
                         types_.to_string(type));
  }
  TRY(items('}', "record", [&]() -> Result<void> {
    const size_t at = text_.at();
    const auto label = is_empty ? std::nullopt : text_.label();
    if (!label) {
      return text_.expected(is_empty ? "'}' after {:" : "a field: " + names(type));
    }
    const size_t index = index_of(type, label->text);
    if (index == members.size()) {
      return text_.fail_at(at, "there is no field '{}'; expected one of: {}", label->text,
                           names(type));
    }
    if (given[index]) return text_.fail_at(at, "field '{}' is given twice", label->text);
    TRY(text_.expect(':', fmt::format("after the field {}", label->text)));
    given[index] = TRY(value(*members[index].type));
    return {};
  }));
  Value::Record record;
  for (size_t i = 0; i < members.size(); ++i) {
    const std::string& name = types_.text(members[i].name);
    if (!given[i] && types_.kind(*members[i].type) != TypeKind::Option) {
      return text_.fail_at(begin, "the record lacks its field {}: {}", name,
                           types_.to_string(*members[i].type));
    }
    record.names.push_back(name);
    record.values.push_back(given[i] ? std::move(*given[i]) : Value(Value::Option{}));
  }
  return Value(std::move(record));
}

Result<Value::Payload> Reader::payload(std::string_view name, std::optional<ValueType> type) {
  Value::Payload out;
  if (!type) {
    if (text_.sees("(")) return text_.expected(fmt::format("no payload: {} has none", name));
    return out;
  }
  TRY(text_.expect('(', fmt::format("with the payload of {}: {}", name, types_.to_string(*type))));
  out.push_back(TRY(value(*type)));
  TRY(text_.expect(')', fmt::format("after the payload of {}", name)));
  return out;
}

Result<Value> Reader::variant(ValueType type) {
  const bool is_enum = types_.kind(type) == TypeKind::Enum;
  const size_t begin = text_.at();
  const auto label = text_.label();
  if (!label) return text_.expected("one of: " + names(type));
  const size_t index = index_of(type, label->text);
  if (index == types_.members(type).size()) {
    return text_.fail_at(begin, "there is no case '{}'; expected one of: {}", label->text,
                         names(type));
  }
  if (!label->is_escaped && is_wave_keyword(label->text)) {
    return text_.fail_at(begin, "'{0}' is a keyword; the case of that name is written %{0}",
                         label->text);
  }
  Value::Payload inner = TRY(payload(label->text, types_.members(type)[index].type));
  if (is_enum) return Value(Value::Enum{std::string(label->text)});
  return Value(Value::Variant{std::string(label->text), std::move(inner)});
}

Result<Value> Reader::flags(ValueType type) {
  if (!text_.take('{')) return expected(type);
  const auto members = types_.members(type);
  std::vector<bool> given(members.size());
  TRY(items('}', "flags", [&]() -> Result<void> {
    const size_t at = text_.at();
    const auto label = text_.label();
    if (!label) return text_.expected("a flag: " + names(type));
    const size_t index = index_of(type, label->text);
    if (index == members.size()) {
      return text_.fail_at(at, "there is no flag '{}'; expected some of: {}", label->text,
                           names(type));
    }
    if (given[index]) return text_.fail_at(at, "flag '{}' is given twice", label->text);
    given[index] = true;
    return {};
  }));
  Value::Flags flags;
  for (size_t i = 0; i < members.size(); ++i) {
    if (given[i]) flags.names.push_back(types_.text(members[i].name));
  }
  return Value(std::move(flags));
}

Result<Value> Reader::option(ValueType type) {
  const size_t begin = text_.at();
  const std::optional<ValueType> element = types_.element(type);
  if (const auto label = text_.label()) {
    if (label->is("none")) return Value(Value::Option{});
    if (label->is("some")) return Value(Value::Option{TRY(payload("some", element))});
    text_.back_to(begin);
  }
  if (!may_be_flat(element)) {
    return text_.expected(fmt::format("some(...) or none of {}", types_.to_string(type)));
  }
  Value::Payload inner;
  inner.push_back(TRY(value(*element)));
  return Value(Value::Option{std::move(inner)});
}

Result<Value> Reader::result(ValueType type) {
  const size_t begin = text_.at();
  const std::optional<ValueType> ok = types_.ok(type);
  if (const auto label = text_.label()) {
    if (label->is("ok")) return Value(Value::Result{true, TRY(payload("ok", ok))});
    if (label->is("err"))
      return Value(Value::Result{false, TRY(payload("err", types_.error(type)))});
    text_.back_to(begin);
  }
  if (!may_be_flat(ok)) {
    return text_.expected(fmt::format("ok or err of {}", types_.to_string(type)));
  }
  Value::Payload inner;
  inner.push_back(TRY(value(*ok)));
  return Value(Value::Result{true, std::move(inner)});
}

Result<Value> Reader::value(ValueType type) {
  TRY(charge());
  switch (types_.kind(type)) {
    case TypeKind::Bool:
      return boolean(type);
    case TypeKind::S8:
      return integer<int8_t>(type);
    case TypeKind::U8:
      return integer<uint8_t>(type);
    case TypeKind::S16:
      return integer<int16_t>(type);
    case TypeKind::U16:
      return integer<uint16_t>(type);
    case TypeKind::S32:
      return integer<int32_t>(type);
    case TypeKind::U32:
      return integer<uint32_t>(type);
    case TypeKind::S64:
      return integer<int64_t>(type);
    case TypeKind::U64:
      return integer<uint64_t>(type);
    case TypeKind::F32:
      return floating<float>(type);
    case TypeKind::F64:
      return floating<double>(type);
    case TypeKind::Char:
      return Value(TRY(text_.character()));
    case TypeKind::String:
      return Value(TRY(text_.string()));
    case TypeKind::List:
    case TypeKind::FixedList:
      return list(type, *types_.element(type));
    case TypeKind::Map:
      return map(type);
    case TypeKind::Tuple:
      return tuple(type);
    case TypeKind::Record:
      return record(type);
    case TypeKind::Variant:
    case TypeKind::Enum:
      return variant(type);
    case TypeKind::Flags:
      return flags(type);
    case TypeKind::Option:
      return option(type);
    case TypeKind::Result:
      return result(type);
    case TypeKind::Own:
    case TypeKind::Borrow:
    case TypeKind::Stream:
    case TypeKind::Future:
    case TypeKind::ErrorContext:
      break;
  }
  return fail(Errc::Unsupported, "a value of type {} has no text form", types_.to_string(type));
}

Result<void> check_text(std::string_view text, const WaveLimits& limits) {
  if (text.size() > limits.text_bytes) {
    return fail(Errc::Limit, "the text has {} bytes; at most {} are read", text.size(),
                limits.text_bytes);
  }
  if (!is_utf8(text)) return fail(Errc::Malformed, "the text is not UTF-8");
  return {};
}

}  // namespace

Result<Value> read_wave(const TypeTable& types, ValueType type, std::string_view text,
                        const WaveLimits& limits) {
  TRY(check_text(text, limits));
  WaveText in(text, 0);
  Value value = TRY(Reader(types, in, limits).value(type));
  if (!in.is_at_end()) return in.expected("the end of the text");
  return value;
}

WaveCall split_wave_call(std::string_view text) {
  const size_t begin = std::min(text.find('('), text.size());
  size_t end = begin;
  while (end != 0 && (text[end - 1] == ' ' || text[end - 1] == '\t')) --end;
  return {.function = text.substr(0, end), .arguments_begin = begin};
}

Result<std::vector<Value>> read_wave_arguments(const TypeTable& types, const FunctionType& function,
                                               std::string_view text, size_t begin,
                                               const WaveLimits& limits) {
  TRY(check_text(text, limits));
  WaveText in(text, begin);
  Reader reader(types, in, limits);
  std::vector<Value> arguments;
  const bool has_list = in.take('(');
  if (!has_list && !in.is_at_end()) return in.expected("arguments between ( and )");
  bool is_open = has_list && !in.take(')');
  for (const Member& param : function.params) {
    const std::string& name = types.text(param.name);
    if (!is_open) {
      if (types.kind(*param.type) != TypeKind::Option) {
        return in.expected(fmt::format("argument {}: {}", name, types.to_string(*param.type)));
      }
      arguments.push_back(Value(Value::Option{}));
      continue;
    }
    auto value = reader.value(*param.type);
    if (!value) return fail(std::move(value).error().within(fmt::format("argument {}", name)));
    arguments.push_back(std::move(*value));
    const bool goes_on = in.take(',');
    if (in.take(')')) {
      is_open = false;
    } else if (!goes_on) {
      return in.expected(fmt::format("',' or ')' after argument {}", name));
    }
  }
  if (is_open) {
    return in.expected(function.params.empty() ? std::string("')': the function takes no arguments")
                                               : fmt::format("')' after the last of {} arguments",
                                                             function.params.size()));
  }
  if (!in.is_at_end()) return in.expected("the end of the text");
  return arguments;
}

}  // namespace wasmcloud::component
