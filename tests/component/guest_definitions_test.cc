#include "base/file.h"
#include "component/decoder.h"
#include "component/validator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace wasmcloud::component {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> guests() {
  std::set<std::string> names;
  std::error_code missing;
  for (const auto& entry :
       fs::directory_iterator(std::string(WASH_SHARED_DIR) + "/guests", missing)) {
    if (entry.path().extension() == ".wasm") names.insert(entry.path().stem());
  }
  return {names.begin(), names.end()};
}

class GuestDefinitions : public testing::TestWithParam<std::string> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(GuestDefinitions);

/// What several toolchains make, whole: decoding and validation take all of it, and know where
/// everything comes from.
TEST_P(GuestDefinitions, AreValid) {
  const auto file = read_file(std::string(WASH_SHARED_DIR) + "/guests/" + GetParam() + ".wasm");
  ASSERT_TRUE(file.has_value()) << file.error().message();
  const auto bytes = std::as_bytes(std::span(*file));
  ASSERT_EQ(binary_kind(bytes), BinaryKind::Component);
  auto decoded = decode(bytes);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
  Features features;
  features.async_stackful = GetParam() == "c-p3-stackful";
  const auto valid = validate(*std::move(decoded), bytes, features);
  ASSERT_TRUE(valid.has_value()) << valid.error().message();

  EXPECT_EQ(valid->components.size(), valid->decoded.components.size());
  EXPECT_FALSE(valid->root().exports.empty());
  for (const ComponentInfo& info : valid->components) {
    // Each resource of an import or instance is at the path that is said to lead there.
    for (const ResourceOrigin& origin : info.resources) {
      if (origin.from != ResourceOrigin::From::Import &&
          origin.from != ResourceOrigin::From::Instance)
        continue;
      ExternType type = origin.from == ResourceOrigin::From::Import
                            ? info.imports[origin.index].type
                            : ExternType{.kind = ExternType::Kind::Instance,
                                         .id = info.instances[origin.index].value};
      for (const Name name : origin.path) {
        ASSERT_EQ(type.kind, ExternType::Kind::Instance);
        const ExternType* next = valid->types[type.instance()].exports.find(name);
        ASSERT_NE(next, nullptr);
        type = *next;
      }
      ASSERT_TRUE(type.is_resource());
      EXPECT_EQ(type.type.resource(), origin.id);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Real, GuestDefinitions, testing::ValuesIn(guests()), [](const auto& info) {
  std::string name = info.param;
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace wasmcloud::component
