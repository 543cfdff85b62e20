#include "component/wit_decoder.h"

#include "base/file.h"
#include "base/process.h"
#include "component/metadata.h"
#include "component/support/component_builder.h"
#include "component/support/components.h"
#include "support/temporary_folder.h"
#include "wit/encoder.h"
#include "wit/printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace wasmcloud::component {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string wit_of(std::span<const std::byte> binary) {
  const auto wit = decode_wit(binary, "test.wasm");
  return wit ? wit::print_with_dependencies(wit->model, wit->package)
             : "error: " + wit.error().message();
}

/// What WIT text says, written our way: texts with one meaning give one.
std::string normal(std::string text) {
  wit::Model model({.features = {}, .all_features = true});
  const auto package = model.load_text("test.wit", std::move(text));
  return package ? wit::print_with_dependencies(model, *package)
                 : "error: " + package.error().message();
}

std::string package_of(const fs::path& folder, std::string& binary) {
  wit::Model model({.features = {}, .all_features = true});
  const auto package = model.load(folder);
  if (!package) return "error: " + package.error().message();
  const auto encoded = wit::encode(model, *package, "wash", "1.2.3");
  if (!encoded) return "error: " + encoded.error().message();
  binary = *encoded;
  return wit::print(model, *package);
}

/// What wasm-tools makes of a binary; empty where there is no wasm-tools.
std::string wit_by_wasm_tools(const std::string& path) {
  Loop loop;
  ProcessOptions options;
  options.command = {"wasm-tools", "component", "wit", path};
  options.output = Output::Capture;
  options.errors = Output::Capture;
  const auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  if (!finished) return {};
  return finished->status.ok() ? finished->output : "error: " + finished->errors;
}

/// Every guest that is there, by its path.
std::vector<std::string> guests() {
  std::set<std::string> paths;
  for (const std::string& folder :
       {std::string(WASH_GUESTS_DIR), std::string(WASH_SHARED_DIR "/guests")}) {
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder, missing)) {
      if (entry.path().extension() == ".wasm") paths.insert(entry.path());
    }
  }
  return {paths.begin(), paths.end()};
}

class GuestWit : public ::testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GuestWit);

// Whatever toolchain made a component: its WIT reads as the same again, and says what another
// decoder's WIT says.
TEST_P(GuestWit, ReadsAsTheSameAgain) {
  const auto file = read_file(GetParam());
  ASSERT_TRUE(file) << file.error().message();
  const std::string text = wit_of(bytes_of(*file));
  EXPECT_THAT(text, HasSubstr("package root:component;\n\nworld root {"));
  EXPECT_EQ(normal(text), text);
  const std::string theirs = wit_by_wasm_tools(GetParam());
  if (!theirs.empty()) EXPECT_EQ(normal(theirs), text);
}

std::string case_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = fs::path(info.param).stem();
  std::ranges::replace(name, '-', '_');
  return fmt::format("{}_{}", name, info.index);
}
INSTANTIATE_TEST_SUITE_P(Guests, GuestWit, ::testing::ValuesIn(guests()), case_name);

// The packages that WASI comes in, to binaries and back.
class PackageWit : public ::testing::TestWithParam<std::string> {};

TEST_P(PackageWit, IsTheSameAfterABinary) {
  const wasmcloud::testing::TemporaryFolder folder;
  const fs::path deps = fs::path(WASH_WIT_DIR) / "wit" / GetParam() / "deps";
  size_t packages = 0;
  for (const auto& entry : fs::directory_iterator(deps)) {
    // This one as the package at hand, the others below it.
    const fs::path at = folder.path(entry.path().stem().string());
    fs::create_directories(at / "deps");
    if (entry.is_directory())
      fs::copy(entry.path(), at, fs::copy_options::recursive);
    else
      fs::copy(entry.path(), at);
    for (const auto& other : fs::directory_iterator(deps)) {
      if (other.path() != entry.path())
        fs::copy(other.path(), at / "deps" / other.path().filename(), fs::copy_options::recursive);
    }
    std::string binary;
    const std::string text = package_of(at, binary);
    const auto decoded = decode_wit(bytes_of(binary), "test.wasm");
    ASSERT_TRUE(decoded) << entry.path() << ": " << decoded.error().message();
    EXPECT_EQ(decoded->kind, DecodedWit::Kind::Package);
    // Documentation and versions included.
    EXPECT_EQ(wit::print(decoded->model, decoded->package), text) << entry.path();
    std::string again;
    package_of(at, again);
    EXPECT_EQ(again, binary) << "not reproducible: " << entry.path();
    const std::string path = folder.path("package.wasm");
    ASSERT_TRUE(write_file(path, binary));
    const std::string theirs = wit_by_wasm_tools(path);
    if (!theirs.empty()) {
      EXPECT_EQ(normal(theirs), wit::print_with_dependencies(decoded->model, decoded->package))
          << entry.path();
    }
    ++packages;
  }
  EXPECT_GT(packages, 0u);
}
INSTANTIATE_TEST_SUITE_P(Wasi, PackageWit, ::testing::Values("wasip2", "wasip3", "tls-p3"));

