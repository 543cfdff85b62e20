// The server over TLS, with clients that others wrote: curl, nghttp2's, openssl's, and OpenSSL
// itself where a client must do what those do not.
#include "base/process.h"
#include "http/certificates.h"
#include "http/raw_client.h"
#include "http/raw_tls_client.h"
#include "http/run_program.h"
#include "http/test_server.h"

#include <openssl/ssl.h>

#include <sys/socket.h>

#include <random>

namespace wasmcloud::http {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class Tls : public ::testing::Test {
 protected:
  static std::string url(const TestServer& server) {
    return fmt::format("https://localhost:{}/", server.port());
  }
  /// Trusting the test's CA.
  std::string curl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"curl", "--silent", "--max-time", "30", "--ipv4",
                                         "--cacert", certificates_.certificate("ca")});
    return run_program(std::move(arguments));
  }
  ServerOptions secured(ServerOptions options = {}) const {
    options.tls = context_of(certificates_.server());
    return options;
  }
  /// Clients must show a certificate of the test's CA.
  ServerOptions mutual() const {
    TlsServerConfig config = certificates_.server();
    config.client_ca_path = certificates_.certificate("ca");
    ServerOptions options;
    options.tls = context_of(config);
    return options;
  }
  /// The head of what GET gives, and what of the body belongs to it.
  static std::string get(RawTlsClient& client, size_t body = 5) {
    if (!client.send(kGet)) return "not sent";
    return client.receive_until("\r\n\r\n").substr(0, 12) + " " + client.receive(body);
  }

  Certificates certificates_;
};

TEST_F(Tls, GetsATextOverEachVersion) {
  TestServer server(hello, secured());
  for (const std::string version : {"1.2", "1.3"}) {
    for (const std::string http : {"--http1.1", "--http2"}) {
      EXPECT_EQ(curl({"--tlsv" + version, "--tls-max", version, http, "--write-out",
                      " %{http_version} %{ssl_verify_result}", url(server)}),
                http == "--http2" ? "0:hello 2 0" : "0:hello 1.1 0");
    }
  }
  // 35: no handshake.
  EXPECT_EQ(curl({"--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", url(server)}), "35:");
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const RawTlsClient old(server.port(), {.version = version});
    EXPECT_FALSE(old.is_open());
    EXPECT_EQ(old.alert(), SSL_AD_PROTOCOL_VERSION);
  }
}

TEST_F(Tls, KeepsAConnection) {
  TestServer server(hello, secured());
  EXPECT_EQ(curl({url(server), url(server), url(server), "--write-out", "%{num_connects}"}),
            "0:hello1hello0hello0");
  EXPECT_EQ(curl({"--http2", url(server), url(server), "--write-out", "%{num_connects}"}),
            "0:hello1hello0");
}

TEST_F(Tls, SpeaksWhatAlpnChose) {
  TestServer server(hello, secured());
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"s;
  const auto is_settings = [](const std::string& frame) {
    return frame.size() == 9 && frame[3] == 4 && frame[4] == 0;
  };
  // HTTP/2 first, whatever the client likes best.
  RawTlsClient both(server.port(), {.protocols = {"http/1.1", "h2"}});
  EXPECT_EQ(both.protocol(), "h2");
  ASSERT_TRUE(both.send(preface));
  EXPECT_TRUE(is_settings(both.receive(9)));
  RawTlsClient two(server.port(), {.protocols = {"h2"}});
  ASSERT_TRUE(two.send(kGet));
  EXPECT_EQ(two.rest().find("HTTP/1.1 200"), std::string::npos);
  RawTlsClient one(server.port(), {.protocols = {"http/1.1"}});
  EXPECT_EQ(one.protocol(), "http/1.1");
  EXPECT_EQ(get(one), "HTTP/1.1 200 hello");
  RawTlsClient liar(server.port(), {.protocols = {"http/1.1"}});
  ASSERT_TRUE(liar.send(preface));
  EXPECT_EQ(liar.receive(10), "HTTP/1.1 5");
  // Without ALPN the first bytes say it.
  RawTlsClient none(server.port());
  EXPECT_EQ(none.protocol(), "");
  EXPECT_EQ(get(none), "HTTP/1.1 200 hello");
  RawTlsClient prior(server.port());
  ASSERT_TRUE(prior.send(preface));
  EXPECT_TRUE(is_settings(prior.receive(9)));
  const RawTlsClient other(server.port(), {.protocols = {"foo", "spdy/3"}});
  EXPECT_FALSE(other.is_open());
  EXPECT_EQ(other.alert(), SSL_AD_NO_APPLICATION_PROTOCOL);
}

