#include "host/loopback_socket.h"
#include "host/running_command.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <thread>

// Streams of WASI 0.3 between files or sockets and buffers of a guest, which may take a buffer
// back, or be gone, while the host waits to fill it.
namespace wasmcloud::host {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

std::string random_text(size_t size) {
  std::mt19937_64 random(size);
  std::string text(size, '\0');
  for (size_t i = 0; i + 8 <= size; i += 8) {
    const uint64_t number = random();
    std::memcpy(text.data() + i, &number, 8);
  }
  return text;
}

class StreamGuests : public ::testing::Test {
 protected:
  void SetUp() override { REQUIRE_GUEST("p3-streams"); }

  void start(std::vector<std::string> arguments) {
    WorkloadConfig config;
    config.arguments = std::move(arguments);
    config.environment = {{"PORT", std::to_string(port)}};
    config.network = on_loopback();
    guest = std::make_unique<RunningCommand>("p3-streams", std::move(config));
  }
  /// Starts the guest, and connects to it.
  void connect(std::vector<std::string> arguments) {
    port = free_port();
    start(std::move(arguments));
    peer.emplace(SOCK_STREAM);
    connect_when_up(*peer, port);
  }
  /// All up to the end; the peer may have to be read on.
  std::string receive_all() {
    std::string all;
    for (std::string part; !(part = peer->receive(kMiB)).empty();) all += part;
    return all;
  }
  bool eventually_says(std::string_view text) {
    return GuestServer::eventually([&] { return guest->out().contains(text); });
  }

  uint16_t port = 0;
  std::unique_ptr<RunningCommand> guest;
  std::optional<Socket> peer;
};

TEST_F(StreamGuests, AConnectionIsEchoedByteByByte) {
  for (const size_t buffer : {size_t{1}, size_t{4093}, size_t{65536}, 3 * kMiB}) {
    SCOPED_TRACE(buffer);
    const std::string text = random_text(buffer == 1 ? 20'000 : 8 * kMiB);
    connect({"echo", std::to_string(buffer)});
    std::thread writer([&] {
      peer->send(text);
      ::shutdown(peer->fd(), SHUT_WR);
    });
    EXPECT_TRUE(receive_all() == text);
    writer.join();
    EXPECT_EQ(guest->wait(), 0) << guest->err();
    EXPECT_EQ(guest->out(), fmt::format("{} bytes, sent Ok(()), received Ok(())\n", text.size()));
  }
}

TEST_F(StreamGuests, AFileIsCopiedThroughABufferOfAPipesSize) {
  const testing::TemporaryFolder folder;
  const std::string text = random_text(64 * kMiB + 5);
  folder.write("from", text);
  for (const size_t buffer : {size_t{65536}, size_t{65521}, 3 * kMiB}) {
    SCOPED_TRACE(buffer);
    WorkloadConfig config;
    config.arguments = {"copy", std::to_string(buffer), "from", "to"};
    config.mounts = {{.host_path = folder.path(), .guest_path = "/data"}};
    RunningCommand copy("p3-streams", std::move(config));
    EXPECT_EQ(copy.wait(), 0) << copy.err();
    EXPECT_EQ(copy.out(), fmt::format("{} bytes\n", text.size()));
    EXPECT_TRUE(folder.read("to") == text);
    std::filesystem::remove(folder.path("to"));
  }
}

TEST_F(StreamGuests, AReadThatWaitsForThePeerIsTakenBack) {
  connect({"cancel-read"});
  // Comes once the read was taken back.
  EXPECT_EQ(peer->receive(3), "now");
  peer->send("late");
  ::shutdown(peer->fd(), SHUT_WR);
  EXPECT_EQ(receive_all(), "");
  EXPECT_EQ(guest->wait(), 0) << guest->err();
  EXPECT_EQ(guest->out(), "Cancelled 0\nlate\n");
}

TEST_F(StreamGuests, AWriteThatWaitsForThePeerIsTakenBack) {
  connect({"cancel-write"});
  // Before the peer reads anything, the guest has its buffer again, and has written on it.
  ASSERT_TRUE(eventually_says("\n"));
  const std::string got = receive_all();
  EXPECT_EQ(std::to_string(got.size()) + "\n", guest->out());
  EXPECT_LT(got.size(), 64 * kMiB);
  size_t wrong = 0;
  for (size_t i = 0; i < got.size(); ++i) wrong += static_cast<uint8_t>(got[i]) != i % 251;
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(guest->wait(), 0) << guest->err();
}

TEST_F(StreamGuests, AStreamIsDroppedInTheMiddleOfARead) {
  connect({"drop"});
  EXPECT_EQ(guest->wait(), 0) << guest->err();
  EXPECT_EQ(guest->out(), "Ok(())\n");
  EXPECT_EQ(receive_all(), "");
}

TEST_F(StreamGuests, ATrapInTheMiddleOfAReadEndsTheConnection) {
  connect({"trap"});
  EXPECT_EQ(receive_all(), "");
  EXPECT_EQ(guest->wait(), -1);
  EXPECT_TRUE(guest->err().contains("on purpose")) << guest->err();
}

TEST_F(StreamGuests, APeerThatResetsIsToldToWhoReads) {
  connect({"receive", "1000"});
  peer->send(std::string(5000, 'x'));
  ASSERT_TRUE(eventually_says("some"));
  peer->reset_on_close();
  peer.reset();
  EXPECT_EQ(guest->wait(), 0) << guest->err();
  EXPECT_TRUE(guest->out().contains("ConnectionReset")) << guest->out();
}

TEST_F(StreamGuests, APeerThatResetsIsToldToWhoWrites) {
  connect({"send", "300000"});
  EXPECT_EQ(peer->receive(kMiB).size(), kMiB);
  peer->reset_on_close();
  peer.reset();
  EXPECT_EQ(guest->wait(), 0) << guest->err();
  EXPECT_TRUE(guest->out().contains("ConnectionReset")) << guest->out();
}

}  // namespace
}  // namespace wasmcloud::host
