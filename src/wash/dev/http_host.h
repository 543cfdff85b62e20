#pragma once

#include "base/loop_threads.h"
#include "host/host.h"
#include "host/ingress.h"
#include "host/workload.h"
#include "http/server.h"
#include "http/tls_renewal.h"
#include "wash/address.h"
#include "wash/dev/component_host.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wasmcloud::wash {

struct HttpHostOptions {
  Address address;
  /// Given: serves HTTPS, and takes what its files hold when they change.
  std::optional<http::TlsServerConfig> tls;
  host::HostOptions host;
  /// What every component gets, but for its name and environment.
  host::WorkloadConfig workload;
  /// One for each request that ended, or null. Thread: any of the host's loops.
  std::function<void(const host::RequestRecord&)> on_request;
  /// Loops; 0: as many as there are processors.
  size_t loops = 0;
};

/// The project's own host behind one HTTP server, a loop a processor.
///
/// Listens from the first component on, so that nobody gets an answer before there is one.
/// Thread: the loop it is made with, which is the first that serves.
class HttpHost final : public ComponentHost {
 public:
  /// Errors: as host::Host::create and http::TlsRenewal::create; Errc::Exists if the address is
  /// taken, with what to do.
  static Result<std::unique_ptr<HttpHost>> create(Loop& loop, HttpHostOptions options);
  ~HttpHost() override;

  Task<void> swap(DevWorkload workload) override;
  std::string url() const override;
  Task<void> stop(Clock::duration limit) override;

 private:
  HttpHost(Loop& loop, HttpHostOptions options, std::unique_ptr<host::Host> host);
  host::Assembly assembly_of(const DevWorkload& workload) const;
  Task<void> listen();
  void follow_certificates();
  /// Ends the service before, and starts this one; null: none.
  Task<void> start_service(std::shared_ptr<const host::Workload> service);
  static Task<void> run_service(Loop* loop, std::shared_ptr<const host::Workload> service);
  Task<void> serve(std::shared_ptr<const host::Workload> workload);
  /// Runs `work` for each loop's ingress, on that loop, and waits for all.
  Task<void> on_each_loop(std::function<Task<void>(host::Ingress&)> work);

  Loop& loop_;
  HttpHostOptions options_;
  std::unique_ptr<host::Host> host_;
  // Workers outlive the server, ingresses the threads that call them.
  std::vector<std::unique_ptr<host::Ingress>> ingresses_;
  LoopThreads threads_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::TlsRenewal> certificates_;  ///< null without TLS
  bool serves_http_ = false;
  host::PublishedPorts ports_;
  TaskGroup service_;  ///< of one task, while there is a service
};

/// An error that says so if nobody could listen there now; a port that is free now may be taken
/// later.
Result<void> check_free(const Address& address);

}  // namespace wasmcloud::wash
