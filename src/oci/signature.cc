#include "oci/signature.h"

#include "base/base64.h"

#include <boost/json.hpp>

namespace wasmcloud::oci {
namespace json = boost::json;
namespace {

constexpr std::string_view kPayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
constexpr std::string_view kConfigType = "application/vnd.oci.image.config.v1+json";
constexpr std::string_view kSignatureKey = "dev.cosignproject.cosign/signature";
constexpr std::string_view kClaim = "cosign container image signature";
constexpr uint64_t kMaxPayload = uint64_t{1} << 20;
constexpr size_t kMaxSignatures = 64;

std::string payload_of(const Reference& reference, const std::string& digest) {
  const json::value payload = {{"critical",
                                {{"identity", {{"docker-reference", reference.name()}}},
                                 {"image", {{"docker-manifest-digest", digest}}},
                                 {"type", kClaim}}},
                               {"optional", nullptr}};
  return json::serialize(payload);
}

/// The config that image tools expect where there is nothing to configure.
std::string config_of(const std::vector<Descriptor>& layers) {
  json::array digests;
  for (const Descriptor& layer : layers) digests.emplace_back(layer.digest);
  const json::value config = {{"architecture", ""},
                              {"created", "0001-01-01T00:00:00Z"},
                              {"os", ""},
                              {"rootfs", {{"type", "layers"}, {"diff_ids", std::move(digests)}}},
                              {"config", json::object()}};
  return json::serialize(config);
}

/// What a payload says it is for.
struct Claim {
  std::string type, digest, name;
};

Claim claim_of(std::string_view payload) {
  json::error_code error;
  const json::value root = json::parse({payload.data(), payload.size()}, error);
  if (error) return {};
  const auto text_at = [&root](std::string_view pointer) {
    json::error_code missing;
    const json::value* const value = root.find_pointer({pointer.data(), pointer.size()}, missing);
    return value != nullptr && value->is_string()
               ? std::string(std::string_view(value->get_string()))
               : std::string();
  };
  return {.type = text_at("/critical/type"),
          .digest = text_at("/critical/image/docker-manifest-digest"),
          .name = text_at("/critical/identity/docker-reference")};
}

/// The manifest of the signatures that are there; nothing if there are none.
Task<std::optional<Manifest>> find_signatures(Registry& registry, Reference signatures) {
  Result<StoredManifest> stored = co_await registry.manifest(signatures);
  if (!stored && stored.error().code() == Errc::NotFound) co_return std::optional<Manifest>();
  if (!stored) co_return fail(std::move(stored).error());
  Result<Manifest> manifest = parse_manifest(stored->bytes);
  if (!manifest) co_return fail(std::move(manifest).error().within(signatures.text()));
  if (manifest->layers.size() > kMaxSignatures)
    co_return fail(Errc::Limit, "{} has {} signatures, and the limit is {}", signatures.text(),
                   manifest->layers.size(), kMaxSignatures);
  co_return std::move(*manifest);
}

bool signature_fits(const Descriptor& layer, std::string_view payload, const VerifyingKey& key) {
  if (layer.media_type != kPayloadType) return false;
  const Result<std::string> signature = from_base64(annotation(layer.annotations, kSignatureKey));
  return signature && key.verifies(payload, *signature);
}

}  // namespace

Reference signatures_of(const Reference& reference, const std::string& digest) {
  std::string tag = digest + ".sig";
  tag.replace(tag.find(':'), 1, "-");
  return reference.with_tag(std::move(tag));
}

Task<Signed> sign_artifact(Registry& registry, Reference reference, SigningKey key) {
  const std::string digest = CO_TRY(co_await registry.manifest(reference)).digest;
  Signed made{
      .digest = digest, .signatures = signatures_of(reference, digest), .was_signed = false};
  const std::string payload = payload_of(reference, digest);
  const VerifyingKey verifying = CO_TRY(VerifyingKey::parse(CO_TRY(key.public_pem())));
  Manifest manifest =
      CO_TRY(co_await find_signatures(registry, made.signatures)).value_or(Manifest());
  for (const Descriptor& layer : manifest.layers) {
    if (layer.digest != digest_of(payload) || !signature_fits(layer, payload, verifying)) continue;
    made.was_signed = true;
    co_return std::move(made);
  }
  manifest.layers.push_back(
      {.media_type = std::string(kPayloadType),
       .digest = digest_of(payload),
       .size = payload.size(),
       .annotations = {{std::string(kSignatureKey), to_base64(CO_TRY(key.sign(payload)))}}});
  std::string config = config_of(manifest.layers);
  manifest.config = {
      .media_type = std::string(kConfigType), .digest = digest_of(config), .size = config.size()};
  CO_TRY(co_await registry.upload_blob(made.signatures, Bytes::copy_of(payload)));
  CO_TRY(co_await registry.upload_blob(made.signatures, Bytes(std::move(config))));
  CO_TRY(co_await registry.upload_manifest(made.signatures, to_json(manifest), kManifestType));
  co_return std::move(made);
}

Task<VerifiedArtifact> verify_artifact(Registry& registry, Reference reference, VerifyingKey key) {
  VerifiedArtifact verified;
  verified.digest = CO_TRY(co_await registry.manifest(reference)).digest;
  const Reference signatures = signatures_of(reference, verified.digest);
  const auto manifest = CO_TRY(co_await find_signatures(registry, signatures));
  if (!manifest)
    co_return fail(Errc::NotFound, "{} ({}) is not signed; sign it with 'wash sign'",
                   reference.text(), verified.digest);
  bool for_another = false;
  for (const Descriptor& layer : manifest->layers) {
    if (layer.media_type != kPayloadType || layer.size > kMaxPayload) continue;
    const Bytes payload = CO_TRY(co_await registry.blob(signatures, layer));
    if (!signature_fits(layer, payload.text(), key)) continue;
    Claim claim = claim_of(payload.text());
    if (claim.type != kClaim || claim.digest != verified.digest) {
      for_another = true;
      continue;
    }
    ++verified.signatures;
    verified.names.push_back(std::move(claim.name));
  }
  if (verified.signatures != 0) co_return std::move(verified);
  const size_t count = manifest->layers.size();
  co_return fail(Errc::Denied, "{} ({}) has {} signature{}, and none is by this key{}",
                 reference.text(), verified.digest, count, count == 1 ? "" : "s",
                 for_another ? " and for this artifact: one was taken from another" : "");
}

}  // namespace wasmcloud::oci
