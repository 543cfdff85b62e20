#include "host/loopback_socket.h"
#include "host/running_command.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

// The ready-made guests with sockets, against clients and servers of the system.
namespace wasmcloud::host {
namespace {

using wasi::sockets::NetworkPolicy;

std::unique_ptr<RunningCommand> start(std::string_view guest, std::vector<std::string> arguments,
                                      uint16_t port = 0, NetworkPolicy policy = on_loopback()) {
  WorkloadConfig config;
  config.arguments = std::move(arguments);
  if (port != 0) config.environment = {{"PORT", std::to_string(port)}};
  config.network = std::move(policy);
  return std::make_unique<RunningCommand>(guest, std::move(config));
}

TEST(SocketGuests, AServiceAnswersLinesUntilItIsToldToQuit) {
  REQUIRE_GUEST("p2-tcp-service");
  const uint16_t port = free_port();
  const auto service = start("p2-tcp-service", {}, port);
  {
    Socket client(SOCK_STREAM);
    connect_when_up(client, port);
    client.send("hello\n");
    EXPECT_EQ(client.receive(6), "HELLO\n");
    client.send("quit\n");
    ::shutdown(client.fd(), SHUT_WR);
    client.receive(100);
  }
  EXPECT_EQ(service->wait(), 0) << service->err();
}

TEST(SocketGuests, AnEchoServesManyAtOnce) {
  REQUIRE_GUEST("p2-tcp-echo");
  const uint16_t port = free_port();
  const auto echo = start("p2-tcp-echo", {}, port);
  std::vector<std::unique_ptr<Socket>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<Socket>(SOCK_STREAM));
    connect_when_up(*clients.back(), port);
  }
  for (size_t i = clients.size(); i-- > 0;) {
    const std::string text = "from " + std::to_string(i);
    clients[i]->send(text);
    EXPECT_EQ(clients[i]->receive(text.size()), text);
  }
  // More than all buffers on the way hold, read while it is written.
  const std::string big(size_t{8} << 20, 'x');
  std::thread writer([&] { clients[0]->send(big); });
  EXPECT_EQ(clients[0]->receive(big.size()), big);
  writer.join();
}

TEST(SocketGuests, AClientTalksTcp) {
  REQUIRE_GUEST("p2-net-client");
  Socket listener(SOCK_STREAM);
  const uint16_t port = listener.bind();
  ASSERT_EQ(::listen(listener.fd(), 1), 0);
  const auto client = start("p2-net-client", {"tcp", fmt::format("127.0.0.1:{}", port), "ping"});
  const int fd = ::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
  ASSERT_GE(fd, 0);
  {
    Socket peer(std::in_place, fd);
    // All of it, else closing would reset the connection.
    EXPECT_EQ(peer.receive(5), "ping\n");
    peer.send("pong");
  }
  EXPECT_EQ(client->wait(), 0) << client->err();
  EXPECT_TRUE(client->out().contains("pong")) << client->out();
}

TEST(SocketGuests, AClientTalksUdp) {
  REQUIRE_GUEST("p2-net-client");
  Socket server(SOCK_DGRAM);
  const uint16_t port = server.bind();
  const auto client = start("p2-net-client", {"udp", fmt::format("127.0.0.1:{}", port), "ping"});
  std::array<char, 64> buffer{};
  sockaddr_in from{};
  socklen_t size = sizeof(from);
  ASSERT_EQ(::recvfrom(server.fd(), buffer.data(), buffer.size(), 0,
                       reinterpret_cast<sockaddr*>(&from), &size),
            4);
  EXPECT_EQ(std::string_view(buffer.data(), 4), "ping");
  ASSERT_EQ(::sendto(server.fd(), "pong", 4, 0, reinterpret_cast<sockaddr*>(&from), size), 4);
  EXPECT_EQ(client->wait(), 0) << client->err();
  EXPECT_TRUE(client->out().contains("pong")) << client->out();
}

TEST(SocketGuests, AClientLooksUpNames) {
  REQUIRE_GUEST("p2-net-client");
  const auto client = start("p2-net-client", {"resolve", "localhost"});
  EXPECT_EQ(client->wait(), 0) << client->err();
  EXPECT_TRUE(client->out().contains("127.0.0.1")) << client->out();
  const auto refused = start("p2-net-client", {"resolve", "example.com"});
  EXPECT_NE(refused->wait(), 0);
}

TEST(SocketGuests, WithoutRulesNothingIsReached) {
  REQUIRE_GUEST("p2-net-client");
  Socket listener(SOCK_STREAM);
  const uint16_t port = listener.bind();
  ASSERT_EQ(::listen(listener.fd(), 1), 0);
  const auto client =
      start("p2-net-client", {"tcp", fmt::format("127.0.0.1:{}", port), "ping"}, 0, {});
  EXPECT_NE(client->wait(), 0);
}

}  // namespace
}  // namespace wasmcloud::host
