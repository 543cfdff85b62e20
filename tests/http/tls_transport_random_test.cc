// Whatever both sides do, in whatever order and pieces, every byte arrives once and in order, and
// so does the end. OpenSSL itself is the peer; the seed of a failure is printed.
#include "http/certificates.h"
#include "http/detail/tls_transport.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <random>

namespace wasmcloud::http {
namespace {

using detail::Transport;

/// The bytes [from, from + size) of a stream in which every place can be told.
std::string stretch(size_t from, size_t size) {
  std::string out(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    const size_t at = from + i;
    out[i] = static_cast<char>(at ^ (at >> 8) * 31 ^ (at >> 16) * 17);
  }
  return out;
}

/// Our side.
class Ours final : public Transport::Owner {
 public:
  explicit Ours(std::unique_ptr<Transport> with) : transport(std::move(with)) {
    transport->set_owner(*this);
  }

  void read(size_t room) {
    if (reading_ || ended) return;
    reading_ = true;
    memory_.resize(room);
    transport->start_read(memory_);
  }
  /// Offers `size` bytes in parts; what was refused before is offered first.
  void write(size_t size, std::mt19937& random) {
    if (waiting_ || shut) return;
    offered_ = std::max(offered_, size);
    std::string bytes = stretch(taken, offered_);
    std::vector<iovec> parts;
    for (size_t at = 0; at < bytes.size();) {
      const size_t part =
          std::min<size_t>(bytes.size() - at, random() % 3 == 0 ? 20'000 : 1 + random() % 50);
      parts.push_back({.iov_base = bytes.data() + at, .iov_len = part});
      at += part;
      if (random() % 10 == 0) parts.push_back({.iov_base = nullptr, .iov_len = 0});
    }
    const ssize_t now = transport->write(parts);
    ASSERT_GE(now, 0) << transport->explain(static_cast<int>(-now)).message();
    ASSERT_LE(static_cast<size_t>(now), offered_);
    taken += static_cast<size_t>(now);
    offered_ -= static_cast<size_t>(now);
    if (offered_ == 0) return;
    waiting_ = true;
    transport->wait_writable();
  }
  /// Nothing that was offered is left.
  bool is_sent() const { return offered_ == 0; }

  void on_read(int with, size_t size) override {
    reading_ = false;
    error = with;
    ended = with != 0 || size == 0;
    received.append(reinterpret_cast<const char*>(memory_.data()), size);
  }
  void on_writable() override { waiting_ = false; }

  std::unique_ptr<Transport> transport;
  std::string received;
  size_t taken = 0;
  bool ended = false;
  bool shut = false;
  int error = 0;

 private:
  std::vector<std::byte> memory_;
  bool reading_ = false;
  bool waiting_ = false;
  size_t offered_ = 0;
};

/// The other side, which never waits.
class Theirs {
 public:
  Theirs(const TlsContext& context, int socket) : socket_(socket), ssl_(SSL_new(context.native())) {
    SSL_set_fd(ssl_, socket);
    SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (context.side() == TlsContext::Side::Server) {
      SSL_set_accept_state(ssl_);
    } else {
      SSL_set_connect_state(ssl_);
      SSL_set1_host(ssl_, "localhost");
    }
  }
  ~Theirs() {
    SSL_free(ssl_);
    ::close(socket_);
  }
  Theirs(const Theirs&) = delete;
  Theirs& operator=(const Theirs&) = delete;

  void limit(int version) { SSL_set_max_proto_version(ssl_, version); }
  void write(size_t size) {
    if (shut) return;
    offered_ = std::max(offered_, size);
    const std::string bytes = stretch(taken, offered_);
    ERR_clear_error();
    size_t written = 0;
    SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written);
    taken += written;
    offered_ -= written;
  }
  void read(size_t size) {
    std::string memory(size, '\0');
    ERR_clear_error();
    size_t got = 0;
    if (SSL_read_ex(ssl_, memory.data(), size, &got) != 1) {
      told |= SSL_get_error(ssl_, 0) == SSL_ERROR_ZERO_RETURN;
    }
    received += memory.substr(0, got);
  }
  void renew_keys(int kind) {
    if (!shut && offered_ == 0 && SSL_version(ssl_) == TLS1_3_VERSION && SSL_is_init_finished(ssl_))
      SSL_key_update(ssl_, kind);
  }
  bool is_sent() const { return offered_ == 0; }
  /// Until it is said.
  void end() {
    if (offered_ == 0 && !shut) shut = SSL_shutdown(ssl_) >= 0;
  }