// Everything the language has, in one package.
constexpr std::string_view kEverything = R"(/// Of the package.
package test:all@1.2.3-rc.1;

/// Of the interface.
@since(version = 1.0.0)
interface types {
  /// Of the resource.
  resource thing {
    /// Of the constructor.
    constructor(name: string);
    @since(version = 1.1.0)
    name: func() -> string;
    wait: async func(until: option<u64>) -> result<stream<u8>, error>;
    merge: static func(a: thing, b: borrow<thing>) -> thing;
  }

  resource other {
    constructor() -> result<other, error>;
  }

  type other-thing = thing;

  /// Of the record.
  record point {
    /// Of the field.
    x: f32,
    y: f64,
  }

  variant error {
    none,
    /// Of the case.
    text(string),
    all(tuple<bool, u8, s8, u16, s16, u32, s32, u64, s64, char>),
  }

  flags permissions {
    read,
    /// Of the flag.
    write,
  }

  enum color {
    red,
    %stream,
  }

  type names = list<string>;

  type sizes = map<string, u32>;

  /// Of the function.
  @unstable(feature = more)
  draw: func(at: point, in: option<color>) -> result<_, error>;

  tick: async func() -> future;
}

interface user {
  use types.{thing, point as place, error};

  type more = place;

  put: func(it: thing, at: more) -> result<list<thing>, error>;
}

/// Of the world.
world service {
  use types.{point};

  record inner {
    at: point,
  }

  /// Of the import.
  @since(version = 1.0.0)
  import types;
  import first: types;
  import run: async func(it: inner) -> future<inner>;
  import inside: interface {
    use types.{color};

    paint: func(it: color);
  }
  export user;
  /// Of the export.
  export answer: func() -> u32;
}
)";

TEST(WitPackages, KeepEverythingInABinary) {
  wit::Model model({.features = {}, .all_features = true});
  const auto package = model.load_text("all.wit", std::string(kEverything));
  ASSERT_TRUE(package) << package.error().message();
  const auto binary = wit::encode(model, *package, "wash", "1.2.3");
  ASSERT_TRUE(binary) << binary.error().message();
  EXPECT_EQ(wit_of(bytes_of(*binary)), wit::print_with_dependencies(model, *package));
  EXPECT_EQ(wit_of(bytes_of(*binary)), normal(wit_of(bytes_of(*binary))));
}

// As wasm-tools writes it.
TEST(WitPackages, HaveTheirDocumentationAsJson) {
  wit::Model model;
  const auto package = model.load_text(
      "a.wit", "package a:b;\n/// a\ttab, \"quotes\"\n/// and \\\ninterface c { d: func(); }\n");
  ASSERT_TRUE(package);
  EXPECT_THAT(wit::encode(model, *package, "wash", "1.2.3").value(),
              HasSubstr(R"({"interfaces":{"c":{"docs":"a\ttab, \"quotes\"\nand \\"}}})"));
}

// What the text would need to be read again.
TEST(WitPackages, RefuseStabilityThatIsHalfSaid) {
  wit::Model model;
  const auto package = model.load_text("a.wit", "package a:b@1.0.0;\ninterface c { d: func(); }\n");
  ASSERT_TRUE(package);
  const std::string binary = wit::encode(model, *package, "wash", "1.2.3").value();
  const auto with = [&](std::string_view stability) {
    const std::string content = fmt::format(
        "\x0cpackage-docs\x01{{\"interfaces\":{{\"c\":{{\"stability\":{}}}}}}}", stability);
    return wit_of(bytes_of(binary + '\0' + static_cast<char>(content.size()) + content));
  };
  EXPECT_THAT(with(R"({"stable":{"since":"0.1.0","deprecated":"0.2.0"}})"),
              HasSubstr("@since(version = 0.1.0)\n@deprecated(version = 0.2.0)\n"));
  EXPECT_THAT(with(R"({"stable":{"deprecated":"0.2.0"}})"),
              HasSubstr("section package-docs: \"stable\" has no \"since\""));
  EXPECT_THAT(with(R"({"unstable":{"feature":"type"}})"),
              HasSubstr("@unstable(feature = %type)\n"));
  EXPECT_THAT(with(R"({"unstable":{"feature":"a b"}})"),
              HasSubstr("section package-docs: the \"feature\" of \"unstable\" is no name"));
  EXPECT_THAT(with(R"({"unstable":{}})"),
              HasSubstr("section package-docs: the \"feature\" of \"unstable\" is no name"));
}

