#pragma once

#include "base/loop.h"
#include "component/host_resource.h"
#include "wasi/budget.h"
#include "wasi/cli/standard_streams.h"

#include <memory>

namespace wasmcloud::component {
class Linker;
}

namespace wasmcloud::http {
class Client;
}
namespace wasmcloud::wasi::sockets {
struct Network;
}

namespace wasmcloud::wasi {

namespace v0_2 {
struct Interfaces;
}
namespace v0_3 {
struct Interfaces;
}

/// What the WASI functions of one instance work with. It is the instance's `HostState`; an embedder
/// that has state of its own derives from it.
///
/// Thread: the loop's. The instance is destroyed first, then `finish` is awaited, then this goes.
class Context : public component::HostState {
 public:
  /// `client` sends the guest's requests, and outlives this; null for none.
  Context(Loop& loop, const Environment& environment, wasmcloud::http::Client* client = nullptr);
  ~Context() override;

  Loop& loop() const { return loop_; }
  const Environment& environment() const { return environment_; }
  /// Work that goes on behind the guest's back: files being read ahead or written.
  TaskGroup& tasks() { return tasks_; }
  /// What reads for a guest's streams of WASI 0.3. It ends with the guest, even where streams go on
  /// from one of the host's ends to another.
  TaskGroup& feeds() { return feeds_; }
  /// What takes from a guest's streams, and has a few seconds to get rid of it after the guest.
  TaskGroup& drains() { return drains_; }
  cli::StandardStreams& standard_streams() { return standard_streams_; }
  v0_2::Interfaces& interfaces_0_2();
  v0_3::Interfaces& interfaces_0_3();
  wasmcloud::http::Client* http_client() const { return client_; }
  const Ref<Budget>& http_budget();
  const Ref<Budget>& exchanges();
  const Ref<Budget>& file_budget();
  const Ref<Budget>& tls_connections();
  const sockets::Network& network();

  /// Whether `finish` has anything to wait for.
  bool is_idle() const { return tasks_.size() == 0 && feeds_.size() == 0 && drains_.size() == 0; }
  /// Waits until what the guest wrote to files is written, and what it sent has left or its peer
  /// has not taken it for a few seconds.
  Task<void> finish();

 private:
  Loop& loop_;
  const Environment& environment_;
  wasmcloud::http::Client* const client_;
  TaskGroup tasks_;
  TaskGroup feeds_;
  TaskGroup drains_;
  cli::StandardStreams standard_streams_;
  // Made when asked for.
  Ref<Budget> exchanges_;
  Ref<Budget> http_budget_;
  Ref<Budget> file_budget_;
  Ref<Budget> tls_connections_;
  std::unique_ptr<sockets::Network> network_;
  std::unique_ptr<v0_2::Interfaces> interfaces_0_2_;
  std::unique_ptr<v0_3::Interfaces> interfaces_0_3_;
};

/// Offers WASI to guests: io, clocks, random, cli, filesystem, sockets, http of 0.2, and clocks,
/// random, cli, filesystem, sockets, http of 0.3. The `HostState` of every instance must be a
/// `Context`.
void add_to_linker(component::Linker& linker);

}  // namespace wasmcloud::wasi
