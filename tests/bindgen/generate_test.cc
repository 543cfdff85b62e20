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

INSTANTIATE_TEST_SUITE_P(Rows, NotGenerated,
                         testing::Values(Refused{"ErrorContext", "f: func(a: error-context);",
                                                 "'a:b/i': error-context is not generated yet"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Resources, AreOfTheHostOrOfGuestsInOneTarget) {
  wit::Model model;
  ASSERT_TRUE(model.load_text("t.wit", R"(package a:b;
interface i {
  resource counter {
    constructor(start: u32);
    add: func(n: u32) -> u32;
    merge: static func(a: counter, b: counter) -> counter;
  }
}
)"));
  Units units(model);
  const auto id = *model.find_interface("a:b/i");
  units.add(id, Units::Role::Export);
  Waiting waiting;
  const auto files = generate(units, units.all().front(), waiting);
  ASSERT_TRUE(files) << files.error().message();
  const std::string& header = files->front().text;
  for (const char* line :
       {"class Counter final : public ::wasmcloud::component::GuestResource {",
        "::wasmcloud::Result<std::unique_ptr<Counter>> "
        "counter_constructor(::wasmcloud::component::Instance& instance_, uint32_t start) const;",
        "::wasmcloud::Result<uint32_t> counter_add(::wasmcloud::component::Instance& instance_, "
        "Counter& self, uint32_t n) const;",
        "counter_merge(::wasmcloud::component::Instance& instance_, std::unique_ptr<Counter> a, "
        "std::unique_ptr<Counter> b) const;"}) {
    EXPECT_NE(header.find(line), std::string::npos) << line << "\n" << header;
  }
  units.add(id, Units::Role::Import);
  const auto both = generate(units, units.all().front(), waiting);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code(), Errc::Unsupported);
  EXPECT_NE(both.error().message().find("'a:b/i' is imported and exported"), std::string::npos)
      << both.error().message();
}

/// What one function looks like on both sides.
struct Declared {
  const char* name;
  const char* items;
  const char* import;  ///< in a header
  const char* call;    ///< in the import's source
  const char* export_;
};
void PrintTo(const Declared& row, std::ostream* out) { *out << row.name; }
class Functions : public testing::TestWithParam<Declared> {};

TEST_P(Functions, LookLikeThis) {
  wit::Model model;
  const auto loaded = model.load_text(
      "t.wit", fmt::format("package a:b;\ninterface i {{\n{}\n}}\n", GetParam().items));
  ASSERT_TRUE(loaded) << loaded.error().message();
  const auto text_of = [&](Units::Role role) {
    Units units(model);
    units.add(*model.find_interface("a:b/i"), role);
    Waiting waiting;
    std::string text;
    const auto files = generate(units, units.all().front(), waiting);
    EXPECT_TRUE(files) << files.error().message();
    if (files) {
      for (const File& file : *files) text += file.text;
    }
    for (const std::string_view prefix : {"::wasmcloud::component::", "::wasmcloud::"}) {
      for (size_t at = text.find(prefix); at != text.npos; at = text.find(prefix, at))
        text.erase(at, prefix.size());
    }
    return text;
  };
  const std::string import = text_of(Units::Role::Import);
  EXPECT_NE(import.find(GetParam().import), std::string::npos) << import;
  EXPECT_NE(import.find(GetParam().call), std::string::npos) << import;
  if (GetParam().export_ == nullptr) return;
  const std::string exported = text_of(Units::Role::Export);
  EXPECT_NE(exported.find(GetParam().export_), std::string::npos) << exported;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Functions,
    testing::Values(
        Declared{"Sync", "f: func(a: string, b: list<u8>) -> u8;",
                 "virtual Result<uint8_t> f(std::string_view a, std::span<const std::byte> b) = 0;",
                 "auto result = TRY(implementation.f(std::move(p0), std::move(p1)));",
                 "Result<uint8_t> f(Instance& instance_, std::string_view a, "
                 "std::span<const std::byte> b) const;"},
        Declared{
            "Async", "f: async func(a: string, b: list<u8>) -> u8;",
            "virtual Task<uint8_t> f(std::string a, Bytes b) = 0;",
            "return call.returns(implementation.f(std::move(p0), std::move(p1)));",
            "Task<uint8_t> f(Instance& instance_, std::string a, Bytes b, ReturnListener<uint8_t>* "
            "listener_ = nullptr) const;"},
        Declared{"AsyncExportIsOneCall", "f: async func(a: string);", "virtual Task<void> f(",
                 "instance.async_func(\"f\", kImport0, &import0, ",
                 "return abi::call_async<void>(instance_, functions_[0], nullptr, std::move(a));"},
        Declared{"AsyncIsPartOfTheType", "f: async func();", "virtual Task<void> f() = 0;",
                 "    .effect = c::FunctionDescription::Effect::Async,", nullptr},
        Declared{
            "AsyncWithoutParameters", "f: async func() -> u8;", "virtual Task<uint8_t> f() = 0;",
            "import0(void* self, c::AsyncCall& call, const abi::RawValue*) noexcept {", nullptr},
        Declared{"AsyncMethod", "resource r { f: async func(other: borrow<r>) -> u8; }",
                 "virtual Task<uint8_t> f(R& other) = 0;", "return call.returns(p0->f(*p1));",
                 nullptr},
        Declared{"Streams", "f: func(a: stream<u8>, b: future<string>) -> tuple<stream, future>;",
                 "virtual Result<std::tuple<StreamReader<void>, FutureReader<void>>> "
                 "f(StreamReader<uint8_t> a, FutureReader<std::string> b) = 0;",
                 "#include \"component/abi/async_types.h\"",
                 "f(Instance& instance_, StreamReader<uint8_t> a, FutureReader<std::string> b) "
                 "const;"},
        Declared{"StreamsInside",
                 "record r { s: stream<tuple<u8, u16>> }\nf: func(a: option<r>) -> "
                 "future<result<_, stream<future>>>;",
                 "  StreamReader<std::tuple<uint8_t, uint16_t>> s{};",
                 "virtual Result<FutureReader<std::expected<void, "
                 "StreamReader<FutureReader<void>>>>> f(std::optional<R> a) = 0;",
                 nullptr},
        Declared{"StreamsOnlyWhereNeeded", "f: func();",
                 "#include \"component/host_resource.h\"\n\n", "#include \"component/abi/call.h\"",
                 nullptr}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Units, AnInterfaceOfPlainTypesOffersAnInstance) {
  wit::Model model;
  ASSERT_TRUE(model.load_text("t.wit", "package a:b;\ninterface i { enum e { x } }\n"));
  Units units(model);
  units.add(*model.find_interface("a:b/i"), Units::Role::Import);
  Waiting waiting;
  const auto files = generate(units, units.all().front(), waiting);
  ASSERT_TRUE(files) << files.error().message();
  EXPECT_NE(files->back().text.find("static_cast<void>(instance);"), std::string::npos);
}

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
