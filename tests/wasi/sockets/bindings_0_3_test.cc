#include "wasi/sockets/bindings_0_3.h"

#include "bindings/wasi/sockets_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/io/guest_streams.h"
#include "wasi/sockets/detail/convert_0_3.h"
#include "wasi/sockets/sockets_fixture.h"

namespace wasmcloud::wasi::sockets::v0_3 {
namespace {

using wit::types::ErrorCode;
using wit::types::IpSocketAddress;
using Tag = ErrorCode::Tag;
using Tcp = std::unique_ptr<wit::types::TcpSocket>;
using Udp = std::unique_ptr<wit::types::UdpSocket>;
constexpr auto kV4 = wit::types::IpAddressFamily::Ipv4;

class Sockets03 : public testing::Test {
 protected:
  Sockets03() {
    environment.network = policy({"127.0.0.1"}, {"127.0.0.1"}, {"localhost"});
    environment.quotas.sockets = 8;
    context.emplace(loop, environment);
  }
  ~Sockets03() override {
    loop.run_until([&] { return writes.size() == 0; });
    EXPECT_TRUE(run_to_end(loop, context->finish()));
  }
  template <class T>
  T await(Task<T> task) {
    auto result =
        run_to_end(loop, with_deadline(loop, std::chrono::seconds(20), "it", std::move(task)));
    if (!result) ADD_FAILURE() << result.error().message();
    return result ? std::move(*result) : T();
  }
  template <class T>
  T await(component::FutureReader<T> future) {
    return await(future.read());
  }
  Tcp tcp() { return std::move(*TypesInterface(*context).tcp_socket_create(kV4).value()); }
  Udp udp() { return std::move(*TypesInterface(*context).udp_socket_create(kV4).value()); }
  static IpSocketAddress loopback(uint16_t port) {
    return to_wit(Endpoint{.ip = kLoopback, .port = port});
  }
  struct Listener {
    Tcp socket;
    component::StreamReader<Tcp> connections;
    IpSocketAddress address;
  };
  Listener listen(uint16_t port = 0) {
    Listener made{.socket = tcp(), .connections = {}, .address = {}};
    EXPECT_TRUE(made.socket->bind(loopback(port)).value());
    made.connections = std::move(*made.socket->listen().value());
    made.address = *made.socket->get_local_address().value();
    return made;
  }
  Tcp accept(Listener& listener) {
    Tcp accepted;
    EXPECT_EQ(await(listener.connections.read(std::span(&accepted, 1))), 1U);
    return accepted;
  }
  std::pair<Tcp, Tcp> connect() {
    Listener listener = listen();
    Tcp client = tcp();
    EXPECT_TRUE(await(client->connect(listener.address)));
    return {std::move(client), accept(listener)};
  }
  component::StreamReader<uint8_t> stream_of(std::string text) {
    auto [writer, reader] = component::make_stream<uint8_t>(loop);
    written = 0;
    writes.spawn(write_all, std::move(writer), std::move(text), &written);
    return std::move(reader);
  }