TEST_F(Tls, TellsTheHandlerThatItIsSecure) {
  TestServer server(
      [](Request& request, ResponseWriter& response) -> Task<void> {
        const bool secure = request.head.scheme == Scheme::Https;
        co_return response.respond({}, Bytes::from_static(secure ? "https" : "http!"));
      },
      secured());
  EXPECT_EQ(curl({"--http1.1", url(server)}), "0:https");
  EXPECT_EQ(curl({"--http2", url(server)}), "0:https");
  RawTlsClient client(server.port());
  ASSERT_TRUE(client.send("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"));
  client.receive_until("\r\n\r\n");
  EXPECT_EQ(client.receive(5), "https");
}

TEST_F(Tls, IsRefusedByAClientThatTrustsAnother) {
  TestServer server(hello, secured());
  const auto refused = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"curl", "--silent", "--ipv4"});
    return run_program(std::move(arguments));
  };
  // 60: the certificate is not trusted, or not for that name.
  EXPECT_EQ(refused({"--cacert", certificates_.certificate("other-ca"), url(server)}), "60:");
  EXPECT_EQ(curl({"--resolve", fmt::format("a.test:{}:127.0.0.1", server.port()),
                  fmt::format("https://a.test:{}/", server.port())}),
            "60:");
  EXPECT_EQ(curl({url(server)}), "0:hello");
}

TEST_F(Tls, AsksForClientCertificates) {
  TestServer server(
      [](Request& request, ResponseWriter& response) -> Task<void> {
        co_return co_await hello(request, response);
      },
      mutual());
  const auto with = [&](const std::string& name) {
    return std::vector<std::string>{"--cert", certificates_.certificate(name), "--key",
                                    certificates_.key(name)};
  };
  for (const std::string version : {"1.2", "1.3"}) {
    for (const std::string http : {"--http1.1", "--http2"}) {
      std::vector<std::string> right = with("client");
      right.insert(right.end(), {http, "--tls-max", version, url(server)});
      EXPECT_EQ(curl(right), "0:hello") << version << http;
      std::vector<std::string> wrong = with("stranger");
      wrong.insert(wrong.end(), {http, "--tls-max", version, url(server)});
      const std::string answer = curl(wrong);
      // 35 in the handshake, 56 when the alert comes after it.
      EXPECT_TRUE(answer == "35:" || answer == "56:" || answer == "55:") << answer;
      const std::string none = curl({http, "--tls-max", version, url(server)});
      EXPECT_TRUE(none == "35:" || none == "56:" || none == "55:") << none;
    }
  }
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    RawTlsClient without(server.port(), {.version = version});
    if (without.is_open()) without.rest();
    EXPECT_EQ(without.alert(),
              version == TLS1_3_VERSION ? SSL_AD_CERTIFICATE_REQUIRED : SSL_AD_HANDSHAKE_FAILURE);
    RawTlsClient stranger(server.port(), {.certificate = certificates_.certificate("stranger"),
                                          .key = certificates_.key("stranger"),
                                          .version = version});
    if (stranger.is_open()) stranger.rest();
    EXPECT_EQ(stranger.alert(), SSL_AD_UNKNOWN_CA);
    // A request that is sent without waiting is not handled either.
    RawTlsClient hasty(server.port(), {.version = version});
    if (hasty.is_open()) hasty.send(kGet);
    EXPECT_EQ(hasty.rest(), "");
  }
  EXPECT_EQ(server.server().active_requests(), 0U);
}

TEST_F(Tls, ResumesASession) {
  for (const ServerOptions& options : {secured(), mutual()}) {
    TestServer server(hello, options, 2);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      RawTlsClient::Options how = {.certificate = certificates_.certificate("client"),
                                   .key = certificates_.key("client"),
                                   .version = version};
      RawTlsClient first(server.port(), how);
      EXPECT_EQ(get(first), "HTTP/1.1 200 hello");
      how.resume = SSL_get1_session(first.ssl());
      first.say_end();
      RawTlsClient second(server.port(), how);
      EXPECT_EQ(get(second), "HTTP/1.1 200 hello");
      EXPECT_EQ(SSL_session_reused(second.ssl()), 1);
      SSL_SESSION_free(how.resume);
    }
  }
}

