// TLS without a socket: the engine against OpenSSL, whose bytes come whole, one by one or in random
// pieces. The seed of a failure is printed.
#include "http/tls_engine.h"

#include "http/certificates.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <random>

namespace wasmcloud::http {
namespace {

/// OpenSSL's own server, over memory.
class Server {
 public:
  explicit Server(const TlsContext& context, int max_version = 0)
      : ssl_(SSL_new(context.native())), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem())) {
    SSL_set_bio(ssl_, in_, out_);
    SSL_set_accept_state(ssl_);
    SSL_set_max_proto_version(ssl_, max_version);
  }
  ~Server() { SSL_free(ssl_); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  SSL* native() const { return ssl_; }
  /// Takes what the client sends, and what it says is kept in `heard`.
  void receive(std::span<const std::byte> bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    std::array<char, 16384> text;
    size_t size = 0;
    while (SSL_read_ex(ssl_, text.data(), text.size(), &size) == 1) heard.append(text.data(), size);
    ERR_clear_error();
  }
  void say(std::string_view text) {
    size_t size = 0;
    EXPECT_EQ(SSL_write_ex(ssl_, text.data(), text.size(), &size), 1);
  }
  bool is_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  /// What is for the client, at most `max` bytes.
  std::string take(size_t max) {
    std::string bytes(max, '\0');
    const int size = max == 0 ? 0 : BIO_read(out_, bytes.data(), static_cast<int>(max));
    bytes.resize(static_cast<size_t>(std::max(size, 0)));
    return bytes;
  }

  std::string heard;

 private:
  SSL* ssl_;
  BIO* in_;
  BIO* out_;
};

class TlsEngineTest : public ::testing::Test {
 protected:
  std::unique_ptr<TlsEngine> engine(const std::string& name = "localhost") {
    auto made = make_tls_engine(*client_, name);
    EXPECT_TRUE(made);
    return std::move(made).value();
  }
  /// Pieces of at most `max` bytes go both ways until none does.
  static void exchange(TlsEngine& engine, Server& server, size_t max = SIZE_MAX) {
    for (bool is_done = false; !is_done;) {
      is_done = true;
      static_cast<void>(engine.shake_hands());
      if (const auto bytes = engine.to_send(); !bytes.empty()) {
        const size_t size = std::min(max, bytes.size());
        server.receive(bytes.first(size));
        engine.sent(size);
        is_done = false;
      }
      const std::string bytes = server.take(std::min(max, engine.room_for_ciphertext()));
      if (!bytes.empty()) {
        engine.receive(std::as_bytes(std::span(bytes)));
        is_done = false;
      }
    }
  }

