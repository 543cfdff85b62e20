#include "component/wave.h"

#include "component/value_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace wasmcloud::component {
namespace {

std::string message_of(const Result<void>& result) {
  return result ? "no error" : result.error().message();
}

/// The types of these tests by name, in one table.
class Types {
 public:
  Types() {
    for (const auto kind :
         {TypeKind::Bool, TypeKind::S8, TypeKind::U8, TypeKind::S16, TypeKind::U16, TypeKind::S32,
          TypeKind::U32, TypeKind::S64, TypeKind::U64, TypeKind::F32, TypeKind::F64, TypeKind::Char,
          TypeKind::String, TypeKind::ErrorContext}) {
      by_name_.emplace(name_of(kind), primitive(kind));
    }
    const ValueType u8 = (*this)["u8"];
    const ValueType text = (*this)["string"];
    by_name_["list"] = table.list(u8);
    by_name_["three"] = table.fixed_list(u8, 3);
    by_name_["map"] = table.map(text, u8);
    by_name_["tuple"] = table.tuple(std::array{u8, text});
    by_name_["single"] = table.tuple(std::array{u8});
    by_name_["option"] = table.option(u8);
    by_name_["option-option"] = table.option((*this)["option"]);
    by_name_["option-tuple"] = table.option((*this)["tuple"]);
    by_name_["result"] = table.result(u8, text);
    by_name_["result-err"] = table.result(std::nullopt, text);
    by_name_["result-plain"] = table.result(std::nullopt, std::nullopt);
    by_name_["result-result"] = table.result((*this)["result"], std::nullopt);
    by_name_["option-result"] = table.option((*this)["result"]);
    by_name_["record"] =
        table.record(members({{"must-have", u8}, {"optional", (*this)["option"]}}));
    by_name_["all-optional"] = table.record(members({{"a", (*this)["option"]}}));
    by_name_["ok"] = table.record(members({{"ok", u8}}));
    by_name_["variant"] = table.variant(members(
        {{"empty", {}}, {"body", (*this)["list"]}, {"err", text}, {"pair", (*this)["tuple"]}}));
    by_name_["enum"] = table.enumeration(std::array{table.name("ok"), table.name("not-found")});
    by_name_["option-enum"] = table.option((*this)["enum"]);
    by_name_["flags"] =
        table.flags(std::array{table.name("read"), table.name("write"), table.name("exec")});
    by_name_["records"] = table.list((*this)["record"]);
    by_name_["own"] = table.own(table.new_resource());
    by_name_["stream"] = table.stream(u8);
  }

  ValueType operator[](std::string_view name) const { return by_name_.find(name)->second; }

  std::vector<Member> members(
      std::vector<std::pair<std::string_view, std::optional<ValueType>>> list) {
    std::vector<Member> out;
    for (const auto& [name, type] : list) out.push_back({.name = table.name(name), .type = type});
    return out;
  }

  TypeTable table;

