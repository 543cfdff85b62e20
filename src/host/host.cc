#include "host/host.h"

#include "base/log.h"
#include "component/component.h"
#include "engine/code_cache.h"
#include "wasi/context.h"

namespace wasmcloud::host {

Host::~Host() = default;

Result<std::unique_ptr<Host>> Host::create(const HostOptions& options) {
  std::unique_ptr<Host> host(new Host());
  host->engine_ = TRY(engine::Engine::create(options.engine));
  if (!options.cache_folder.empty()) {
    auto cache = engine::CodeCache::open({.folder = options.cache_folder});
    if (cache) {
      host->cache_ = std::move(*cache);
    } else {
      log::warn("compiled code is not kept: {}", cache.error().message());
    }
  }
  wasi::add_to_linker(host->linker_);
  return host;
}

Result<std::shared_ptr<const Workload>> Host::load(std::span<const std::byte> bytes,
                                                   WorkloadConfig config) const {
  auto component = TRY(component::Component::load(
      engine_, bytes, component::LoadOptions{.features = {}, .cache = cache_.get()}));
  return Workload::create(TRY(linker_.prepare(std::move(component))), std::move(config));
}

}  // namespace wasmcloud::host
