#include "wash/config/read.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

SourceName source() { return std::make_shared<const std::string>("c"); }

using Read = Result<Value> (*)(std::string_view, const SourceName&);

struct ReadCase {
  const char* name;
  Read read;
  std::string text;
  std::string expected;  ///< JSON, or the error's message
};

class Readers : public ::testing::TestWithParam<ReadCase> {};

TEST_P(Readers, GiveValuesOrSayWhatIsWrong) {
  const auto value = GetParam().read(GetParam().text, source());
  std::string shown = value ? to_json(*value) : value.error().message();
  // One line, for the table.
  std::string line;
  for (size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == '\n') {
      while (i + 1 < shown.size() && shown[i + 1] == ' ') ++i;
    } else {
      line += shown[i];
    }
  }
  EXPECT_EQ(line, GetParam().expected);
}

std::string nested(size_t depth, const char* open, const char* close) {
  std::string text;
  for (size_t i = 0; i < depth; ++i) text += open;
  for (size_t i = 0; i < depth; ++i) text += close;
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml, Readers,
    ::testing::Values(
        ReadCase{"Empty", read_yaml, "", "{}"},
        ReadCase{"OnlyComments", read_yaml, "# nothing\n", "{}"},
        ReadCase{"PlainTypes", read_yaml, "a: true\nb: 12\nc: 1.5\nd: null\ne: ~\nf:\ng: text",
                 R"({"a": true,"b": 12,"c": 1.5,"d": null,"e": null,"f": null,"g": "text"})"},
        ReadCase{"NotTheTypesOfVersionOneOne", read_yaml,
                 "a: no\nb: on\nc: 012\nd: 1_000\ne: 0b11\nf: 12:30:45",
                 R"({"a": "no","b": "on","c": 12,"d": "1_000","e": "0b11","f": "12:30:45"})"},
        ReadCase{
            "Numbers", read_yaml,
            "a: 0x1F\nb: 0o17\nc: -7\nd: +7\ne: .5\nf: 1e3\ng: 1.\nh: 1.2.3\ni: -x",
            R"({"a": 31,"b": 15,"c": -7,"d": 7,"e": 0.5,"f": 1000,"g": 1,"h": "1.2.3","i": "-x"})"},
        ReadCase{"QuotedIsText", read_yaml, "a: \"12\"\nb: 'true'\nc: !!str 5\nd: |\n  line\n",
                 R"({"a": "12","b": "true","c": "5","d": "line\n"})"},
        ReadCase{"Nested", read_yaml, "a:\n  - x\n  - y: [1, 2]\n", R"({"a": ["x",{"y": [1,2]}]})"},
        ReadCase{"Alias", read_yaml, "a: &n {x: 1}\nb: *n\n", R"({"a": {"x": 1},"b": {"x": 1}})"},
        ReadCase{"DuplicateKey", read_yaml, "a: 1\nb:\n  c: 1\n  c: 2\n",
                 "c:4:3: the key 'c' is here a second time; its first place is line 3"},
        ReadCase{"NoMap", read_yaml, "- a\n", "c:1:1: expected 'key: value' lines, found a list"},
        ReadCase{"KeyIsAList", read_yaml, "? [a]\n: b\n",
                 "c:1:3: a key should be a name, without brackets or braces"},
        ReadCase{"UnknownTag", read_yaml, "a: !secret x\n",
                 "c:1:4: the tag '!secret' is not known here; write plain values"},
        ReadCase{"TwoDocuments", read_yaml, "a: 1\n---\nb: 2\n",
                 "c: it holds several documents; expected one"},
        ReadCase{"CommaAtTheStart", read_yaml, "# why\n , build: 1\n",
                 "c:2:2: no key begins with ','"},
        ReadCase{"CommaInAnotherDocument", read_yaml, "a: 1\n---\n, b\n",
                 "c: it holds several documents; expected one"},
        ReadCase{"BracketAtTheStart", read_yaml, "] a: 1\n", "c:1:1: illegal flow end"},
        ReadCase{"BraceAtTheStart", read_yaml, "} a: 1\n", "c:1:1: illegal flow end"},
        ReadCase{"CommaAfterAValue", read_yaml, "a: [1]\n, b\n", "c:2:1: end of map not found"},
        ReadCase{"OpenQuote", read_yaml, "a: \"x\nb: 1\n",
                 "c:1:4: the quote that opens here is never closed"},
        ReadCase{"OpenSingleQuote", read_yaml, "a: 'x\n",
                 "c:1:4: the quote that opens here is never closed"},
        ReadCase{"BlockAtTheEnd", read_yaml, "a: |\n  x", R"({"a": "x\n"})"},
        ReadCase{"UnknownAlias", read_yaml, "a: *x\n",
                 "c:1:4: the referenced anchor is not defined"},
        ReadCase{"FarTooDeep", read_yaml, "a: " + nested(3000, "[", "]") + "\n",
                 "c: nested more than 32 deep"},
        ReadCase{"AliasOfItself", read_yaml, "a: &x [*x]\n", "c:1:4: nested more than 32 deep"},
        ReadCase{"Bomb", read_yaml,
                 "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c "
                 "[*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                 "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
                 "c:1:8: more than 50000 values; are there aliases of aliases?"},
        ReadCase{"TooDeep", read_yaml, "a: " + nested(40, "[", "]"),
                 "c:1:36: nested more than 32 deep"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Json, Readers,
    ::testing::Values(
        ReadCase{"Empty", read_json, " \n", "{}"},
        ReadCase{"Types", read_json,
                 R"({"a": [1, -2.5, "x\u00e9\"", true, null, {}], "b": {"c": []}})",
                 R"({"a": [1,-2.5,"xé\"",true,null,{}],"b": {"c": []}})"},
        ReadCase{"EscapedKey", read_json, R"({"a\"b": 1})", R"({"a\"b": 1})"},
        ReadCase{"DuplicateKey", read_json, "{\"a\": 1,\n \"a\": 2}",
                 "c:2:2: the key 'a' is here a second time"},
        ReadCase{"DuplicateKeyInDisguise", read_json, R"({"a": 1, "\u0061": 2})",
                 "c:1:10: the key 'a' is here a second time"},
        ReadCase{"NoObject", read_json, "[1]", "c:1:1: expected an object, found a list"},
        ReadCase{"Broken", read_json, "{\n  \"a\": tru\n}", "c:2:8: syntax error"},
        ReadCase{"Cut", read_json, "{\"a\": ", "c:1:7: incomplete JSON"},
        ReadCase{"More", read_json, "{} {}", "c:1:4: there is more after the end of the value"},
        ReadCase{"TooDeep", read_json, R"({"a": )" + nested(40, "[", "]") + "}",
                 "c:1:38: nested more than 32 deep"}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Toml, Readers,
    ::testing::Values(
        ReadCase{"Empty", read_toml, "", "{}"},
        ReadCase{"Types", read_toml, "z = \"x\"\na = [1, 2.5, true]\n[t]\nd = 2024-01-02\n",
                 R"({"z": "x","a": [1,2.5,true],"t": {"d": "2024-01-02"}})"},
        ReadCase{"DuplicateKey", read_toml, "a = 1\na = 2\n",
                 "c:2:5: Error while parsing key-value pair: cannot redefine existing integer 'a'"},
        ReadCase{"LetterWhereASpaceIsLookedFor", read_toml, "a =\u00e9 1\n",
                 "c:1:4: Error while parsing value: could not determine value type"},
        ReadCase{"KeyOfAnotherAlphabet", read_toml, "[b]\n\u01a0.=\n",
                 "c:2:1: Error while parsing root table: expected keys, tables, whitespace or "
                 "comments, saw '\u01a0'"},
        ReadCase{"OtherSpaces", read_toml, "\u00a0a\u2003=\u20021\n",
                 "c:1:1: Error while parsing root table: expected space or tab, saw '\\u00A0'"},
        ReadCase{"Broken", read_toml, "a = \n",
                 "c:1:5: Error while parsing key-value pair: expected value, saw '\\n'"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Origins, AreKnownInEveryFormat) {
  struct Row {
    Read read;
    const char* text;
    const char* place;
  };
  for (const Row& row : {Row{read_yaml, "a:\n  b: [x,\n    y]\n", "c:3:5"},
                         Row{read_json, "{\"a\":\n  {\"b\": [\"x\",\n    \"y\"]}}", "c:3:5"},
                         Row{read_toml, "[a]\nb = [\"x\",\n    \"y\"]", "c:3:5"}}) {
    const auto value = row.read(row.text, source());
    ASSERT_TRUE(value.has_value()) << value.error().message();
    EXPECT_EQ(value->find("a")->find("b")->list()->at(1).origin.describe(), row.place);
  }
}

TEST(ReadConfigFile, GoesByTheNamesEnding) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(to_json(*read_config_file(folder.write("a.yml", "k: 1"), "a")), "{\n  \"k\": 1\n}");
  EXPECT_EQ(to_json(*read_config_file(folder.write("a.json", "{\"k\": 1}"), "a")),
            "{\n  \"k\": 1\n}");
  EXPECT_EQ(to_json(*read_config_file(folder.write("a.toml", "k = 1"), "a")), "{\n  \"k\": 1\n}");
  EXPECT_EQ(read_config_file(folder.write("a.ini", ""), "a.ini").error().message(),
            "a.ini: its name should end in .yaml, .yml, .json or .toml");
}

