// wasi:tls from inside: the guest p3-tls, over sockets of its own, against OpenSSL.
#include "host/running_command.h"
#include "http/certificates.h"
#include "http/scripted_server.h"
#include "wasi/tls/provider.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <csignal>
#include <fstream>
#include <future>

namespace wasmcloud::host {
namespace {

using http::Certificates;
using http::ScriptedServer;
using http::TlsEngine;

constexpr size_t kMiB = size_t{1} << 20;

/// A server's side of a connection, after the handshake.
class Peer {
 public:
  explicit Peer(SSL* ssl) : ssl_(ssl) {}

  /// What there is, empty at the end; `is_end` then says whether the client said so.
  std::string read() {
    std::string text(16384, '\0');
    size_t size = 0;
    if (SSL_read_ex(ssl_, text.data(), text.size(), &size) != 1) size = 0;
    text.resize(size);
    return text;
  }
  std::string read_to_end() {
    std::string all;
    for (std::string text = read(); !text.empty(); text = read()) all += text;
    return all;
  }
  bool is_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }
  void write(std::string_view text) {
    size_t size = 0;
    if (!text.empty()) SSL_write_ex(ssl_, text.data(), text.size(), &size);
  }
  void end() { SSL_shutdown(ssl_); }
  SSL* native() const { return ssl_; }

 private:
  SSL* ssl_;
};

/// Serves TLS on loopback with a certificate of `certificates`. Where the handshake fails, `script`
/// is not run.
std::unique_ptr<ScriptedServer> serve(const Certificates& certificates,
                                      std::function<void(Peer&)> script,
                                      std::string_view name = "server") {
  std::signal(SIGPIPE, SIG_IGN);
  const auto context =
      http::context_of(http::TlsServerConfig{.certificate_path = certificates.certificate(name),
                                             .key_path = certificates.key(name),
                                             .client_ca_path = {}});
  return std::make_unique<ScriptedServer>(
      [context, script = std::move(script)](ScriptedServer::Peer& socket, int) {
        SSL* const ssl = SSL_new(context->native());
        SSL_set_fd(ssl, socket.socket());
        if (SSL_accept(ssl) == 1) {
          Peer peer(ssl);
          script(peer);
        }
        SSL_free(ssl);
        socket.is_closed();
      });
}

std::shared_ptr<const wasi::tls::Provider> trusting(const http::TlsClientConfig& config,
                                                    http::CertificateCheck check = {}) {
  return wasi::tls::make_provider(std::make_shared<http::ClientTls>(config), std::move(check));
}

WorkloadConfig granted(std::shared_ptr<const wasi::tls::Provider> provider) {
  WorkloadConfig config;
  config.interfaces = {{.package = "wasi:tls"}};
  config.network = on_loopback();
  config.tls = std::move(provider);
  return config;
}

/// What the guest prints that does `what`.
std::string run(const ScriptedServer& server, WorkloadConfig config, std::string name,
                std::vector<std::string> what) {
  what.insert(what.begin(), {server.authority(), std::move(name)});
  config.arguments = std::move(what);
  RunningCommand guest("p3-tls", std::move(config));
  EXPECT_EQ(guest.wait(), 0) << guest.err();
  return guest.out();
}

TEST(TlsGuests, SpeakTlsAndBothSidesSayTheirEnd) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  std::string name;
  std::string heard;
  bool is_end = false;
  auto server = serve(certificates, [&](Peer& peer) {
    name = SSL_get_servername(peer.native(), TLSEXT_NAMETYPE_host_name);
    heard = peer.read_to_end();
    is_end = peer.is_end();
    // The client's end is not the end of what it hears.
    peer.write("HELLO");
    peer.end();
  });
  EXPECT_EQ(run(*server, granted(trusting(certificates.client())), "localhost", {"say", "hello"}),
            "connect: ok\nanswer: HELLO\nsend: ok\nreceive: ok\n");
  server.reset();
  EXPECT_EQ(name, "localhost");
  EXPECT_EQ(heard, "hello");
  EXPECT_TRUE(is_end);
}

