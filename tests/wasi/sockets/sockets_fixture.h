#pragma once

#include "wasi/sockets/network.h"
#include "wasi/sockets/tcp_socket.h"
#include "wasi/sockets/udp_socket.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::sockets {

inline const Ip kLoopback = Ip::v4(127, 0, 0, 1);

inline NetworkPolicy policy(std::vector<std::string_view> listen,
                            std::vector<std::string_view> connect,
                            std::vector<std::string_view> lookup = {}) {
  NetworkPolicy out;
  for (const auto rule : listen) out.listen.push_back(AddressRule::parse(rule).value());
  for (const auto rule : connect) out.connect.push_back(AddressRule::parse(rule).value());
  for (const auto rule : lookup) out.lookup.push_back(NameRule::parse(rule).value());
  return out;
}

/// An instance's network under a policy that allows loopback, or another.
class SocketsTest : public testing::Test {
 protected:
  ~SocketsTest() override { EXPECT_TRUE(run_to_end(loop, tasks.finish())); }

  Ref<TcpSocket> tcp(Family family = Family::V4) {
    return TcpSocket::create(network, family).value();
  }
  Ref<UdpSocket> udp(Family family = Family::V4) {
    return UdpSocket::create(network, family).value();
  }
  Ref<TcpSocket> bound_tcp() {
    auto socket = tcp();
    EXPECT_TRUE(socket->start_bind({.ip = kLoopback}));
    EXPECT_TRUE(socket->finish_bind());
    return socket;
  }
  Ref<TcpSocket> listener() {
    auto socket = bound_tcp();
    EXPECT_TRUE(socket->start_listen());
    EXPECT_TRUE(socket->finish_listen());
    return socket;
  }
  Ref<UdpSocket> bound_udp() {
    auto socket = udp();
    EXPECT_TRUE(socket->start_bind({.ip = kLoopback}));
    EXPECT_TRUE(socket->finish_bind());
    return socket;
  }
  void wait(io::Waitable& waitable) {
    ASSERT_TRUE(run_to_end(loop, with_deadline(loop, std::chrono::seconds(20), "the wait",
                                               io::wait_for(loop, waitable))));
  }

  struct Pair {
    Ref<TcpSocket> client;
    TcpSocket::Connection near;
    Ref<TcpSocket> server;
    TcpSocket::Connection far;
  };
  Pair connect() {
    Pair pair;
    const auto listening = listener();
    pair.client = tcp();
    EXPECT_TRUE(pair.client->start_connect(*listening->local_address()));
    wait(*pair.client);
    pair.near = pair.client->finish_connect().value();
    wait(*listening);
    auto accepted = listening->accept().value();
    pair.server = std::move(accepted.first);
    pair.far = std::move(accepted.second);
    return pair;
  }
  /// Until the end of the stream.
  std::string read_all(io::Source& source) {
    std::string text;
    while (true) {
      auto bytes = run_to_end(loop, io::blocking_read(loop, source, 65536));
      if (!bytes) {
        EXPECT_EQ(bytes.error().code(), Errc::Closed);
        return text;
      }
      text += bytes->text();
    }
  }

  Loop loop;
  TaskGroup tasks{loop};
  NetworkPolicy rules = policy({"127.0.0.1", "::1", "0.0.0.0"}, {"127.0.0.1", "::1"},
                               {"*.localhost", "localhost", "*.invalid"});
  Network network{.loop = loop,
                  .policy = rules,
                  .tasks = tasks,
                  .sockets = make_ref<Budget>("open sockets", 8),
                  .lookups = make_ref<Budget>("names being looked up", 2)};
};

}  // namespace wasmcloud::wasi::sockets
