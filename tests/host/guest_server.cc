#include "host/guest_server.h"

#include "base/process.h"

#include <sys/stat.h>

#include <fstream>
#include <stdexcept>
#include <thread>

namespace wasmcloud::host {

std::optional<std::vector<std::byte>> find_guest(std::string_view name) {
  for (const std::string_view folder :
       {WASH_GUESTS_DIR, WASH_BINARY_DIR "/tests/host/components", WASH_SHARED_DIR "/guests"}) {
    std::ifstream file(fmt::format("{}/{}.wasm", folder, name), std::ios::binary);
    if (!file) continue;
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return std::vector<std::byte>(bytes.begin(), bytes.end());
  }
  return std::nullopt;
}

Host& test_host() {
  // Never destroyed: engines and their pools outlive every test.
  static Host* const kHost = [] {
    HostOptions options;
    options.engine.slots = 200;
    options.cache_folder = WASH_BINARY_DIR "/code-cache";
    return Host::create(options).value().release();
  }();
  return *kHost;
}

std::shared_ptr<const Workload> load_guest(std::string_view name, WorkloadConfig config) {
  const auto bytes = find_guest(name);
  // Thrown, as nothing else here: there is no workload for the test to go on with, and GoogleTest
  // makes the failure of that one test of it.
  if (!bytes) throw std::runtime_error(fmt::format("{}.wasm is not there", name));
  auto loaded = test_host().load(*bytes, std::move(config));
  if (!loaded) throw std::runtime_error(fmt::format("{}: {}", name, loaded.error().message()));
  return std::move(*loaded);
}

GuestServer::GuestServer(std::shared_ptr<const Workload> workload, size_t loops)
    : threads_(loops), ended_(loops) {
  std::vector<http::Server::Worker> workers;
  for (size_t i = 0; i < loops; ++i) {
    ingresses_.push_back(
        std::make_unique<Ingress>(threads_[i], [this, i](const RequestRecord& done) {
          const std::lock_guard lock(mutex_);
          ++ended_[i];
          log_.push_back(fmt::format("{} {} {}", done.method, done.path, done.status));
          if (done.error != nullptr) {
            failures_.push_back(
                fmt::format("{}: {}", name_of(done.error->code()), done.error->message()));
          }
        }));
    ingresses_.back()->serve(workload);
    workers.push_back({.loop = &threads_[i], .handler = ingresses_.back().get()});
  }
  auto listening = threads_.run_on(
      0, [](GuestServer* self, std::vector<http::Server::Worker>* on) -> Task<void> {
        self->server_ = CO_TRY(http::Server::listen({}, *on));
        co_return Result<void>();
      }(this, &workers));
  if (!listening) ADD_FAILURE() << listening.error().message();
}

GuestServer::~GuestServer() {
  if (!drained_) drain(std::chrono::seconds(0));
  for (size_t i = 0; i < ingresses_.size(); ++i) {
    EXPECT_TRUE(threads_.run_on(i, ingresses_[i]->finish()));
  }
}

void GuestServer::serve(std::shared_ptr<const Workload> workload) {
  for (size_t i = 0; i < ingresses_.size(); ++i) {
    EXPECT_TRUE(threads_.run_on(
        i, [](Ingress* ingress, std::shared_ptr<const Workload> next) -> Task<void> {
          ingress->serve(std::move(next));
          co_return Result<void>();
        }(ingresses_[i].get(), workload)));
  }
}

void GuestServer::drain(Clock::duration grace) {
  drained_ = true;
  EXPECT_TRUE(threads_.run_on(0, server_->drain(grace)));
}

std::string GuestServer::get(std::string_view path, std::string_view fields) {
  return request("GET", path, fields);
}

std::string GuestServer::request(std::string_view method, std::string_view path,
                                 std::string_view fields, std::string_view body) {
  http::RawClient client(port());
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nhost: test.example\r\n{}", method, path, fields);
  if (!body.empty()) text += fmt::format("content-length: {}\r\n", body.size());
  EXPECT_TRUE(client.send(text + "\r\n" + std::string(body)));
  return client.response(method == "HEAD");
}

std::vector<std::string> GuestServer::log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

std::vector<size_t> GuestServer::requests_per_loop() {
  const std::lock_guard lock(mutex_);
  return ended_;
}

std::vector<std::string> GuestServer::failures() {
  const std::lock_guard lock(mutex_);
  return failures_;
}

bool GuestServer::eventually(const std::function<bool()>& condition) {
  const auto limit = Clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (Clock::now() > limit) return false;
    std::this_thread::yield();
  }
  return true;
}

std::optional<std::string> get_by_http2(GuestServer& server, std::string_view path,
                                        std::vector<std::string> arguments) {
  if (find_program("curl").empty()) return std::nullopt;
  Loop loop;
  ProcessOptions options;
  options.command = {"curl",
                     "--silent",
                     "--max-time",
                     "20",
                     "--write-out",
                     " %{http_code} %{http_version} %{exitcode}",
                     "--http2-prior-knowledge"};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  options.command.push_back(fmt::format("http://127.0.0.1:{}{}", server.port(), path));
  options.output = Output::Capture;
  auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  return finished ? std::move(finished->output) : finished.error().message();
}

std::string_view body_of(std::string_view response) {
  const size_t at = response.find("\r\n\r\n");
  return at == response.npos ? std::string_view() : response.substr(at + 4);
}

std::string_view status_of(std::string_view response) {
  return response.size() < 12 ? std::string_view() : response.substr(9, 3);
}

}  // namespace wasmcloud::host
