#include "http/client.h"
#include "http/scripted_server.h"
#include "http/test_server.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace wasmcloud::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RequestHead request_to(std::string authority, Method method = {}, std::string path = "/") {
  RequestHead head;
  head.method = std::move(method);
  head.authority = std::move(authority);
  head.path_with_query = std::move(path);
  return head;
}

std::string name_of(Failure failure) {
  return fmt::format("failure {}", static_cast<int>(failure));
}

/// A client on a loop of its own, used from the test's thread.
class TestClient {
 public:
  explicit TestClient(ClientOptions options = {}) : threads_(1) {
    run([](TestClient* self, ClientOptions with) -> Task<void> {
      self->client_.emplace(self->loop(), std::move(with));
      co_return Result<void>();
    }(this, std::move(options)));
  }
  ~TestClient() {
    run([](TestClient* self) -> Task<void> {
      self->client_.reset();
      co_return Result<void>();
    }(this));
  }

  Loop& loop() { return threads_[0]; }
  Client& client() { return *client_; }
  void run(Task<void> task) {
    const auto done = threads_.run_on(0, std::move(task));
    if (!done) ADD_FAILURE() << done.error().message();
  }

  /// "200 text", with " name: value" of each trailer; or "failure N" as `name_of` has it, in front
  /// of what came of the body if the head had come.
  std::string ask(RequestHead head, std::string_view body = "", ClientTimeouts timeouts = {}) {
    std::string said;
    run([](TestClient* self, RequestHead with, std::string_view text, ClientTimeouts limits,
           std::string* out) -> Task<void> {
      *out = co_await self->exchange(std::move(with), text, limits);
      co_return Result<void>();
    }(this, std::move(head), body, timeouts, &said));
    return said;
  }

  size_t connections() {
    size_t count = 0;
    run([](TestClient* self, size_t* out) -> Task<void> {
      *out = self->client_->connections();
      co_return Result<void>();
    }(this, &count));
    return count;
  }

 private:
  boost::asio::awaitable<std::string, Executor> exchange(RequestHead head, std::string_view body,
                                                         ClientTimeouts timeouts) {
    const auto say = [](const Error& error) {
      const auto failure = failure_of(error);
      return failure ? name_of(*failure) : error.message();
    };
    auto sent = client_->send(std::move(head), timeouts);
    if (!sent) co_return say(sent.error());
    ClientExchange& exchange = **sent;
    if (!body.empty()) {
      // A server may answer without taking all of it.
      static_cast<void>(co_await exchange.request_body().write_all(std::as_bytes(std::span(body))));
    }
    if (exchange.request_body().state() == BodyState::Open) {
      static_cast<void>(exchange.request_body().finish());
    }
    auto answer = co_await exchange.answer();
    if (!answer) co_return say(answer.error());
    std::string said = fmt::format("{} ", answer->status);
    while (true) {
      auto bytes = co_await exchange.response_body().read(SIZE_MAX);
      if (!bytes) {
        exchange.cancel();
        co_return say(bytes.error()) + " " + said;
      }
      if (!*bytes) break;
      said += (*bytes)->text();
    }
    for (const FieldView field : exchange.response_body().trailers()) {
      said += fmt::format(" {}: {}", field.name, field.value);
    }
    co_return said;
  }

  LoopThreads threads_;
  std::optional<Client> client_;
};

/// Answers each request of each connection with the same bytes.
ScriptedServer::Script always(std::string answer) {
  return [answer = std::move(answer)](ScriptedServer::Peer& peer, int) {
    while (!peer.receive_until("\r\n\r\n").empty()) peer.send(answer);
  };
}

/// Answers the first request of each connection, and closes.
ScriptedServer::Script once(std::string answer) {
  return [answer = std::move(answer)](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    peer.send(answer);
  };
}

struct Row {
  const char* name;
  std::string answer;
  std::string said;
};

class HttpClientAnswers : public testing::TestWithParam<Row> {};

TEST_P(HttpClientAnswers, AreUnderstoodOrRefused) {
  const Row& row = GetParam();
  ScriptedServer server(once(row.answer));
  TestClient client;
  EXPECT_EQ(client.ask(request_to(server.authority())), row.said);
}

TEST_P(HttpClientAnswers, AreTheSameInSmallPieces) {
  const Row& row = GetParam();
  const size_t piece = row.answer.size() > 4096 ? 997 : 1;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    for (size_t at = 0; at < row.answer.size(); at += piece) {
      peer.send(std::string_view(row.answer).substr(at, piece));
    }
  });
  TestClient client;
  EXPECT_EQ(client.ask(request_to(server.authority())), row.said);
}