  Loop loop;
  TaskGroup writes{loop};
  size_t written = 0;
  Environment environment;
  std::optional<Context> context;
};

TEST_F(Sockets03, BytesAndTheEndGoBothWays) {
  auto [client, server] = connect();
  const std::string text(300'000, 'x');
  auto sent = *client->send(stream_of(text));
  auto [bytes, end] = *server->receive();
  EXPECT_EQ(read_all(loop, bytes), text);
  EXPECT_TRUE(await(std::move(end)));
  EXPECT_TRUE(await(std::move(sent)));
  // The other direction is still there.
  auto answered = *server->send(stream_of("answer"));
  auto [answer, answer_end] = *client->receive();
  server.reset();
  EXPECT_EQ(read_all(loop, answer), "answer");
  EXPECT_TRUE(await(std::move(answered)));
  EXPECT_TRUE(await(std::move(answer_end)));
}

TEST_F(Sockets03, AResetIsNoEnd) {
  auto [client, server] = connect();
  EXPECT_TRUE(await(*client->send(stream_of("unread"))));
  auto [bytes, end] = *client->receive();
  server.reset();  // closed with unread bytes: the kernel resets the connection
  EXPECT_EQ(read_all(loop, bytes), "");
  EXPECT_EQ(await(std::move(end)).error().tag(), Tag::ConnectionReset);
}

// What a guest connected within the host goes with it, though the peer stays.
TEST_F(Sockets03, AnEchoWithinTheHostEndsWithTheGuest) {
  auto [client, server] = connect();
  auto [bytes, received] = *server->receive();
  auto echoed = *server->send(std::move(bytes));
  EXPECT_TRUE(await(*client->send(stream_of("echo"))));
  auto [answer, end] = *client->receive();
  EXPECT_EQ(read_all(loop, answer), "echo");
  // One that is silent, and not ended.
  auto [other, silent] = connect();
  auto [nothing, silence] = *silent->receive();
  auto still = *silent->send(std::move(nothing));
  silent.reset();
  EXPECT_FALSE(context->is_idle());
  EXPECT_TRUE(run_to_end(loop, context->finish()));
  EXPECT_TRUE(context->is_idle());
}

TEST_F(Sockets03, EachDirectionIsHandedOutOnce) {
  auto [client, server] = connect();
  auto first = *client->send(stream_of(""));
  EXPECT_TRUE(await(std::move(first)));
  EXPECT_EQ(await(*client->send(stream_of(""))).error().tag(), Tag::InvalidState);
  {
    auto [bytes, end] = *client->receive();
    bytes.close();
    EXPECT_TRUE(await(std::move(end)));
  }
  auto [again, end] = *client->receive();
  EXPECT_EQ(read_all(loop, again), "");
  EXPECT_EQ(await(std::move(end)).error().tag(), Tag::InvalidState);
  EXPECT_EQ(await(*tcp()->send(stream_of(""))).error().tag(), Tag::InvalidState);
}

TEST_F(Sockets03, APortIsFreeAtOnceWhenItsSocketIsDropped) {
  Listener first = listen();
  const uint16_t port = from_wit(first.address).port;
  EXPECT_EQ(tcp()->bind(loopback(port))->error().tag(), Tag::AddressInUse);
  first.connections.close();
  first.socket.reset();
  EXPECT_TRUE(tcp()->bind(loopback(port)).value());
}

TEST_F(Sockets03, ConnectionsBeyondTheQuotaWait) {
  Listener listener = listen();
  std::vector<Tcp> held;
  for (int i = 0; i < 4; ++i) {
    held.push_back(tcp());
    EXPECT_TRUE(await(held.back()->connect(listener.address)));
  }
  std::vector<Tcp> accepted;
  for (int i = 0; i < 3; ++i) accepted.push_back(accept(listener));
  // Eight are open; the fourth connection is made in the kernel, and accepted when one is closed.
  loop.post([&] { accepted.clear(); });
  accepted.push_back(accept(listener));
  EXPECT_TRUE(accepted.back());
  EXPECT_EQ(TypesInterface(*context).tcp_socket_create(kV4)->has_value(), true);
}

TEST_F(Sockets03, WhatNoRuleAllowsIsDenied) {
  EXPECT_EQ(
      tcp()->bind(to_wit(Endpoint{.ip = Ip::v4(127, 0, 0, 2), .port = 5})).value().error().tag(),
      Tag::AccessDenied);
  EXPECT_EQ(
      await(tcp()->connect(to_wit(Endpoint{.ip = Ip::v4(127, 0, 0, 2), .port = 5}))).error().tag(),
      Tag::AccessDenied);
  IpNameLookupInterface lookup(*context);
  EXPECT_TRUE(await(lookup.resolve_addresses("example.com")).error().is_access_denied());
  EXPECT_TRUE(await(lookup.resolve_addresses("a b")).error().is_invalid_argument());
  EXPECT_EQ(await(lookup.resolve_addresses("localhost"))->size(), 2U);
}

TEST_F(Sockets03, ARefusedConnectionClosesTheSocket) {
  Listener listener = listen();
  listener.connections.close();
  listener.socket.reset();
  const Tcp client = tcp();
  EXPECT_EQ(await(client->connect(listener.address)).error().tag(), Tag::ConnectionRefused);
  EXPECT_EQ(await(client->connect(listener.address)).error().tag(), Tag::InvalidState);
}

TEST_F(Sockets03, DatagramsAreSentAndReceived) {
  const Udp server = udp();
  EXPECT_TRUE(server->bind(loopback(0)).value());
  const IpSocketAddress address = *server->get_local_address().value();
  const Udp client = udp();
  EXPECT_EQ(await(client->receive()).error().tag(), Tag::InvalidState);
  EXPECT_TRUE(await(client->send(Bytes::copy_of("ping"), address)));
  auto received = await(server->receive());
  EXPECT_EQ(std::get<0>(*received).text(), "ping");
  const uint16_t port = from_wit(*client->get_local_address().value()).port;
  EXPECT_EQ(from_wit(std::get<1>(*received)).port, port);
  // Waits for what is not there yet.
  loop.post([&] {
    writes.spawn(
        [](wit::types::UdpSocket* socket, IpSocketAddress to) -> Task<void> {
          CO_TRY(co_await socket->send(Bytes::copy_of("pong"), to));
          co_return Result<void>();
        },
        server.get(), loopback(port));
  });
  EXPECT_EQ(std::get<0>(*await(client->receive())).text(), "pong");
}

TEST_F(Sockets03, AUdpSocketMayHaveAPeer) {
  const Udp server = udp();
  EXPECT_TRUE(server->bind(loopback(0)).value());
  const IpSocketAddress address = *server->get_local_address().value();
  const Udp client = udp();
  EXPECT_EQ(client->disconnect()->error().tag(), Tag::InvalidState);
  EXPECT_EQ(await(client->send(Bytes::copy_of("x"), std::nullopt)).error().tag(),
            Tag::InvalidArgument);
  EXPECT_TRUE(client->connect(address).value());
  EXPECT_TRUE(await(client->send(Bytes::copy_of("x"), std::nullopt)));
  EXPECT_EQ(await(client->send(Bytes::copy_of("x"), loopback(9))).error().tag(),
            Tag::InvalidArgument);
  EXPECT_TRUE(client->disconnect().value());
  EXPECT_EQ(client->get_remote_address()->error().tag(), Tag::InvalidState);
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets::v0_3
