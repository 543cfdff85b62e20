#include "http/detail/transport.h"
#include "http/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

namespace wasmcloud::http {
namespace {

using namespace std::chrono_literals;

TEST(Server, AnswersWithTheLengthOfAWholeBody) {
  TestServer server(hello);
  RawClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  const std::string response = client.response();
  EXPECT_EQ(without_date(response), "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
  EXPECT_NE(response.find("date: "), std::string::npos);
  EXPECT_NE(response.find(" GMT\r\n"), std::string::npos);
}

TEST(Server, NothingIsPacedOnLoopbackOnly) {
  const auto congestion_control = [](int socket) {
    char name[16] = {};
    socklen_t size = sizeof(name);
    EXPECT_EQ(::getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, name, &size), 0);
    return std::string(name);
  };
  const auto with_address = [&](const char* text) {
    sockaddr_storage address{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(address);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
    address.ss_family = ::inet_pton(AF_INET, text, &v4.sin_addr) == 1 ? AF_INET : AF_INET6;
    if (address.ss_family == AF_INET6) EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    detail::avoid_pacing(socket, reinterpret_cast<const sockaddr&>(address));
    const std::string chosen = congestion_control(socket);
    ::close(socket);
    return chosen;
  };
  const int untouched = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::string usual = congestion_control(untouched);
  ::close(untouched);
  for (const char* loopback : {"127.0.0.1", "127.200.0.1", "::1"}) {
    EXPECT_EQ(with_address(loopback), "reno") << loopback;
  }
  for (const char* other : {"0.0.0.0", "192.0.2.1", "::", "2001:db8::1"}) {
    EXPECT_EQ(with_address(other), usual) << other;
  }
}

TEST(Server, KeepsAConnectionForManyRequests) {
  TestServer server(hello);
  RawClient client(server.port());
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(client.send(kGet));
    ASSERT_TRUE(client.response().ends_with("\r\n\r\nhello"));
  }
  EXPECT_EQ(server.server().connections(), 1U);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    // The first takes longest.
    if (request.head.path_with_query == "/0")
      CO_TRY(co_await sleep_for(request.body().loop(), 20ms));
    co_return response.respond({}, Bytes::copy_of(request.head.path_with_query));
  });
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", i);
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(client.response().ends_with(fmt::format("\r\n\r\n/{}", i))) << i;
  }
}

TEST(Server, EchoesABodyOfKnownLength) {
  TestServer server(echo);
  RawClient client(server.port());
  const std::string body(300000, 'x');
  ASSERT_TRUE(client.send(fmt::format("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}",
                                      body.size(), body)));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\n" + body));
}

TEST(Server, EchoesChunksAndTrailers) {
  TestServer server(echo);
  RawClient client(server.port());
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (const std::string_view piece :
         {"5\r\nhel", "lo\r\n", "6;x=y\r\n world\r", "\n0\r\nSum: 11", "\r\nOther: b\r\n\r\n"}) {
      ASSERT_TRUE(client.send(piece));
    }
    EXPECT_EQ(without_date(client.response()),
              "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
              "hello world(trailer Sum: 11)(trailer Other: b)");
  }
}

TEST(Server, StreamsWhatIsWrittenBeforeTheEnd) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    BodyWriter& body = response.body();
    CO_TRY(body.write(Bytes::from_static("first")));
    // Goes on when the client has said that it saw it.
    CO_TRY(co_await request.body().read(1));
    CO_TRY(body.write(Bytes::from_static("sec")));
    CO_TRY(body.write_owned(Bytes::from_static("ond")));
    CO_TRY(co_await body.flush());
    CO_TRY(co_await request.body().read(1));
    co_return body.finish();
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_TRUE(client.receive_until("first\r\n").ends_with("\r\n\r\n5\r\nfirst\r\n"));
  ASSERT_TRUE(client.send("."));
  EXPECT_EQ(client.receive_until("second\r\n"), "6\r\nsecond\r\n");
  ASSERT_TRUE(client.send("."));
  EXPECT_EQ(client.receive_until("\r\n\r\n"), "0\r\n\r\n");
}

TEST(Server, SaysContinueWhenTheBodyIsFirstRead) {
  TestServer server(echo);
  RawClient client(server.port());
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    EXPECT_EQ(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(client.send("hi"));
    EXPECT_TRUE(client.response().ends_with("\r\n\r\nhi"));
  }
}

TEST(Server, ClosesInsteadOfContinuingWhenNobodyReads) {
  TestServer server(hello);
  RawClient client(server.port());
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\nhello"));
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, SkipsAShortBodyThatNobodyRead) {
  TestServer server(hello);
  RawClient client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345"));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\nhello"));
  ASSERT_TRUE(client.send("67890" + kGet));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\nhello"));
}