const std::string kProtocol = name_of(Failure::ProtocolError);

INSTANTIATE_TEST_SUITE_P(
    Rows, HttpClientAnswers,
    testing::Values(
        Row{"length", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", "200 hello"},
        Row{"none", "HTTP/1.1 204 No Content\r\n\r\n", "204 "},
        Row{"not_modified", "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", "304 "},
        Row{"chunked",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n"
            "0\r\nx-sum: 5\r\n\r\n",
            "200 hello x-sum: 5"},
        Row{"until_close", "HTTP/1.1 200 OK\r\n\r\nhello", "200 hello"},
        Row{"http10", "HTTP/1.0 200 OK\r\n\r\nhello", "200 hello"},
        Row{"no_reason", "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n", "200 "},
        Row{"interim",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
            "200 ok"},
        Row{"unusual_status", "HTTP/1.1 799 What\r\ncontent-length: 0\r\n\r\n", "799 "},
        Row{"cut_in_body", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello",
            name_of(Failure::ResponseIncomplete) + " 200 hello"},
        Row{"cut_in_chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
            name_of(Failure::ResponseIncomplete) + " 200 hello"},
        Row{"cut_in_head", "HTTP/1.1 200 OK\r\ncontent-le", name_of(Failure::ResponseIncomplete)},
        Row{"nothing", "", name_of(Failure::ConnectionTerminated)},
        Row{"garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", kProtocol},
        Row{"other_version", "HTTP/3.0 200 OK\r\n\r\n", kProtocol},
        Row{"status_of_letters", "HTTP/1.1 2x0 OK\r\n\r\n", kProtocol},
        Row{"status_below_100", "HTTP/1.1 099 OK\r\n\r\n", kProtocol},
        Row{"two_lengths", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello",
            kProtocol},
        Row{"list_of_lengths", "HTTP/1.1 200 OK\r\ncontent-length: 5, 5\r\n\r\nhello", kProtocol},
        Row{"negative_length", "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello", kProtocol},
        Row{"length_and_chunked",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            kProtocol},
        Row{"chunked_in_http10", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            kProtocol},
        Row{"gzip_coding", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            name_of(Failure::ResponseTransferCoding)},
        Row{"bare_line_feed", "HTTP/1.1 200 OK\ncontent-length: 0\n\n", kProtocol},
        Row{"folded", "HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 0\r\n\r\n", kProtocol},
        Row{"bad_chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\nhello",
            kProtocol + " 200 "},
        Row{"upgrade", "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
            name_of(Failure::UpgradeFailed)},
        Row{"waits_for_ever",
            [] {
              std::string text;
              for (int i = 0; i < 20; ++i) text += "HTTP/1.1 100 Continue\r\n\r\n";
              return text;
            }(),
            kProtocol},
        Row{"long_head", "HTTP/1.1 200 OK\r\na: " + std::string(70000, 'x') + "\r\n\r\n",
            name_of(Failure::ResponseHeaderSectionSize)},
        Row{"long_status_line", "HTTP/1.1 200 " + std::string(9000, 'x') + "\r\n\r\n",
            name_of(Failure::ResponseHeaderSectionSize)},
        Row{"many_fields",
            [] {
              std::string text = "HTTP/1.1 200 OK\r\n";
              for (int i = 0; i < 300; ++i) text += fmt::format("a{}: b\r\n", i);
              return text + "\r\n";
            }(),
            name_of(Failure::ResponseHeaderSectionSize)},
        Row{"long_trailers",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: " +
                std::string(70000, 'x') + "\r\n\r\n",
            name_of(Failure::ResponseTrailerSectionSize) + " 200 "}),
    [](const auto& row) { return row.param.name; });

TEST(HttpClient, SendsWhatItWasGivenAndNoMore) {
  std::string seen;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    seen = peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  });
  TestClient client;
  RequestHead head = request_to(server.authority(), {}, "/a?b=c");
  head.headers.append_valid("X-One", "1");
  head.headers.append_valid("Host", "elsewhere");
  head.headers.append_valid("connection", "upgrade");
  head.headers.append_valid("Transfer-Encoding", "chunked");
  EXPECT_EQ(client.ask(std::move(head)), "200 ");
  EXPECT_EQ(seen,
            fmt::format("GET /a?b=c HTTP/1.1\r\nhost: {}\r\nX-One: 1\r\n\r\n", server.authority()));
}

