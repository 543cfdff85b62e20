// An HTTP server of one's own, with a component in it: /status is answered here, all else by the
// guest.
//
//     embed_serve GUEST.wasm [PORT]

#include "base/signals.h"
#include "host/host.h"
#include "host/ingress.h"
#include "http/server.h"
#include "wasmcloud.h"

#include <fmt/core.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace {

using namespace wasmcloud;

/// One a loop; with several loops the counts would have to be added up.
class Routes final : public http::Handler {
 public:
  explicit Routes(host::Ingress& guest) : guest_(guest) {}

  Task<void> handle(http::Request& request, http::ResponseWriter& response) override {
    if (request.head.path_with_query != "/status") {
      ++requests_;
      return guest_.handle(request, response);
    }
    return status(response);
  }

 private:
  Task<void> status(http::ResponseWriter& response) {
    http::ResponseHead head;
    CO_TRY(head.headers.append("content-type", "text/plain"));
    co_return response.respond(
        head, Bytes(fmt::format("{} requests went to the component\n", requests_)));
  }

  host::Ingress& guest_;
  size_t requests_ = 0;
};

/// What the guest may use: nothing but to answer. Grants are members of `WorkloadConfig`.
host::WorkloadConfig config() {
  host::WorkloadConfig config;
  config.name = "guest";
  config.limits.memory_bytes = uint64_t{64} << 20;
  config.limits.request_timeout = std::chrono::seconds(10);
  return config;
}

Result<void> run(const char* path, uint16_t port) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::NotFound, "{} cannot be read", path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};

  // Before the loop, which what is left of the guest's instances needs to the end.
  const auto host = TRY(host::Host::create());
  Loop loop;
  host::Ingress guest(loop);
  guest.serve(TRY(host->load(std::as_bytes(std::span(bytes)), config())));
  Routes routes(guest);

  const auto server =
      TRY(http::Server::listen({.port = port}, {{.loop = &loop, .handler = &routes}}));
  fmt::print("listening on {}\n", server->address());
  std::fflush(stdout);
  bool stopping = false;
  const SignalWatch watch(loop, {SIGINT, SIGTERM}, [&](int) { stopping = true; });
  loop.run_until([&] { return stopping; });
  // What was accepted is answered.
  TRY(run_to_end(loop, server->drain(std::chrono::seconds(10))));
  return run_to_end(loop, guest.finish());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: embed_serve GUEST.wasm [PORT]\n");
    return 2;
  }
  const int port = argc == 3 ? std::atoi(argv[2]) : 0;
  if (const Result<void> done = run(argv[1], static_cast<uint16_t>(port)); !done) {
    fmt::print(stderr, "embed_serve: {}\n", done.error().message());
    return 1;
  }
  return 0;
}
