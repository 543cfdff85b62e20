// The client over TLS, to the server of this library.
#include "http/certificates.h"
#include "http/client.h"
#include "http/scripted_server.h"
#include "http/test_server.h"

#include <gtest/gtest.h>

namespace wasmcloud::http {
namespace {

using std::chrono::milliseconds;

struct Asked {
  Version version = Version::Http11;
  std::string host = "localhost";
};

/// "200 text", or "failure N".
std::string ask(uint16_t port, const TlsClientConfig& config, const Asked& how = {},
                ClientTimeouts timeouts = {}, std::string_view body = "") {
  ClientOptions options;
  options.tls = std::make_shared<ClientTls>(config);
  options.quota = std::make_shared<ConnectionQuota>(1);
  std::string said;
  LoopThreads threads(1);
  const auto done = threads.run_on(
      0,
      [](Loop* loop, ClientOptions* with, uint16_t to, const Asked* asked, ClientTimeouts limits,
         std::string_view text, std::string* out) -> Task<void> {
        Client client(*loop, *with);
        RequestHead head;
        head.version = asked->version;
        head.scheme = Scheme::Https;
        head.method = text.empty() ? Method::Kind::Get : Method::Kind::Post;
        head.authority = fmt::format("{}:{}", asked->host, to);
        head.path_with_query = "/";
        auto exchange = CO_TRY(client.send(std::move(head), limits));
        TaskGroup writer(*loop);
        writer.spawn(
            [](Ref<ClientExchange> on, std::string_view all) -> Task<void> {
              static_cast<void>(
                  co_await on->request_body().write_all(std::as_bytes(std::span(all))));
              if (on->request_body().state() == BodyState::Open) {
                static_cast<void>(on->request_body().finish());
              }
              co_return Result<void>();
            },
            exchange, text);
        auto answer = co_await exchange->answer();
        if (answer) {
          auto bytes = co_await exchange->response_body().read_all(SIZE_MAX);
          *out = fmt::format("{} {}", answer->status,
                             bytes ? bytes->text() : std::string_view("cut off"));
        } else {
          *out = fmt::format("failure {}", static_cast<int>(failure_of(answer.error()).value()));
          // An attempt to connect may end a moment after its request, and needs the loop for it.
          while (with->quota->used() > 0) CO_TRY(co_await sleep_for(*loop, milliseconds(1)));
        }
        writer.cancel();
        co_return co_await writer.finish();
      }(&threads[0], &options, port, &how, timeouts, body, &said));
  if (!done) return done.error().message();
  return said;
}

std::string name_of(Failure failure) {
  return fmt::format("failure {}", static_cast<int>(failure));
}

ServerOptions serving(const TlsServerConfig& config) {
  ServerOptions options;
  options.tls = context_of(config);
  return options;
}

/// 200 with the version and the scheme that the server saw.
Task<void> describe(Request& request, ResponseWriter& response) {
  const std::string text =
      fmt::format("{} {}", request.head.version == Version::Http2 ? "HTTP/2" : "HTTP/1.1",
                  request.head.scheme == Scheme::Https ? "https" : "http");
  co_return response.respond({.status = 200, .headers = {}}, Bytes::copy_of(text));
}

TEST(TlsClient, SpeaksBothVersions) {
  const Certificates made;
  TestServer server(describe, serving(made.server()));
  EXPECT_EQ(ask(server.port(), made.client()), "200 HTTP/1.1 https");
  EXPECT_EQ(ask(server.port(), made.client(), {.version = Version::Http2}), "200 HTTP/2 https");
  EXPECT_EQ(ask(server.port(), made.client(), {.host = "127.0.0.1"}), "200 HTTP/1.1 https");
}

TEST(TlsClient, CarriesLargeBodiesBothWays) {
  const Certificates made;
  TestServer server(echo, serving(made.server()));
  std::string body(size_t{8} << 20, ' ');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  for (const Version version : {Version::Http11, Version::Http2}) {
    const std::string said = ask(server.port(), made.client(), {.version = version}, {}, body);
    EXPECT_TRUE(said == "200 " + body) << said.substr(0, 100);
  }
}

TEST(TlsClient, BelievesWhomItWasToldToAlone) {
  const Certificates made;
  TestServer server(describe, serving(made.server()));
  TlsClientConfig other = made.client();
  other.ca_paths = {made.certificate("other-ca")};
  EXPECT_EQ(ask(server.port(), other), name_of(Failure::TlsCertificateError));
  // The system knows nothing of a test's CA.
  EXPECT_EQ(ask(server.port(), {}), name_of(Failure::TlsCertificateError));
  // It is nobody's name for itself.
  TlsServerConfig misnamed = made.server();
  misnamed.certificate_path = made.certificate("client");
  misnamed.key_path = made.key("client");
  TestServer impostor(describe, serving(misnamed));
  EXPECT_EQ(ask(impostor.port(), made.client()), name_of(Failure::TlsCertificateError));
}

TEST(TlsClient, ShowsItsCertificateWhereOneIsAskedFor) {
  const Certificates made;
  TlsServerConfig asking = made.server();
  asking.client_ca_path = made.certificate("ca");
  TestServer server(describe, serving(asking));
  TlsClientConfig known = made.client();
  known.certificate_path = made.certificate("client");
  known.key_path = made.key("client");
  EXPECT_EQ(ask(server.port(), known), "200 HTTP/1.1 https");
  const std::string refused = ask(server.port(), made.client());
  // With TLS 1.3 a client learns it only when it reads.
  EXPECT_TRUE(refused == name_of(Failure::TlsAlertReceived) ||
              refused == name_of(Failure::ConnectionTerminated))
      << refused;
}

TEST(TlsClient, WhatSpeaksNoTlsIsAnError) {
  const Certificates made;
  for (const char* answer : {"HTTP/1.1 400 Bad Request\r\n\r\n", "garbage garbage garbage"}) {
    ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
      peer.send(answer);
      peer.is_closed();
    });
    EXPECT_EQ(ask(server.port(), made.client()), name_of(Failure::TlsProtocolError)) << answer;
  }
  ScriptedServer silent([](ScriptedServer::Peer& peer, int) { peer.is_closed(); });
  EXPECT_EQ(ask(silent.port(), made.client(), {}, {.connect = milliseconds(50)}),
            name_of(Failure::ConnectionTimeout));
  TlsClientConfig broken = made.client();
  broken.ca_paths = {made.folder().path("missing.pem")};
  EXPECT_EQ(ask(silent.port(), broken), name_of(Failure::TlsProtocolError));
}

}  // namespace
}  // namespace wasmcloud::http