TEST(HttpClient, FramesTheBodyByWhatIsKnownOfIt) {
  std::string seen;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    seen = peer.receive_until("\r\n\r\n");
    if (seen.contains("chunked")) seen += peer.receive_until("0\r\n\r\n");
    if (seen.contains("content-length: 4")) seen += peer.receive_until("body");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  TestClient client;
  const auto sent = [&](Method method, std::string_view body, std::string_view length = "") {
    RequestHead head = request_to(server.authority(), std::move(method));
    if (!length.empty()) head.headers.append_valid("content-length", length);
    EXPECT_EQ(client.ask(std::move(head), body), "200 ");
    return seen.substr(seen.find("\r\n", seen.find("host:")) + 2);
  };
  EXPECT_EQ(sent(Method::Kind::Get, ""), "\r\n");
  EXPECT_EQ(sent(Method::Kind::Delete, ""), "\r\n");
  EXPECT_EQ(sent(Method::Kind::Post, ""), "content-length: 0\r\n\r\n");
  EXPECT_EQ(sent(Method::Kind::Post, "body", "4"), "content-length: 4\r\n\r\nbody");
  EXPECT_EQ(sent(Method::Kind::Post, "body"), "content-length: 4\r\n\r\nbody");
  const std::string large = sent(Method::Kind::Post, std::string(200'000, 'x'));
  EXPECT_TRUE(large.starts_with("transfer-encoding: chunked\r\n\r\n"));
  EXPECT_EQ(std::ranges::count(large, 'x'), 200'000);
}

TEST(HttpClient, KeepsConnectionsForTheSameAuthority) {
  std::atomic<int> accepted = 0;
  const auto script = [&](ScriptedServer::Peer& peer, int) {
    ++accepted;
    while (!peer.receive_until("\r\n\r\n").empty()) {
      peer.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    }
  };
  ScriptedServer server(script);
  ScriptedServer other(script);
  TestClient client;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client.ask(request_to(server.authority())), "200 ok");
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(client.ask(request_to(other.authority())), "200 ok");
  EXPECT_EQ(accepted, 2);
  EXPECT_EQ(client.connections(), 2U);
}

TEST(HttpClient, ClosesWhatMayNotBeKept) {
  for (const char* answer : {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
                             "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
                             "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more"}) {
    ScriptedServer server(always(answer));
    TestClient client;
    EXPECT_EQ(client.ask(request_to(server.authority())), "200 ok");
    EXPECT_EQ(client.connections(), 0U) << answer;
  }
}

TEST(HttpClient, AClosedKeptConnectionCostsNoRequestThatMayBeRepeated) {
  // Each connection answers one request and closes upon the next.
  ScriptedServer server([&](ScriptedServer::Peer& peer, int index) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + std::to_string(index % 10));
    peer.receive_until("\r\n\r\n");
  });
  TestClient client;
  EXPECT_EQ(client.ask(request_to(server.authority())), "200 0");
  EXPECT_EQ(client.ask(request_to(server.authority())), "200 1");
  // A body may have had its effect.
  EXPECT_EQ(client.ask(request_to(server.authority(), Method::Kind::Post), "x"),
            name_of(Failure::ConnectionTerminated));
  EXPECT_EQ(client.ask(request_to(server.authority())), "200 2");
  EXPECT_EQ(client.ask(request_to(server.authority(), Method::Kind::Post)),
            name_of(Failure::ConnectionTerminated));
}

TEST(HttpClient, ARepeatedRequestIsTheSame) {
  std::vector<std::string> seen;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    seen.push_back(peer.receive_until("\r\n\r\n"));
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    peer.receive_until("\r\n\r\n");
  });
  for (const std::string_view length : {"", "0"}) {
    seen.clear();
    TestClient client;
    for (int i = 0; i < 2; ++i) {
      RequestHead head = request_to(server.authority(), Method::Kind::Put);
      if (!length.empty()) head.headers.append_valid("content-length", length);
      EXPECT_EQ(client.ask(std::move(head)), "200 ");
    }
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0], seen[1]);
    EXPECT_EQ(seen[0].find("content-length: 0\r\n"), seen[0].rfind("content-length"));
  }
}

