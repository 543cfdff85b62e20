#include "bindgen/generate.h"

#include "bindgen/names.h"

#include <gtest/gtest.h>

namespace wasmcloud::bindgen {
namespace {

TEST(Names, AreWhatCppAllows) {
  EXPECT_EQ(snake_case("blocking-read"), "blocking_read");
  EXPECT_EQ(snake_case("TLS-error"), "tls_error");
  EXPECT_EQ(snake_case("delete"), "delete_");
  EXPECT_EQ(pascal_case("TLS-protocol-error2"), "TlsProtocolError2");
  EXPECT_EQ(type_name("interface"), "Interface_");
}

TEST(WaitingFile, NamesTheLineThatIsWrong) {
  Waiting waiting;
  const auto bad = waiting.read("w.txt", "# fine\n\nwasi:io/poll#poll\nwasi:io/poll poll\n");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(),
            "w.txt:4: 'wasi:io/poll poll'; expected an interface and a function, such as "
            "wasi:io/poll#poll");
  EXPECT_TRUE(waiting.contains("wasi:io/poll@0.2.12", "poll"));
  EXPECT_FALSE(waiting.contains("wasi:io/poll@0.2.12", "pollable"));
  EXPECT_TRUE(waiting.check_used({"wasi:io/poll"}));
}

TEST(WaitingFile, AFunctionThatIsNotThereIsAnError) {
  Waiting waiting;
  ASSERT_TRUE(waiting.read("w.txt", "a:b/c#nope\n"));
  EXPECT_TRUE(waiting.check_used({"a:b/other"}));
  const auto unused = waiting.check_used({"a:b/c"});
  ASSERT_FALSE(unused);
  EXPECT_EQ(unused.error().message(), "w.txt:1: interface 'a:b/c' has no function 'nope'");
}

struct Refused {
  const char* name;
  const char* items;
  const char* message;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }
class NotGenerated : public testing::TestWithParam<Refused> {};

TEST_P(NotGenerated, SaysWhatAndWhere) {
  wit::Model model;
  ASSERT_TRUE(model.load_text(
      "t.wit", fmt::format("package a:b;\ninterface i {{\n{}\n}}\n", GetParam().items)));
  Units units(model);
  units.add(*model.find_interface("a:b/i"), Units::Role::Import);
  Waiting waiting;
  const auto files = generate(units, units.all().front(), waiting);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code(), Errc::Unsupported);
  EXPECT_EQ(files.error().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, NotGenerated,
    testing::Values(Refused{"AsyncFunction", "f: async func();",
                            "t.wit:3:1: async functions are not generated yet"},
                    Refused{"Stream", "f: func(a: stream<u8>);",
                            "t.wit:3:12: streams are not generated yet"},
                    Refused{"Future", "f: func() -> list<future>;",
                            "t.wit:3:19: futures are not generated yet"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Units, TypesFromElsewhereMustBeNamed) {
  wit::Model model;
  ASSERT_TRUE(model.load_text(
      "t.wit",
      "package a:b;\ninterface x { type t = u8; }\ninterface y { use x.{t}; f: func(a: t); }\n"));
  Units units(model);
  units.add(*model.find_interface("a:b/y"), Units::Role::Import);
  Waiting waiting;
  const auto files = generate(units, units.all().front(), waiting);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().message(),
            "'a:b/y' uses types of 'a:b/x', which is not generated with it; name it as an "
            "interface, or as external");
}

TEST(Units, NamespacesSayTheTrack) {
  const auto scope = [](const std::string& version) {
    wit::Model model;
    EXPECT_TRUE(model.load_text(
        "t.wit", fmt::format("package my-ns:pkg{};\ninterface the-face {{}}\n", version)));
    Units units(model);
    units.add(wit::InterfaceId{0}, Units::Role::Import);
    return units.all().front().scope();
  };
  EXPECT_EQ(scope("@0.2.12"), "::wasmcloud::wit::my_ns::pkg_0_2::the_face");
  EXPECT_EQ(scope("@3.1.0"), "::wasmcloud::wit::my_ns::pkg_3::the_face");
  EXPECT_EQ(scope("@0.0.7"), "::wasmcloud::wit::my_ns::pkg_0_0_7::the_face");
  EXPECT_EQ(scope("@0.2.0-rc.1"), "::wasmcloud::wit::my_ns::pkg_0_2_0_rc_1::the_face");
  EXPECT_EQ(scope(""), "::wasmcloud::wit::my_ns::pkg::the_face");
}

}  // namespace
}  // namespace wasmcloud::bindgen