struct EnvironmentCase {
  const char* name;
  const char* variable;
  const char* text;
  const char* expected;
};

class EnvironmentValues : public ::testing::TestWithParam<EnvironmentCase> {};

TEST_P(EnvironmentValues, AreReadInline) {
  const Value value = read_environment({{GetParam().variable, GetParam().text}});
  std::string shown = to_json(value);
  std::erase_if(shown, [](char c) { return c == '\n' || c == ' '; });
  EXPECT_EQ(shown, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EnvironmentValues,
    ::testing::Values(
        EnvironmentCase{"String", "WASH_A", "text", R"({"a":"text"})"},
        EnvironmentCase{"Boolean", "WASH_A", "true", R"({"a":true})"},
        EnvironmentCase{"Integer", "WASH_A", "42", R"({"a":42})"},
        EnvironmentCase{"Float", "WASH_A", "2.5", R"({"a":2.5})"},
        EnvironmentCase{"Quoted", "WASH_A", R"("4\"2")", R"({"a":"4\"2"})"},
        EnvironmentCase{"List", "WASH_A", R"([x, 1, "a,b"])", R"({"a":["x",1,"a,b"]})"},
        EnvironmentCase{"Map", "WASH_BUILD", "{command=make, env={A=\"1\"}}",
                        R"({"build":{"command":"make","env":{"A":"1"}}})"},
        EnvironmentCase{"EmptyBrackets", "WASH_A", "{x=[],y={}}", R"({"a":{"x":[],"y":{}}})"},
        EnvironmentCase{"Dots", "WASH_BUILD.COMMAND", "make", R"({"build":{"command":"make"}})"},
        EnvironmentCase{"CommasOutsideOfBrackets", "WASH_A", "a,b]", R"({"a":"a,b]"})"},
        EnvironmentCase{"HalfABracket", "WASH_A", "{a=1", R"({"a":"{a=1"})"},
        EnvironmentCase{"MoreBehind", "WASH_A", "[1]x", R"({"a":"[1]x"})"},
        EnvironmentCase{"Empty", "WASH_A", "", R"({"a":""})"},
        EnvironmentCase{"OtherNames", "PATH", "/bin", "{}"},
        EnvironmentCase{"BarePrefix", "WASH_", "x", "{}"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace wasmcloud::wash
