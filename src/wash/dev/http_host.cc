#include "wash/dev/http_host.h"

#include "base/log.h"
#include "base/start_now.h"
#include "base/text.h"
#include "host/command.h"
#include "http/listener.h"
#include "plugins/plugins.h"
#include "wash/build/wasm_file.h"

#include <cerrno>
#include <filesystem>
#include <thread>

namespace wasmcloud::wash {
namespace {

std::unexpected<Error> cannot_listen(const Address& address, int number) {
  if (number == EADDRINUSE) {
    return fail(
        Errc::Exists,
        "the address {} is taken by another program; stop that one, or listen elsewhere with "
        "--address {}",
        address.text(),
        Address{address.ip, static_cast<uint16_t>(address.port + 1), address.is_ipv6}.text());
  }
  if (number == EADDRNOTAVAIL) {
    return fail(Errc::NotFound,
                "no interface of this machine has the address {}; 0.0.0.0 stands for all of them",
                address.ip);
  }
  if (number == EACCES) {
    return fail(Errc::Denied,
                "this user may not listen on port {}; take one from 1024 on, such as --address {}",
                address.port, Address{address.ip, 8000, address.is_ipv6}.text());
  }
  return fail_errno(number, "listening on " + address.text());
}

size_t loops_of(const HttpHostOptions& options) {
  return options.loops != 0 ? options.loops : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

Result<void> check_free(const Address& address) {
  // Not listening: a client that came now would be accepted, and cut off.
  const auto bound = http::bind_listener(address.ip, address.port);
  if (!bound) return cannot_listen(address, bound.error().number());
  return {};
}

Result<std::unique_ptr<HttpHost>> HttpHost::create(Loop& loop, HttpHostOptions options) {
  std::unique_ptr<http::TlsRenewal> certificates;
  if (options.tls) certificates = TRY(http::TlsRenewal::create(loop, *options.tls));
  TRY(check_free(options.address));
  auto host = TRY(host::Host::create(options.host));
  TRY(plugins::add_all(*host));
  std::unique_ptr<HttpHost> made(new HttpHost(loop, std::move(options), std::move(host)));
  made->certificates_ = std::move(certificates);
  return made;
}

HttpHost::HttpHost(Loop& loop, HttpHostOptions options, std::unique_ptr<host::Host> host)
    : loop_(loop),
      options_(std::move(options)),
      host_(std::move(host)),
      threads_(loops_of(options_) - 1),
      ports_(loop, options_.address.ip),
      service_(loop) {
  for (size_t i = 0; i <= threads_.size(); ++i) {
    host::RequestHook hook;
    if (options_.on_request)
      hook = [this](const host::RequestRecord& record) { options_.on_request(record); };
    ingresses_.push_back(
        std::make_unique<host::Ingress>(i == 0 ? loop_ : threads_[i - 1], std::move(hook)));
  }
}

HttpHost::~HttpHost() = default;

namespace {

host::ComponentConfig config_of(const DevComponent& component) {
  host::ComponentConfig config;
  config.name = component.name;
  config.environment = component.environment.plain;
  config.secrets = component.environment.secret;
  config.network = component.network;
  config.egress = component.egress;
  config.reuse = component.reuse;
  config.config = component.config;
  return config;
}

host::AssemblyPart part_of(const DevComponent& component) {
  return {.bytes = std::as_bytes(std::span(component.bytes)), .config = config_of(component)};
}

/// The file of the one component, or the names of all.
std::string described(DevWorkload& workload) {
  const auto all = workload.all();
  if (all.size() == 1) return all.front()->path;
  std::vector<std::string> names;
  for (const DevComponent* each : all) names.push_back(each->name);
  return join(names, ", ");
}

void warn_of_reuse(DevWorkload& workload, const host::Workload* http) {
  if (http == nullptr || http->is_reused()) return;
  for (const DevComponent* each : workload.all()) {
    if (each->reuse == host::ComponentReuse()) continue;
    log::warn(
        "{}: poolSize, maxInvocations, maxConcurrency and the flags like them have no effect: a "
        "component of WASI 0.2 answers each request in a fresh instance; "
        "--max-instance-reuse-count lets it answer more",
        each->name);
  }
}

}  // namespace

host::Assembly HttpHost::assembly_of(const DevWorkload& workload) const {
  host::Assembly assembly{.shared = options_.workload, .components = {}, .service = std::nullopt};
  assembly.shared.name = "dev";
  assembly.shared.interfaces = workload.interfaces;
  for (const auto& [host_path, guest_path] : workload.mounts)
    assembly.shared.mounts.push_back({.host_path = host_path, .guest_path = guest_path});
  for (const DevComponent& component : workload.components)
    assembly.components.push_back(part_of(component));
  if (workload.service) assembly.service = part_of(*workload.service);
  return assembly;
}

Task<void> HttpHost::swap(DevWorkload workload) {
  const host::Assembly assembly = assembly_of(workload);
  auto loaded = co_await host_->assemble_beside(loop_, assembly);
  if (!loaded) co_return fail(explain_load(std::move(loaded).error(), described(workload)));
  if (loaded->http == nullptr && loaded->service == nullptr) {
    co_return fail(
        Errc::Invalid,
        "{} exports neither wasi:http/handler nor wasi:http/incoming-handler, so it cannot answer "
        "requests; a command is started with 'wash run', or runs all along as the service with "
        "dev.service: true",
        described(workload));
  }
  warn_of_reuse(workload, loaded->http.get());
  CO_TRY(ports_.set(workload.ports));
  CO_TRY(co_await start_service(std::move(loaded->service)));
  ports_.lead_to(std::move(loaded->loopback), std::move(loaded->inbound));
  serves_http_ = loaded->http != nullptr;
  CO_TRY(co_await serve(std::move(loaded->http)));
  if (server_ == nullptr && serves_http_) CO_TRY(co_await listen());
  co_return Result<void>();
}

Task<void> HttpHost::listen() {
  std::vector<http::Server::Worker> workers;
  for (size_t i = 0; i < ingresses_.size(); ++i)
    workers.push_back({.loop = i == 0 ? &loop_ : &threads_[i - 1], .handler = ingresses_[i].get()});
  auto server = http::Server::listen({.address = options_.address.ip,
                                      .port = options_.address.port,
                                      .tls = certificates_ ? certificates_->context() : nullptr},
                                     workers);
  if (!server) {
    if (server.error().number() != 0)
      co_return cannot_listen(options_.address, server.error().number());
    co_return fail(std::move(server).error());
  }
  server_ = std::move(*server);
  options_.address.port = server_->port();
  if (certificates_) follow_certificates();
  co_return Result<void>();
}

Task<void> HttpHost::start_service(std::shared_ptr<const host::Workload> service) {
  service_.cancel();
  CO_TRY(co_await service_.finish());
  if (service != nullptr) service_.spawn(run_service, &loop_, std::move(service));
  co_return Result<void>();
}

Task<void> HttpHost::run_service(Loop* loop, std::shared_ptr<const host::Workload> service) {
  const Result<int> status = co_await host::run_command(*loop, std::move(service));
  if (status) {
    log::warn("the service has ended with status {}; it is started again with the next change",
              *status);
  } else if (status.error().code() != Errc::Cancelled) {
    log::error("the service has failed: {}\n{}", status.error().message(),
               trim(status.error().detail()));
  }
  co_return Result<void>();
}

void HttpHost::follow_certificates() {
  const auto started = certificates_->start(
      [this](const std::shared_ptr<const http::TlsContext>& tls) { server_->use_tls(tls); });
  if (!started)
    log::warn("a new TLS certificate will not be noticed: {}", started.error().message());
}

Task<void> HttpHost::serve(std::shared_ptr<const host::Workload> workload) {
  // New requests go to the old one until a loop has taken it.
  co_return co_await on_each_loop([workload](host::Ingress& ingress) -> Task<void> {
    ingress.serve(workload);
    co_return Result<void>();
  });
}

namespace {

/// Shared with what was posted, since who waits for it may be cancelled before that ends; the last
/// to let go is on the first loop.
struct Handover {
  explicit Handover(Loop& loop) : done(loop) {}
  size_t left = 0;
  Event done;
};

boost::asio::awaitable<void, Executor> run_and_tell(host::Ingress* ingress,
                                                    std::function<Task<void>(host::Ingress&)> work,
                                                    Loop* home,
                                                    std::shared_ptr<Handover> handover) {
  if (auto done = co_await work(*ingress); !done) log::warn("{}", done.error().message());
  home->post([last = std::move(handover)] {
    if (--last->left == 0) last->done.set();
  });
}

}  // namespace

Task<void> HttpHost::on_each_loop(std::function<Task<void>(host::Ingress&)> work) {
  const auto handover = std::make_shared<Handover>(loop_);
  handover->left = ingresses_.size();
  for (size_t i = 0; i < ingresses_.size(); ++i) {
    Loop& worker = i == 0 ? loop_ : threads_[i - 1];
    worker.post([this, i, work, shared = handover, &worker]() mutable {
      start_now(worker.executor(),
                run_and_tell(ingresses_[i].get(), work, &loop_, std::move(shared)),
                boost::asio::cancellation_slot(), nullptr);
    });
  }
  co_return co_await handover->done.wait();
}

std::string HttpHost::url() const {
  return serves_http_ ? options_.address.url(options_.tls ? "https" : "http") : "";
}

Task<void> HttpHost::stop(Clock::duration limit) {
  static_cast<void>(co_await ports_.stop());
  CO_TRY(co_await start_service(nullptr));
  if (server_ == nullptr) co_return Result<void>();
  if (certificates_) static_cast<void>(co_await certificates_->stop());
  CO_TRY(co_await server_->drain(limit));
  co_return co_await on_each_loop([](host::Ingress& ingress) { return ingress.finish(); });
}

}  // namespace wasmcloud::wash
