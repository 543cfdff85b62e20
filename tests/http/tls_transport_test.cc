// The client's side of TLS, against the server and against OpenSSL itself.
#include "http/detail/tls_transport.h"

#include "http/certificates.h"
#include "http/test_server.h"

#include <openssl/ssl.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wasmcloud::http {
namespace {

using detail::Transport;

int connected_socket(uint16_t port) {
  const int number = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(number, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return number;
}

/// Owns a transport: sends what it is given, and collects what comes.
class Peer final : public Transport::Owner {
 public:
  Peer(Loop& loop, std::unique_ptr<Transport> with)
      : transport(std::move(with)), ended(loop), buffer_(50'000) {
    transport->set_owner(*this);
  }
  void start() {
    transport->start_read(buffer_);
    write();
  }
  void write() {
    while (!to_send.empty()) {
      // In two parts, of which the first is small.
      const size_t first = std::min<size_t>(to_send.size(), 10);
      const std::array<iovec, 2> parts = {
          iovec{.iov_base = to_send.data(), .iov_len = first},
          iovec{.iov_base = to_send.data() + first, .iov_len = to_send.size() - first}};
      const ssize_t taken = transport->write(parts);
      if (taken < 0) return fail(static_cast<int>(-taken));
      const bool all = static_cast<size_t>(taken) == to_send.size();
      to_send.erase(0, static_cast<size_t>(taken));
      if (!all) return transport->wait_writable();
    }
  }
  void on_writable() override { write(); }
  void on_read(int with, size_t size) override {
    if (with != 0 || size == 0) return fail(with);
    received.append(reinterpret_cast<const char*>(buffer_.data()), size);
    if (received.size() >= wanted) return ended.set();
    transport->start_read(buffer_);
  }

  std::unique_ptr<Transport> transport;
  Event ended;
  std::string to_send;
  std::string received;
  size_t wanted = SIZE_MAX;
  int error = 0;

 private:
  void fail(int with) {
    error = with;
    ended.set();
  }
  std::vector<std::byte> buffer_;
};

class TlsTransport : public ::testing::Test {
 protected:
  /// "", or what `secure` says.
  std::string handshake(uint16_t port, const TlsClientConfig& config, const std::string& name,
                        std::string* protocol = nullptr,
                        std::vector<std::string_view> protocols = {}) {
    Loop loop;
    const auto context = context_of(config);
    const auto transport =
        detail::make_tls_transport(loop, connected_socket(port), *context, name, protocols);
    const auto done = run_to_end(loop, detail::secure(loop, *transport));
    if (protocol != nullptr) *protocol = transport->protocol();
    if (done) return "";
    return fmt::format("{}: {}", name_of(done.error().code()), done.error().message());
  }
  ServerOptions secured() const {
    ServerOptions options;
    options.tls = context_of(files_.server());
    return options;
  }

  Certificates files_;
};

TEST_F(TlsTransport, AgreesOnAProtocol) {
  const TestServer server(hello, secured());
  const TlsClientConfig config = files_.client();
  std::string protocol;
  EXPECT_EQ(handshake(server.port(), config, "localhost", &protocol), "");
  EXPECT_EQ(protocol, "");
  EXPECT_EQ(handshake(server.port(), config, "LOCALHOST", &protocol, {"h2", "http/1.1"}), "");
  EXPECT_EQ(protocol, "h2");
  EXPECT_EQ(handshake(server.port(), config, "127.0.0.1", &protocol, {"http/1.1"}), "");
  EXPECT_EQ(protocol, "http/1.1");
  EXPECT_EQ(handshake(server.port(), config, "localhost", nullptr, {"other"}),
            "Refused: the peer ended TLS: no application protocol");
}

TEST_F(TlsTransport, BelievesOnlyWhomItTrusts) {
  const TestServer server(hello, secured());
  EXPECT_EQ(handshake(server.port(), files_.client(), "a.test"),
            "Denied: the peer's certificate is not accepted: hostname mismatch");
  EXPECT_EQ(handshake(server.port(), files_.client(), "127.0.0.2"),
            "Denied: the peer's certificate is not accepted: IP address mismatch");
  EXPECT_EQ(handshake(server.port(), files_.client(), "::1"),
            "Denied: the peer's certificate is not accepted: IP address mismatch");
  EXPECT_EQ(handshake(server.port(), files_.client(), ""),
            "Malformed: \"\" is no host that has a certificate");
  TlsClientConfig other = files_.client();
  other.ca_paths = {files_.certificate("other-ca")};
  const std::string said = handshake(server.port(), other, "localhost");
  EXPECT_TRUE(said.starts_with("Denied: the peer's certificate is not accepted: ")) << said;
  // Nobody on this machine vouches for a test's CA.
  EXPECT_TRUE(handshake(server.port(), TlsClientConfig(), "localhost").starts_with("Denied: "));
  other.ca_paths.push_back(files_.certificate("ca"));
  EXPECT_EQ(handshake(server.port(), other, "localhost"), "");
}

TEST_F(TlsTransport, TellsWhatIsNoTls) {
  const TestServer server(hello);
  EXPECT_EQ(handshake(server.port(), files_.client(), "localhost"),
            "Malformed: TLS: wrong version number");
}

TEST_F(TlsTransport, TellsAnyAlert) {
  // A server that answers with an alert of that number.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(listener, 300), 0);
  socklen_t size = sizeof(address);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::thread server([&] {
    for (int number = 0; number < 256; ++number) {
      const int socket = ::accept(listener, nullptr, nullptr);
      const char alert[] = {0x15, 3, 3, 0, 2, 2, static_cast<char>(number)};
      EXPECT_EQ(::send(socket, alert, sizeof(alert), MSG_NOSIGNAL), 7);
      std::array<char, 4096> hello{};
      while (::recv(socket, hello.data(), hello.size(), 0) > 0) {
      }
      ::close(socket);
    }
  });
  for (int number = 0; number < 256; ++number) {
    const std::string said = handshake(ntohs(address.sin_port), files_.client(), "localhost");
    if (number == 0) continue;  // close_notify, which is no word to begin with
    EXPECT_TRUE(said.starts_with("Refused: the peer ended TLS")) << number << said;
    if (number == 200) EXPECT_EQ(said, "Refused: the peer ended TLS with alert 200");
    if (number == 48) EXPECT_EQ(said, "Refused: the peer ended TLS: unknown ca");
  }
  server.join();
  ::close(listener);
}

TEST_F(TlsTransport, ShowsItsCertificate) {
  TlsServerConfig asking = files_.server();
  asking.client_ca_path = files_.certificate("ca");
  ServerOptions options;
  options.tls = context_of(asking);
  const TestServer server(hello, options);
  const auto ask = [&](const TlsClientConfig& config) {
    Loop loop;
    const auto context = context_of(config);
    const auto peer = make_ref<Peer>(
        loop,
        detail::make_tls_transport(loop, connected_socket(server.port()), *context, "localhost"));
    peer->to_send = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    peer->start();
    EXPECT_TRUE(run_to_end(loop, peer->ended.wait()));
    const std::string why = peer->error == 0 ? "" : peer->transport->explain(peer->error).message();
    peer->transport->close(Transport::Close::Abort);
    return peer->received.substr(0, 12) + why;
  };
  TlsClientConfig config = files_.client();
  EXPECT_EQ(ask(config), "the peer ended TLS: certificate required");
  config.certificate_path = files_.certificate("stranger");
  config.key_path = files_.key("stranger");
  EXPECT_EQ(ask(config), "the peer ended TLS: unknown ca");
  config.certificate_path = files_.certificate("client");
  config.key_path = files_.key("client");
  EXPECT_EQ(ask(config), "HTTP/1.1 200");
}

TEST_F(TlsTransport, SendsAndReceivesAtOnce) {
  TestServer server(echo, secured());
  Loop loop;
  const auto context = context_of(files_.client());
  const auto peer = make_ref<Peer>(
      loop,
      detail::make_tls_transport(loop, connected_socket(server.port()), *context, "localhost"));
  std::string body;
  for (int i = 0; body.size() < size_t{10} << 20; ++i) body += fmt::format("{} ", i);
  peer->to_send =
      fmt::format("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
                  body.size(), body);
  peer->start();
  ASSERT_TRUE(run_to_end(loop, peer->ended.wait()));
  EXPECT_EQ(peer->error, 0);
  // Chunked: the head, and some bytes for each chunk.
  EXPECT_GT(peer->received.size(), body.size());
  EXPECT_TRUE(peer->received.ends_with("\r\n0\r\n\r\n"));
  peer->transport->close(Transport::Close::Orderly);
}

/// Accepts one connection with OpenSSL, sends "part", and ends it in one of three ways.
class Ender {
 public:
  enum class How : uint8_t { Told, Silent, Reset };
  Ender(const Certificates& files, How how) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    socklen_t size = sizeof(address);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, context = context_of(files.server()), how] {
      const int socket = ::accept(listener_, nullptr, nullptr);
      SSL* const ssl = SSL_new(context->native());
      SSL_set_fd(ssl, socket);
      EXPECT_EQ(SSL_accept(ssl), 1);
      EXPECT_EQ(SSL_write(ssl, "part", 4), 4);
      if (how == How::Told) SSL_shutdown(ssl);
      const linger now = {.l_onoff = 1, .l_linger = 0};
      if (how == How::Reset) ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
      SSL_free(ssl);
      ::close(socket);
    });
  }
  ~Ender() {
    thread_.join();
    ::close(listener_);
  }
  uint16_t port() const { return port_; }

 private:
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread thread_;
};

