#include "host/host.h"

#include "base/log.h"
#include "component/component.h"
#include "component/proposals.h"
#include "engine/code_cache.h"
#include "host/detail/bind_plugins.h"
#include "host/detail/tls_plugin.h"
#include "wasi/context.h"
#include "wasi/tls/provider.h"

#include <algorithm>
#include <array>
#include <thread>

namespace wasmcloud::host {

namespace {

/// The engine sees to it that fewer than there are cores compile; another may check and link.
size_t load_threads() {
  return std::max(std::thread::hardware_concurrency(), 2U);  // NOLINT(ban): starts none
}

}  // namespace

Result<void> enable_proposal(std::string_view name, HostOptions& options) {
  if (name == "gc") {
    options.engine.proposals.gc = true;
    return {};
  }
  if (name == "wide-arithmetic") {
    options.engine.proposals.wide_arithmetic = true;
    return {};
  }
  constexpr std::array<std::string_view, 3> kAlwaysOn = {"exception-handling", "tail-call",
                                                         "threads"};
  if (std::ranges::find(kAlwaysOn, name) != kAlwaysOn.end()) return {};
  std::string known = "gc, wide-arithmetic";
  for (const auto& [each, feature] : component::proposals()) {
    if (each == name) {
      options.features.*feature = true;
      // What wasmCloud has under one name.
      if (feature == &component::Features::async) {
        options.features.more_async_builtins = options.features.async_stackful = true;
      }
      return {};
    }
    known.append(", ").append(each);
  }
  for (const std::string_view each : kAlwaysOn) known.append(", ").append(each);
  return fail(Errc::Invalid, "'{}' is no proposal; there are {}", name, known);
}

Host::Host() : loaders_(load_threads()) {}
Host::~Host() = default;

Result<std::unique_ptr<Host>> Host::create(const HostOptions& options) {
  std::unique_ptr<Host> host(new Host());
  // Making the engine's pool takes as long as reading and checking a small component.
  auto making = std::make_shared<std::promise<Result<std::shared_ptr<engine::Engine>>>>();
  host->engine_ = making->get_future().share();
  host->loaders_.post([making = std::move(making), engine = options.engine] {
    making->set_value(engine::Engine::create(engine));
  });
  host->features_ = options.features;
  host->client_tls_ = std::make_shared<http::ClientTls>(options.client_tls);
  const bool of_system = options.client_tls.roots == http::TlsClientConfig::Roots::System &&
                         options.client_tls.ca_paths.empty();
  if (!of_system) TRY(host->client_tls_->make());
  if (!options.cache_folder.empty()) {
    auto cache = engine::CodeCache::open({.folder = options.cache_folder});
    if (cache) {
      host->cache_ = std::move(*cache);
    } else {
      log::warn("compiled code is not kept: {}", cache.error().message());
    }
  }
  host->connections_ = std::make_shared<ConnectionQuota>(
      options.max_connections != 0 ? options.max_connections : default_max_connections(),
      "connections of all workloads");
  host->tls_ = wasi::tls::make_provider(host->client_tls_);
  wasi::add_to_linker(host->linker_);
  TRY(host->add_plugin(detail::make_tls_plugin()));
  return host;
}

Result<std::shared_ptr<engine::Engine>> Host::engine() const {
  const auto& made = engine_.get();
  if (!made) return fail(made.error().copy());
  return *made;
}

Result<void> Host::add_plugin(std::unique_ptr<Plugin> plugin) {
  for (const auto& other : plugins_) {
    if (other->id() == plugin->id())
      return fail(Errc::Exists, "duplicate plugin id '{}'; plugin ids must be unique",
                  plugin->id());
  }
  plugins_.push_back(std::move(plugin));
  return {};
}

Connections Host::connections_of(const WorkloadConfig& workload) const {
  const auto quota = [&](uint32_t limit, std::string_view what) {
    return std::make_shared<ConnectionQuota>(limit, fmt::format("{} of {}", what, workload.name),
                                             connections_);
  };
  const Limits& limits = workload.limits;
  return {.requests = quota(limits.outgoing_connections, "outgoing HTTP connections"),
          .outbound = quota(limits.outbound_sockets, "outbound socket connections"),
          .inbound = quota(limits.inbound_sockets, "inbound socket connections")};
}

Result<std::shared_ptr<const component::Component>> Host::compile(
    std::span<const std::byte> bytes) const {
  component::CheckedComponent checked = TRY(component::Component::check(bytes, features_));
  component::LoadOptions options;
  options.cache = cache_.get();
  options.helpers = loaders_.count() - 1;
  options.run_beside = [this](std::move_only_function<void()> work) {
    loaders_.post(std::move(work));
  };
  return component::Component::compile(TRY(engine()), std::move(checked), options);
}

Result<std::shared_ptr<const Workload>> Host::load(std::span<const std::byte> bytes,
                                                   WorkloadConfig config) const {
  auto component = TRY(compile(bytes));
  component::Linker granted;
  if (config.tls == nullptr) config.tls = tls_;
  Connections connections = connections_of(config);
  config.network.outbound = connections.outbound;
  config.network.inbound = connections.inbound;
  const ComponentConfig own = own_part(config);
  const detail::BoundComponent bound{
      .component = component.get(), .config = &own, .linker = &granted};
  auto bindings = TRY(detail::bind_plugins(plugins_, {&bound, 1}, config));
  auto prepared = TRY(linker_.prepare(std::move(component), {.more = &granted}));
  return Workload::create(std::move(prepared), std::move(config), std::move(bindings),
                          idle_instances_, client_tls_, {}, std::move(connections));
}

Task<Assembled> Host::assemble_beside(Loop& loop, const Assembly& assembly) const {
  co_return CO_TRY(co_await loop.offload([&] { return assemble(assembly); }, &loaders_));
}

Task<std::shared_ptr<const Workload>> Host::load_beside(Loop& loop,
                                                        std::span<const std::byte> bytes,
                                                        WorkloadConfig config) const {
  co_return CO_TRY(
      co_await loop.offload([&] { return load(bytes, std::move(config)); }, &loaders_));
}

}  // namespace wasmcloud::host
