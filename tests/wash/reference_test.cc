// What is published of the configuration's format is what the reader checks by.
#include "wash/config/reference.h"

#include "support/golden.h"
#include "wash/config/read.h"
#include "wash/config/schema.h"

#include <gtest/gtest.h>

#include <set>

namespace wasmcloud::wash {
namespace {

TEST(ConfigReference, TheSchemaIsPublished) {
  testing::expect_golden(WASH_SOURCE_DIR "/docs/config.schema.json", config_json_schema());
}

TEST(ConfigReference, ThePageIsPublished) {
  testing::expect_golden(WASH_SOURCE_DIR "/docs/configuration.md", config_reference());
}

void expect_whole(const Shape& shape, const std::string& path) {
  std::set<std::string_view> names;
  for (const Key& key : shape.keys) {
    EXPECT_TRUE(names.insert(key.name).second) << path << "." << key.name << " is there twice";
    EXPECT_FALSE(key.help.empty()) << path << "." << key.name;
    EXPECT_FALSE(key.shape.name.empty()) << path << "." << key.name;
    expect_whole(key.shape, path + "." + std::string(key.name));
  }
  if (shape.each != nullptr) expect_whole(*shape.each, path);
  if (shape.form == Shape::Form::Map) {
    EXPECT_FALSE(shape.keys.empty()) << path;
  }
}

TEST(ConfigReference, EveryKeyIsDescribedOnce) { expect_whole(config_shape(), ""); }

TEST(ConfigReference, TheSchemaIsJson) {
  const auto read = read_json(config_json_schema(), std::make_shared<const std::string>("schema"));
  ASSERT_TRUE(read.has_value()) << read.error().message();
  const Value* dev = read->find("properties")->find("dev");
  ASSERT_NE(dev, nullptr);
  EXPECT_NE(dev->find("properties")->find("components")->find("items"), nullptr);
}

}  // namespace
}  // namespace wasmcloud::wash