TEST(Server, ClosesRatherThanSkipALongBody) {
  TestServer server(hello);
  RawClient client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n12345"));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\nhello"));
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, HasNoBodyForHead) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    ResponseHead head;
    if (request.head.path_with_query == "/5") CO_TRY(head.headers.append("Content-Length", "5"));
    co_return response.respond(head, Bytes::from_static("hello"));
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send("HEAD /5 HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(without_date(client.response(true)), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + kGet));
  EXPECT_EQ(without_date(client.response(true)), "HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_TRUE(client.response().ends_with("\r\n\r\nhello"));
}

TEST(Server, HasNoBodyFor204And304) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    ResponseHead head;
    head.status = static_cast<uint16_t>(std::stoi(request.head.path_with_query.substr(1)));
    CO_TRY(head.headers.append("content-length", "5"));
    co_return response.respond(head, Bytes::from_static("hello"));
  });
  RawClient client(server.port());
  ASSERT_TRUE(
      client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(without_date(client.response()), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(without_date(client.response()),
            "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n");
}

TEST(Server, SpeaksHttp10) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    CO_TRY(co_await response.body().flush());
    const Bytes body = CO_TRY(co_await request.body().read_all(10));
    CO_TRY(response.body().write(body));
    co_return response.body().finish();
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi"));
  EXPECT_EQ(without_date(client.rest()), "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhi");
}

TEST(Server, KeepsAnHttp10ConnectionIfAsked) {
  TestServer server(hello);
  RawClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
    EXPECT_EQ(without_date(client.response()),
              "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\nhello");
  }
}

TEST(Server, ClosesWhenTheClientAsks) {
  TestServer server(hello);
  RawClient client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_NE(client.response().find("\r\nconnection: close\r\n"), std::string::npos);
  EXPECT_TRUE(client.is_closed());
}

TEST(Server, ClosesWhenTheHandlerAsks) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    ResponseHead head;
    CO_TRY(head.headers.append("Connection", "close"));
    co_return response.respond(head, {});
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  EXPECT_EQ(without_date(client.rest()),
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

TEST(Server, AnswersAFailedHandlerWith500) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    if (request.head.path_with_query == "/late") CO_TRY(response.send_head({}));
    co_return fail(Errc::Trap, "internals");
  });
  RawClient client(server.port());
  for (const auto* path : {"/early", "/late"}) {
    ASSERT_TRUE(client.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path)));
    const std::string response = client.response();
    EXPECT_TRUE(response.starts_with("HTTP/1.1 500 ")) << response;
    EXPECT_EQ(response.find("internals"), std::string::npos);
    client.~RawClient();
    new (&client) RawClient(server.port());
  }
}

TEST(Server, CutsAnUnfinishedResponseOff) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    CO_TRY(response.body().write(Bytes::from_static("part")));
    CO_TRY(co_await response.body().flush());
    co_return fail(Errc::Trap, "over");
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  EXPECT_TRUE(client.response().ends_with("\r\n\r\npart(cut off)"));
  // A body that ends with the connection is cut off by a reset.
  RawClient old(server.port());
  ASSERT_TRUE(old.send("GET / HTTP/1.0\r\n\r\n"));
  old.rest();
  EXPECT_TRUE(old.was_reset());
}

TEST(Server, HoldsTheBodyToItsContentLength) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    ResponseHead head;
    CO_TRY(head.headers.append("content-length", "5"));
    CO_TRY(response.send_head(head));
    const bool longer = request.head.path_with_query == "/longer";
    auto written = response.body().write(Bytes::from_static(longer ? "123456" : "1234"));
    EXPECT_EQ(written.has_value(), !longer);
    auto finished = response.body().finish();
    EXPECT_EQ(finished.error().code(), Errc::Invalid);
    EXPECT_EQ(response.body().state(), BodyState::Failed);
    co_return Result<void>();
  });
  for (const auto* path : {"/longer", "/shorter"}) {
    RawClient client(server.port());
    ASSERT_TRUE(client.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path)));
    EXPECT_TRUE(client.response().starts_with("HTTP/1.1 500 ")) << path;
  }
}

/// Gives up a response of which nothing was sent, then does what the path says.
Task<void> give_up(Request& request, ResponseWriter& response) {
  CO_TRY(response.send_head({}));
  CO_TRY(response.body().write(Bytes::from_static("part")));
  response.body().abort();
  EXPECT_FALSE(response.is_head_sent());
  EXPECT_EQ(response.body().write(Bytes::from_static("more")).error().code(), Errc::Cancelled);
  if (request.head.path_with_query == "/later") {
    // As a handler does that waits for the end of what it called.
    for (int i = 0; i < 3; ++i) CO_TRY(co_await sleep_for(request.body().loop(), {}));
  }
  if (request.head.path_with_query == "/again" || request.head.path_with_query == "/later") {
    co_return response.respond({.status = 404, .headers = {}}, Bytes::from_static("other"));
  }
  if (request.head.path_with_query == "/on") {
    // Answered meanwhile.
    CO_TRY(co_await sleep_for(request.body().loop(), std::chrono::hours(1)));
  }
  co_return Result<void>();
}

