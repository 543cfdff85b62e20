#pragma once

#include "base/loop.h"
#include "base/secret.h"
#include "host/admission.h"
#include "host/connections.h"
#include "host/idle_instances.h"
#include "host/plugin.h"
#include "http/client.h"
#include "wasi/environment.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::component {
class Prepared;
}
namespace wasmcloud::wasi::cli {
class Command;
}
namespace wasmcloud::wasi::http {
class IncomingHandler;
class Service;
}  // namespace wasmcloud::wasi::http

namespace wasmcloud::host {

/// How instances that answer requests are reused.
struct Reuse {
  uint32_t max_calls = 128;         ///< of WASI 0.3; then an instance is retired
  uint32_t max_calls_at_once = 16;  ///< of WASI 0.3, in one instance; more make another
  /// Of WASI 0.2, one after another; 1: each request has a fresh instance. What a component must
  /// bear to be reused is in docs/serving.md.
  uint32_t max_calls_0_2 = 1;
  /// Kept for later calls, on all loops; more are made where requests need them, and end with the
  /// request. 0: any.
  uint32_t max_instances = 0;
  /// The highest: an idle one is kept for good, unless another loop has none of `max_instances`.
  Clock::duration idle_timeout = std::chrono::seconds(1);
  /// An instance whose memory grew beyond is retired. None: half of `Limits::memory_bytes`.
  std::optional<uint64_t> max_memory_bytes{};
};

/// What one component of a workload says of it; what it leaves open is as the workload has it.
struct ComponentReuse {
  std::optional<uint32_t> max_calls{};
  std::optional<uint32_t> max_calls_at_once{};
  std::optional<uint32_t> max_instances{};
  std::optional<Clock::duration> idle_timeout{};

  bool operator==(const ComponentReuse&) const = default;
};

/// `shared` with the least of what `component` and those it is linked to say in place of it: they
/// are in one instance.
Reuse reuse_in(const Reuse& shared, const ComponentReuse& component,
               std::span<const ComponentReuse> linked);

/// What a workload may use. Who goes beyond is told which limit it was, and its value.
struct Limits {
  // One instance: a component with all components in it. What it holds of the host beside these is
  // in `held`.
  uint64_t memory_bytes = uint64_t{256} << 20;  ///< of all its linear memories
  uint64_t table_elements = 1'000'000;          ///< of all its tables
  uint32_t core_instances = 1'000;              ///< told when the component is loaded
  uint32_t handles = 100'000;                   ///< open in one component: streams, files, fields
  uint32_t tasks = 10'000;                      ///< calls of its async functions that go on
  wasi::Quotas held{};
  Reuse reuse{};

  // Connections of all components, on all loops: see `Connections`. Requests wait for theirs, the
  // others are refused at once: with the guest's error `out-of-memory`, and those that come by a
  // reset.
  uint32_t outgoing_connections = 128;
  Clock::duration outgoing_connection_wait = std::chrono::seconds(5);  ///< then the request fails
  uint32_t outbound_sockets = 256;
  uint32_t inbound_sockets = 256;
  /// From a request's head to the end of its handler.
  Clock::duration request_timeout = std::chrono::seconds(600);
  /// CPU time that a guest may use for one request, on behind its answer; 0: any. What it computes
  /// is found by ticks of the engine (`engine::EngineOptions::tick`), so that short runs count on
  /// average. Who uses more ends its instance, with Errc::Limit.
  Clock::duration request_cpu_time = std::chrono::seconds(60);
  /// The same for a command.
  Clock::duration command_cpu_time{};
  /// Requests that run at once, on all loops; never more than the engine's pool has room for.
  uint32_t max_active_requests = 10'000;
  /// Requests that wait while that many run. More are answered 503.
  uint32_t max_queued_requests = 1'000;
  /// How long a request waits for its turn, then it is answered 503.
  Clock::duration queue_timeout = std::chrono::seconds(30);
};

/// A directory of this machine that guests see.
struct Mount {
  std::string host_path;
  std::string guest_path;
  wasi::filesystem::Access access = wasi::filesystem::Access::read_write();
};

/// Which interfaces beside WASI a workload gets.
enum class Grants : uint8_t {
  Listed,  ///< those that its `interfaces` name
  /// Besides, what the component imports under the interface's own name; no drafts.
  Imported,
};

/// What one component of a workload runs with. Nothing of the process is passed on unless it is
/// said here.
struct ComponentConfig {
  std::string name = "component";  ///< in the log
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};
  /// Environment variables, over `environment`, that must not get out by other ways.
  std::vector<std::pair<std::string, SharedSecret>> secrets{};
  wasi::sockets::NetworkPolicy network{};
  wasi::http::EgressPolicy egress{};
  ComponentReuse reuse{};
  /// For the interface wasi:config; its grant's settings are beneath, the environment above.
  std::vector<std::pair<std::string, std::string>> config{};
};

