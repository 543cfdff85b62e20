#pragma once

#include "base/error.h"
#include "wasi/sockets/address.h"

#include <vector>

namespace wasmcloud::wasi::sockets {

/// Addresses that a guest may bind to or reach: `*`, `IP`, `IP:PORT`, `*:PORT`; IPv6 with a port in
/// brackets. `*` leaves out special addresses (`Ip::is_special`), which must be named.
class AddressRule {
 public:
  /// Errors: Errc::Invalid, saying what would be right.
  static Result<AddressRule> parse(std::string_view text);
  bool covers_destination(const Endpoint& endpoint) const;
  /// For bind, where `*` means every address of this machine, loopback and unspecified too.
  bool covers_local(const Endpoint& endpoint) const;

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

 private:
  std::string name_;  ///< lower case; what follows the star, if any
  bool starred_ = false;
};

/// What the guests of one workload may do on the network; nothing unless a rule says so.
///
/// Thread: any; immutable once instances use it.
struct NetworkPolicy {
  std::vector<AddressRule> listen{};
  std::vector<AddressRule> connect{};
  std::vector<NameRule> lookup{};

  /// Whether others may reach a socket that is bound there. Without it a guest that may connect
  /// still binds to a port of the system's choice, from which it can talk but not listen.
  bool may_listen(const Endpoint& local) const;
  bool may_connect(const Endpoint& remote) const;
  bool may_look_up(std::string_view ascii_name) const;
  /// Whether there is any use in a socket.
  bool may_have_sockets() const { return !listen.empty() || !connect.empty(); }
};

}  // namespace wasmcloud::wasi::sockets
