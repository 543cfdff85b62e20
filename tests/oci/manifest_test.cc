#include "oci/manifest.h"

#include "oci/push.h"
#include "oci/reference.h"

#include <gtest/gtest.h>

namespace wasmcloud::oci {
namespace {

Manifest sample() {
  return {
      .config = {.media_type = std::string(kWasmConfigType), .digest = digest_of("{}"), .size = 2},
      .layers = {{.media_type = std::string(kWasmLayerType),
                  .digest = digest_of("x"),
                  .size = 1,
                  .annotations = {{"a", "1"}}}},
      .annotations = {{"b", "\"2\""}}};
}

TEST(Manifest, IsWrittenAndReadAgain) {
  const std::string json = to_json(sample());
  const auto read = parse_manifest(json);
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(to_json(*read), json);
  EXPECT_EQ(read->layers.front().annotations, sample().layers.front().annotations);
  EXPECT_EQ(annotation(read->annotations, "b"), "\"2\"");
}

TEST(Manifest, ThatIsNoneIsRefusedWithWhatItIs) {
  const std::pair<std::string, Errc> rows[] = {
      {"", Errc::Malformed},
      {"[]", Errc::Malformed},
      {R"({"schemaVersion":1})", Errc::Unsupported},
      {R"({"schemaVersion":2})", Errc::Malformed},
      {R"({"schemaVersion":2,"manifests":[]})", Errc::Unsupported},
      {R"({"schemaVersion":2,"config":{"digest":"sha256:1","size":1},"layers":[]})",
       Errc::Malformed},
      {R"({"schemaVersion":2,"config":{"digest":")" + digest_of("") +
           R"(","size":-1},"layers":[]})",
       Errc::Malformed},
      {R"({"schemaVersion":2,"config":{"digest":")" + digest_of("") + R"(","size":0}})",
       Errc::Malformed},
  };
  for (const auto& [text, code] : rows) {
    const auto read = parse_manifest(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code(), code) << text;
  }
}

TEST(WasmConfig, SaysWhatTheArtifactLayoutAsksFor) {
  const Artifact artifact{.component = Bytes::copy_of("x"),
                          .summary = {.exports = {"a:b/c@1.0.0"}, .imports = {}, .target = "w"},
                          .annotations = {},
                          .created = "2026-01-02T03:04:05Z"};
  EXPECT_EQ(
      wasm_config(artifact),
      R"({"created":"2026-01-02T03:04:05Z","architecture":"wasm","os":"wasip2","layerDigests":[")" +
          digest_of("x") +
          R"("],"component":{"exports":["a:b/c@1.0.0"],"imports":[],"target":"w"}})");
}

}  // namespace
}  // namespace wasmcloud::oci