/// What a component runs with, and what it shares with those that it is linked to. The first
/// members are those of `ComponentConfig`, here too so that all can be named at once; what these
/// say of its reuse is `limits.reuse`.
struct WorkloadConfig {
  std::string name = "component";
  std::vector<std::string> arguments{};
  std::vector<std::pair<std::string, std::string>> environment{};
  std::vector<std::pair<std::string, SharedSecret>> secrets{};
  std::vector<Mount> mounts{};
  wasi::sockets::NetworkPolicy network{};
  wasi::http::EgressPolicy egress{};
  std::shared_ptr<wasi::cli::Input> input = wasi::cli::no_input();
  std::shared_ptr<wasi::cli::Output> output = wasi::cli::no_output();
  std::shared_ptr<wasi::cli::Output> errors = wasi::cli::no_output();
  Limits limits{};
  std::vector<std::pair<std::string, std::string>> config{};
  std::vector<InterfaceGrant> interfaces{};
  Grants grants = Grants::Listed;
  /// Who speaks TLS for its guests, where `interfaces` name wasi:tls; null: OpenSSL, which trusts
  /// whom `HostOptions::client_tls` says. See wasi/tls/provider.h.
  std::shared_ptr<const wasi::tls::Provider> tls{};
};

/// What of it is the component's own, and the other way.
ComponentConfig own_part(const WorkloadConfig& config);
void set_own_part(WorkloadConfig& config, ComponentConfig own);

/// A component that is compiled, and linked to the host and to other components, with all that its
/// instances share.
///
/// Thread: any; immutable but for its admission and the count of its instances, shared by all
/// loops.
class Workload {
 public:
  /// `linked` is what the others of `prepared->parts()` run with. Errors: as `Host::load`.
  static Result<std::shared_ptr<const Workload>> create(
      std::shared_ptr<const component::Prepared> prepared, WorkloadConfig config,
      std::vector<std::shared_ptr<void>> bindings = {},
      std::shared_ptr<IdleInstances> idle = std::make_shared<IdleInstances>(),
      std::shared_ptr<wasmcloud::http::ClientTls> client_tls =
          wasmcloud::http::ClientTls::of_system(),
      std::vector<ComponentConfig> linked = {}, Connections connections = {});
  ~Workload();
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;

  const std::string& name() const { return name_; }
  const Limits& limits() const { return limits_; }
  const wasi::Environment& environment() const { return environment_; }
  /// Of the other components in it, in the order of `prepared().parts()`.
  const std::vector<std::unique_ptr<wasi::Environment>>& linked_environments() const {
    return linked_environments_;
  }
  const component::Prepared& prepared() const { return *prepared_; }
  /// For a client of its guests on one loop.
  wasmcloud::http::ClientOptions client_options() const;
  /// Who runs now and who waits, on all loops. Thread: any.
  Admission& admission() const { return *admission_; }
  /// Who keeps instances that take room. Thread: any.
  IdleInstances& idle_instances() const { return *idle_; }
  /// How many instances are kept for later calls now. Thread: any.
  std::atomic<uint32_t>& kept_instances() const { return kept_instances_; }

  /// Somewhere one could not be kept, since that many are. Thread: any.
  std::atomic<bool>& lacks_instances() const { return lacks_instances_; }

  /// Whether making an instance runs code of the guest.
  bool has_start_functions() const { return has_start_functions_; }

  /// Whether it answers HTTP requests, in either generation of WASI.
  bool is_http() const { return service_ != nullptr || http_handler_ != nullptr; }
  /// Whether its instances answer more than one request.
  bool is_reused() const { return service_ != nullptr || limits_.reuse.max_calls_0_2 > 1; }
  /// The export wasi:http/handler (0.3); null if there is none.
  const wasi::http::Service* service() const { return service_.get(); }
  /// The export wasi:http/incoming-handler (0.2); null if there is none.
  const wasi::http::IncomingHandler* http_handler() const { return http_handler_.get(); }
  /// The export wasi:cli/run; null if there is none.
  const wasi::cli::Command* command() const { return command_.get(); }

 private:
  Workload();

  std::string name_;
  Limits limits_;
  bool has_start_functions_ = false;
  wasi::Environment environment_;
  std::vector<std::unique_ptr<wasi::Environment>> linked_environments_;
  std::vector<std::shared_ptr<void>> bindings_;          // of plugins, shared by all loops
  std::shared_ptr<const component::Prepared> prepared_;  // shared by all loops
  std::unique_ptr<Admission> admission_;
  std::shared_ptr<IdleInstances> idle_;  // shared by all workloads and loops
  mutable std::atomic<uint32_t> kept_instances_ = 0;
  mutable std::atomic<bool> lacks_instances_ = false;
  Connections connections_;
  std::shared_ptr<wasmcloud::http::ClientTls> client_tls_;
  std::unique_ptr<const wasi::http::Service> service_;
  std::unique_ptr<const wasi::http::IncomingHandler> http_handler_;
  std::unique_ptr<const wasi::cli::Command> command_;
};

}  // namespace wasmcloud::host
