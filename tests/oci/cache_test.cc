#include "oci/cache.h"

#include "oci/manifest.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace wasmcloud::oci {
namespace {

namespace fs = std::filesystem;

CachedComponent made_of(std::string_view component) {
  const Manifest manifest{
      .config = {.media_type = std::string(kWasmConfigType), .digest = digest_of("{}"), .size = 2},
      .layers = {{.media_type = std::string(kWasmLayerType),
                  .digest = digest_of(component),
                  .size = component.size()}},
      .annotations = {}};
  const std::string json = to_json(manifest);
  return {.component = Bytes::copy_of(component), .manifest = json, .digest = digest_of(json)};
}

const Reference kApp = *Reference::parse("localhost:5000/team/app:1");

TEST(OciCache, KeepsWhatWasStoredUnderTheNamesOthersUse) {
  const testing::TemporaryFolder folder;
  const Cache cache(folder.path("oci"));
  EXPECT_FALSE(cache.find(kApp).has_value());
  ASSERT_TRUE(cache.store(kApp, made_of("one")).has_value());
  const std::string inside = cache.folder_of(kApp);
  EXPECT_TRUE(fs::path(inside).filename().string().starts_with("localhost_5000_team_app_1_"));
  EXPECT_EQ(read_file(inside + "/app_1.wasm"), "one");
  EXPECT_EQ(read_file(inside + "/digest"), made_of("one").digest);
  EXPECT_EQ(cache.find(kApp)->component.text(), "one");
  EXPECT_FALSE(cache.find(kApp.with_tag("2")).has_value());
}

TEST(OciCache, TakesNothingThatDoesNotFitItsDigests) {
  const testing::TemporaryFolder folder;
  const Cache cache(folder.path("oci"));
  const std::string inside = cache.folder_of(kApp);
  for (const std::string_view file : {"app_1.wasm", "digest", "manifest.json"}) {
    ASSERT_TRUE(cache.store(kApp, made_of("one")).has_value());
    ASSERT_TRUE(write_file(fmt::format("{}/{}", inside, file), "two").has_value());
    EXPECT_FALSE(cache.find(kApp).has_value()) << file;
    fs::remove(fmt::format("{}/{}", inside, file));
    EXPECT_FALSE(cache.find(kApp).has_value()) << file;
  }
}

TEST(OciCache, IsReplacedWholeWhileItIsRead) {
  const testing::TemporaryFolder folder;
  const Cache cache(folder.path("oci"));
  ASSERT_TRUE(cache.store(kApp, made_of("0")).has_value());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int i = 0; i < 300; ++i)
      EXPECT_TRUE(cache.store(kApp, made_of(std::string(1 + i % 7, 'x'))).has_value());
    done = true;
  });
  size_t found = 0;
  while (!done) {
    // What is found is whole: `find` checks it. A reader may be overtaken, but not every time.
    if (cache.find(kApp)) ++found;
  }
  writer.join();
  EXPECT_GT(found, 0U);
  EXPECT_TRUE(cache.find(kApp).has_value());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path("oci")), {}), 1) << "nothing is left";
}

}  // namespace
}  // namespace wasmcloud::oci
