#include "oci/pull.h"

#include "base/log.h"
#include "base/text.h"

namespace wasmcloud::oci {
namespace {

Task<std::optional<CachedComponent>> find_cached(Loop& loop, const Cache* cache,
                                                 const Reference& reference) {
  if (cache == nullptr) co_return std::optional<CachedComponent>();
  co_return co_await loop.offload(
      [&] { return Result<std::optional<CachedComponent>>(cache->find(reference)); });
}

Result<Descriptor> component_layer(const Manifest& manifest, const Reference& reference) {
  if (manifest.layers.empty())
    return fail(Errc::Unsupported, "{} has no layers, so it is no component", reference.text());
  const Descriptor& layer = manifest.layers.front();
  if (layer.media_type == kWasmLayerType || layer.media_type == kLegacyWasmLayerType) return layer;
  return fail(Errc::Unsupported,
              "{} is no WebAssembly component: its first layer is of type '{}', and should be '{}'",
              reference.text(), layer.media_type, kWasmLayerType);
}

Result<PulledComponent> pulled_of(CachedComponent cached, const Reference& reference, bool kept) {
  Manifest manifest = TRY(parse_manifest(cached.manifest));
  const Descriptor layer = TRY(component_layer(manifest, reference));
  return PulledComponent{.component = std::move(cached.component),
                         .digest = std::move(cached.digest),
                         .media_type = layer.media_type,
                         .annotations = std::move(manifest.annotations),
                         .from_cache = kept};
}

}  // namespace

Result<PullPolicy> parse_pull_policy(std::string_view text) {
  const std::string lower = to_lower(text);
  if (lower == "always") return PullPolicy::Always;
  if (lower == "ifnotpresent") return PullPolicy::IfNotPresent;
  if (lower == "never") return PullPolicy::Never;
  return fail(Errc::Invalid, "'{}' is no pull policy; expected always, ifNotPresent or never",
              text);
}

Task<PulledComponent> pull_component(Registry& registry, const Cache* cache, Reference reference,
                                     PullPolicy policy, Progress progress) {
  Loop& loop = registry.loop();
  auto cached = CO_TRY(co_await find_cached(loop, cache, reference));
  if (cached && policy != PullPolicy::Always)
    co_return pulled_of(std::move(*cached), reference, true);
  if (policy == PullPolicy::Never)
    co_return fail(Errc::NotFound,
                   "{} is not in the cache, and the pull policy is never; pull it once, or allow "
                   "ifNotPresent",
                   reference.text());
  StoredManifest stored = CO_TRY(co_await registry.manifest(reference));
  if (cached && cached->digest == stored.digest)
    co_return pulled_of(std::move(*cached), reference, true);
  Result<Manifest> manifest = parse_manifest(stored.bytes);
  if (!manifest) co_return fail(std::move(manifest).error().within(reference.text()));
  const Descriptor layer = CO_TRY(component_layer(*manifest, reference));
  CachedComponent fresh{
      .component = CO_TRY(co_await registry.blob(reference, layer, std::move(progress))),
      .manifest = std::move(stored.bytes),
      .digest = std::move(stored.digest)};
  if (cache != nullptr) {
    const Result<void> kept = co_await loop.offload([&] { return cache->store(reference, fresh); });
    if (!kept) log::warn("{} is not kept for later: {}", reference.text(), kept.error().message());
  }
  co_return pulled_of(std::move(fresh), reference, false);
}

}  // namespace wasmcloud::oci