 private:
  std::map<std::string, ValueType, std::less<>> by_name_;
};

struct Row {
  const char* name;
  const char* type;
  const char* text;
  const char* expected;  ///< the text that is written again, or the error's message
};

std::string name_of_row(const testing::TestParamInfo<Row>& row) { return row.param.name; }

class WaveValues : public testing::TestWithParam<Row> {};

TEST_P(WaveValues, AreReadAndWritten) {
  const Types types;
  const ValueType type = types[GetParam().type];
  const auto value = read_wave(types.table, type, GetParam().text);
  ASSERT_TRUE(value) << value.error().message();
  EXPECT_EQ(write_wave(*value), GetParam().expected);
  const auto again = read_wave(types.table, type, write_wave(*value));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(write_wave(*again), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Wave, WaveValues,
    testing::Values(
        Row{"True", "bool", "true", "true"}, Row{"False", "bool", " false // so\n", "false"},
        Row{"Least8", "s8", "-128", "-128"}, Row{"Greatest8", "u8", "255", "255"},
        Row{"Least16", "s16", "-32768", "-32768"}, Row{"Greatest16", "u16", "65535", "65535"},
        Row{"Least32", "s32", "-2147483648", "-2147483648"},
        Row{"Greatest32", "u32", "4294967295", "4294967295"},
        Row{"Least64", "s64", "-9223372036854775808", "-9223372036854775808"},
        Row{"Greatest64", "u64", "18446744073709551615", "18446744073709551615"},
        Row{"MinusZeroUnsigned", "u8", "-0", "0"}, Row{"Float", "f64", "6.022e+23", "6.022e+23"},
        Row{"FloatOfAnInteger", "f32", "-12", "-12"}, Row{"FloatMinusZero", "f64", "-0.0", "-0"},
        Row{"FloatShortest", "f32", "0.1", "0.1"}, Row{"Nan", "f32", "nan", "nan"},
        Row{"Infinity", "f64", "inf", "inf"}, Row{"MinusInfinity", "f64", "-inf", "-inf"},
        Row{"Char", "char", "'x'", "'x'"},
        Row{"CharBeyondAscii", "char", "'\xe2\x98\x83'", "'\xe2\x98\x83'"},
        Row{"CharQuote", "char", R"('\'')", R"('\'')"},
        Row{"CharOtherQuote", "char", R"('"')", R"('"')"},
        Row{"CharZero", "char", R"('\u{0}')", R"('\u{0}')"},
        Row{"CharByNumber", "char", R"('\u{1F600}')", "'\xf0\x9f\x98\x80'"},
        Row{"String", "string", R"("abc\t123")", R"("abc\t123")"},
        Row{"StringEscapes", "string", R"("\"\\\n\r'\'\u{7f}")", R"("\"\\\n\r''\u{7f}")"},
        Row{"StringEmpty", "string", R"("")", R"("")"},
        Row{"Block", "string", "\"\"\"\nA single line\n\"\"\"", R"("A single line")"},
        Row{"BlockIndented", "string", "\"\"\"\n    Indentation\n      by the end\n  \"\"\"",
            R"("  Indentation\n    by the end")"},
        Row{"BlockQuotesAndReturns", "string", "\"\"\"\r\n  a\\r\r\n  \"\"\\\"\"\r\n  \"\"\"",
            R"("a\r\n\"\"\"\"")"},
        Row{"BlockEmpty", "string", "\"\"\"\n\"\"\"", R"("")"},
        Row{"BlockEmptyLine", "string", "\"\"\"\n\n\n\"\"\"", R"("\n")"},
        Row{"List", "list", "[1, 2,3 , ]", "[1, 2, 3]"}, Row{"ListEmpty", "list", "[]", "[]"},
        Row{"ListOfThree", "three", "[1,2,3]", "[1, 2, 3]"},
        Row{"Map", "map", R"([("a", 1), ("b", 2,)])", R"([("a", 1), ("b", 2)])"},
        Row{"Tuple", "tuple", R"((1, "x",))", R"((1, "x"))"},
        Row{"TupleOfOne", "single", "(1)", "(1)"},
        Row{"Record", "record", "{optional: 2, must-have: 1}", "{must-have: 1, optional: some(2)}"},
        Row{"RecordShort", "record", "{ must-have: 1, }", "{must-have: 1}"},
        Row{"RecordNone", "record", "{must-have: 1, optional: none}", "{must-have: 1}"},
        Row{"RecordEmpty", "all-optional", "{:}", "{:}"},
        Row{"RecordOfNone", "all-optional", "{%a: none}", "{:}"},
        Row{"FieldLikeAKeyword", "ok", "{ok: 1}", "{ok: 1}"},
        Row{"VariantPlain", "variant", "empty", "empty"},
        Row{"VariantPayload", "variant", "body([79, 75])", "body([79, 75])"},
        Row{"VariantLikeAKeyword", "variant", "%err(\"oops\")", "%err(\"oops\")"},
        Row{"VariantOfATuple", "variant", "pair((1, \"a\"))", "pair((1, \"a\"))"},
        Row{"Enum", "enum", "not-found", "not-found"},
        Row{"EnumEscaped", "enum", "%not-found", "not-found"},
        Row{"EnumLikeAKeyword", "enum", "%ok", "%ok"},
        Row{"OptionFlat", "option", "123", "some(123)"},
        Row{"OptionSome", "option", "some(123)", "some(123)"},
        Row{"OptionNone", "option", "none", "none"},
        Row{"OptionNested", "option-option", "some(none)", "some(none)"},
        Row{"OptionNestedFlat", "option-option", "some(4)", "some(some(4))"},
        Row{"OptionOfATuple", "option-tuple", "(1, \"a\")", "some((1, \"a\"))"},
        Row{"OptionOfAnEnum", "option-enum", "%ok", "some(%ok)"},
        Row{"ResultFlat", "result", "1", "ok(1)"}, Row{"ResultOk", "result", "ok(1)", "ok(1)"},
        Row{"ResultErr", "result", "err(\"no\")", "err(\"no\")"},
        Row{"ResultBareOk", "result-err", "ok", "ok"},
        Row{"ResultBareErr", "result-plain", "err", "err"},
        Row{"ResultNested", "result-result", "ok(err(\"x\"))", "ok(err(\"x\"))"},
        Row{"OptionOfAResult", "option-result", "some(3)", "some(ok(3))"},
        Row{"Flags", "flags", "{write, read,}", "{read, write}"},
        Row{"FlagsNone", "flags", "{}", "{}"},
        Row{"Comments", "list", "[ // first\n 1, // second\n 2 ] // end", "[1, 2]"}),
    name_of_row);

class WaveErrors : public testing::TestWithParam<Row> {};

TEST_P(WaveErrors, NameThePlaceAndWhatIsExpected) {
  const Types types;
  const auto value = read_wave(types.table, types[GetParam().type], GetParam().text);
  ASSERT_FALSE(value) << write_wave(*value);
  EXPECT_EQ(value.error().message(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Wave, WaveErrors,
    testing::Values(
        Row{"Nothing", "u8", "", "at column 1: expected u8 (0 to 255), found the end"},
        Row{"TooLarge", "u8", "256", "at column 1: expected u8 (0 to 255), found '256'"},
        Row{"Negative", "u32", "-1", "at column 1: expected u32 (0 to 4294967295), found '-1'"},
        Row{"Fraction", "u8", "1.5", "at column 1: expected u8 (0 to 255), found '1.5'"},
        Row{"LeadingZero", "u8", "01", "at column 1: expected u8 (0 to 255), found '01'"},
        Row{"Trailing", "u8", "1x", "at column 2: expected the end of the text, found 'x'"},
        Row{"FloatTooLarge", "f32", "1e39", "at column 1: 1e39 is out of the range of f32"},
        Row{"NotABool", "bool", "yes", "at column 1: expected bool, found 'yes'"},
        Row{"EscapedBool", "bool", "%true", "at column 1: expected bool, found '%'"},
        Row{"NotAChar", "char", "x", "at column 1: expected a char, such as 'x', found 'x'"},
        Row{"TwoChars", "char", "'xy'",
            "at column 3: expected ' at the end of a char, found 'y'; a text of several characters "
            "is a string, between \""},
        Row{"NoChar", "char", "''",
            "at column 2: a char is one character; write \\' or \\n for these"},
        Row{"Surrogate", "char", "'\\u{d800}'",
            "at column 2: expected \\u{...} with the hexadecimal number of a Unicode scalar value"},
        Row{"UnknownEscape", "string", "\"a\\q\"",
            "at column 3: unknown escape in a string; there are \\' \\\" \\\\ \\t \\n \\r and "
            "\\u{...}"},
        Row{"OpenString", "string", "\"abc", "at column 1: the string that begins here has no end"},
        Row{"BrokenString", "string", "\"a\nb\"",
            "at line 1, column 3: a line break in a string; write \\n, or put the string between "
            "\"\"\""},
        Row{"BlockWithoutBreak", "string", "\"\"\"a\"\"\"",
            "at column 4: expected a line break after \"\"\", found 'a'"},
        Row{"BlockIndentedLess", "string", "\"\"\"\n  a\n b\n  \"\"\"",
            "at line 3, column 1: expected at least 2 spaces, as in front of the closing \"\"\""},
        Row{"BlockEndsInText", "string", "\"\"\"\n  a\"\"\"",
            "at line 2, column 4: expected only spaces in front of the closing \"\"\"; write "
            "\"\"\\\" "
            "for three quotes within the string"},
        Row{"OpenList", "list", "[1, 2",
            "at column 6: expected ',' or ']' in the list, found the end"},
        Row{"ItemOfAList", "list", "[1,\n \"a\"]",
            "at line 2, column 2: expected u8 (0 to 255), found '\"'"},
        Row{"TooFewItems", "three", "[1, 2]",
            "at column 2: expected 3 items of list<u8, 3>, found 2"},
        Row{"ShortTuple", "tuple", "(1)",
            "at column 3: expected ',' and the next item of tuple<u8, string>, found ')'"},
        Row{"LongTuple", "tuple", "(1, \"a\", 2)",
            "at column 10: expected ')' after the last item of tuple<u8, string>, found '2'"},
        Row{"UnknownField", "record", "{must-hav: 1}",
            "at column 2: there is no field 'must-hav'; expected one of: must-have, optional"},
        Row{"MissingField", "record", "{optional: 1}",
            "at column 1: the record lacks its field must-have: u8"},
        Row{"FieldTwice", "record", "{must-have: 1, must-have: 2}",
            "at column 16: field 'must-have' is given twice"},
        Row{"FieldWithoutValue", "record", "{must-have}",
            "at column 11: expected ':' after the field must-have, found '}'"},
        Row{"UnknownCase", "variant", "bdy",
            "at column 1: there is no case 'bdy'; expected one of: empty, body, %err, pair"},
        Row{"CaseLikeAKeyword", "variant", "err(\"x\")",
            "at column 1: 'err' is a keyword; the case of that name is written %err"},
        Row{"NoPayload", "variant", "body",
            "at column 5: expected '(' with the payload of body: list<u8>, found the end"},
        Row{"NeedlessPayload", "variant", "empty(1)",
            "at column 6: expected no payload: empty has none, found '('"},
        Row{"UnknownFlag", "flags", "{reed}",
            "at column 2: there is no flag 'reed'; expected some of: read, write, exec"},
        Row{"FlagTwice", "flags", "{read, read}", "at column 8: flag 'read' is given twice"},
        Row{"FlatNestedOption", "option-option", "4",
            "at column 1: expected some(...) or none of option<option<u8>>, found '4'"},
        Row{"FlatNestedResult", "result-result", "1",
            "at column 1: expected ok or err of result<result<u8, string>, _>, found '1'"},
        Row{"FlatWithoutPayload", "result-err", "1",
            "at column 1: expected ok or err of result<_, string>, found '1'"},
        Row{"ColumnsOfCharacters", "tuple", "(1, \"\xe2\x98\x83\" x",
            "at column 9: expected ')' after the last item of tuple<u8, string>, found 'x'"},
        Row{"NotUtf8", "string", "\"\xff\"", "the text is not UTF-8"},
        Row{"Stream", "stream", "1", "a value of type stream<u8> has no text form"}),
    name_of_row);

TEST(Wave, KeepsTheFieldsThatMayBeLeftOutApartFromFlags) {
  const Types types;
  const auto value = read_wave(types.table, types["all-optional"], "{}");
  ASSERT_FALSE(value);
  EXPECT_TRUE(value.error().message().ends_with("with every field left out it is {:}"))
      << value.error().message();
}

TEST(Wave, HasALimitForTextAndValues) {
  const Types types;
  EXPECT_EQ(read_wave(types.table, types["list"], "[1, 2, 3]", {.text_bytes = 8}).error().code(),
            Errc::Limit);
  const auto many =
      read_wave(types.table, types["records"], "[{must-have: 1}, {must-have: 1}]", {.values = 8});
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().message(), "the text has more than 8 values");
  EXPECT_TRUE(
      read_wave(types.table, types["records"], "[{must-have: 1}, {must-have: 1}]", {.values = 9}));
}

TEST(Wave, SplitsACall) {
  const auto whole = split_wave_call("a:b/c@1.0.0#d (1)");
  EXPECT_EQ(whole.function, "a:b/c@1.0.0#d");
  EXPECT_EQ(whole.arguments_begin, 14u);
  const auto bare = split_wave_call("run");
  EXPECT_EQ(bare.function, "run");
  EXPECT_EQ(bare.arguments_begin, 3u);
}

class WaveArguments : public testing::TestWithParam<Row> {};

/// `type` names the parameters' types.
TEST_P(WaveArguments, AreCheckedAgainstTheParameters) {
  Types types;
  FunctionType function;
  std::string_view rest = GetParam().type;
  for (char name = 'a'; !rest.empty(); ++name) {
    const size_t end = std::min(rest.find(' '), rest.size());
    function.params.push_back(
        {.name = types.table.name(std::string(1, name)), .type = types[rest.substr(0, end)]});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string text = std::string("f") + GetParam().text;
  const auto values = read_wave_arguments(types.table, function, text, 1);
  if (!values) {
    EXPECT_EQ(values.error().message(), GetParam().expected);
    return;
  }
  std::string written;
  for (const Value& value : *values) written += write_wave(value) + ";";
  EXPECT_EQ(written, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Wave, WaveArguments,
    testing::Values(
        Row{"Two", "u8 string", "(1, \"x\")", "1;\"x\";"}, Row{"None", "", "()", ""},
        Row{"NoneWithoutParentheses", "", "", ""}, Row{"TrailingComma", "u8", "( 1, ) ", "1;"},
        Row{"OptionalLeftOut", "u8 option option", "(1)", "1;none;none;"},
        Row{"AllOptionalLeftOut", "option", "", "none;"},
        Row{"TooFew", "u8 u8", "(1)", "at column 5: expected argument b: u8, found the end"},
        Row{"NoneAtAll", "u8", "", "at column 2: expected argument a: u8, found the end"},
        Row{"TooMany", "u8", "(1, 2)",
            "at column 6: expected ')' after the last of 1 arguments, found '2'"},
        Row{"NeedlessArgument", "", "(1)",
            "at column 3: expected ')': the function takes no arguments, found '1'"},
        Row{"WrongType", "u8 u8", "(1, true)",
            "argument b: at column 6: expected u8 (0 to 255), found 'true'"},
        Row{"Behind", "u8", "(1) 2", "at column 6: expected the end of the text, found '2'"},
        Row{"WithoutComma", "u8 u8", "(1 2)",
            "at column 5: expected ',' or ')' after argument a, found '2'"}),
    name_of_row);

TEST(Wave, NamesTypesWithoutATextForm) {
  Types types;
  FunctionType function{.params = types.members({{"x", types.table.list(types["own"])}})};
  EXPECT_TRUE(check_wave(types.table, function)
                  .error()
                  .message()
                  .starts_with("its parameter x holds own<"));
  function.params = types.members({{"x", types["record"]}});
  EXPECT_TRUE(check_wave(types.table, function));
  function.result = types.table.result(types["u8"], types["stream"]);
  EXPECT_TRUE(check_wave(types.table, function)) << "it can be read";
  function.result = types.table.stream(types["stream"]);
  EXPECT_EQ(message_of(check_wave(types.table, function)),
            "its result holds stream<u8>, which has no text form");
  function.result = types.table.stream(types["own"]);
  EXPECT_TRUE(message_of(check_wave(types.table, function)).starts_with("its result holds own<"));
  function.result = std::nullopt;
  function.params = types.members({{"x", types["stream"]}});
  EXPECT_EQ(message_of(check_wave(types.table, function)),
            "its parameter x holds stream<u8>, which has no text form");
}

TEST(Wave, IsCutWhereStreamsAndFuturesAre) {
  const auto end = [](SharedCopy::Form form) {
    return Value(Value::Readable{
        make_shared_copy(form, ElementType(static_cast<const RuntimeType*>(nullptr)))});
  };
  const Value value(Value::Tuple{
      {Value(std::string("a\0b", 3)),
       Value(Value::Record{{"bytes", "left-out"},
                           {end(SharedCopy::Form::Stream), Value(Value::Option{})}}),
       Value(Value::Result{true, {Value(Value::Option{{end(SharedCopy::Form::Future)}})}})}});
  EXPECT_EQ(write_wave(value), "(\"a\\u{0}b\", {bytes: <stream>}, ok(some(<future>)))");
  EXPECT_EQ(write_wave_around(value),
            (std::vector<std::string>{"(\"a\\u{0}b\", {bytes: ", "}, ok(some(", ")))"}));
  const auto readables = readables_of(value);
  ASSERT_EQ(readables.size(), 2U);
  EXPECT_FALSE(readables[0].shared->is_future());
  EXPECT_TRUE(readables[1].shared->is_future());
  std::vector<Value> contents = {Value(Value::List{{Value(uint8_t{7})}}), Value(true)};
  EXPECT_EQ(write_wave(with_readables(value, contents)),
            "(\"a\\u{0}b\", {bytes: [7]}, ok(some(true)))");
  EXPECT_EQ(write_wave_around(Value(true)), std::vector<std::string>{"true"});
}

}  // namespace
}  // namespace wasmcloud::component