TEST(WitPackages, NameWhatMadeThem) {
  wit::Model model;
  const auto package = model.load_text("a.wit", "package a:b;\ninterface c { d: func(); }\n");
  ASSERT_TRUE(package);
  const std::string binary = wit::encode(model, *package, "wash", "1.2.3").value();
  const Metadata metadata = read_metadata(bytes_of(binary));
  ASSERT_EQ(metadata.producers.size(), 1u);
  EXPECT_EQ(metadata.producers[0].name, "wash");
  EXPECT_EQ(metadata.producers[0].version, "1.2.3");
}

TEST(WitDecoding, RefusesWhatWitCannotSay) {
  ComponentBuilder module;
  module.items(3, {raw({0x50, 0x00})}).imports({named("m", {0x00, 0x11, 0x00})});
  EXPECT_THAT(wit_of(module.bytes()),
              HasSubstr("the import \"m\" is a core module, which WIT has no words for"));
  ComponentBuilder function;
  function.items(7, {raw({0x40, 0x00, 0x01, 0x00})}).imports({named("a:b/c", {0x01, 0x00})});
  EXPECT_THAT(wit_of(function.bytes()),
              HasSubstr("the func \"a:b/c\" has a name that WIT has no words for"));
}

std::string wit_of_component(const std::string& name) {
  return wit_of(read_component(component_path(name)));
}

TEST(WitDecoding, HasOneDefinitionOfAnInterfaceThatIsMetTwice) {
  if (!fs::exists(component_path("interface-twice-alike"))) GTEST_SKIP() << "no wasm-tools";
  EXPECT_THAT(wit_of_component("interface-twice-alike"), HasSubstr(R"(
  interface i {
    record r {
      x: u8,
      y: list<string>,
    }

    resource res;

    f: func(p: r, q: res);

    more: func() -> u8;
  }
)"));
  EXPECT_THAT(wit_of_component("interface-twice-with-another-type"),
              HasSubstr("interface a:b/i: \"r\" is one type where the interface is imported"));
  EXPECT_THAT(wit_of_component("interface-twice-with-another-func"),
              HasSubstr("interface a:b/i: \"f\" is one type where the interface is imported"));
}

TEST(WitDecoding, RefusesATypeThatIsExportedByItself) {
  ComponentBuilder out;
  // A world only imports types.
  out.items(7, {raw({0x73})}).exports({named("t", {0x03, 0x00, 0x00})});
  EXPECT_THAT(wit_of(out.bytes()),
              HasSubstr("the export \"t\" is a type, which WIT has no words for"));
}

/// Component i instantiates the one before it twice: 2^n instances of n components.
TEST(WitDecoding, StopsWhereInstantiationsMultiply) {
  ComponentBuilder out;
  ComponentBuilder inner;
  for (int i = 0; i < 40; ++i) {
    ComponentBuilder outer;
    outer.component(inner).items(5, {raw({0x00, 0x00, 0x00}), raw({0x00, 0x00, 0x00})});
    inner = outer;
  }
  EXPECT_THAT(wit_of(inner.bytes()), HasSubstr("take more than 4000000 steps to follow"));
}

TEST(WitDecoding, TellsOfEveryWayToCutAComponentShort) {
  std::string binary;
  ASSERT_EQ(package_of(fs::path(WASH_WIT_DIR) / "wit" / "wasip2" / "deps" / "io.wit", binary)
                .substr(0, 5),
            "packa");
  std::string damaged = binary;
  for (size_t size = 0; size < binary.size(); size += 7) {
    EXPECT_FALSE(decode_wit(bytes_of(binary.substr(0, size)), "cut.wasm") && size < 9) << size;
    // And with a byte that is another: whatever comes of it, it is an answer.
    damaged[size] = static_cast<char>(damaged[size] ^ 0x5a);
    const auto wit = decode_wit(bytes_of(damaged), "damaged.wasm");
    if (!wit) EXPECT_FALSE(wit.error().message().empty());
    damaged[size] = binary[size];
  }
}

}  // namespace
}  // namespace wasmcloud::component