TEST_F(Tls, EchoesALargeBody) {
  TestServer server(echo, secured());
  std::string body;
  for (int i = 0; body.size() < size_t{10} << 20; ++i) body += fmt::format("{} ", i);
  const std::string sent = certificates_.folder().write("sent", body);
  for (const std::string version : {"1.2", "1.3"}) {
    for (const std::string http : {"--http1.1", "--http2"}) {
      EXPECT_TRUE(curl({"--tls-max", version, http, "--data-binary", "@" + sent, url(server)}) ==
                  "0:" + body)
          << version << http;
      EXPECT_TRUE(curl({"--tls-max", version, http, "--header", "Transfer-Encoding: chunked",
                        "--data-binary", "@" + sent, url(server)}) == "0:" + body);
    }
  }
}

TEST_F(Tls, AnswersOpenSslsOwnClient) {
  TestServer server(hello, secured());
  const std::string command = fmt::format(
      "printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | "
      "openssl s_client -quiet -verify_return_error -servername localhost -CAfile {} "
      "-connect 127.0.0.1:{} 2>/dev/null",
      certificates_.certificate("ca"), server.port());
  const std::string out = run_program({"sh", "-c", command});
  EXPECT_TRUE(out.starts_with("0:HTTP/1.1 200 OK\r\n")) << out;
  EXPECT_TRUE(out.ends_with("\r\n\r\nhello")) << out;
}

TEST_F(Tls, AnswersNghttp2sClients) {
  if (find_program("nghttp").empty()) GTEST_SKIP() << "nghttp is not installed";
  TestServer server(hello, secured(), 2);
  EXPECT_EQ(run_program({"nghttp", "--no-verify-peer", url(server)}), "0:hello");
  const std::string out = run_program({"h2load", "-n", "5000", "-c", "10", "-m", "20", "--npn-list",
                                       "h2", fmt::format("https://127.0.0.1:{}/", server.port())});
  EXPECT_TRUE(out.contains("5000 succeeded, 0 failed")) << out;
  EXPECT_TRUE(out.contains("Application protocol: h2")) << out;
}

TEST_F(Tls, ServesAHundredConnectionsAtOnce) {
  TestServer server(hello, secured(), 2);
  std::atomic<int> open = 0;
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&, i] {
      RawTlsClient client(server.port(), {.version = i % 2 == 0 ? TLS1_3_VERSION : TLS1_2_VERSION});
      // All at the same time, none before the last.
      ++open;
      if (!TestServer::eventually([&] { return open == 100; })) return;
      for (int round = 0; round < 10; ++round) right += get(client) == "HTTP/1.1 200 hello";
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 1000);
  EXPECT_TRUE(TestServer::eventually([&] { return server.server().connections() == 0; }));
}

TEST_F(Tls, RefusesWhatIsNoTls) {
  TestServer server(hello, secured());
  const std::string hello_in_part = "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03"s;
  for (const std::string& sent :
       {kGet, "HEAD / HTTP/1.1\r\n\r\n"s, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s, "garbage"s,
        std::string(100000, '\0'), std::string(100000, '\xff'),
        "\x16\x03\x01\xff\xff"s + std::string(70000, 'x'),
        hello_in_part + std::string(300, '\0')}) {
    RawClient client(server.port());
    client.send(sent);
    client.shutdown_write();
    const std::string answer = client.rest();
    if (sent == kGet || sent.starts_with("HEAD")) {
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
      EXPECT_TRUE(answer.ends_with("\r\n\r\nthis port speaks HTTPS, not HTTP\r\n")) << answer;
    } else {
      // At most an alert.
      EXPECT_LE(answer.size(), 7U) << sent.substr(0, 20);
    }
  }
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    RawClient client(server.port());
    std::string noise = i % 2 == 0 ? "\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03"s : ""s;
    while (noise.size() < 80) noise += static_cast<char>(random());
    client.send(noise);
    client.shutdown_write();
    client.rest();
  }
  EXPECT_EQ(curl({url(server)}), "0:hello");
  EXPECT_TRUE(TestServer::eventually([&] { return server.server().connections() == 0; }));
}

TEST_F(Tls, TakesAnyAlert) {
  TestServer server(hello, secured());
  for (int number = 0; number < 256; ++number) {
    for (const char level : {'\1', '\2', '\7'}) {
      RawClient client(server.port());
      client.send("\x15\x03\x03\x00\x02"s + level + static_cast<char>(number));
      client.shutdown_write();
      EXPECT_LE(client.rest().size(), 7U) << number;
    }
  }
  EXPECT_EQ(curl({url(server)}), "0:hello");
}

TEST_F(Tls, IsRefusedOnAPlainPort) {
  TestServer server(hello);
  EXPECT_FALSE(RawTlsClient(server.port()).is_open());
  // 35: no handshake.
  EXPECT_EQ(curl({url(server)}), "35:");
  EXPECT_TRUE(TestServer::eventually([&] { return server.server().connections() == 0; }));
}