  std::string received;
  size_t taken = 0;
  bool told = false;
  bool shut = false;

 private:
  int socket_;
  SSL* ssl_;
  size_t offered_ = 0;
};

class TlsTransportRandom : public ::testing::TestWithParam<int> {
 protected:
  void play(uint32_t seed) {
    std::mt19937 random(seed);
    const auto roll = [&](size_t below) { return random() % below; };
    const auto size = [&] { return roll(4) == 0 ? 1 + roll(70'000) : 1 + roll(200); };
    std::array<int, 2> sockets{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets.data()),
              0);
    // Small, so that writes are taken in pieces of every kind.
    const int room = static_cast<int>(2048 << roll(6));
    for (const int socket : sockets)
      ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    const auto server = context_of(files_.server());
    const auto client = context_of(files_.client());
    const bool serving = roll(2) == 0;

    Loop loop;
    Theirs theirs(serving ? *client : *server, sockets[1]);
    if (roll(2) == 0) theirs.limit(TLS1_2_VERSION);
    const auto ours = make_ref<Ours>(
        detail::make_tls_transport(loop, sockets[0], serving ? *server : *client, "localhost"));
    const auto turn = [&] {
      for (int i = 0; i < 2; ++i) {
        bool done = false;
        loop.post([&done] { done = true; });
        loop.run_until([&done] { return done; });
      }
    };
    for (int step = 0; step < 400; ++step) {
      switch (roll(7)) {
        case 0:
          ours->read(size());
          break;
        case 1:
          ours->write(size(), random);
          break;
        case 2:
          theirs.read(size());
          break;
        case 3:
          theirs.write(size());
          break;
        case 4:
          if (roll(6) == 0)
            theirs.renew_keys(roll(2) == 0 ? SSL_KEY_UPDATE_REQUESTED
                                           : SSL_KEY_UPDATE_NOT_REQUESTED);
          break;
        default:
          turn();
          break;
      }
    }
    // What is left goes out; then both say that it is all, one after the other.
    const bool ours_first = roll(2) == 0;
    for (int step = 0; step < 200'000 && !(ours->ended && theirs.told); ++step) {
      if (!ours->shut && (ours_first || ours->ended)) {
        if (!ours->is_sent()) ours->write(0, random);
        if (ours->is_sent()) {
          ours->transport->shutdown_write();
          ours->shut = true;
        }
      } else if (!ours->shut) {
        ours->write(0, random);
      }
      if (!theirs.is_sent()) theirs.write(0);
      if (!ours_first || theirs.told) theirs.end();
      theirs.read(size());
      ours->read(size());
      turn();
    }
    EXPECT_TRUE(ours->ended);
    EXPECT_EQ(ours->error, 0) << ours->transport->explain(ours->error).message();
    EXPECT_TRUE(theirs.told);
    EXPECT_TRUE(ours->received == stretch(0, theirs.taken))
        << ours->received.size() << " of " << theirs.taken;
    EXPECT_TRUE(theirs.received == stretch(0, ours->taken))
        << theirs.received.size() << " of " << ours->taken;
    ours->transport->close(Transport::Close::Orderly);
    turn();
  }

  Certificates files_;
};

TEST_P(TlsTransportRandom, KeepsEveryByteAndTheEnd) {
  // OpenSSL's own sockets raise it.
  std::signal(SIGPIPE, SIG_IGN);
  for (uint32_t seed = 0; seed < 60; ++seed) {
    const uint32_t all = static_cast<uint32_t>(GetParam()) * 1000 + seed;
    SCOPED_TRACE(fmt::format("seed {}", all));
    play(all);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TlsTransportRandom, ::testing::Range(0, 4));

}  // namespace
}  // namespace wasmcloud::http
