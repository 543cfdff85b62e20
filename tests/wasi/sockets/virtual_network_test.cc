#include "wasi/sockets/virtual_network.h"

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wasmcloud::wasi::sockets {
namespace {

Endpoint at(std::string_view ip, uint16_t port) { return {.ip = *Ip::parse(ip), .port = port}; }

bool is_readable(const OwnedDescriptor& descriptor) {
  pollfd question{.fd = descriptor.get(), .events = POLLIN, .revents = 0};
  return ::poll(&question, 1, 0) > 0;
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

class VirtualNetworkTest : public ::testing::Test {
 protected:
  std::shared_ptr<VirtualNetwork> network_ = std::make_shared<VirtualNetwork>();
};

TEST_F(VirtualNetworkTest, ConnectsWhoAsksToWhoListens) {
  const auto server = network_->bind_tcp(at("0.0.0.0", 7777));
  ASSERT_TRUE(server.has_value());
  EXPECT_EQ((*server)->local(), at("127.0.0.1", 7777));
  const auto client = *network_->bind_tcp(at("0.0.0.0", 0));
  EXPECT_EQ(client->local().port, 65535);
  EXPECT_EQ(network_->connect(*client, at("127.0.0.1", 7777)).error(),
            ErrorCode::ConnectionRefused);
  EXPECT_FALSE(network_->has_listener(at("127.0.0.1", 7777)));
  const auto ready = (*server)->listen(2);
  ASSERT_TRUE(ready.has_value());
  EXPECT_TRUE(network_->has_listener(at("127.0.0.9", 7777))) << "all of 127/8 is one host";
  EXPECT_FALSE(network_->has_listener(at("::1", 7777)));
  EXPECT_FALSE(is_readable(*ready));
  EXPECT_EQ((*server)->accept().error(), ErrorCode::WouldBlock);

  const auto first = network_->connect(*client, at("127.0.0.1", 7777));
  ASSERT_TRUE(first.has_value());
  const auto second = network_->connect(*client, at("127.0.0.1", 7777));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(network_->connect(*client, at("127.0.0.1", 7777)).error(), ErrorCode::ConnectionRefused)
      << "the backlog is full";
  EXPECT_TRUE(is_readable(*ready));
  const auto accepted = (*server)->accept();
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->remote, client->local());
  EXPECT_EQ(accepted->local, at("127.0.0.1", 7777));
  EXPECT_TRUE(is_readable(*ready)) << "there is another";
  ASSERT_TRUE((*server)->accept().has_value());
  EXPECT_FALSE(is_readable(*ready));
  ASSERT_EQ(::send(first->socket.get(), "hello", 5, 0), 5);
  std::array<char, 8> buffer{};
  ASSERT_EQ(::recv(accepted->socket.get(), buffer.data(), buffer.size(), 0), 5);
  EXPECT_EQ(std::string_view(buffer.data(), 5), "hello");
}

TEST_F(VirtualNetworkTest, PortsAreTakenUntilTheirOwnerGoes) {
  auto port = *network_->bind_tcp(at("127.0.0.1", 80));
  EXPECT_EQ(network_->bind_tcp(at("0.0.0.0", 80)).error(), ErrorCode::AddressInUse);
  EXPECT_TRUE(network_->bind_tcp(at("::1", 80)).has_value());
  EXPECT_TRUE(network_->bind_udp(at("127.0.0.1", 80)).has_value());
  EXPECT_EQ(network_->bind_tcp(at("192.168.0.1", 80)).error(), ErrorCode::AddressNotBindable);
  const auto ready = *port->listen(1);
  const auto client = *network_->bind_tcp(at("127.0.0.1", 0));
  const auto connection = network_->connect(*client, at("127.0.0.1", 80));
  ASSERT_TRUE(connection.has_value());
  port.reset();
  std::array<char, 1> buffer{};
  EXPECT_EQ(::recv(connection->socket.get(), buffer.data(), buffer.size(), 0), 0)
      << "nobody will accept it";
  EXPECT_TRUE(network_->bind_tcp(at("127.0.0.1", 80)).has_value());
}

TEST_F(VirtualNetworkTest, HandsDatagramsOver) {
  const auto one = *network_->bind_udp(at("127.0.0.1", 53));
  const auto two = *network_->bind_udp(at("127.0.0.1", 0));
  const auto ready = *one->watch();
  EXPECT_FALSE(is_readable(ready));
  two->send(at("127.0.0.1", 53), bytes("first"));
  two->send(at("127.0.0.1", 53), bytes(""));
  two->send(at("127.0.0.1", 54), bytes("to nobody"));
  EXPECT_TRUE(is_readable(ready));
  const auto first = one->take();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(text_of(first->data), "first");
  EXPECT_EQ(first->remote, two->local());
  EXPECT_EQ(one->take()->data.size(), 0U);
  EXPECT_FALSE(one->take().has_value());
  EXPECT_FALSE(is_readable(ready));
}

TEST_F(VirtualNetworkTest, WhatWaitsAtAPortIsBounded) {
  const auto one = *network_->bind_udp(at("127.0.0.1", 53));
  const std::string large(60'000, 'x');
  for (int i = 0; i < 100; ++i) one->send(at("127.0.0.1", 53), bytes(large));
  int kept = 0;
  while (one->take()) ++kept;
  EXPECT_EQ(kept, 4);
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets
