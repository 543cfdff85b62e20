#include "bindings/wasi/sockets_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/io/streams_0_3.h"
#include "wasi/sockets/bindings_0_3.h"
#include "wasi/sockets/detail/convert_0_3.h"
#include "wasi/sockets/tcp_socket.h"

namespace wasmcloud::wasi::sockets::v0_3 {
namespace {

using component::guest_error;
using wit::types::IpSocketAddress;
using Sockets = component::StreamReader<std::unique_ptr<wit::types::TcpSocket>>;
using Ended = component::FutureReader<Told<void>>;

/// A connection's sending side ends with the guest's stream.
Task<void> transmit(Loop& loop, component::StreamReader<uint8_t> from, Ref<TcpSink> to) {
  auto sent = co_await io::v0_3::drain(loop, std::move(from), to);
  to->shut_down();
  co_return sent;
}

/// Without a reader, nothing more is received.
Task<void> receive_all(Loop& loop, Ref<TcpSource> from, component::StreamWriter<uint8_t> to) {
  auto received = co_await io::v0_3::feed(loop, from, std::move(to));
  from->shut_down();
  co_return received;
}

/// A listening socket and where its connections go.
struct Listening final : Counted {
  using Writer = component::StreamWriter<std::unique_ptr<wit::types::TcpSocket>>;
  Listening(Ref<sockets::TcpSocket> socket, Writer writer)
      : listener(std::move(socket)), to(std::move(writer)) {}

  Ref<sockets::TcpSocket> listener;  ///< null when the guest has let go of it
  Writer to;
};

class TcpSocketHandle final : public wit::types::TcpSocket {
 public:
  TcpSocketHandle(Context& context, Ref<sockets::TcpSocket> socket)
      : context_(context), socket_(std::move(socket)) {}
  // With its last handle a socket is closed, at once: the guest may bind to the port again.
  ~TcpSocketHandle() override {
    if (listening_ && listening_->to && listening_->to.is_peer_gone()) listening_->listener = {};
  }

  Result<Told<void>> bind(IpSocketAddress local_address) override {
    if (auto started = socket_->start_bind(from_wit(local_address)); !started) return told(started);
    return told(socket_->finish_bind());
  }
  Task<Told<void>> connect(IpSocketAddress remote_address) override {
    if (auto started = socket_->start_connect(from_wit(remote_address)); !started) {
      co_return told(started);
    }
    CO_TRY(co_await io::wait_for(loop(), *socket_));
    const auto connection = socket_->finish_connect();
    if (!connection) co_return guest_error(to_wit(connection.error()));
    co_return component::ok();
  }
  Result<Told<Sockets>> listen() override {
    if (auto bound = socket_->bind_if_unbound(); !bound) return guest_error(to_wit(bound.error()));
    if (auto started = socket_->start_listen(); !started) {
      return guest_error(to_wit(started.error()));
    }
    if (auto finished = socket_->finish_listen(); !finished) {
      return guest_error(to_wit(finished.error()));
    }
    auto [writer, reader] = component::make_stream<std::unique_ptr<wit::types::TcpSocket>>(loop());
    listening_ = make_ref<Listening>(socket_, std::move(writer));
    context_.feeds().spawn(accept_all, &context_, listening_);
    return std::move(reader);
  }
  Result<Ended> send(component::StreamReader<uint8_t> data) override {
    const auto* connection = socket_->connection();
    if (connection == nullptr || std::exchange(sends_, true)) return invalid_state();
    auto [ending, ended] = component::make_future<Told<void>>(loop());
    context_.drains().spawn(io::v0_3::tell_end<stream_code_of>(
        transmit(loop(), std::move(data), connection->output), std::move(ending)));
    return std::move(ended);
  }
  Result<std::tuple<component::StreamReader<uint8_t>, Ended>> receive() override {
    auto [writer, reader] = component::make_stream<uint8_t>(loop());
    const auto* connection = socket_->connection();
    if (connection == nullptr || std::exchange(receives_, true)) {
      return std::tuple(std::move(reader), invalid_state());
    }
    auto [ending, ended] = component::make_future<Told<void>>(loop());
    context_.feeds().spawn(io::v0_3::tell_end<stream_code_of>(
        receive_all(loop(), connection->input, std::move(writer)), std::move(ending)));
    return std::tuple(std::move(reader), std::move(ended));
  }
  Result<Told<IpSocketAddress>> get_local_address() override {
    return told(socket_->local_address());
  }
  Result<Told<IpSocketAddress>> get_remote_address() override {
    return told(socket_->remote_address());
  }
  Result<bool> get_is_listening() override { return socket_->is_listening(); }
  Result<wit::types::IpAddressFamily> get_address_family() override {
    return to_wit(socket_->family());
  }
  Result<Told<void>> set_listen_backlog_size(uint64_t value) override {
    return told(socket_->set_backlog(value));
  }
  Result<Told<bool>> get_keep_alive_enabled() override { return told(socket_->keep_alive()); }
  Result<Told<void>> set_keep_alive_enabled(bool value) override {
    return told(socket_->set_keep_alive(value));
  }
  Result<Told<uint64_t>> get_keep_alive_idle_time() override {
    return told(socket_->keep_alive_idle());
  }
  Result<Told<void>> set_keep_alive_idle_time(uint64_t value) override {
    return told(socket_->set_keep_alive_idle(value));
  }
  Result<Told<uint64_t>> get_keep_alive_interval() override {
    return told(socket_->keep_alive_interval());
  }
  Result<Told<void>> set_keep_alive_interval(uint64_t value) override {
    return told(socket_->set_keep_alive_interval(value));
  }
  Result<Told<uint32_t>> get_keep_alive_count() override {
    return told(socket_->keep_alive_count());
  }
  Result<Told<void>> set_keep_alive_count(uint32_t value) override {
    return told(socket_->set_keep_alive_count(value));
  }
  Result<Told<uint8_t>> get_hop_limit() override { return told(socket_->hop_limit()); }
  Result<Told<void>> set_hop_limit(uint8_t value) override {
    return told(socket_->set_hop_limit(value));
  }
  Result<Told<uint64_t>> get_receive_buffer_size() override {
    return told(socket_->receive_buffer_size());
  }
  Result<Told<void>> set_receive_buffer_size(uint64_t value) override {
    return told(socket_->set_receive_buffer_size(value));
  }
  Result<Told<uint64_t>> get_send_buffer_size() override {
    return told(socket_->send_buffer_size());
  }
  Result<Told<void>> set_send_buffer_size(uint64_t value) override {
    return told(socket_->set_send_buffer_size(value));
  }