TEST(TlsGuests, MayWriteBeforeTheHandshakeAndNotAtAll) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [&](Peer& peer) {
    peer.write(peer.read_to_end() + "!");
    peer.end();
  });
  const auto config = granted(trusting(certificates.client()));
  EXPECT_EQ(run(*server, config, "127.0.0.1", {"first", "early"}),
            "0 unsent\nconnect: ok\nanswer: early!\nsend: ok\nreceive: ok\n");
  EXPECT_EQ(run(*server, config, "127.0.0.1", {"mute"}),
            "connect: ok\nanswer: 1\nsend: ok\nreceive: ok\n");
}

TEST(TlsGuests, SpeakTls12Too) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  const auto context = http::context_of(certificates.server());
  SSL_CTX_set_max_proto_version(context->native(), TLS1_2_VERSION);
  ScriptedServer server([&](ScriptedServer::Peer& socket, int) {
    SSL* const ssl = SSL_new(context->native());
    SSL_set_fd(ssl, socket.socket());
    Peer peer(ssl);
    if (SSL_accept(ssl) == 1) {
      peer.write(peer.read_to_end() + SSL_get_version(ssl));
      peer.end();
    }
    SSL_free(ssl);
  });
  EXPECT_EQ(run(server, granted(trusting(certificates.client())), "localhost", {"say", "by "}),
            "connect: ok\nanswer: by TLSv1.2\nsend: ok\nreceive: ok\n");
}

TEST(TlsGuests, BelieveOnlyCertificatesThatAreGood) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  struct Row {
    const char* certificate;
    const char* ca;
    const char* name;
    const char* why;
  };
  for (const Row& row :
       {Row{"server", "ca", "example.com", "hostname mismatch"},
        Row{"server", "ca", "127.0.0.2", "IP address mismatch"},
        Row{"server", "other-ca", "localhost", "unable to get local issuer certificate"},
        Row{"expired", "ca", "localhost", "certificate has expired"}}) {
    bool is_reached = false;
    auto server = serve(certificates, [&](Peer&) { is_reached = true; }, row.certificate);
    EXPECT_EQ(run(*server, granted(trusting(certificates.client(row.ca))), row.name, {"say", "x"}),
              "connect: the peer's certificate is not accepted: " + std::string(row.why) +
                  "\nanswer: \nsend: the peer's certificate is not accepted: " + row.why +
                  "\nreceive: the peer's certificate is not accepted: " + row.why + "\n");
    server.reset();
    EXPECT_FALSE(is_reached) << row.why;
  }
}

TEST(TlsGuests, WhatTheSystemTrustsIsTheDefault) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [](Peer&) {});
  const std::string out = run(*server, granted(nullptr), "localhost", {"say", "x"});
  EXPECT_TRUE(out.starts_with("connect: the peer's certificate is not accepted: ")) << out;
}

TEST(TlsGuests, NamesThatNoCertificateCanBeForAreRefused) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [](Peer&) {});
  EXPECT_TRUE(run(*server, granted(trusting(certificates.client())), "", {"say", "x"})
                  .starts_with("connect: \"\" is no host that has a certificate\n"));
}

TEST(TlsGuests, AnEndThatThePeerDidNotSayIsAnError) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [&](Peer& peer) {
    peer.read_to_end();
    peer.write("half of it");
    ::shutdown(SSL_get_fd(peer.native()), SHUT_RDWR);
  });
  EXPECT_EQ(run(*server, granted(trusting(certificates.client())), "localhost", {"say", "x"}),
            "connect: ok\nanswer: half of it\nsend: ok\n"
            "receive: the connection ended without the end of TLS\n");
}

TEST(TlsGuests, PeersThatSpeakNoTlsEndTheHandshake) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  const auto config = granted(trusting(certificates.client()));
  for (const std::string_view answer :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-x\r\n", "\x16\x03\x03\xff\xff garbage"}) {
    ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
      peer.send(answer);
      peer.is_closed();
    });
    const std::string out = run(server, config, "localhost", {"say", "x"});
    EXPECT_TRUE(out.starts_with("connect: TLS: ")) << out;
    EXPECT_TRUE(out.contains("\nsend: TLS: ")) << out;
    EXPECT_TRUE(out.contains("\nreceive: TLS: ")) << out;
  }
  ScriptedServer gone([](ScriptedServer::Peer&, int) {});
  EXPECT_TRUE(run(gone, config, "localhost", {"say", "x"})
                  .starts_with("connect: the connection ended during the TLS handshake\n"));
}