TEST(HttpClient, WaitsForNothingLongerThanItWasTold) {
  ScriptedServer silent([](ScriptedServer::Peer& peer, int) { peer.is_closed(); });
  ScriptedServer halting([](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    peer.is_closed();
  });
  TestClient client;
  const ClientTimeouts quick = {
      .connect = seconds(9), .first_byte = milliseconds(50), .between_bytes = milliseconds(50)};
  EXPECT_EQ(client.ask(request_to(silent.authority()), "", quick),
            name_of(Failure::ConnectionReadTimeout));
  EXPECT_EQ(client.ask(request_to(halting.authority()), "", quick),
            name_of(Failure::ConnectionReadTimeout) + " 200 half");
  // It takes the head, but no body of any size.
  ScriptedServer full([](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(300));
  });
  EXPECT_EQ(
      client.ask(
          request_to(full.authority(), Method::Kind::Post), std::string(size_t{32} << 20, 'x'),
          {.connect = seconds(9), .first_byte = seconds(9), .between_bytes = milliseconds(50)}),
      name_of(Failure::ConnectionWriteTimeout));
}

TEST(HttpClient, SaysWhyThereIsNoConnection) {
  uint16_t free = 0;
  {
    ScriptedServer gone(once(""));
    free = gone.port();
  }
  TestClient client;
  EXPECT_EQ(client.ask(request_to(fmt::format("127.0.0.1:{}", free))),
            name_of(Failure::ConnectionRefused));
  EXPECT_EQ(client.ask(request_to("no-such-host.invalid")), name_of(Failure::DnsError));
  EXPECT_EQ(client.ask(request_to("a b")), name_of(Failure::RequestUriInvalid));
  EXPECT_EQ(client.ask(request_to("")), name_of(Failure::RequestUriInvalid));
  EXPECT_EQ(client.ask(request_to(":80")), name_of(Failure::RequestUriInvalid));
  EXPECT_EQ(client.ask(request_to("127.0.0.1", {}, "no-slash")),
            name_of(Failure::RequestUriInvalid));
  EXPECT_EQ(client.ask(request_to("127.0.0.1", {}, "/a\r\nx: y")),
            name_of(Failure::RequestUriInvalid));
  EXPECT_EQ(client.ask(request_to("127.0.0.1", {}, "/" + std::string(20000, 'x'))),
            name_of(Failure::RequestUriTooLong));
  EXPECT_EQ(client.ask(request_to("127.0.0.1", Method::Kind::Connect)),
            name_of(Failure::RequestMethodInvalid));
  // Nobody answers there (RFC 5737), or nothing leads there.
  const std::string far = client.ask(request_to("192.0.2.1"), "", {.connect = milliseconds(50)});
  EXPECT_TRUE(far == name_of(Failure::ConnectionTimeout) ||
              far == name_of(Failure::DestinationUnroutable) ||
              far == name_of(Failure::ConnectionRefused))
      << far;
  EXPECT_EQ(client.connections(), 0U);
}

TEST(HttpClient, HoldsToItsQuota) {
  ScriptedServer server([](ScriptedServer::Peer& peer, int) { peer.is_closed(); });
  ClientOptions options;
  options.quota = std::make_shared<ConnectionQuota>(1);
  options.quota_timeout = milliseconds(50);
  TestClient client(options);
  client.run([](TestClient* self, std::string authority) -> Task<void> {
    Client& with = self->client();
    auto first = CO_TRY(with.send(request_to(authority)));
    CO_TRY(first->request_body().finish());
    auto second = CO_TRY(with.send(request_to(authority)));
    CO_TRY(second->request_body().finish());
    const auto refused = co_await second->answer();
    EXPECT_EQ(failure_of(refused.error()), Failure::ConnectionTimeout);
    // Room is made as soon as somebody leaves.
    auto third = CO_TRY(with.send(request_to(authority), {.first_byte = milliseconds(30)}));
    CO_TRY(third->request_body().finish());
    first->cancel();
    const auto late = co_await third->answer();
    EXPECT_EQ(failure_of(late.error()), Failure::ConnectionReadTimeout);
    co_return Result<void>();
  }(&client, server.authority()));
  EXPECT_EQ(options.quota->used(), 0U);
}

TEST(HttpClient, AnIdleConnectionMakesRoomForAnotherAuthority) {
  ScriptedServer one(always("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"));
  ScriptedServer two(always("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n2"));
  ClientOptions options;
  options.quota = std::make_shared<ConnectionQuota>(1);
  TestClient client(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask(request_to(one.authority())), "200 1");
    EXPECT_EQ(client.ask(request_to(two.authority())), "200 2");
  }
  EXPECT_EQ(client.connections(), 1U);
}

