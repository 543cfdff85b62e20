#pragma once

#include "wasi/cli/input.h"
#include "wasi/cli/output.h"
#include "wasi/filesystem/file_system.h"
#include "wasi/http/egress.h"
#include "wasi/sockets/policy.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::wasi::tls {
class Provider;
}

namespace wasmcloud::wasi {

/// A directory that guests find open when they start.
struct Preopen {
  filesystem::FilePtr directory;
  std::string guest_path;  ///< its name inside
};

/// What the host holds for one instance at most, beside what the server's windows bound.
struct Quotas {
  size_t http_bytes = size_t{8} << 20;  ///< of fields, and of bodies before their head is sent
  size_t open_files = 256;              ///< and streams of files
  size_t sockets = 256;
  size_t lookups = 4;      ///< of names, at a time
  size_t exchanges = 256;  ///< requests sent whose response is not done with
  size_t tls_connections = 256;
  std::chrono::milliseconds tls_handshake{30'000};  ///< time that a peer may take for it
};

/// What guests of one workload see of the world; nothing unless it is said here. The first argument
/// is the program's name.
///
/// Thread: any; immutable once instances use it, and shared by all of them.
struct Environment {
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> variables;
  std::optional<std::string> initial_directory;
  std::vector<Preopen> preopens;
  sockets::NetworkPolicy network;
  http::EgressPolicy egress;
  std::shared_ptr<const tls::Provider> tls;  ///< who speaks TLS for them; null: nobody
  Quotas quotas;
  std::shared_ptr<cli::Input> input = cli::no_input();
  std::shared_ptr<cli::Output> output = cli::no_output();
  std::shared_ptr<cli::Output> errors = cli::no_output();
};

}  // namespace wasmcloud::wasi
