#pragma once

#include "base/bytes.h"
#include "wasi/sockets/descriptor.h"
#include "wasi/sockets/network.h"
#include "wasi/sockets/virtual_network.h"

#include <deque>
#include <vector>

namespace wasmcloud::wasi::sockets {

struct Datagram {
  Bytes data{};
  Endpoint remote{};
};

/// A UDP socket: the states and rules of wasi:sockets/udp, without its types. Where the policy does
/// not let it listen, it hears only those it has sent to. In a workload with a loopback of its own,
/// one that is bound there hears and reaches only the workload.
///
/// Errors: what the interface lists for each function. Thread: the loop's.
class UdpSocket final : public io::Waitable {
 public:
  /// Most datagrams of one receive or send.
  static constexpr uint64_t kMaxDatagrams = 16;

  /// Errors: AccessDenied where no rule of the policy gives a socket any use; NewSocketLimit.
  static Answer<Ref<UdpSocket>> create(const Network& network, Family family);
  UdpSocket(const Network& network, Family family, Ref<Descriptor> socket);

  Answer<> start_bind(const Endpoint& local);
  Answer<> finish_bind();
  /// Where it is not bound yet: to a port of the system's choice.
  Answer<> bind_if_unbound();
  /// Sets or clears the one peer. Returns the generation of streams that is now the working one.
  Answer<uint64_t> associate(std::optional<Endpoint> remote);
  Answer<Endpoint> local_address() const;
  Answer<Endpoint> remote_address() const;
  Family family() const { return family_; }

  Answer<uint8_t> hop_limit() const;
  Answer<> set_hop_limit(uint8_t value);
  Answer<uint64_t> receive_buffer_size() const;
  Answer<> set_receive_buffer_size(uint64_t value);
  Answer<uint64_t> send_buffer_size() const;
  Answer<> set_send_buffer_size(uint64_t value);

  uint64_t generation() const { return generation_; }
  Descriptor& descriptor() { return *socket_; }
  /// Up to `max` datagrams that are there now.
  Answer<std::vector<Datagram>> receive(uint64_t max);
  /// False if there is no room now.
  Answer<bool> send(std::span<const std::byte> data, const std::optional<Endpoint>& remote);

  /// Binding is over at once, so there is nothing to wait for.
  bool is_ready() override { return true; }

 private:
  enum class State : uint8_t { Unbound, BindStarted, Bound };

  Answer<> bind_virtually(const Endpoint& local);
  Answer<std::vector<Datagram>> receive_virtually(uint64_t max);
  const Descriptor& options() const { return options_ ? *options_ : *socket_; }
  Descriptor& options() { return options_ ? *options_ : *socket_; }
  /// Whether it stands for this machine's loopback, in a workload with one of its own.
  bool is_host(const Ip& ip) const;
  /// The address of the system for a guest's, and the other way.
  Endpoint outside(Endpoint remote) const;
  Endpoint inside(Endpoint remote) const;
  Answer<> check_remote(const Endpoint& remote) const;
  Answer<> disconnect();
  bool hears(const Endpoint& remote) const;
  void note_peer(const Endpoint& remote);

  const Network& network_;
  Family family_;
  Ref<Descriptor> socket_;
  Ref<Descriptor> options_;                           ///< null where they are `socket_`'s
  std::shared_ptr<VirtualNetwork::UdpPort> virtual_;  // shared with nobody; a port of the workload
  State state_ = State::Unbound;
  bool may_listen_ = false;
  std::optional<Endpoint> peer_;
  std::deque<Endpoint> sent_to_;  ///< bounded; only kept where it may not listen
  uint64_t generation_ = 0;
};

/// A stream of a socket; it stops working when the socket's association changes.
class IncomingDatagrams final : public io::Waitable {
 public:
  IncomingDatagrams(Ref<UdpSocket> socket, uint64_t generation)
      : socket_(std::move(socket)), generation_(generation) {}
  Answer<std::vector<Datagram>> receive(uint64_t max);
  bool is_ready() override;
  void listen(Signal::Listener& listener) override;

 private:
  Ref<UdpSocket> socket_;
  uint64_t generation_;
};

class OutgoingDatagrams final : public io::Waitable {
 public:
  struct Item {
    Bytes data{};
    std::optional<Endpoint> remote{};
  };

  OutgoingDatagrams(Ref<UdpSocket> socket, uint64_t generation)
      : socket_(std::move(socket)), generation_(generation) {}
  Answer<uint64_t> check_send();
  /// How many were sent. Errors of the outer result: Errc::Trap beyond what `check_send` permitted.
  Result<Answer<uint64_t>> send(std::span<const Item> items);
  bool is_ready() override;
  void listen(Signal::Listener& listener) override;

 private:
  Ref<UdpSocket> socket_;
  uint64_t generation_;
  uint64_t permit_ = 0;
};

}  // namespace wasmcloud::wasi::sockets
