// One process with many tenants: COUNT components, each different from the others, so that nothing
// of their code is shared. `/N` is answered by component N. Prints its address once all are loaded.
//
//     many_components ADDRESS:PORT COUNT COMPONENT.wasm
#include "base/loop_threads.h"
#include "host/host.h"
#include "host/ingress.h"
#include "http/server.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

namespace wasmcloud {
namespace {

using Workloads = std::vector<std::shared_ptr<const host::Workload>>;

/// The component with an empty custom section named by `number` behind it.
std::string distinct(std::string component, size_t number) {
  const std::string name = fmt::format("tenant-{:04}", number);
  component += '\0';
  component += static_cast<char>(name.size() + 1);
  component += static_cast<char>(name.size());
  return component + name;
}

Result<Workloads> load(const host::Host& host, const std::string& component, size_t count) {
  Workloads workloads;
  for (size_t i = 0; i < count; ++i) {
    const std::string bytes = distinct(component, i);
    workloads.push_back(TRY(host.load(std::as_bytes(std::span(bytes)), {})));
  }
  return workloads;
}

/// The tenants on one loop.
class Router final : public http::Handler {
 public:
  Router(Loop& loop, const Workloads& workloads) {
    for (const auto& workload : workloads)
      tenants_.emplace_back(std::make_unique<host::Ingress>(loop))->serve(workload);
  }
  Task<void> handle(http::Request& request, http::ResponseWriter& response) override {
    const std::string_view path = request.head.path_with_query;
    size_t number = 0;
    if (!path.empty()) std::from_chars(path.data() + 1, path.data() + path.size(), number);
    return tenants_[number % tenants_.size()]->handle(request, response);
  }

 private:
  std::vector<std::unique_ptr<host::Ingress>> tenants_;
};

Result<void> serve(const http::ServerOptions& options, size_t count, const std::string& component) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Before the loops' threads exist, so that they block them too.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto host = TRY(host::Host::create());
  LoopThreads threads(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::unique_ptr<Router>> routers;
  {
    const Workloads workloads = TRY(load(*host, component, count));
    for (size_t i = 0; i < threads.size(); ++i)
      routers.push_back(std::make_unique<Router>(threads[i], workloads));
  }
  std::vector<http::Server::Worker> workers;
  for (size_t i = 0; i < threads.size(); ++i)
    workers.push_back({.loop = &threads[i], .handler = routers[i].get()});
  std::unique_ptr<http::Server> server;
  TRY(threads.run_on(0,
                     [](std::unique_ptr<http::Server>* out, const http::ServerOptions* on,
                        const std::vector<http::Server::Worker>* with) -> Task<void> {
                       *out = CO_TRY(http::Server::listen(*on, *with));
                       co_return Result<void>();
                     }(&server, &options, &workers)));
  fmt::print("listening on {}\n", server->address());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return threads.run_on(0, server->drain(std::chrono::seconds(1)));
}

}  // namespace
}  // namespace wasmcloud

int main(int argc, char** argv) {
  const std::string_view address = argc == 4 ? argv[1] : "";
  const size_t colon = address.rfind(':');
  const long count = argc == 4 ? std::atol(argv[2]) : 0;
  if (colon == std::string_view::npos || count < 1) {
    fmt::print(stderr, "usage: many_components ADDRESS:PORT COUNT COMPONENT.wasm\n");
    return 2;
  }
  std::ifstream in(argv[3], std::ios::binary);
  const std::string component{std::istreambuf_iterator<char>(in), {}};
  const auto served =
      wasmcloud::serve({.address = std::string(address.substr(0, colon)),
                        .port = static_cast<uint16_t>(std::atoi(address.data() + colon + 1))},
                       static_cast<size_t>(count), component);
  if (served) return 0;
  fmt::print(stderr, "{}\n", served.error().message());
  return 1;
}