TEST(HttpClient, IdleConnectionsEnd) {
  ScriptedServer server(always("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
  TestClient client({.idle_timeout = milliseconds(20)});
  EXPECT_EQ(client.ask(request_to(server.authority())), "200 ok");
  EXPECT_TRUE(TestServer::eventually([&] { return client.connections() == 0; }));
}

TEST(HttpClient, CancellingIsSeenByTheServer) {
  std::atomic<bool> closed = false;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    closed = peer.is_closed();
  });
  TestClient client;
  client.run([](TestClient* self, std::string authority) -> Task<void> {
    auto exchange = CO_TRY(self->client().send(request_to(authority)));
    CO_TRY(exchange->request_body().finish());
    EXPECT_EQ(CO_TRY(co_await exchange->answer()).status, 200);
    exchange->cancel();
    co_return Result<void>();
  }(&client, server.authority()));
  EXPECT_TRUE(TestServer::eventually([&] { return closed.load(); }));
  EXPECT_EQ(client.connections(), 0U);
}

TEST(HttpClient, ABodyThatIsBrokenOffIsNotTakenForWhole) {
  std::string seen;
  std::atomic<bool> closed = false;
  ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
    seen = peer.receive_until("0\r\n\r\n");
    closed = true;
  });
  TestClient client;
  client.run([](TestClient* self, std::string authority) -> Task<void> {
    auto exchange = CO_TRY(self->client().send(request_to(authority, Method::Kind::Post)));
    CO_TRY(exchange->request_body().write(std::as_bytes(std::span("some", 4))));
    CO_TRY(co_await sleep_for(self->loop(), milliseconds(20)));
    exchange->request_body().abort();
    const auto answer = co_await exchange->answer();
    EXPECT_EQ(failure_of(answer.error()), Failure::ProtocolError);
    co_return Result<void>();
  }(&client, server.authority()));
  EXPECT_TRUE(TestServer::eventually([&] { return closed.load(); }));
  EXPECT_FALSE(seen.contains("\r\n0\r\n")) << seen;
}

TEST(HttpClient, AnEarlyAnswerIsHeardThoughTheBodyIsRefused) {
  ScriptedServer server([](ScriptedServer::Peer& peer, int) {
    peer.receive_until("\r\n\r\n");
    peer.send(
        "HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig");
    peer.skip(1 << 20);
  });
  TestClient client;
  EXPECT_EQ(client.ask(request_to(server.authority(), Method::Kind::Post),
                       std::string(size_t{4} << 20, 'x')),
            "413 big");
}

TEST(HttpClient, HeadHasNoBodyWhateverItsLengthSays) {
  ScriptedServer server(always("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"));
  TestClient client;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.ask(request_to(server.authority(), Method::Kind::Head)), "200 ");
  }
  EXPECT_EQ(client.connections(), 1U);
}

TEST(HttpClient, StreamsLargeBodiesBothWaysAtOnce) {
  TestServer server(echo);
  TestClient client;
  std::string body(size_t{10} << 20, ' ');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  client.run([](TestClient* self, uint16_t port, const std::string* text) -> Task<void> {
    auto exchange = CO_TRY(self->client().send(
        request_to(fmt::format("localhost:{}", port), Method::Kind::Post, "/echo")));
    TaskGroup writers(self->loop());
    writers.spawn(
        [](Ref<ClientExchange> to, const std::string* all) -> Task<void> {
          CO_TRY(co_await to->request_body().write_all(std::as_bytes(std::span(*all))));
          Headers trailers;
          trailers.append_valid("x-sum", "10");
          co_return to->request_body().finish(&trailers);
        },
        exchange, text);
    EXPECT_EQ(CO_TRY(co_await exchange->answer()).status, 200);
    const Bytes back = CO_TRY(co_await exchange->response_body().read_all(SIZE_MAX));
    EXPECT_TRUE(back.text() == *text);
    EXPECT_EQ(exchange->response_body().trailers().find("x-sum"), "10");
    co_return co_await writers.finish();
  }(&client, server.port(), &body));
}

TEST(HttpClient, GoesAwayWithRequestsUnderWay) {
  ScriptedServer server([](ScriptedServer::Peer& peer, int) { peer.is_closed(); });
  LoopThreads threads(1);
  const auto done = threads.run_on(0, [](Loop* loop, std::string authority) -> Task<void> {
    std::optional<Client> client;
    client.emplace(*loop);
    auto sent = CO_TRY(client->send(request_to(authority)));
    auto connecting = CO_TRY(client->send(request_to("no-such-host.invalid")));
    CO_TRY(co_await sleep_for(*loop, milliseconds(30)));
    client.reset();
    const auto answer = co_await sent->answer();
    EXPECT_EQ(failure_of(answer.error()), Failure::ConnectionTerminated);
    co_return Result<void>();
  }(&threads[0], server.authority()));
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace wasmcloud::http