TEST_F(TlsTransport, AnEndThatWasNotToldIsAnError) {
  for (const auto how : {Ender::How::Told, Ender::How::Silent, Ender::How::Reset}) {
    const Ender server(files_, how);
    Loop loop;
    const auto context = context_of(files_.client());
    const auto peer = make_ref<Peer>(
        loop,
        detail::make_tls_transport(loop, connected_socket(server.port()), *context, "localhost"));
    peer->start();
    ASSERT_TRUE(run_to_end(loop, peer->ended.wait()));
    if (how != Ender::How::Reset) EXPECT_EQ(peer->received, "part");
    EXPECT_EQ(peer->error, how == Ender::How::Told ? 0 : ECONNRESET);
    if (how == Ender::How::Silent) {
      EXPECT_EQ(peer->transport->explain(peer->error).message(),
                "the connection ended without the end of TLS");
    }
    peer->transport->close(Transport::Close::Abort);
  }
}

TEST_F(TlsTransport, ClosingEndsAReadThatIsUnderWay) {
  TestServer server(hello, secured());
  Loop loop;
  const auto context = context_of(files_.client());
  for (const bool shaken : {false, true}) {
    const auto peer = make_ref<Peer>(
        loop,
        detail::make_tls_transport(loop, connected_socket(server.port()), *context, "localhost"));
    if (shaken) ASSERT_TRUE(run_to_end(loop, detail::secure(loop, *peer->transport)));
    peer->transport->set_owner(*peer);
    peer->start();
    peer->transport->close(Transport::Close::Abort);
    ASSERT_TRUE(run_to_end(loop, peer->ended.wait()));
    EXPECT_EQ(peer->error, ECANCELED);
    EXPECT_FALSE(peer->transport->is_open());
  }
  // And a transport may go while it waits.
  const auto peer = make_ref<Peer>(
      loop,
      detail::make_tls_transport(loop, connected_socket(server.port()), *context, "localhost"));
  peer->start();
  peer->transport.reset();
  ASSERT_TRUE(run_to_end(loop, sleep_for(loop, std::chrono::milliseconds(20))));
}

TEST_F(TlsTransport, AHandshakeMayBeGivenUp) {
  // A server that says nothing.
  const TestServer server(hello, secured());
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  socklen_t size = sizeof(address);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  Loop loop;
  const auto context = context_of(files_.client());
  {
    const auto transport = detail::make_tls_transport(
        loop, connected_socket(ntohs(address.sin_port)), *context, "localhost");
    const auto done =
        run_to_end(loop, with_deadline(loop, std::chrono::milliseconds(30), "the handshake",
                                       detail::secure(loop, *transport)));
    EXPECT_EQ(done.error().code(), Errc::Timeout);
  }
  ASSERT_TRUE(run_to_end(loop, sleep_for(loop, std::chrono::milliseconds(10))));
  ::close(listener);
}

}  // namespace
}  // namespace wasmcloud::http
