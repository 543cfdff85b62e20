// The client over HTTP/2, to the server of this library and to one that breaks the rules.
#include "http/client.h"
#include "http/scripted_server.h"
#include "http/test_server.h"

#include <gtest/gtest.h>

namespace wasmcloud::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RequestHead request_to(uint16_t port, Method method = {}, std::string path = "/") {
  RequestHead head;
  head.method = std::move(method);
  head.version = Version::Http2;
  head.authority = fmt::format("127.0.0.1:{}", port);
  head.path_with_query = std::move(path);
  return head;
}

/// Runs `test(client, loop)` on a loop with a client of its own.
template <class Test>
void with_client(Test test, ClientOptions options = {}) {
  LoopThreads threads(1);
  const auto done = threads.run_on(0, [](Loop* loop, Test* run, ClientOptions* with) -> Task<void> {
    Client client(*loop, *with);
    co_return co_await (*run)(client, *loop);
  }(&threads[0], &test, &options));
  if (!done) ADD_FAILURE() << done.error().message();
}

std::optional<Failure> failure_in(const Result<ResponseHead>& answer) {
  return answer ? std::nullopt : failure_of(answer.error());
}

TEST(Http2Client, ManyRequestsShareAConnection) {
  std::atomic<int> version = 0;
  TestServer server([&](Request& request, ResponseWriter& response) -> Task<void> {
    version = static_cast<int>(request.head.version);
    CO_TRY(co_await sleep_for(response.body().loop(), milliseconds(5)));
    co_return response.respond({.status = 200, .headers = {}},
                               Bytes::copy_of(request.head.path_with_query));
  });
  with_client([&](Client& client, Loop&) -> Task<void> {
    std::vector<Ref<ClientExchange>> exchanges;
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 50; ++i) {
        exchanges.push_back(
            CO_TRY(client.send(request_to(server.port(), {}, fmt::format("/{}", i)))));
        CO_TRY(exchanges.back()->request_body().finish());
      }
      for (size_t i = 0; i < exchanges.size(); ++i) {
        EXPECT_EQ(CO_TRY(co_await exchanges[i]->answer()).status, 200);
        const Bytes body = CO_TRY(co_await exchanges[i]->response_body().read_all(100));
        EXPECT_EQ(body.text(), fmt::format("/{}", i));
      }
      exchanges.clear();
    }
    EXPECT_EQ(client.connections(), 1U);
    co_return Result<void>();
  });
  EXPECT_EQ(version, static_cast<int>(Version::Http2));
}

TEST(Http2Client, MoreThanTheServerTakesAtOnceWait) {
  ServerOptions options;
  options.max_concurrent_streams = 4;
  TestServer server(
      [](Request&, ResponseWriter& response) -> Task<void> {
        CO_TRY(co_await sleep_for(response.body().loop(), milliseconds(2)));
        co_return response.respond({.status = 200, .headers = {}}, Bytes::from_static("ok"));
      },
      options);
  with_client(
      [&](Client& client, Loop&) -> Task<void> {
        std::vector<Ref<ClientExchange>> exchanges;
        for (int i = 0; i < 40; ++i) {
          exchanges.push_back(CO_TRY(client.send(request_to(server.port()))));
          CO_TRY(exchanges.back()->request_body().finish());
        }
        for (const auto& each : exchanges) {
          EXPECT_EQ(CO_TRY(co_await each->answer()).status, 200);
        }
        EXPECT_LE(client.connections(), 2U);
        co_return Result<void>();
      },
      {.max_connections = 2});
}

