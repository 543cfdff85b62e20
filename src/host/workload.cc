#include "host/workload.h"

#include "component/component.h"
#include "component/prepared.h"
#include "engine/engine.h"
#include "engine/module.h"
#include "wasi/cli/command.h"
#include "wasi/http/incoming_handler.h"
#include "wasi/http/service.h"

#include <algorithm>

namespace wasmcloud::host {
namespace {

/// What the component does not export is null; what it exports with another type is an error.
template <class T>
Result<std::unique_ptr<const T>> find_if_there(const component::Prepared& prepared) {
  auto found = T::find(prepared);
  if (!found && found.error().code() == Errc::NotFound) return nullptr;
  return found;
}

/// As many requests as are allowed, and as fit into the instances that the engine's pool has room
/// for, with `each` in one.
uint32_t places_of(const component::Prepared& prepared, const Limits& limits, uint32_t each) {
  const uint32_t slots = prepared.component().engine()->options().slots;
  if (slots == 0) return limits.max_active_requests;
  const uint64_t instances = std::max(1U, slots / std::max(1U, prepared.memories()));
  return static_cast<uint32_t>(std::min<uint64_t>(limits.max_active_requests, instances * each));
}

/// What is the component's own of its environment.
void take_settings(wasi::Environment& environment, ComponentConfig& config) {
  environment.arguments = std::move(config.arguments);
  environment.variables = std::move(config.environment);
  for (auto& [name, secret] : config.secrets) {
    auto same = std::ranges::find(environment.variables, name,
                                  [](const auto& each) -> const auto& { return each.first; });
    if (same == environment.variables.end())
      same = environment.variables.insert(same, {name, std::string()});
    same->second = secret.reveal();
  }
  environment.network = std::move(config.network);
  environment.egress = std::move(config.egress);
}

/// What all components of a workload share.
Result<void> take_shared(wasi::Environment& environment, const WorkloadConfig& config) {
  environment.tls = config.tls;
  environment.quotas = config.limits.held;
  environment.input = config.input;
  environment.output = config.output;
  environment.errors = config.errors;
  for (const Mount& mount : config.mounts) {
    environment.preopens.push_back(
        {.directory = TRY(wasi::filesystem::open_preopen(mount.host_path, mount.access)),
         .guest_path = mount.guest_path});
  }
  return {};
}

/// Some of it may have been secret.
void wipe_variables(wasi::Environment& environment) {
  for (auto& [name, value] : environment.variables) wipe(value);
}

}  // namespace

Reuse reuse_in(const Reuse& shared, const ComponentReuse& component,
               std::span<const ComponentReuse> linked) {
  const auto least = [&]<class T>(std::optional<T> ComponentReuse::* member, T otherwise) {
    std::optional<T> out = component.*member;
    for (const ComponentReuse& each : linked) {
      if (each.*member) out = std::min(out.value_or(*(each.*member)), *(each.*member));
    }
    return out.value_or(otherwise);
  };
  Reuse out = shared;
  out.max_calls = least(&ComponentReuse::max_calls, shared.max_calls);
  out.max_calls_at_once = least(&ComponentReuse::max_calls_at_once, shared.max_calls_at_once);
  out.max_instances = least(&ComponentReuse::max_instances, shared.max_instances);
  out.idle_timeout = least(&ComponentReuse::idle_timeout, shared.idle_timeout);
  return out;
}

ComponentConfig own_part(const WorkloadConfig& config) {
  return {.name = config.name,
          .arguments = config.arguments,
          .environment = config.environment,
          .secrets = config.secrets,
          .network = config.network,
          .egress = config.egress,
          .config = config.config};
}

void set_own_part(WorkloadConfig& config, ComponentConfig own) {
  config.name = std::move(own.name);
  config.arguments = std::move(own.arguments);
  config.environment = std::move(own.environment);
  config.secrets = std::move(own.secrets);
  config.network = std::move(own.network);
  config.egress = std::move(own.egress);
  config.config = std::move(own.config);
}

wasmcloud::http::ClientOptions Workload::client_options() const {
  wasmcloud::http::ClientOptions options;
  options.quota = connections_.requests;
  options.quota_timeout = limits_.outgoing_connection_wait;
  options.tls = client_tls_;
  return options;
}

Workload::Workload() = default;
Workload::~Workload() {
  wipe_variables(environment_);
  for (const auto& linked : linked_environments_) wipe_variables(*linked);
}

Result<std::shared_ptr<const Workload>> Workload::create(
    std::shared_ptr<const component::Prepared> prepared, WorkloadConfig config,
    std::vector<std::shared_ptr<void>> bindings, std::shared_ptr<IdleInstances> idle,
    std::shared_ptr<wasmcloud::http::ClientTls> client_tls, std::vector<ComponentConfig> linked,
    Connections connections) {
  if (prepared->core_instances() > config.limits.core_instances) {
    return fail(Errc::Limit, "the component makes {} core instances; the workload's limit is {}",
                prepared->core_instances(), config.limits.core_instances);
  }
  std::shared_ptr<Workload> workload(new Workload());
  workload->name_ = std::move(config.name);
  workload->limits_ = config.limits;
  auto& most_memory = workload->limits_.reuse.max_memory_bytes;
  if (!most_memory) most_memory = config.limits.memory_bytes / 2;
  workload->idle_ = std::move(idle);
  workload->client_tls_ = std::move(client_tls);
  workload->connections_ = std::move(connections);
  if (workload->connections_.requests == nullptr) {
    workload->connections_.requests =
        std::make_shared<ConnectionQuota>(config.limits.outgoing_connections);
  }
  workload->bindings_ = std::move(bindings);
  ComponentConfig own = own_part(config);
  take_settings(workload->environment_, own);
  TRY(take_shared(workload->environment_, config));
  for (ComponentConfig& each : linked) {
    auto& environment =
        workload->linked_environments_.emplace_back(std::make_unique<wasi::Environment>());
    take_settings(*environment, each);
    TRY(take_shared(*environment, config));
  }
  workload->service_ = TRY(find_if_there<wasi::http::Service>(*prepared));
  workload->http_handler_ = TRY(find_if_there<wasi::http::IncomingHandler>(*prepared));
  workload->command_ = TRY(find_if_there<wasi::cli::Command>(*prepared));
  const uint32_t each =
      workload->service_ == nullptr ? 1 : std::max(1U, config.limits.reuse.max_calls_at_once);
  workload->admission_ =
      std::make_unique<Admission>(workload->name_, places_of(*prepared, config.limits, each),
                                  config.limits.max_queued_requests);
  workload->has_start_functions_ =
      std::ranges::any_of(prepared->components(), [](const component::Component* component) {
        return std::ranges::any_of(component->modules(),
                                   [](const auto& module) { return module->has_start(); });
      });
  workload->prepared_ = std::move(prepared);
  return workload;
}

}  // namespace wasmcloud::host