TEST_F(Tls, TimesASlowHandshakeOut) {
  TestServer server(hello, secured({.header_timeout = 60ms}));
  for (const std::string& sent : {""s, "\x16"s, "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03"s}) {
    RawClient client(server.port());
    client.send(sent);
    EXPECT_EQ(client.rest(), "");
  }
  // Byte after byte does not help.
  RawClient client(server.port());
  client.send("\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03");
  const auto limit = Clock::now() + 10s;
  while (client.send("a") && Clock::now() < limit) std::this_thread::sleep_for(1ms);
  EXPECT_LT(Clock::now(), limit);
  // Nor does silence after the handshake. Here the client has to be in time itself, which on a busy
  // machine takes more than one.
  EXPECT_TRUE(TestServer::eventually([&] {
    RawTlsClient silent(server.port());
    return silent.is_open() && silent.rest().empty() && silent.was_told();
  }));
  EXPECT_TRUE(TestServer::eventually([&] {
    RawTlsClient half(server.port());
    return half.send("GET / HTTP/1.1\r\nHo") && half.rest().starts_with("HTTP/1.1 408 ") &&
           half.was_told();
  }));
}

TEST_F(Tls, SaysWhenItEnds) {
  TestServer server(hello, secured());
  RawTlsClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_TRUE(client.rest().ends_with("\r\n\r\nhello"));
  EXPECT_TRUE(client.was_told());
}

TEST_F(Tls, AResponseThatIsCutOffDoesNotLookWhole) {
  TestServer server(
      [](Request& request, ResponseWriter& response) -> Task<void> {
        CO_TRY(response.send_head({}));
        CO_TRY(response.body().write(Bytes::from_static("part")));
        CO_TRY(co_await response.body().flush());
        if (request.head.path_with_query == "/whole") co_return response.body().finish();
        co_return fail(Errc::Trap, "over");
      },
      secured());
  // An HTTP/1.0 body ends with the connection.
  for (const bool whole : {true, false}) {
    RawTlsClient client(server.port());
    ASSERT_TRUE(client.send(fmt::format("GET {} HTTP/1.0\r\n\r\n", whole ? "/whole" : "/part")));
    const std::string response = client.rest();
    EXPECT_EQ(client.was_told(), whole);
    if (whole) EXPECT_TRUE(response.ends_with("\r\n\r\npart")) << response;
  }
  // 18: partial file, 56: failure in receiving; 92: stream not closed cleanly.
  EXPECT_EQ(curl({"--http1.1", "--output", "/dev/null", url(server)}), "18:");
  EXPECT_TRUE(curl({"--http2", "--output", "/dev/null", url(server)}).starts_with("92:"));
}

TEST_F(Tls, ARequestThatIsCutOffFails) {
  std::atomic<int> failed = 0;
  std::atomic<int> whole = 0;
  TestServer server(
      [&](Request& request, ResponseWriter&) -> Task<void> {
        auto body = co_await request.body().read_all(1000);
        ++(body ? whole : failed);
        co_return Result<void>();
      },
      secured());
  for (const bool told : {true, false}) {
    RawTlsClient client(server.port());
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123"));
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active_requests() == 1; }));
    if (told) client.say_end();
    client.close();
    ASSERT_TRUE(TestServer::eventually([&] { return server.server().active_requests() == 0; }));
  }
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(whole, 0);
}

/// A body that tells where a byte is missing, or twice there.
std::string numbers(size_t size) {
  std::string out;
  out.reserve(size + 16);
  for (uint64_t i = 0; out.size() < size; ++i) out += fmt::format("{:x},", i);
  return out;
}

TEST_F(Tls, HoldsBackForASlowReader) {
  const std::string body = numbers(size_t{24} << 20);
  std::atomic<size_t> written = 0;
  TestServer server(
      [&](Request&, ResponseWriter& response) -> Task<void> {
        ResponseHead head;
        CO_TRY(head.headers.append("content-length", fmt::format("{}", body.size())));
        CO_TRY(response.send_head(head));
        // In pieces of many sizes.
        size_t at = 0;
        for (size_t size = 1; at < body.size(); size = size * 3 % 50'021) {
          const auto piece = std::string_view(body).substr(at, size);
          CO_TRY(co_await response.body().write_all(std::as_bytes(std::span(piece))));
          at += piece.size();
          written = at;
        }
        co_return response.body().finish();
      },
      secured());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    written = 0;
    RawTlsClient client(server.port(), {.version = version, .receive_buffer = 4096});
    ASSERT_TRUE(client.send(kGet));
    client.receive_until("\r\n\r\n");
    // Until it no longer goes on.
    size_t before = 1;
    while (before != written) {
      before = written;
      std::this_thread::sleep_for(20ms);
    }
    EXPECT_LT(written, body.size() / 2);
    EXPECT_TRUE(client.receive(body.size()) == body);
  }
}