TEST(Http2Client, StreamsLargeBodiesBothWaysAtOnce) {
  TestServer server(echo);
  std::string body(size_t{10} << 20, ' ');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + (i / 977 + i) % 26);
  with_client([&](Client& client, Loop& loop) -> Task<void> {
    RequestHead head = request_to(server.port(), Method::Kind::Post, "/echo");
    head.headers.append_valid("X-Upper", "kept");
    auto exchange = CO_TRY(client.send(std::move(head)));
    TaskGroup writers(loop);
    writers.spawn(
        [](Ref<ClientExchange> to, const std::string* all) -> Task<void> {
          CO_TRY(co_await to->request_body().write_all(std::as_bytes(std::span(*all))));
          Headers trailers;
          trailers.append_valid("x-sum", "10");
          co_return to->request_body().finish(&trailers);
        },
        exchange, &body);
    EXPECT_EQ(CO_TRY(co_await exchange->answer()).status, 200);
    const Bytes back = CO_TRY(co_await exchange->response_body().read_all(SIZE_MAX));
    EXPECT_TRUE(back.text() == body);
    EXPECT_EQ(exchange->response_body().trailers().find("x-sum"), "10");
    co_return co_await writers.finish();
  });
}

TEST(Http2Client, AReaderThatWaitsHoldsTheServerBack) {
  std::atomic<size_t> written = 0;
  TestServer server([&](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({.status = 200, .headers = {}}));
    const std::string block(16384, 'x');
    for (int i = 0; i < 200; ++i) {
      CO_TRY(co_await response.body().write_all(std::as_bytes(std::span(block))));
      written += block.size();
    }
    co_return response.body().finish();
  });
  with_client([&](Client& client, Loop& loop) -> Task<void> {
    auto slow = CO_TRY(client.send(request_to(server.port())));
    CO_TRY(slow->request_body().finish());
    CO_TRY(co_await slow->answer());
    CO_TRY(co_await sleep_for(loop, milliseconds(100)));
    // Two windows: what the server may queue, and what we take unread.
    EXPECT_LE(written, 2U * 128 * 1024 + 3 * 16384);
    EXPECT_LE(slow->response_body().available(), 128U * 1024);
    EXPECT_EQ(CO_TRY(co_await slow->response_body().read_all(SIZE_MAX)).size(), 200U * 16384);
    co_return Result<void>();
  });
}

TEST(Http2Client, CancellingEndsTheStreamAlone) {
  std::atomic<int> cancelled = 0;
  TestServer server([&](Request& request, ResponseWriter& response) -> Task<void> {
    if (request.head.path_with_query == "/fast") co_return co_await hello(request, response);
    CO_TRY(response.send_head({.status = 200, .headers = {}}));
    auto slept = co_await sleep_for(response.body().loop(), seconds(20));
    if (!slept) ++cancelled;
    co_return slept;
  });
  with_client([&](Client& client, Loop&) -> Task<void> {
    auto slow = CO_TRY(client.send(request_to(server.port())));
    CO_TRY(slow->request_body().finish());
    CO_TRY(co_await slow->answer());
    slow->cancel();
    auto fast = CO_TRY(client.send(request_to(server.port(), {}, "/fast")));
    CO_TRY(fast->request_body().finish());
    EXPECT_EQ(CO_TRY(co_await fast->answer()).status, 200);
    EXPECT_EQ(client.connections(), 1U);
    co_return Result<void>();
  });
  EXPECT_TRUE(TestServer::eventually([&] { return cancelled == 1; }));
}

