#pragma once

#include "base/loop_threads.h"
#include "http/raw_client.h"
#include "http/server.h"

#include <gtest/gtest.h>

#include <functional>
#include <latch>
#include <memory>
#include <string>

namespace wasmcloud::http {

/// A server on a free port of loopback, its handler a function; drained at the end.
class TestServer {
 public:
  using Function = std::function<Task<void>(Request&, ResponseWriter&)>;

  explicit TestServer(Function function, ServerOptions options = {}, size_t loops = 1)
      : threads_(loops), handler_(std::move(function)) {
    std::vector<Server::Worker> workers;
    for (size_t i = 0; i < loops; ++i) {
      workers.push_back({.loop = &threads_[i], .handler = &handler_});
    }
    auto made = threads_.run_on(
        0,
        [](TestServer* self, ServerOptions* with, std::vector<Server::Worker>* on) -> Task<void> {
          self->server_ = CO_TRY(Server::listen(*with, *on));
          co_return Result<void>();
        }(this, &options, &workers));
    if (!made) ADD_FAILURE() << made.error().message();
  }
  ~TestServer() {
    if (!drained_) drain(std::chrono::seconds(0));
  }

  uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  void drain(Clock::duration grace) {
    drained_ = true;
    EXPECT_TRUE(threads_.run_on(0, server_->drain(grace)));
  }
  Loop& loop(size_t index = 0) { return threads_[index]; }

  /// Until `condition`, for at most 10 s; what it waits for is on another thread.
  template <class Condition>
  static bool eventually(Condition condition) {
    const auto limit = Clock::now() + std::chrono::seconds(10);
    while (!condition()) {
      if (Clock::now() > limit) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  struct FunctionHandler final : Handler {
    explicit FunctionHandler(Function with) : function(std::move(with)) {}
    Task<void> handle(Request& request, ResponseWriter& response) override {
      return function(request, response);
    }
    Function function;
  };

  LoopThreads threads_;
  FunctionHandler handler_;
  std::unique_ptr<Server> server_;
  bool drained_ = false;
};

/// A server's loop runs nothing as long as this lives: what clients send meanwhile is there when it
/// goes on, however slow their thread was.
class HeldLoop {
 public:
  explicit HeldLoop(TestServer& server) {
    server.loop().post([this] {
      held_.count_down();
      let_go_.wait();
      gone_.count_down();
    });
    held_.wait();
  }
  ~HeldLoop() {
    let_go_.count_down();
    gone_.wait();
  }
  HeldLoop(const HeldLoop&) = delete;
  HeldLoop& operator=(const HeldLoop&) = delete;

 private:
  std::latch held_{1};
  std::latch let_go_{1};
  std::latch gone_{1};
};

inline const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// 200 with a text.
inline Task<void> hello(Request&, ResponseWriter& response) {
  co_return response.respond({.status = 200, .headers = {}}, Bytes::from_static("hello"));
}

/// The request's body and trailers, as they come.
inline Task<void> echo(Request& request, ResponseWriter& response) {
  CO_TRY(response.send_head({.status = 200, .headers = {}}));
  while (auto bytes = CO_TRY(co_await request.body().read(SIZE_MAX))) {
    CO_TRY(co_await response.body().write_all(*bytes));
  }
  co_return response.body().finish(&request.body().trailers());
}

/// A head without the date, which changes.
inline std::string without_date(std::string text) {
  const size_t at = text.find("date: ");
  if (at != std::string::npos) text.erase(at, text.find('\n', at) + 1 - at);
  return text;
}

}  // namespace wasmcloud::http