TEST_F(Tls, RenewsItsKeysWhenAsked) {
  TestServer server(echo, secured());
  RawTlsClient client(server.port(), {.version = TLS1_3_VERSION});
  const std::string body = numbers(100'000);
  for (int i = 0; i < 20; ++i) {
    SSL_key_update(client.ssl(),
                   i % 2 == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
    ASSERT_TRUE(client.send(
        fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", body.size())));
    ASSERT_TRUE(client.send(body));
    std::string back;
    client.receive_until("\r\n\r\n");
    while (back.size() < body.size()) {
      const std::string line = client.receive_until("\r\n");
      ASSERT_FALSE(line.empty());
      back += client.receive(std::stoul(line, nullptr, 16));
      client.receive(2);
    }
    client.receive_until("0\r\n\r\n");
    EXPECT_TRUE(back == body);
  }
}

TEST_F(Tls, EndsAConnectionThatIsFloodedWithNewKeys) {
  TestServer server(hello, secured());
  for (const int kind : {SSL_KEY_UPDATE_REQUESTED, SSL_KEY_UPDATE_NOT_REQUESTED}) {
    RawTlsClient client(server.port(), {.version = TLS1_3_VERSION});
    EXPECT_EQ(get(client), "HTTP/1.1 200 hello");
    int sent = 0;
    while (sent < 20'000 && SSL_key_update(client.ssl(), kind) == 1 &&
           SSL_do_handshake(client.ssl()) == 1) {
      ++sent;
    }
    EXPECT_LT(sent, 20'000);
    EXPECT_TRUE(TestServer::eventually([&] { return server.server().connections() == 0; }));
  }
  RawTlsClient client(server.port(), {.version = TLS1_3_VERSION});
  EXPECT_EQ(get(client), "HTTP/1.1 200 hello");
}

TEST_F(Tls, ClosesAtADrainWithAWord) {
  TestServer server(hello, secured());
  RawTlsClient idle(server.port());
  EXPECT_EQ(get(idle), "HTTP/1.1 200 hello");
  RawTlsClient two(server.port(), {.protocols = {"h2"}});
  ASSERT_TRUE(two.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"s));
  two.receive(9);
  // In mid-handshake: has no request yet.
  RawClient fresh(server.port());
  server.drain(10s);
  EXPECT_EQ(idle.rest(), "");
  EXPECT_TRUE(idle.was_told());
  two.rest();
  EXPECT_TRUE(two.was_told());
  EXPECT_EQ(fresh.rest(), "");
}

TEST_F(Tls, DrainsWhileBusy) {
  std::atomic<int> started = 0;
  TestServer server(
      [&](Request& request, ResponseWriter& response) -> Task<void> {
        ++started;
        CO_TRY(co_await sleep_for(request.body().loop(), 300ms));
        co_return response.respond({}, Bytes::from_static("hello"));
      },
      secured(), 2);
  std::vector<std::unique_ptr<RawTlsClient>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<RawTlsClient>(server.port()));
    ASSERT_TRUE(clients.back()->send(kGet));
  }
  std::string two;
  std::thread http2([&] { two = curl({"--http2", url(server)}); });
  EXPECT_TRUE(TestServer::eventually([&] { return started == 11; }));
  server.drain(10s);
  for (const auto& client : clients) {
    EXPECT_TRUE(client->rest().ends_with("\r\n\r\nhello"));
    EXPECT_TRUE(client->was_told());
  }
  http2.join();
  EXPECT_EQ(two, "0:hello");
}

TEST_F(Tls, CutsOffWhatOutlivesTheGrace) {
  TestServer server(
      [](Request& request, ResponseWriter&) -> Task<void> {
        co_return co_await sleep_for(request.body().loop(), 1h);
      },
      secured());
  RawTlsClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  ASSERT_TRUE(TestServer::eventually([&] { return server.server().active_requests() == 1; }));
  server.drain(20ms);
  EXPECT_EQ(client.rest(), "");
  EXPECT_FALSE(client.was_told());
}

}  // namespace
}  // namespace wasmcloud::http
