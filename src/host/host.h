#pragma once

#include "base/blocking_threads.h"
#include "base/error.h"
#include "base/loop.h"
#include "component/linker.h"
#include "component/validator.h"
#include "engine/engine.h"
#include "host/assembly.h"
#include "host/plugin.h"
#include "host/workload.h"
#include "http/client_tls.h"

#include <cstddef>
#include <future>
#include <memory>
#include <span>
#include <string>

namespace wasmcloud::engine {
class CodeCache;
}
namespace wasmcloud::component {
class Component;
}

namespace wasmcloud::host {

struct HostOptions {
  engine::EngineOptions engine;
  /// Whom guests' own requests believe over https, and guests that speak TLS by wasi:tls. With
  /// anything but the system's roots, the files are read at once.
  http::TlsClientConfig client_tls{};
  /// What components may use beside what is shipped; see `enable_proposal`.
  component::Features features{};
  /// Of all workloads; 0: `default_max_connections()`.
  size_t max_connections = 0;
  /// Where compiled code is kept from one start to the next; empty: nowhere.
  std::string cache_folder;
};

/// Switches a proposal on by its name, such as "component-model-threading", "gc". What is always on
/// is known, too. Errors: Errc::Invalid for other names, with those there are.
Result<void> enable_proposal(std::string_view name, HostOptions& options);

/// What all workloads of a process share: the engine, the cache of compiled code, and what guests
/// may import. WASI is there from the start; an embedder adds interfaces of its own to `linker()`
/// before it loads the first workload.
///
/// Thread: any, but `linker()` only before the first `load`. Outlives all workloads.
class Host {
 public:
  /// The engine is made beside the caller. A cache that cannot be used is logged, and costs
  /// compilations. Errors: those of http::TlsContext::create.
  static Result<std::unique_ptr<Host>> create(const HostOptions& options = {});
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  component::Linker& linker() { return linker_; }
  /// Before the first `load`. Errors: Errc::Exists if there is one of its id.
  Result<void> add_plugin(std::unique_ptr<Plugin> plugin);
  /// Waits for it; what loads components does so, too. Errors: those of engine::Engine::create.
  Result<std::shared_ptr<engine::Engine>> engine() const;

  /// Decodes, validates, compiles and links a component. Takes long: never on a loop
  /// (`load_beside`). Errors: Malformed, Invalid or Unsupported components; NotFound for imports
  /// that nobody offers, Denied for those that `config` does not grant; NotFound for directories
  /// to mount; Usage for a configuration that cannot be.
  Result<std::shared_ptr<const Workload>> load(std::span<const std::byte> bytes,
                                               WorkloadConfig config) const;
  /// The same for several components at once. Errors: besides, Errc::Invalid where they do not fit
  /// together, or the service is none.
  Result<Assembled> assemble(const Assembly& assembly) const;
  /// The same from a loop, on threads that do nothing else: no file waits behind a compilation.
  /// Waits for its end even if it is cancelled.
  Task<std::shared_ptr<const Workload>> load_beside(Loop& loop, std::span<const std::byte> bytes,
                                                    WorkloadConfig config) const;
  Task<Assembled> assemble_beside(Loop& loop, const Assembly& assembly) const;

 private:
  Host();
  Result<std::shared_ptr<const component::Component>> compile(
      std::span<const std::byte> bytes) const;
  Connections connections_of(const WorkloadConfig& workload) const;

  std::shared_future<Result<std::shared_ptr<engine::Engine>>> engine_;
  component::Features features_;
  std::unique_ptr<engine::CodeCache> cache_;
  std::shared_ptr<http::ClientTls> client_tls_;
  std::shared_ptr<ConnectionQuota> connections_;  // shared by all workloads
  std::shared_ptr<IdleInstances> idle_instances_ = std::make_shared<IdleInstances>();
  std::shared_ptr<const wasi::tls::Provider> tls_;
  component::Linker linker_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
  // The last member: what still runs there uses the others.
  mutable BlockingThreads loaders_;
};

}  // namespace wasmcloud::host