TEST(Server, AnswersAnewWhereAResponseWasGivenUpBeforeItLeft) {
  TestServer server(give_up);
  for (const auto& [method, path, status, body] :
       {std::array{"GET", "/", "500", "Internal Server Error\n"},
        std::array{"GET", "/again", "404", "other"}, std::array{"GET", "/later", "404", "other"},
        std::array{"GET", "/on", "500", "Internal Server Error\n"},
        std::array{"CONNECT", "a:1", "500", "Internal Server Error\n"}}) {
    RawClient client(server.port());
    ASSERT_TRUE(client.send(fmt::format("{} {} HTTP/1.1\r\nHost: a:1\r\n\r\n", method, path)));
    const std::string response = client.response();
    EXPECT_EQ(response.substr(9, 3), status) << path;
    EXPECT_TRUE(response.ends_with(fmt::format("\r\n\r\n{}", body))) << response;
    if (std::string_view(status) == "404") {
      EXPECT_EQ(response.find("connection: close"), std::string::npos) << response;
      ASSERT_TRUE(client.send(kGet));
      EXPECT_EQ(client.response().substr(9, 3), "500");
    } else {
      EXPECT_NE(response.find("connection: close"), std::string::npos) << response;
    }
  }
}

TEST(Server, ClosesAfterConnectThoughTheResponseWasGivenAnew) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    response.body().abort();
    co_return response.respond({.status = 404, .headers = {}}, Bytes::from_static("other"));
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"));
  const std::string response = client.rest();
  EXPECT_TRUE(response.starts_with("HTTP/1.1 404 ")) << response;
  EXPECT_NE(response.find("connection: close"), std::string::npos) << response;
}

TEST(Server, RefusesAHeadThatIsNotItsToSend) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    const auto code_for = [&](uint16_t status, std::string_view name, std::string_view value) {
      ResponseHead head{.status = status, .headers = {}};
      head.headers.append_valid(name, value);
      const auto sent = response.send_head(head);
      return sent ? Errc::Internal : sent.error().code();
    };
    EXPECT_EQ(code_for(200, "Transfer-Encoding", "chunked"), Errc::Invalid);
    EXPECT_EQ(code_for(200, "Content-Length", "-1"), Errc::Invalid);
    EXPECT_EQ(code_for(200, "Content-Length", "1, 1"), Errc::Invalid);
    EXPECT_EQ(code_for(101, "a", "b"), Errc::Invalid);
    EXPECT_EQ(code_for(1000, "a", "b"), Errc::Invalid);
    EXPECT_FALSE(response.is_head_sent());
    CO_TRY(response.send_head({}));
    EXPECT_EQ(response.send_head({}).error().code(), Errc::Invalid);
    Headers trailers;
    CO_TRY(trailers.append("Content-Length", "1"));
    EXPECT_EQ(response.body().finish(&trailers).error().code(), Errc::Invalid);
    co_return response.body().finish();
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  EXPECT_TRUE(client.response().starts_with("HTTP/1.1 200 "));
}

TEST(Server, TellsThePeer) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    co_return response.respond({}, Bytes(request.peer()));
  });
  RawClient client(server.port());
  ASSERT_TRUE(client.send(kGet));
  EXPECT_NE(client.response().find("\r\n\r\n127.0.0.1:"), std::string::npos);
}

TEST(Server, NamesATakenPort) {
  TestServer server(hello);
  Loop loop;
  struct Nobody final : Handler {
    Task<void> handle(Request&, ResponseWriter&) override { co_return Result<void>(); }
  } nobody;
  auto second = Server::listen({.port = server.port()}, {{.loop = &loop, .handler = &nobody}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().number(), EADDRINUSE);
  EXPECT_EQ(second.error().message(),
            fmt::format("listening on 127.0.0.1:{}: Address already in use", server.port()));
  auto nowhere = Server::listen({.address = "localhost"}, {{.loop = &loop, .handler = &nobody}});
  EXPECT_EQ(nowhere.error().code(), Errc::Invalid);
}

TEST(Server, SpreadsConnectionsOverItsLoops) {
  // Each request lasts until all are there: a loop that has just sent a response may count it
  // still.
  constexpr int kClients = 10;
  std::array<std::atomic<int>, 2> seen = {};
  std::atomic<const Loop*> first = nullptr;
  TestServer server(
      [&](Request& request, ResponseWriter& response) -> Task<void> {
        const Loop* none = nullptr;
        const Loop* here = &request.body().loop();
        EXPECT_EQ(here, Loop::current());
        first.compare_exchange_strong(none, here);
        ++seen[here == first.load() ? 0 : 1];
        return echo(request, response);
      },
      {}, 2);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    ASSERT_TRUE(clients.back()->send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"));
    ASSERT_TRUE(TestServer::eventually([&] { return seen[0] + seen[1] == i + 1; }));
  }
  EXPECT_EQ(seen[0], kClients / 2);
  EXPECT_EQ(seen[1], kClients / 2);
  for (const auto& client : clients) {
    ASSERT_TRUE(client->send("x"));
    EXPECT_TRUE(client->response().ends_with("x"));
  }
}

}  // namespace
}  // namespace wasmcloud::http
