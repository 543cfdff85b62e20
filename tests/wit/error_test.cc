#include "wit/model.h"

#include <gtest/gtest.h>

namespace wasmcloud::wit {
namespace {

struct Row {
  const char* name;
  std::string text;
  const char* message;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class WitError : public testing::TestWithParam<Row> {};

TEST_P(WitError, SaysWhereAndWhat) {
  Model model;
  const auto result = model.load_text("t.wit", GetParam().text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), GetParam().message);
  EXPECT_TRUE(model.packages().empty());
}

std::string in_interface(std::string_view items) {
  return fmt::format("package a:b;\ninterface i {{\n{}\n}}\n", items);
}

const Row kRows[] = {
    {"NoPackage", "interface i {}",
     "t.wit: no package is declared; expected 'package ns:name;' at the top"},
    {"NoSemicolon", "package a:b\ninterface i {}",
     "t.wit:2:1: expected ';' or '{', found keyword 'interface'"},
    {"BadVersion", "package a:b@1.2;",
     "t.wit:1:13: '1.2' is no version; expected one such as 1.2.3 or 0.2.0-rc.1"},
    {"BadName", "package a:b;\ninterface aB {}",
     "t.wit:2:11: 'aB' is no name; expected words of lower-case or of upper-case letters and "
     "digits, joined by '-', beginning with a letter"},
    {"PackageWithCapitals", "package A:b;",
     "t.wit:1:9: 'A' has capitals, which the name of a package cannot have"},
    {"PackageOfAPathWithCapitals", "package a:b;\nworld w { import c:D/e; }",
     "t.wit:2:20: 'D' has capitals, which the name of a package cannot have"},
    {"InterfacesThatDifferByCase", "package a:b;\ninterface e-f {}\ninterface E-F {}",
     "t.wit:3:11: 'E-F' is defined a second time in package 'a:b' (case and hyphens do not count); "
     "the first is at t.wit:2:11"},
    {"Keyword", in_interface("record: func();"), "t.wit:3:7: expected the type's name, found ':'"},
    {"KeywordAsName", in_interface("f: func(list: u8);"),
     "t.wit:3:9: expected a parameter's name, found keyword 'list'; as a name it is written "
     "'%list'"},
    {"OpenComment", "package a:b; /* /* */", "t.wit:1:14: this comment has no end; expected '*/'"},
    {"Character", "package a:b;\n  $", "t.wit:2:3: unexpected character '$'"},
    {"ColumnsCountCharacters", "package a:b; /* \xc3\xa9\xc3\xa9 */ ?",
     "t.wit:1:23: unexpected character '?'"},
    {"Bidi", "package a:b; // \xe2\x80\xae", "t.wit:1:17: character U+202E is not allowed in WIT"},
    {"NotUtf8", "package a:b; // \xff", "t.wit: not UTF-8, which WIT has to be"},
    {"UnknownType", in_interface("f: func() -> nope;"), "t.wit:3:14: no type 'nope' here"},
    {"EndOfFile", "package a:b;\ninterface i {",
     "t.wit:2:14: expected a function, a type, 'use' or '}', found the end of the file"},
    {"SelfContained", in_interface("record a { b: b }\ntype b = list<a>;"),
     "t.wit:3:8: type 'a' contains itself: a -> b -> a"},
    {"Cycle", "package a:b;\ninterface x { use y.{t}; }\ninterface y { use x.{t}; }",
     "t.wit:2:11: these need each other: x -> y -> x"},
    {"UseOfFunction", "package a:b;\ninterface x { f: func(); }\ninterface y { use x.{f}; }",
     "t.wit:3:22: there is only a function 'f' in interface 'x'; expected a type"},
    {"NoSuchInterface", "package a:b;\nworld w { import x; }",
     "t.wit:2:18: no interface or world 'x' in package 'a:b'"},
    {"NoSuchPackage", "package a:b;\nworld w { import c:d/e@1.0.0; }",
     "t.wit:2:18: package 'c:d@1.0.0' is not here; expected it in 'deps/'"},
    {"OtherVersion",
     "package a:b;\npackage c:d@1.0.1 { interface e {} }\nworld w { import c:d/e@1.0.0; }",
     "t.wit:3:18: package 'c:d@1.0.0' is not here; expected it in 'deps/'; there is 'c:d@1.0.1'"},
    {"BorrowInResult", in_interface("resource r;\nf: func() -> list<borrow<r>>;"),
     "t.wit:4:14: a result cannot hold borrow handles"},
    {"HandleOfRecord", in_interface("record r { a: u8 }\nf: func(a: own<r>);"),
     "t.wit:4:16: 'r' is no resource; only resources have handles"},
    {"MapKey", in_interface("f: func(a: map<f32, u8>);"),
     "t.wit:3:16: a map's key is a bool, an integer, a char or a string"},
    {"FlagTwice", in_interface("flags f { a-b, AB }"),
     "t.wit:3:16: 'AB' is in flags 'f' already (case and hyphens do not count)"},
    {"EmptyEnum", in_interface("enum e {}"),
     "t.wit:3:6: enum 'e' is empty; expected at least one member"},
    {"SinceWithoutVersion", in_interface("@since(version = 1.0.0)\nf: func();"),
     "t.wit:4:1: '@since' makes no sense here: package 'a:b' has no version"},
    {"LeftOut", in_interface("@unstable(feature = x)\ntype t = u8;\ntype s = t;"),
     "t.wit:5:10: 't' is left out: its feature 'x' is not on"},
    {"Accessor", in_interface("f: get() -> u8;"),
     "t.wit:3:4: accessors are not supported; expected 'func' or 'async func'"},
    {"ListLength", in_interface("f: func(a: list<u8, 0>);"),
     "t.wit:3:21: '0' is no length of a list; expected 1 to 2^30"},
    {"IncludeClash",
     "package a:b;\nworld v { import f: func(); }\nworld w { import f: func(); include v; }",
     "t.wit:3:37: 'f' is in this world already; expected 'with { f as another-name }'"},
    {"DeepType",
     in_interface(fmt::format("type t = {}u8;",
                              [] {
                                std::string deep;
                                for (int i = 0; i < 101; ++i) deep += "option<";
                                return deep;
                              }())),
     "t.wit:3:710: types nest deeper than 100 here"},
};

INSTANTIATE_TEST_SUITE_P(Rows, WitError, testing::ValuesIn(kRows),
                         [](const testing::TestParamInfo<Row>& info) {
                           return std::string(info.param.name);
                         });

// Neither may take long or recurse: each is far larger than any stack.
TEST(WitLimits, LongChainsAreFine) {
  std::string text = "package a:b;\ninterface i {\n type t0 = u8;\n";
  for (int i = 1; i < 20000; ++i) text += fmt::format(" type t{} = t{};\n", i, i - 1);
  text += "}";
  Model model;
  const auto result = model.load_text("t.wit", std::move(text));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Limit);

  text = "package a:b;\ninterface i0 { type t = u8; }\n";
  for (int i = 1; i < 5000; ++i)
    text += fmt::format("interface i{} {{ use i{}.{{t as t{}}}; type t = u8; }}\n", i, i - 1, i);
  EXPECT_TRUE(model.load_text("t.wit", text));
}

TEST(WitLimits, DoublingTypesEndInAnError) {
  std::string text = "package a:b;\ninterface i {\n type t0 = tuple<u8, u8>;\n";
  for (int i = 1; i < 60; ++i)
    text += fmt::format(" type t{} = tuple<t{}, t{}>;\n", i, i - 1, i - 1);
  Model model;
  const auto result = model.load_text("t.wit", text + "}");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Limit);
}

TEST(WitLimits, WorldsThatGrowByIncludingEndInAnError) {
  std::string text = "package a:b;\nworld w0 {}\n";
  for (int i = 1; i < 3000; ++i)
    text += fmt::format("world w{} {{ include w{}; import fn{}: func(); }}\n", i, i - 1, i);
  Model model;
  const auto result = model.load_text("t.wit", text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Limit);
}

}  // namespace
}  // namespace wasmcloud::wit
