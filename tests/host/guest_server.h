#pragma once

#include "base/loop_threads.h"
#include "host/host.h"
#include "host/ingress.h"
#include "http/raw_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

namespace wasmcloud::host {

/// A component by name: one that the tests built, from source or from text, else a ready-made one
/// of the shared folder.
std::optional<std::vector<std::byte>> find_guest(std::string_view name);

/// The test ends as skipped if the component is not there.
#define REQUIRE_GUEST(name) \
  if (!find_guest(name)) GTEST_SKIP() << "component " << (name) << ".wasm is not there"

/// One host for all tests of the process; compiled code is kept in the build folder.
Host& test_host();

/// Loads a component that is there, else ends the test as failed.
std::shared_ptr<const Workload> load_guest(std::string_view name, WorkloadConfig config = {});

/// Lines that guests wrote. Thread: any.
class Lines {
 public:
  std::shared_ptr<wasi::cli::Output> output() {
    return wasi::cli::output_to_lines([this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  std::vector<std::string> get() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;  // a test's thread reads what a loop writes
  std::vector<std::string> lines_;
};

/// A server on a free port of loopback that answers with a component.
class GuestServer {
 public:
  explicit GuestServer(std::shared_ptr<const Workload> workload, size_t loops = 1);
  ~GuestServer();

  uint16_t port() const { return server_->port(); }
  http::Server& server() { return *server_; }
  Loop& loop() { return threads_[0]; }
  void serve(std::shared_ptr<const Workload> workload);
  void drain(Clock::duration grace);

  /// One request on a connection of its own; the response as http::RawClient gives it.
  std::string get(std::string_view path, std::string_view fields = "");
  std::string request(std::string_view method, std::string_view path, std::string_view fields = "",
                      std::string_view body = "");

  /// "GET /path 200", one for each request that ended.
  std::vector<std::string> log();
  /// "Trap: message", one for each request that failed, in the order they ended.
  std::vector<std::string> failures();
  /// How many requests ended on each loop.
  std::vector<size_t> requests_per_loop();
  /// Until `condition`, for at most 20 s.
  static bool eventually(const std::function<bool()>& condition);

 private:
  LoopThreads threads_;
  std::vector<std::unique_ptr<Ingress>> ingresses_;
  std::unique_ptr<http::Server> server_;
  std::mutex mutex_;  // a test's thread reads what a loop writes
  std::vector<std::string> log_;
  std::vector<std::string> failures_;
  std::vector<size_t> ended_;  ///< by loop
  bool drained_ = false;
};

inline constexpr std::string_view kOnlyReset = " 000 0 92";
/// One request by HTTP/2 with curl: the body, the status, the version, curl's exit code (92: the
/// stream was reset), as in "fine 200 2 0". Where it finds a reset together with what came before
/// it, it tells only of the reset: `kOnlyReset`. Nothing if curl is not installed.
std::optional<std::string> get_by_http2(GuestServer& server, std::string_view path,
                                        std::vector<std::string> arguments = {});

/// The body of a response.
std::string_view body_of(std::string_view response);
/// "200"
std::string_view status_of(std::string_view response);

}  // namespace wasmcloud::host
