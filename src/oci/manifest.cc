#include "oci/manifest.h"

#include "base/text.h"
#include "oci/reference.h"

#include <boost/json.hpp>

namespace wasmcloud::oci {
namespace json = boost::json;
namespace {

constexpr size_t kMaxLayers = 1024;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  const json::string* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

Annotations annotations_of(const json::object& object) {
  Annotations out;
  const json::value* const value = object.if_contains("annotations");
  const json::object* const map = value == nullptr ? nullptr : value->if_object();
  if (map == nullptr) return out;
  for (const auto& member : *map) {
    if (const json::string* text = member.value().if_string())
      out.emplace_back(std::string(member.key()), std::string(text->data(), text->size()));
  }
  return out;
}

Result<Descriptor> descriptor_of(const json::value& value, std::string_view where) {
  const json::object* const object = value.if_object();
  if (object == nullptr) return fail(Errc::Malformed, "{} is no descriptor", where);
  Descriptor out{.media_type = text_of(*object, "mediaType"),
                 .digest = text_of(*object, "digest"),
                 .annotations = annotations_of(*object)};
  if (!is_valid_digest(out.digest))
    return fail(Errc::Malformed, "{}.digest should be sha256: and 64 hexadecimal digits", where);
  const json::value* const size = object->if_contains("size");
  json::error_code error;
  if (size != nullptr) out.size = size->to_number<uint64_t>(error);
  if (size == nullptr || error) return fail(Errc::Malformed, "{}.size should be a number", where);
  return out;
}

/// "linux/amd64, linux/arm64": what an index offers.
std::string platforms_of(const json::array& manifests) {
  std::vector<std::string> out;
  for (const json::value& each : manifests) {
    const json::object* const object = each.if_object();
    const json::value* const platform =
        object == nullptr ? nullptr : object->if_contains("platform");
    const json::object* const parts = platform == nullptr ? nullptr : platform->if_object();
    if (parts == nullptr || out.size() == 8) continue;
    out.push_back(fmt::format("{}/{}", text_of(*parts, "os"), text_of(*parts, "architecture")));
  }
  return join(out, ", ");
}

json::object to_object(const Annotations& annotations) {
  json::object out;
  for (const auto& [key, value] : annotations) out[key] = value;
  return out;
}

json::object to_object(const Descriptor& descriptor) {
  json::object out;
  out["mediaType"] = descriptor.media_type;
  out["digest"] = descriptor.digest;
  out["size"] = descriptor.size;
  if (!descriptor.annotations.empty()) out["annotations"] = to_object(descriptor.annotations);
  return out;
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text) {
  json::error_code error;
  const json::value root = json::parse({text.data(), text.size()}, error);
  const json::object* const object = error ? nullptr : root.if_object();
  if (object == nullptr) return fail(Errc::Malformed, "the manifest is no JSON object");
  if (const json::value* manifests = object->if_contains("manifests")) {
    const json::array* const list = manifests->if_array();
    const std::string platforms = list == nullptr ? std::string() : platforms_of(*list);
    return fail(Errc::Unsupported,
                "it is an index of {} manifests{}, for several platforms, and no single component; "
                "name one of them by its digest",
                list == nullptr ? 0 : list->size(),
                platforms.empty() ? "" : fmt::format(" ({})", platforms));
  }
  const json::value* const schema = object->if_contains("schemaVersion");
  if (schema == nullptr || !schema->is_int64() || schema->as_int64() != 2)
    return fail(Errc::Unsupported,
                "its manifest does not have schemaVersion 2; push it again with a newer tool");
  Manifest manifest;
  const json::value* const config = object->if_contains("config");
  if (config == nullptr) return fail(Errc::Malformed, "the manifest has no config");
  manifest.config = TRY(descriptor_of(*config, "config"));
  const json::value* const layers = object->if_contains("layers");
  const json::array* const list = layers == nullptr ? nullptr : layers->if_array();
  if (list == nullptr) return fail(Errc::Malformed, "the manifest has no layers");
  if (list->size() > kMaxLayers)
    return fail(Errc::Limit, "the manifest has {} layers, and the limit is {}", list->size(),
                kMaxLayers);
  for (size_t i = 0; i < list->size(); ++i)
    manifest.layers.push_back(TRY(descriptor_of((*list)[i], fmt::format("layers[{}]", i))));
  manifest.annotations = annotations_of(*object);
  return manifest;
}

std::string to_json(const Manifest& manifest) {
  json::object out;
  out["schemaVersion"] = 2;
  out["mediaType"] = kManifestType;
  out["config"] = to_object(manifest.config);
  json::array layers;
  for (const Descriptor& layer : manifest.layers) layers.push_back(to_object(layer));
  out["layers"] = std::move(layers);
  if (!manifest.annotations.empty()) out["annotations"] = to_object(manifest.annotations);
  return json::serialize(out);
}

std::string_view annotation(const Annotations& annotations, std::string_view key) {
  for (const auto& [name, value] : annotations) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace wasmcloud::oci
