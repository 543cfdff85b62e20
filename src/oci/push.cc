#include "oci/push.h"

#include "base/log.h"

#include <boost/json.hpp>

namespace wasmcloud::oci {
namespace json = boost::json;
namespace {

json::array to_array(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) out.emplace_back(text);
  return out;
}

}  // namespace

// "Wasm OCI Artifact layout": application/vnd.wasm.config.v0+json
std::string wasm_config(const Artifact& artifact) {
  json::object out;
  out["created"] = artifact.created;
  out["architecture"] = "wasm";
  out["os"] = artifact.os;
  out["layerDigests"] = json::array{json::string(digest_of(artifact.component.text()))};
  json::object component;
  component["exports"] = to_array(artifact.summary.exports);
  component["imports"] = to_array(artifact.summary.imports);
  if (!artifact.summary.target.empty()) component["target"] = artifact.summary.target;
  out["component"] = std::move(component);
  return json::serialize(out);
}

Task<std::string> push_component(Registry& registry, const Cache* cache, Reference reference,
                                 std::vector<std::string> other_tags, Artifact artifact,
                                 Progress progress) {
  if (!reference.digest.empty())
    co_return fail(Errc::Invalid,
                   "{} has a digest, which follows from what is pushed; give a tag instead",
                   reference.text());
  for (const std::string& tag : other_tags) {
    if (!is_valid_tag(tag))
      co_return fail(Errc::Invalid,
                     "'{}' is no tag; expected at most 128 letters, digits, '_', '.' and '-'", tag);
  }
  std::string config = wasm_config(artifact);
  const Manifest manifest{.config = {.media_type = std::string(kWasmConfigType),
                                     .digest = digest_of(config),
                                     .size = config.size()},
                          .layers = {{.media_type = std::string(kWasmLayerType),
                                      .digest = digest_of(artifact.component.text()),
                                      .size = artifact.component.size()}},
                          .annotations = std::move(artifact.annotations)};
  const std::string bytes = to_json(manifest);
  CO_TRY(co_await registry.upload_blob(reference, artifact.component.share(), std::move(progress)));
  CO_TRY(co_await registry.upload_blob(reference, Bytes(std::move(config))));
  CachedComponent cached{
      .component = std::move(artifact.component), .manifest = bytes, .digest = digest_of(bytes)};
  other_tags.insert(other_tags.begin(), reference.tag);
  for (const std::string& tag : other_tags) {
    const Reference tagged = reference.with_tag(tag);
    CO_TRY(co_await registry.upload_manifest(tagged, bytes, kManifestType));
    if (cache == nullptr) continue;
    const Result<void> kept =
        co_await registry.loop().offload([&] { return cache->store(tagged, cached); });
    if (!kept) log::warn("{} is not kept for later: {}", tagged.text(), kept.error().message());
  }
  co_return std::move(cached.digest);
}

}  // namespace wasmcloud::oci
