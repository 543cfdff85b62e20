#include "wit/model.h"
#include "wit/printer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace wasmcloud::wit {
namespace {

namespace fs = std::filesystem;

// Everything loaded, printed to one text, read again and printed: the same.
void expect_round_trip(const fs::path& path, LoadOptions options = {}) {
  SCOPED_TRACE(path.string());
  Model model(options);
  const auto package = model.load(path);
  ASSERT_TRUE(package) << package.error().message();
  for (uint32_t i = 0; i < model.packages().size(); ++i) {
    const std::string text = print_with_dependencies(model, PackageId{i});
    Model again(options);
    const auto second = again.load_text("printed.wit", text);
    ASSERT_TRUE(second) << second.error().message() << "\n" << text;
    EXPECT_EQ(print_with_dependencies(again, *second), text);
    EXPECT_EQ(again[*second].name, model[PackageId{i}].name);
    ASSERT_EQ(again[*second].interfaces.size(), model[PackageId{i}].interfaces.size());
    ASSERT_EQ(again[*second].worlds.size(), model[PackageId{i}].worlds.size());
    for (size_t w = 0; w < again[*second].worlds.size(); ++w) {
      const World& before = model[model[PackageId{i}].worlds[w]];
      const World& after = again[again[*second].worlds[w]];
      EXPECT_EQ(after.imports.size(), before.imports.size());
      EXPECT_EQ(after.exports.size(), before.exports.size());
    }
  }
}

std::string printed(const std::string& text) {
  Model model;
  const auto package = model.load_text("t.wit", text);
  return package ? print(model, *package) : package.error().message();
}

TEST(WitPackages, PrintDocumentationAsItIsReadAgain) {
  for (const std::string docs : {"/**\n   no star  \n     more\t\n\n   */", "/** a\n\t\tb\n  c */",
                                 "/// \t tab\n///\n///  x ", "/**\n\n*/"}) {
    const std::string once = printed("package a:b;\n\n" + docs + "\ninterface i {\n}\n");
    EXPECT_EQ(printed(once), once) << docs;
  }
  EXPECT_EQ(printed("package a:b;\n\n/**\n   no star  \n     more\n   */\ninterface i {\n}\n"),
            "package a:b;\n\n///\n/// no star\n///   more\ninterface i {\n}\n");
}

TEST(WitPackages, EveryFetchedPackagePrintsAndReadsBackTheSame) {
  int packages = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(WASH_WIT_DIR) / "wit")) {
    // A world that takes in one behind a feature cannot be read without it.
    if (entry.path().filename() != "tls") expect_round_trip(entry.path());
    LoadOptions all;
    all.all_features = true;
    expect_round_trip(entry.path(), all);
    ++packages;
  }
  EXPECT_GE(packages, 6);
}

TEST(WitPackages, WasiInterfacesAreWhatTheyShouldBe) {
  Model model;
  ASSERT_TRUE(model.load(fs::path(WASH_WIT_DIR) / "wit/wasip2"));
  const auto streams = model.find_interface("wasi:io/streams@0.2.12");
  ASSERT_TRUE(streams) << streams.error().message();
  std::set<std::string> names;
  for (const Function& function : model[*streams].functions) names.insert(function.name);
  EXPECT_TRUE(names.contains("[method]input-stream.blocking-read"));
  EXPECT_TRUE(names.contains("[method]output-stream.check-write"));
  const auto world = model.find_world("wasi:http/proxy@0.2.12");
  ASSERT_TRUE(world) << world.error().message();
  ASSERT_EQ(model[*world].exports.size(), 1u);
  EXPECT_EQ(model.name_of(std::get<InterfaceId>(model[*world].exports[0].item)),
            "wasi:http/incoming-handler@0.2.12");
}

// The cases of another parser, which the fetched crate carries. A file that begins as one of these
// says what we leave out.
const std::set<std::string> kNotSupported = {
    "accessors.wit",              // accessors
    "include-accessor-pair.wit",  // accessors
    "simple-wasm-text.wat",       // packages in binary form
    "with-resource-as.wit",       // `include ... with` a new name for a type
    "kinds-of-deps",              // packages in binary form
};

TEST(WitPackages, ReadsWhatAnotherParserReads) {
  LoadOptions options;
  options.features = {"active"};
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(WASH_WIT_DIR) / "wit-parser-ui")) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".json") || name == "parse-fail" || kNotSupported.contains(name)) continue;
    expect_round_trip(entry.path(), options);
    ++count;
  }
  EXPECT_GT(count, 70);
}

TEST(WitPackages, RefusesWhatAnotherParserRefuses) {
  LoadOptions options;
  options.features = {"active"};
  int count = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WASH_WIT_DIR) / "wit-parser-ui/parse-fail")) {
    if (entry.path().extension() == ".result") continue;
    Model model(options);
    EXPECT_FALSE(model.load(entry.path())) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 150);
}

TEST(WitPackages, FoldersWithDependenciesLoadOnce) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("wash-wit-{}", ::getpid());
  fs::create_directories(folder / "deps/c");
  std::ofstream(folder / "a.wit")
      << "package a:a;\nworld w { import c:c/i; import d:d/j; import k; }\n";
  std::ofstream(folder / "b.wit")
      << "package a:a;\ninterface k { use c:c/i.{t as u}; f: func(x: u); }\n";
  std::ofstream(folder / "deps/c/c.wit") << "package c:c;\ninterface i { type t = u8; }\n";
  std::ofstream(folder / "deps/d.wit") << "package d:d;\ninterface j { use c:c/i.{t}; }\n";
  expect_round_trip(folder);
  Model model;
  const auto first = model.load(folder);
  ASSERT_TRUE(first) << first.error().message();
  const size_t packages = model.packages().size();
  const auto second = model.load(folder);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(first->index, second->index);
  EXPECT_EQ(model.packages().size(), packages);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace wasmcloud::wit
