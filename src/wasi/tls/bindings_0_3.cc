#include "wasi/tls/bindings_0_3.h"

#include "bindings/wasi/tls_0_3_0_draft/client.abi.h"
#include "bindings/wasi/tls_0_3_0_draft/types.abi.h"
#include "wasi/context.h"
#include "wasi/interfaces_0_3.h"
#include "wasi/io/streams_0_3.h"
#include "wasi/tls/connection.h"
#include "wasi/tls/provider.h"

namespace wasmcloud::wasi::tls {
namespace v0_3 {
namespace {

using component::guest_error;
using component::StreamReader;
using component::StreamWriter;

class ErrorHandle final : public wit::types::Error {
 public:
  explicit ErrorHandle(std::string text) : text_(std::move(text)) {}
  Result<std::string> to_debug_string() override { return text_; }

 private:
  const std::string text_;
};

std::unique_ptr<wit::types::Error> error_of(const Error& error) {
  return std::make_unique<ErrorHandle>(error.message());
}

using Outcome = io::v0_3::Outcome<error_of>;
using Streams = std::tuple<StreamReader<uint8_t>, component::FutureReader<Outcome>>;

/// One way through a connection, which is over when both what takes from a stream and what gives to
/// the other are.
class Direction final : public Counted {
 public:
  explicit Direction(component::FutureWriter<Outcome> ended) : ended_(std::move(ended)) {}

  static Task<void> run(Task<void> half, Ref<Direction> self) {
    Result<void> ended = co_await std::move(half);
    // A source or sink that has ended by itself is no failure.
    if (!ended && ended.error().code() == Errc::Closed) ended = {};
    if (!self->first_) {
      self->first_ = std::move(ended);
      co_return Result<void>();
    }
    Result<void> both = std::move(*self->first_ ? ended : *self->first_);
    self->ended_.write(CO_TRY(told<error_of>(std::move(both))));
    co_return Result<void>();
  }

 private:
  component::FutureWriter<Outcome> ended_;
  std::optional<Result<void>> first_;
};

/// Has `group` put what comes from `from` into a connection, and what comes out of that into the
/// stream that is returned.
Streams transform(Loop& loop, TaskGroup& group, StreamReader<uint8_t> from,
                  std::pair<Ref<io::Sink>, Ref<io::Source>> ends, Signal& over) {
  auto [writer, reader] = component::make_stream<uint8_t>(loop);
  auto [ending, ended] = component::make_future<Outcome>(loop);
  const auto direction = make_ref<Direction>(std::move(ending));
  group.spawn(Direction::run(io::v0_3::drain(loop, std::move(from), std::move(ends.first), &over),
                             direction));
  group.spawn(
      Direction::run(io::v0_3::feed(loop, std::move(ends.second), std::move(writer)), direction));
  return {std::move(reader), std::move(ended)};
}

Streams refuse(Loop& loop, std::string_view why) {
  auto reader = component::make_stream<uint8_t>(loop).second;
  return {std::move(reader),
          component::ready_future<Outcome>(
              loop, std::unexpected(error_of({Errc::Refused, std::string(why)})))};
}

class ConnectorHandle final : public wit::client::Connector {
 public:
  explicit ConnectorHandle(Context& context)
      : context_(context),
        connection_(make_ref<Connection>(context.loop(), context.tls_connections())) {}
  /// With it goes a handshake that has not begun, or was cancelled.
  ~ConnectorHandle() override {
    if (connection_->is_secured()) return;
    connection_->give_up({Errc::Refused, "the connector is gone, without a handshake"});
  }

  const Ref<Connection>& connection() const { return connection_; }

  Result<Streams> send(StreamReader<uint8_t> cleartext) override {
    if (connection_->has_sending_ends()) {
      return refuse(context_.loop(), "send was called before; a connector sends once");
    }
    return transform(context_.loop(), context_.drains(), std::move(cleartext),
                     connection_->sending_ends(), connection_->over());
  }
  Result<Streams> receive(StreamReader<uint8_t> ciphertext) override {
    if (connection_->has_receiving_ends()) {
      return refuse(context_.loop(), "receive was called before; a connector receives once");
    }
    return transform(context_.loop(), context_.feeds(), std::move(ciphertext),
                     connection_->receiving_ends(), connection_->over());
  }

 private:
  Context& context_;
  const Ref<Connection> connection_;
};

}  // namespace

Result<std::unique_ptr<wit::client::Connector>> ClientInterface::connector_constructor() {
  return std::make_unique<ConnectorHandle>(context_);
}

Task<std::expected<void, std::unique_ptr<wit::types::Error>>> ClientInterface::connector_connect(
    std::unique_ptr<wit::client::Connector> this_, std::string server_name) {
  const Ref<Connection> connection = static_cast<ConnectorHandle&>(*this_).connection();
  if (!connection->has_sending_ends() || !connection->has_receiving_ends()) {
    connection->give_up({Errc::Refused, "send and receive must be called before connect"});
  }
  const Environment& environment = context_.environment();
  co_return told<error_of>(co_await connection->connect(
      environment.tls.get(), std::move(server_name), environment.quotas.tls_handshake));
}

}  // namespace v0_3

void add_to_linker(component::Linker& linker) {
  namespace wit = wasmcloud::wit::wasi::tls_0_3_0_draft;
  wit::types::add_to_linker(linker);
  wit::client::add_to_linker(linker, [](component::HostState& host) -> wit::client::Interface& {
    return static_cast<Context&>(host).interfaces_0_3().tls_client;
  });
}

}  // namespace wasmcloud::wasi::tls
