#pragma once

#include "base/connection_quota.h"
#include "base/descriptor.h"
#include "wasi/sockets/address.h"
#include "wasi/sockets/error_code.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace wasmcloud::wasi::sockets {

/// Its peer is told that the connection was not wanted, rather than that it has ended.
void reset_on_close(const OwnedDescriptor& socket);

/// The loopback of one workload: its service and components reach one another at 127.0.0.1 and ::1,
/// and nobody else does. Connections are pairs of sockets without any address in the system;
/// datagrams are handed over in memory.
///
/// Thread: any. Lives as long as one of its ports.
class VirtualNetwork : public std::enable_shared_from_this<VirtualNetwork> {
 public:
  /// One end of a connection. Non-blocking.
  struct Connection {
    OwnedDescriptor socket;
    Endpoint local;
    Endpoint remote;
    bool is_from_outside = false;  ///< the socket is one of the system's network
    ConnectionSlot slot{};
  };

  /// A TCP port that is taken; free again when destroyed, and what was not accepted is reset.
  class TcpPort {
   public:
    TcpPort(std::shared_ptr<VirtualNetwork> network, Endpoint local)
        : network_(std::move(network)), local_(local) {}
    ~TcpPort();
    TcpPort(const TcpPort&) = delete;
    TcpPort& operator=(const TcpPort&) = delete;

    const Endpoint& local() const { return local_; }
    /// From now on others may connect. The descriptor is readable while there is one to accept; the
    /// caller's to close. A second call only changes the backlog, and returns none.
    Answer<OwnedDescriptor> listen(size_t backlog);
    /// Errors: WouldBlock.
    Answer<Connection> accept();

   private:
    friend class VirtualNetwork;
    void push(Connection connection);

    const std::shared_ptr<VirtualNetwork> network_;
    const Endpoint local_;
    // Under the network's mutex:
    bool listening_ = false;
    size_t backlog_ = 0;
    OwnedDescriptor ready_;  ///< an eventfd that counts `waiting_`
    std::deque<Connection> waiting_;
  };

  /// A UDP port that is taken, with what has arrived there.
  class UdpPort {
   public:
    struct Datagram {
      std::vector<std::byte> data;
      Endpoint remote;
    };

    UdpPort(std::shared_ptr<VirtualNetwork> network, Endpoint local)
        : network_(std::move(network)), local_(local) {}
    ~UdpPort();
    UdpPort(const UdpPort&) = delete;
    UdpPort& operator=(const UdpPort&) = delete;

    const Endpoint& local() const { return local_; }
    /// Readable while there is something to take; the caller's to close.
    Answer<OwnedDescriptor> watch() const;
    std::optional<Datagram> take();
    /// Like all datagrams, it is lost where nobody is bound or there is no room.
    void send(const Endpoint& to, std::span<const std::byte> data);

   private:
    friend class VirtualNetwork;
    const std::shared_ptr<VirtualNetwork> network_;
    const Endpoint local_;
    OwnedDescriptor ready_;
    // Under the network's mutex:
    std::deque<Datagram> arrived_;
    size_t bytes_ = 0;
  };

  /// An unspecified address stands for loopback; port 0 for one that is free.
  /// Errors: AddressInUse, AddressNotBindable for an address that is not loopback.
  Answer<std::shared_ptr<TcpPort>> bind_tcp(const Endpoint& local);
  Answer<std::shared_ptr<UdpPort>> bind_udp(const Endpoint& local);
  /// From a port of one's own to who listens at `remote`.
  /// Errors: ConnectionRefused where nobody does or has no room; NewSocketLimit.
  Answer<Connection> connect(const TcpPort& from, const Endpoint& remote);
  /// Hands who listens at that port, of either family, a connection that came from outside: its
  /// socket, non-blocking. Takes it only where it succeeds. Errors: ConnectionRefused where nobody
  /// listens or has room; as of the system.
  Answer<> deliver(uint16_t port, OwnedDescriptor& socket, ConnectionSlot& slot);
  /// The family whose port somebody is bound to.
  std::optional<Family> family_of_udp(uint16_t port) const;
  /// Whether anybody listens there.
  bool has_listener(const Endpoint& remote) const;

 private:
  using Place = std::pair<Family, uint16_t>;  ///< all of loopback is one address
  template <class Port>
  using Ports = std::map<Place, Port*>;

  static bool has_room(const TcpPort& port) {
    return port.listening_ && port.waiting_.size() < port.backlog_;
  }
  template <class Port>
  Answer<Endpoint> choose(const Ports<Port>& taken, const Endpoint& local) const;

  // Held for a look-up or a push, never across a wait: ports are of several loops.
  mutable std::mutex mutex_;
  Ports<TcpPort> tcp_;
  Ports<UdpPort> udp_;
};

}  // namespace wasmcloud::wasi::sockets