TEST(Http2Client, SaysWhatWentWrong) {
  TestServer server([&](Request& request, ResponseWriter& response) -> Task<void> {
    const std::string path = request.head.path_with_query;
    if (path == "/cut") {
      CO_TRY(response.send_head({.status = 200, .headers = {}}));
      CO_TRY(response.body().write(std::as_bytes(std::span("some", 4))));
      CO_TRY(co_await sleep_for(response.body().loop(), milliseconds(10)));
      co_return fail(Errc::Internal, "ends early");
    }
    if (path.starts_with("/big")) {
      ResponseHead head{.status = 200, .headers = {}};
      for (int i = 0; i < (path == "/bigger" ? 200 : 40); ++i)
        head.headers.append_valid("a", std::string(2000, 'x'));
      co_return response.respond(head, {});
    }
    co_return co_await sleep_for(response.body().loop(), seconds(20));
  });
  with_client([&](Client& client, Loop&) -> Task<void> {
    auto cut = CO_TRY(client.send(request_to(server.port(), {}, "/cut")));
    CO_TRY(cut->request_body().finish());
    EXPECT_EQ(CO_TRY(co_await cut->answer()).status, 200);
    auto body = co_await cut->response_body().read_all(100);
    EXPECT_EQ(failure_of(body.error()), Failure::ResponseIncomplete);

    auto big = CO_TRY(client.send(request_to(server.port(), {}, "/big")));
    CO_TRY(big->request_body().finish());
    EXPECT_EQ(failure_in(co_await big->answer()), Failure::ResponseHeaderSectionSize);

    // More than the server's side can send.
    auto bigger = CO_TRY(client.send(request_to(server.port(), {}, "/bigger")));
    CO_TRY(bigger->request_body().finish());
    EXPECT_EQ(failure_in(co_await bigger->answer()), Failure::ConnectionTerminated);

    auto late = CO_TRY(
        client.send(request_to(server.port(), {}, "/late"), {.first_byte = milliseconds(30)}));
    CO_TRY(late->request_body().finish());
    EXPECT_EQ(failure_in(co_await late->answer()), Failure::ConnectionReadTimeout);

    RequestHead head = request_to(server.port(), Method::Kind::Post, "/late");
    head.headers.append_valid("content-length", "5");
    auto shorter = CO_TRY(client.send(std::move(head)));
    CO_TRY(shorter->request_body().write(std::as_bytes(std::span("some", 4))));
    EXPECT_FALSE(shorter->request_body().finish());
    EXPECT_EQ(failure_in(co_await shorter->answer()), Failure::RequestBodySize);
    EXPECT_EQ(client.connections(), 1U);
    co_return Result<void>();
  });
}

TEST(Http2Client, WhatSpeaksNoHttp2IsAnError) {
  for (const char* answer :
       {"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "", "garbage"}) {
    ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
      peer.receive_until("SM\r\n\r\n");
      peer.send(answer);
    });
    with_client([&](Client& client, Loop&) -> Task<void> {
      auto exchange = CO_TRY(client.send(request_to(server.port())));
      CO_TRY(exchange->request_body().finish());
      EXPECT_TRUE(failure_in(co_await exchange->answer()));
      EXPECT_EQ(client.connections(), 0U);
      co_return Result<void>();
    });
  }
}

TEST(Http2Client, ADrainLosesNothing) {
  std::optional<TestServer> server;
  std::atomic<bool> begun = false;
  server.emplace([&](Request&, ResponseWriter& response) -> Task<void> {
    begun = true;
    CO_TRY(co_await sleep_for(response.body().loop(), milliseconds(100)));
    co_return response.respond({.status = 200, .headers = {}}, Bytes::from_static("done"));
  });
  std::thread drainer([&] {
    EXPECT_TRUE(TestServer::eventually([&] { return begun.load(); }));
    server->drain(seconds(5));
  });
  with_client([&](Client& client, Loop&) -> Task<void> {
    auto exchange = CO_TRY(client.send(request_to(server->port())));
    CO_TRY(exchange->request_body().finish());
    EXPECT_EQ(CO_TRY(co_await exchange->answer()).status, 200);
    EXPECT_EQ(CO_TRY(co_await exchange->response_body().read_all(100)).text(), "done");
    co_return Result<void>();
  });
  drainer.join();
}

TEST(Http2Client, IdleConnectionsEnd) {
  TestServer server(hello);
  with_client(
      [&](Client& client, Loop& loop) -> Task<void> {
        auto exchange = CO_TRY(client.send(request_to(server.port())));
        CO_TRY(exchange->request_body().finish());
        CO_TRY(co_await exchange->answer());
        CO_TRY(co_await exchange->response_body().read_all(100));
        for (int i = 0; i < 500 && client.connections() > 0; ++i) {
          CO_TRY(co_await sleep_for(loop, milliseconds(5)));
        }
        EXPECT_EQ(client.connections(), 0U);
        co_return Result<void>();
      },
      {.idle_timeout = milliseconds(20)});
}

}  // namespace
}  // namespace wasmcloud::http