TEST(TlsGuests, APeerThatNeverAnswersIsGivenUp) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  ScriptedServer silent([](ScriptedServer::Peer& peer, int) { peer.is_closed(); });
  WorkloadConfig config = granted(trusting(certificates.client()));
  EXPECT_EQ(run(silent, config, "localhost", {"impatient"}),
            "connect: given up\n"
            "send: the connector is gone, without a handshake\n"
            "receive: the connector is gone, without a handshake\n");
  config.limits.held.tls_handshake = std::chrono::milliseconds(100);
  EXPECT_TRUE(run(silent, config, "localhost", {"say", "x"})
                  .starts_with("connect: the TLS handshake took longer than 100 ms\n"));
}

TEST(TlsGuests, GuestsThatUseConnectorsTheWrongWayAreToldSo) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [](Peer& peer) {
    peer.read_to_end();
    peer.end();
  });
  WorkloadConfig config = granted(trusting(certificates.client()));
  EXPECT_EQ(run(*server, config, "localhost", {"no-connect"}),
            "4 unsent\n"
            "send: the connector is gone, without a handshake\n"
            "receive: the connector is gone, without a handshake\n");
  EXPECT_EQ(run(*server, config, "localhost", {"twice"}),
            "send again: send was called before; a connector sends once\n"
            "receive again: receive was called before; a connector receives once\n"
            "connect: ok\nsend: ok\nreceive: ok\n");
  config.limits.held.tls_connections = 20;
  EXPECT_EQ(run(*server, config, "localhost", {"many", "21"}),
            "last: the instance's limit of 20 TLS connections is reached\n"
            "without receive: send and receive must be called before connect\n");
}

/// The most memory that this process had since `begin_peak`, in KiB.
size_t peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
  }
  return 0;
}
void begin_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

TEST(TlsGuests, MuchGoesBothWaysAndNothingPilesUp) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  auto server = serve(certificates, [](Peer& peer) {
    for (std::string text = peer.read(); !text.empty(); text = peer.read()) peer.write(text);
    peer.end();
  });
  const auto config = granted(trusting(certificates.client()));
  const auto bulk = [&](size_t mib) {
    EXPECT_EQ(
        run(*server, config, "localhost", {"bulk", std::to_string(mib)}),
        fmt::format("connect: ok\n{} bytes, same: true\nsend: ok\nreceive: ok\n", mib * kMiB));
  };
  bulk(4);
  begin_peak();
  const size_t before = peak_kib();
  bulk(48);
  // Sanitizers keep what was freed.
  constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
  if (!kIsSanitized) EXPECT_LT(peak_kib(), before + 16 * 1024) << "48 MiB went through";
}

TEST(TlsGuests, WhatNobodyReadsDoesNotStopWhatIsSent) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  size_t heard = 0;
  auto server = serve(certificates, [&](Peer& peer) {
    // More than all buffers on the way hold, before anything is read.
    const std::string noise(64 * 1024, 'n');
    for (int i = 0; i < 256; ++i) peer.write(noise);
    heard = peer.read_to_end().size();
    peer.end();
  });
  EXPECT_EQ(run(*server, granted(trusting(certificates.client())), "localhost", {"deaf", "8"}),
            "connect: ok\nsend: ok\nreceive: ok\n");
  server.reset();
  EXPECT_EQ(heard, 8 * kMiB);
}