 private:
  /// Hands connections to the guest, one after the other; those it has no time for wait in the
  /// kernel. Beyond the quota of sockets they wait until one is closed.
  static Task<void> accept_all(Context* context, Ref<Listening> self) {
    while (true) {
      CO_TRY(co_await wait_for_connection(context->loop(), self));
      if (!self->listener || self->to.is_peer_gone()) break;
      auto accepted = self->listener->accept();
      if (!accepted) {
        if (accepted.error() == ErrorCode::NewSocketLimit) {
          CO_TRY(co_await wait_for_room(context->loop(), context->network().sockets, self));
        } else if (accepted.error() != ErrorCode::WouldBlock &&
                   accepted.error() != ErrorCode::ConnectionAborted) {
          break;
        }
        continue;
      }
      std::unique_ptr<wit::types::TcpSocket> socket =
          std::make_unique<TcpSocketHandle>(*context, std::move(accepted->first));
      accepted->second = {};
      if (CO_TRY(co_await self->to.write(std::span(&socket, 1))) == 0) break;
    }
    self->listener = {};
    self->to.close();
    co_return Result<void>();
  }

  /// Does not keep the socket, of which nobody may want to know any more.
  static Task<void> wait_for_connection(Loop& loop, Ref<Listening> self) {
    const auto is_over = [&] { return !self->listener || self->to.is_peer_gone(); };
    if (is_over() || self->listener->is_ready()) co_return Result<void>();
    Event changed(loop);
    Signal::Listener of_socket(changed);
    Signal::Listener of_reader(changed);
    self->listener->listen(of_socket);
    of_reader.listen(self->to.changed());
    while (!is_over() && !self->listener->is_ready()) {
      CO_TRY(co_await changed.wait());
      changed.reset();
    }
    co_return Result<void>();
  }

  static Task<void> wait_for_room(Loop& loop, Ref<Budget> budget, Ref<Listening> self) {
    Event changed(loop);
    Signal::Listener of_budget(changed);
    Signal::Listener of_reader(changed);
    of_budget.listen(budget->freed());
    of_reader.listen(self->to.changed());
    while (!budget->has_room(1) && !self->to.is_peer_gone()) {
      CO_TRY(co_await changed.wait());
      changed.reset();
    }
    co_return Result<void>();
  }

  Ended invalid_state() {
    return component::ready_future(loop(),
                                   Told<void>(std::unexpected(to_wit(ErrorCode::InvalidState))));
  }
  Loop& loop() { return context_.loop(); }

  Context& context_;
  Ref<sockets::TcpSocket> socket_;
  Ref<Listening> listening_;
  bool sends_ = false;
  bool receives_ = false;
};

}  // namespace

Result<std::expected<std::unique_ptr<wit::types::TcpSocket>, wit::types::ErrorCode>>
TypesInterface::tcp_socket_create(wit::types::IpAddressFamily address_family) {
  auto socket = sockets::TcpSocket::create(context_.network(), from_wit(address_family));
  if (!socket) return guest_error(to_wit(socket.error()));
  return std::make_unique<TcpSocketHandle>(context_, std::move(*socket));
}

}  // namespace wasmcloud::wasi::sockets::v0_3
