#pragma once

#include "base/connection_quota.h"
#include "base/error.h"
#include "wasi/sockets/address.h"

#include <memory>
#include <vector>

namespace wasmcloud::wasi::sockets {

class VirtualNetwork;

enum class Protocol : uint8_t { Tcp, Udp };

/// Addresses that a guest may bind to or reach: `*`, `IP`, `IP:PORT`, `*:PORT`; IPv6 with a port in
/// brackets. `*` leaves out special addresses (`Ip::is_special`), which must be named.
class AddressRule {
 public:
  /// Errors: Errc::Invalid, saying what would be right.
  static Result<AddressRule> parse(std::string_view text);
  bool covers_destination(const Endpoint& endpoint) const;
  /// For bind, where `*` means every address of this machine, loopback and unspecified too.
  bool covers_local(const Endpoint& endpoint) const;
  bool operator==(const AddressRule&) const = default;

 private:
  std::optional<Ip> ip_;          ///< any, if empty
  std::optional<uint16_t> port_;  ///< any, if empty
};

/// A name that may be looked up: `*`, `*.SUFFIX`, an exact name. Case does not matter.
class NameRule {
 public:
  /// Errors: Errc::Invalid, saying what would be right.
  static Result<NameRule> parse(std::string_view text);
  bool covers(std::string_view ascii_name) const;
  bool operator==(const NameRule&) const = default;

 private:
  std::string name_;  ///< lower case; what follows the star, if any
  bool starred_ = false;
};

/// A port of this machine's own loopback: `5432`, `5432/tcp`, `53/udp`.
class HostPort {
 public:
  /// Errors: Errc::Invalid, saying what would be right.
  static Result<HostPort> parse(std::string_view text);
  bool covers(uint16_t port, Protocol protocol) const {
    return port_ == port && protocol_ == protocol;
  }
  bool operator==(const HostPort&) const = default;

 private:
  uint16_t port_ = 0;
  Protocol protocol_ = Protocol::Tcp;
};

/// What stands for this machine's loopback inside a workload that has a loopback of its own;
/// "host.wasmcloud.internal" resolves to it.
inline constexpr Ip kHostLoopback{Family::V4, {127, 255, 255, 254}};

/// What the guests of one workload may do on the network; nothing unless a rule says so.
///
/// Thread: any; immutable once instances use it.
struct NetworkPolicy {
  std::vector<AddressRule> listen{};
  std::vector<AddressRule> connect{};
  std::vector<NameRule> lookup{};
  /// Ports that are reached through `kHostLoopback`.
  std::vector<HostPort> host_ports{};
  /// Where loopback addresses lead that no rule names; null: nowhere.
  std::shared_ptr<VirtualNetwork> loopback = nullptr;  // shared by a workload's components
  /// Whether others of the workload may connect here: a service, not a component.
  bool serves_loopback = false;

  /// What counts connections of the system's network; null: any number. At the limit a connection
  /// of the guest's is refused with ErrorCode::OutOfMemory, and one that comes is reset.
  std::shared_ptr<ConnectionQuota> outbound = nullptr;  // shared by a workload's components
  std::shared_ptr<ConnectionQuota> inbound = nullptr;   // shared by a workload's components

  /// Whether others may reach a socket that is bound there. Without it a guest that may connect
  /// still binds to a port of the system's choice, from which it can talk but not listen.
  bool may_listen(const Endpoint& local) const;
  bool may_connect(const Endpoint& remote) const;
  bool may_look_up(std::string_view ascii_name) const;
  bool may_reach_host(uint16_t port, Protocol protocol) const;
  /// Whether a socket bound there is one of the virtual network.
  bool binds_virtually(const Endpoint& local) const;
  /// Whether there is any use in a socket.
  bool may_have_sockets() const {
    return !listen.empty() || !connect.empty() || loopback != nullptr || !host_ports.empty();
  }
  bool operator==(const NetworkPolicy&) const = default;
};

}  // namespace wasmcloud::wasi::sockets
