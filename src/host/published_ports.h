#pragma once

#include "base/connection_quota.h"
#include "base/loop.h"
#include "base/ref.h"
#include "wasi/sockets/policy.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::host {

/// A port of this machine that leads to one that a workload's service is bound to, on the loopback
/// of its workload.
struct PublishedPort {
  std::string name;  ///< for messages
  uint16_t guest = 0;
  uint16_t host = 0;
  wasi::sockets::Protocol protocol = wasi::sockets::Protocol::Tcp;

  bool operator==(const PublishedPort&) const = default;
};

/// Listens for one workload's service. Connections are handed over as they are: the guest has the
/// system's socket, and sees who its peer is. One that nobody listens for, or that is beyond the
/// quota, is reset. Datagrams are relayed: to the guest each peer is a port of the loopback.
///
/// Thread: owning loop.
class PublishedPorts {
 public:
  /// At `ip`, an address of this machine.
  PublishedPorts(Loop& loop, std::string ip);
  /// CHECKs that it was stopped.
  ~PublishedPorts();
  PublishedPorts(const PublishedPorts&) = delete;
  PublishedPorts& operator=(const PublishedPorts&) = delete;

  /// Listens at these, and at no others; those that are open and stay are not closed meanwhile.
  /// Errors: of the system, with the port's name; then all is as before.
  Result<void> set(const std::vector<PublishedPort>& ports);
  /// Where they lead from now on; connections that are open stay where they are. Null: nowhere.
  void lead_to(std::shared_ptr<wasi::sockets::VirtualNetwork> network,
               std::shared_ptr<ConnectionQuota> quota);
  Task<void> stop();

 private:
  struct Target;
  class Open;
  class Relay;

  Result<Ref<Open>> open(const PublishedPort& port);
  static Task<void> serve(Ref<Open> port);
  static Task<void> answer(Ref<Relay> relay);
  /// False if no descriptor is left for those that wait.
  static bool accept_all(Open& port);
  static void relay_all(const Ref<Open>& port);
  static Ref<Relay> relay_for(const Ref<Open>& port, const std::string& peer);

  Loop& loop_;
  const std::string ip_;
  const std::shared_ptr<Target> target_;  // shared with what serves the ports
  std::vector<Ref<Open>> open_;
  TaskGroup tasks_;
};

}  // namespace wasmcloud::host