/// The certificate in a file, as DER.
std::string der_of(const std::string& path) {
  BIO* const file = BIO_new_file(path.c_str(), "r");
  X509* const certificate = PEM_read_bio_X509(file, nullptr, nullptr, nullptr);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  std::string text(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  X509_free(certificate);
  BIO_free(file);
  return text;
}

TEST(TlsGuests, AnEmbedderMayPinCertificates) {
  REQUIRE_GUEST("p3-tls");
  const Certificates certificates;
  const std::string pinned = der_of(certificates.certificate("renewed"));
  const auto provider =
      trusting(certificates.client(),
               [&](std::string_view name, std::span<const Bytes> chain) -> Result<void> {
                 EXPECT_EQ(name, "localhost");
                 EXPECT_EQ(chain.size(), 2U);
                 if (chain[0].text() == pinned) return {};
                 return fail(Errc::Denied, "it is not the one that is pinned");
               });
  auto answer = [](Peer& peer) {
    peer.write(peer.read_to_end());
    peer.end();
  };
  auto renewed = serve(certificates, answer, "renewed");
  EXPECT_EQ(run(*renewed, granted(provider), "localhost", {"say", "pin"}),
            "connect: ok\nanswer: pin\nsend: ok\nreceive: ok\n");
  auto other = serve(certificates, answer);
  EXPECT_TRUE(run(*other, granted(provider), "localhost", {"say", "pin"})
                  .starts_with("connect: the peer's certificate is not accepted: it is not the one "
                               "that is pinned\n"));
}

/// Another protocol in TLS's place: each byte the other way round; a zero ends it.
class Scrambling final : public TlsEngine {
 public:
  Result<bool> shake_hands() override { return true; }
  size_t room_for_ciphertext() const override { return 1000 - std::min<size_t>(1000, in_.size()); }
  void receive(std::span<const std::byte> bytes) override {
    for (const std::byte each : bytes) {
      if (each == std::byte{0}) ended_ = true;
      if (!ended_) in_ += static_cast<char>(~each);
    }
  }
  void end_receiving() override {}
  std::span<const std::byte> to_send() const override { return std::as_bytes(std::span(out_)); }
  void sent(size_t count) override { out_.erase(0, count); }
  Result<size_t> read(std::span<std::byte> into) override {
    const size_t size = std::min(into.size(), in_.size());
    std::memcpy(into.data(), in_.data(), size);
    in_.erase(0, size);
    return size;
  }
  bool has_ended() const override { return ended_ && in_.empty(); }
  size_t room_for_cleartext() const override { return 1000 - std::min<size_t>(1000, out_.size()); }
  Result<void> write(std::span<const std::byte> bytes) override {
    for (const std::byte each : bytes) out_ += static_cast<char>(~each);
    return {};
  }
  void end_writing() override { out_ += '\0'; }

 private:
  std::string in_;
  std::string out_;
  bool ended_ = false;
};

class ScramblingProvider final : public wasi::tls::Provider {
 public:
  Task<std::unique_ptr<TlsEngine>> start(Loop&, std::string server_name) const override {
    if (server_name != "scrambled")
      co_return fail(Errc::Denied, "{} does not scramble", server_name);
    co_return std::make_unique<Scrambling>();
  }
};

TEST(TlsGuests, AnEmbedderMayBringAnotherBackend) {
  REQUIRE_GUEST("p3-tls");
  const std::string said = "backend";
  std::string scrambled;
  for (const char c : said) scrambled += static_cast<char>(~c);
  scrambled += '\0';
  std::promise<std::string> heard;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int index) {
    if (index == 0) heard.set_value(peer.receive_until(std::string_view("\0", 1)));
    peer.send(scrambled);
    peer.is_closed();
  });
  const auto config = granted(std::make_shared<ScramblingProvider>());
  EXPECT_EQ(run(server, config, "scrambled", {"say", said}),
            "connect: ok\nanswer: backend\nsend: ok\nreceive: ok\n");
  EXPECT_EQ(heard.get_future().get(), scrambled);
  EXPECT_TRUE(run(server, config, "plain", {"say", said})
                  .starts_with("connect: plain does not scramble\n"));
}

TEST(TlsGuests, OffUnlessItIsListed) {
  REQUIRE_GUEST("p3-tls");
  for (const Grants grants : {Grants::Listed, Grants::Imported}) {
    WorkloadConfig config;
    config.grants = grants;
    const auto loaded = test_host().load(*find_guest("p3-tls"), std::move(config));
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), Errc::Denied);
    EXPECT_TRUE(loaded.error().message().contains(
        "imports wasi:tls/client@0.3.0-draft, which was not granted"))
        << loaded.error().message();
  }
}

}  // namespace
}  // namespace wasmcloud::host
