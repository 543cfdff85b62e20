// Our HTTP server without any guest: the limit of what a host on it can reach.
// native_hello [ADDRESS:PORT [LOOPS [CERTIFICATE KEY]]]: answers until SIGTERM or SIGINT; a loop
// per core unless stated, TLS with a certificate.
#include "base/loop_threads.h"
#include "http/server.h"

#include <fmt/core.h>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace wasmcloud {
namespace {

struct Hello final : http::Handler {
  Hello() { head.headers.append_valid("content-type", "text/plain"); }
  Task<void> handle(http::Request& request, http::ResponseWriter& response) override {
    if (request.head.method.kind() == http::Method::Kind::Post) return echo(request, response);
    return hello(response);
  }
  Task<void> hello(http::ResponseWriter& response) {
    co_return response.respond(head, Bytes::from_static("Hello from native code\n"));
  }
  static Task<void> echo(http::Request& request, http::ResponseWriter& response) {
    CO_TRY(response.send_head({.status = 200, .headers = {}}));
    while (auto bytes = CO_TRY(co_await request.body().read(SIZE_MAX))) {
      CO_TRY(co_await response.body().write_all(*bytes));
    }
    co_return response.body().finish();
  }
  http::ResponseHead head;
};

int serve(const http::ServerOptions& options, size_t loops) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Before the loops' threads exist, so that they block them too.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  LoopThreads threads(loops);
  Hello hello;
  std::vector<http::Server::Worker> workers;
  for (size_t i = 0; i < loops; ++i) workers.push_back({.loop = &threads[i], .handler = &hello});
  std::unique_ptr<http::Server> server;
  auto started =
      threads.run_on(0,
                     [](std::unique_ptr<http::Server>* out, const http::ServerOptions* on,
                        const std::vector<http::Server::Worker>* with) -> Task<void> {
                       *out = CO_TRY(http::Server::listen(*on, *with));
                       co_return Result<void>();
                     }(&server, &options, &workers));
  if (!started) {
    fmt::print(stderr, "{}\n", started.error().message());
    return 1;
  }
  fmt::print("listening on {}\n", server->address());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  static_cast<void>(threads.run_on(0, server->drain(std::chrono::seconds(1))));
  return 0;
}

}  // namespace
}  // namespace wasmcloud

int main(int argc, char** argv) {
  wasmcloud::http::ServerOptions options;
  if (argc > 1) {
    const std::string_view address = argv[1];
    const size_t colon = address.rfind(':');
    if (colon == std::string_view::npos) {
      fmt::print(stderr, "usage: native_hello [ADDRESS:PORT [LOOPS [CERTIFICATE KEY]]]\n");
      return 2;
    }
    options.address = address.substr(0, colon);
    options.port = static_cast<uint16_t>(std::atoi(argv[1] + colon + 1));
  }
  if (argc > 4) {
    auto tls = wasmcloud::http::TlsContext::create(wasmcloud::http::TlsServerConfig{
        .certificate_path = argv[3], .key_path = argv[4], .client_ca_path = {}});
    if (!tls) {
      fmt::print(stderr, "{}\n", tls.error().message());
      return 1;
    }
    options.tls = std::move(*tls);
  }
  const long cores = ::sysconf(_SC_NPROCESSORS_ONLN);
  const long loops = argc > 2 ? std::atol(argv[2]) : cores;
  return wasmcloud::serve(options, static_cast<size_t>(loops < 1 ? 1 : loops));
}