  const Certificates certificates_;
  const std::shared_ptr<const TlsContext> server_ = context_of(certificates_.server());
  const std::shared_ptr<const TlsContext> client_ = context_of(certificates_.client());
};

TEST_F(TlsEngineTest, CarriesBytesBothWaysInWhateverPieces) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const size_t max : {size_t{1}, size_t{1000}, size_t{100'000}}) {
      const auto ours = engine();
      Server server(*server_, version);
      exchange(*ours, server, max);
      ASSERT_TRUE(*ours->shake_hands());
      EXPECT_EQ(SSL_version(server.native()), version);

      const size_t total = max == 1 ? 40'000 : 2'000'000;
      std::string said;
      std::string heard;
      size_t answered = 0;
      while (said.size() < total || heard.size() < total) {
        const auto room = static_cast<size_t>(random() % 40'000);
        std::string piece(std::min({room, ours->room_for_cleartext(), total - said.size()}), '\0');
        for (char& c : piece) c = static_cast<char>(random());
        if (!piece.empty()) ASSERT_TRUE(ours->write(std::as_bytes(std::span(piece))));
        said += piece;
        const auto bytes = ours->to_send();
        EXPECT_LE(bytes.size(), 80U * 1024) << "more than the room";
        const size_t size = std::min({bytes.size(), max, size_t{random() % 50'000 + 1}});
        server.receive(bytes.first(size));
        ours->sent(size);
        // The server says again what it heard.
        server.say(std::string_view(server.heard).substr(answered));
        answered = server.heard.size();
        const std::string more = server.take(std::min(max, ours->room_for_ciphertext()));
        ours->receive(std::as_bytes(std::span(more)));
        std::string into(random() % 30'000 + 1, '\0');
        const auto got = ours->read(std::as_writable_bytes(std::span(into)));
        ASSERT_TRUE(got) << got.error().message();
        heard.append(into, 0, *got);
      }
      EXPECT_EQ(server.heard, said);
      EXPECT_EQ(heard, said);

      ours->end_writing();
      ours->end_writing();
      exchange(*ours, server, max);
      EXPECT_TRUE(server.is_end());
      SSL_shutdown(server.native());
      exchange(*ours, server, max);
      std::byte one;
      EXPECT_EQ(*ours->read(std::span(&one, 1)), 0U);
      EXPECT_TRUE(ours->has_ended());
    }
  }
}

TEST_F(TlsEngineTest, WhatThePeerSaidBeforeItsBytesEndedIsRead) {
  const auto ours = engine();
  Server server(*server_);
  exchange(*ours, server);
  server.say("half");
  exchange(*ours, server);
  ours->end_receiving();
  std::array<std::byte, 16> into;
  EXPECT_EQ(*ours->read(into), 4U);
  const auto end = ours->read(into);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code(), Errc::Closed);
  EXPECT_EQ(end.error().message(), "the connection ended without the end of TLS");
  EXPECT_FALSE(ours->has_ended());
  // It can still be told something.
  EXPECT_TRUE(ours->write(std::as_bytes(std::span("bye", 3))));
  exchange(*ours, server);
  EXPECT_EQ(server.heard, "bye");
}

TEST_F(TlsEngineTest, AChangedByteIsAnErrorAndThePeerIsTold) {
  const auto ours = engine();
  Server server(*server_);
  exchange(*ours, server);
  server.say("text");
  std::string bytes = server.take(1000);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ours->receive(std::as_bytes(std::span(bytes)));
  std::array<std::byte, 16> into;
  for (int again = 0; again < 2; ++again) {
    const auto read = ours->read(into);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), Errc::Malformed);
  }
  EXPECT_FALSE(ours->to_send().empty()) << "no alert";
  EXPECT_EQ(ours->room_for_cleartext(), 0U);
  EXPECT_FALSE(ours->write(std::as_bytes(std::span("x", 1))));
}

TEST_F(TlsEngineTest, APeerThatOnlyAsksForNewKeysIsEnded) {
  const auto ours = engine();
  Server server(*server_);
  exchange(*ours, server);
  std::array<std::byte, 16> into;
  Result<size_t> read = 0;
  int sent = 0;
  for (; read && sent < 10'000; ++sent) {
    ASSERT_EQ(SSL_key_update(server.native(), SSL_KEY_UPDATE_REQUESTED), 1);
    SSL_do_handshake(server.native());
    const std::string bytes = server.take(1000);
    ours->receive(std::as_bytes(std::span(bytes)));
    read = ours->read(into);
  }
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message(), "the peer floods TLS with messages of its own");
  EXPECT_LT(sent, 100);
}

TEST_F(TlsEngineTest, ThePeersAlertIsNamed) {
  const auto asks = [&] {
    TlsServerConfig config = certificates_.server();
    config.client_ca_path = certificates_.certificate("ca");
    return context_of(config);
  }();
  const auto ours = engine();
  Server server(*asks, TLS1_2_VERSION);
  exchange(*ours, server);
  const auto done = ours->shake_hands();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Refused);
  EXPECT_EQ(done.error().number(), SSL_AD_HANDSHAKE_FAILURE);
  EXPECT_TRUE(done.error().message().starts_with("the peer ended TLS: "));
}

TEST_F(TlsEngineTest, NamesThatAreNoneAreInvalid) {
  for (const std::string& name : {std::string(), std::string("a\0b", 3), std::string(300, 'a')}) {
    const auto made = make_tls_engine(*client_, name);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), Errc::Invalid);
  }
}

}  // namespace
}  // namespace wasmcloud::http
