#pragma once

#include "wasi/sockets/tcp_streams.h"
#include "wasi/sockets/virtual_network.h"

namespace wasmcloud::wasi::sockets {

enum class Shutdown : uint8_t { Receive, Send, Both };

/// A TCP socket: the states and rules of wasi:sockets/tcp, without its types. In a workload with a
/// loopback of its own, one that is bound or connects there is no socket of the system's network.
/// Also the waitable of its pollables: ready when the operation in progress can be finished, or a
/// connection accepted.
///
/// Errors: what the interface lists for each function. Thread: the loop's.
class TcpSocket final : public io::Waitable {
 public:
  struct Connection {
    Ref<TcpSource> input;
    Ref<TcpSink> output;
  };

  /// Errors: AccessDenied where no rule of the policy gives a socket any use; NewSocketLimit.
  static Answer<Ref<TcpSocket>> create(const Network& network, Family family);
  TcpSocket(const Network& network, Family family, Ref<Descriptor> socket);

  Answer<> start_bind(const Endpoint& local);
  Answer<> finish_bind();
  /// Where it is not bound yet: to a port of the system's choice.
  Answer<> bind_if_unbound();
  Answer<> start_connect(const Endpoint& remote);
  Answer<Connection> finish_connect();
  /// Null unless connected.
  const Connection* connection() const {
    return state_ == State::Connected ? &connection_ : nullptr;
  }
  Answer<> start_listen();
  Answer<> finish_listen();
  Answer<std::pair<Ref<TcpSocket>, Connection>> accept();
  Answer<> shutdown(Shutdown how);

  Answer<Endpoint> local_address() const;
  Answer<Endpoint> remote_address() const;
  bool is_listening() const { return state_ == State::Listening; }
  Family family() const { return family_; }

  // Options. Setters: InvalidArgument for 0; all others are clamped to what the system takes.
  Answer<> set_backlog(uint64_t value);
  Answer<bool> keep_alive() const;
  Answer<> set_keep_alive(bool on);
  /// In nanoseconds; the system counts in seconds, and durations are rounded up.
  Answer<uint64_t> keep_alive_idle() const;
  Answer<> set_keep_alive_idle(uint64_t nanoseconds);
  Answer<uint64_t> keep_alive_interval() const;
  Answer<> set_keep_alive_interval(uint64_t nanoseconds);
  Answer<uint32_t> keep_alive_count() const;
  Answer<> set_keep_alive_count(uint32_t value);
  Answer<uint8_t> hop_limit() const;
  Answer<> set_hop_limit(uint8_t value);
  Answer<uint64_t> receive_buffer_size() const;
  Answer<> set_receive_buffer_size(uint64_t value);
  Answer<uint64_t> send_buffer_size() const;
  Answer<> set_send_buffer_size(uint64_t value);

  bool is_ready() override;
  void listen(Signal::Listener& listener) override;

 private:
  enum class State : uint8_t {
    Unbound,
    BindStarted,
    Bound,
    Connecting,
    Connected,
    ListenStarted,
    Listening,
    Closed,
  };

  /// What it has of the workload's own loopback.
  struct Virtual {
    std::shared_ptr<VirtualNetwork::TcpPort> port;  ///< null of an accepted connection
    Endpoint local;
    std::optional<Endpoint> remote;
  };

  Answer<> bind_virtually(const Endpoint& local);
  Answer<> connect_virtually(const Endpoint& remote);
  Answer<> listen_virtually();
  Answer<std::pair<Ref<TcpSocket>, Connection>> accept_virtually();
  /// A connection of the system's network.
  std::pair<Ref<TcpSocket>, Connection> accepted(Family family, OwnedDescriptor fd, Share share,
                                                 ConnectionSlot slot);
  /// Puts another descriptor in place of the system's socket, which then only has the options.
  Answer<> replace(OwnedDescriptor with);
  /// The socket of the system's network that has the options.
  const Descriptor& options() const { return options_ ? *options_ : *socket_; }
  Descriptor& options() { return options_ ? *options_ : *socket_; }

  Answer<> check_may_start() const;
  Answer<> check_open() const;
  Connection connected();
  Answer<> set_seconds(int option, uint64_t nanoseconds);
  Answer<uint64_t> seconds(int option) const;

  const Network& network_;
  Family family_;
  Ref<Descriptor> socket_;
  Ref<Descriptor> options_;  ///< null where they are `socket_`'s
  std::optional<Virtual> virtual_;
  State state_ = State::Unbound;
  int backlog_ = kDefaultBacklog;
  std::optional<ErrorCode> connect_error_;  ///< known at once, told by `finish_connect`
  Connection connection_;
};

}  // namespace wasmcloud::wasi::sockets
