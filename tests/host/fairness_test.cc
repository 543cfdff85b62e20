// One client, one guest or one connection costs the others nothing.
#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace wasmcloud::host {
namespace {

TEST(SlowPeers, CostOnlyTheirOwnConnections) {
  REQUIRE_GUEST("p2-hostile");
  GuestServer server(load_guest("p2-hostile"));
  std::vector<std::unique_ptr<http::RawClient>> slow;
  const auto add = [&](std::string_view text, int receive_buffer = 0) {
    slow.push_back(std::make_unique<http::RawClient>(server.port(), receive_buffer));
    ASSERT_TRUE(slow.back()->send(text));
  };
  for (int i = 0; i < 15; ++i) {
    add("GET /flood HTTP/1.1\r\nhost: a\r\n\r\n", 4096);  // reads nothing
    add("GET / HTTP/1.1\r\nho");                          // sends half a head
    add("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\nsome");
    add("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");  // and no more
  }
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().connections() == 60; }));
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() >= 30; }));
  for (int round = 0; round < 20; ++round) {
    EXPECT_TRUE(server.get("/").ends_with("fine"));
    // Those who send do so byte by byte.
    for (size_t i = 2; i < slow.size(); i += 4) EXPECT_TRUE(slow[i]->send("x"));
  }
  EXPECT_TRUE(GuestServer::eventually([&] { return server.log().size() == 20; }));
  EXPECT_EQ(server.log(), std::vector<std::string>(20, "GET / 200"));
}

TEST(LeastBusyLoop, TakesTheNextConnection) {
  REQUIRE_GUEST("p2-hostile");
  GuestServer server(load_guest("p2-hostile"), 3);
  // Two loops have a request that stays; all others go to the third.
  std::vector<std::unique_ptr<http::RawClient>> stalled;
  for (size_t i = 1; i <= 2; ++i) {
    stalled.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(stalled.back()->send("GET /stall HTTP/1.1\r\nhost: a\r\n\r\n"));
    ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == i; }));
  }
  std::vector<std::unique_ptr<http::RawClient>> clients;
  for (size_t i = 1; i <= 10; ++i) {
    clients.push_back(std::make_unique<http::RawClient>(server.port()));
    ASSERT_TRUE(clients.back()->send("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    EXPECT_TRUE(clients.back()->response().ends_with("fine"));
    ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 2; }));
  }
  const auto per_loop = server.requests_per_loop();
  EXPECT_EQ(std::ranges::count(per_loop, 0U), 2) << testing::PrintToString(per_loop);
  EXPECT_EQ(std::ranges::count(per_loop, 10U), 1) << testing::PrintToString(per_loop);
}

}  // namespace
}  // namespace wasmcloud::host
