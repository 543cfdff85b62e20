// HTTP/2 with clients that others wrote. curl 7.88 fails a second request on a connection that it
// opened with prior knowledge, with any server: several requests on one connection are h2load's
// part here.
#include "base/process.h"
#include "http/run_program.h"
#include "http/test_server.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wasmcloud::http {
namespace {

class Http2 : public testing::Test {
 protected:
  static std::string curl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"curl", "--silent", "--max-time", "20", "--http2-prior-knowledge"});
    return run_program(std::move(arguments));
  }
  static std::string url(const TestServer& server) {
    return fmt::format("http://127.0.0.1:{}/", server.port());
  }
  void SetUp() override {
    if (find_program("curl").empty()) GTEST_SKIP() << "curl is not installed";
  }
};

TEST_F(Http2, GetsAText) {
  TestServer server(hello);
  EXPECT_EQ(curl({url(server)}), "0:hello");
  EXPECT_EQ(curl({"--write-out", "%{http_version}", url(server)}), "0:hello2");
  // The same port still speaks HTTP/1.1.
  EXPECT_EQ(run_program({"curl", "--silent", url(server)}), "0:hello");
}

TEST_F(Http2, SeesAHeadOnly) {
  TestServer server(hello);
  EXPECT_EQ(without_date(curl({"--head", url(server)})), "0:HTTP/2 200 \r\n\r\n");
}

TEST_F(Http2, SeesALengthWhereTheBodyWasWrittenAtOnce) {
  TestServer server(hello);
  EXPECT_EQ(without_date(curl({"--include", url(server)})),
            "0:HTTP/2 200 \r\ncontent-length: 5\r\n\r\nhello");
}

TEST_F(Http2, GetsBackWhatItSends) {
  TestServer server(echo);
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("wash-h2-test-{}", ::getpid());
  std::string body;
  for (int i = 0; body.size() < 5'000'000; ++i) body += fmt::format("{} ", i);
  std::ofstream(file, std::ios::binary) << body;
  const std::string data = "@" + file.string();
  EXPECT_TRUE(curl({"--data-binary", data, url(server)}) == "0:" + body);
  EXPECT_TRUE(curl({"--data-binary", data, "--header", "Expect: 100-continue", url(server)}) ==
              "0:" + body);
  std::filesystem::remove(file);
}

TEST_F(Http2, SeesTheRequestAsItIs) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    std::string text = fmt::format("{} {} {}", request.head.method.text(), request.head.authority,
                                   request.head.path_with_query);
    for (const auto [name, value] : request.head.headers) {
      if (name.starts_with("x-") || name == "cookie") text += fmt::format(" {}={}", name, value);
    }
    co_return response.respond({}, Bytes(std::move(text)));
  });
  EXPECT_EQ(curl({"--request", "PATCH", "--header", "Host: a.test", "--header", "X-One: 1",
                  "--cookie", "a=b", url(server) + "p?q=1"}),
            "0:PATCH a.test /p?q=1 x-one=1 cookie=a=b");
}

TEST_F(Http2, RefusesWhatIsOverALimit) {
  TestServer server(echo,
                    {.max_header_bytes = 2000, .max_header_fields = 20, .max_body_bytes = 1000});
  const std::vector<std::string> status = {"--output", "/dev/null", "--write-out", "%{http_code}"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), status.begin(), status.end());
    more.push_back(url(server));
    return curl(std::move(more));
  };
  EXPECT_EQ(with({"--header", "x: " + std::string(3000, 'x')}), "0:431");
  std::vector<std::string> many;
  for (int i = 0; i < 30; ++i) many.insert(many.end(), {"--header", fmt::format("x{}: 1", i)});
  EXPECT_EQ(with(many), "0:431");
  EXPECT_EQ(with({"--data-binary", std::string(1001, 'x')}), "0:413");
  EXPECT_EQ(with({"--data-binary", std::string(1000, 'x')}), "0:200");
}

TEST_F(Http2, NoticesAResponseThatIsCutOff) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    CO_TRY(response.body().write(Bytes::from_static("part")));
    CO_TRY(co_await response.body().flush());
    response.body().abort();
    co_return Result<void>();
  });
  // 92: stream was not closed cleanly. Whether curl still hands out the part that came with the
  // reset is its own choice; http2_frames_test.cc looks at what is sent.
  EXPECT_TRUE(curl({url(server)}).starts_with("92:"));
}

TEST_F(Http2, GetsAnErrorWhereTheHandlerFails) {
  TestServer server(
      [](Request&, ResponseWriter&) -> Task<void> { co_return fail(Errc::Trap, "secret"); });
  EXPECT_EQ(curl({url(server)}), "0:Internal Server Error\n");
}

TEST_F(Http2, AnswersManyStreamsAtOnce) {
  if (find_program("h2load").empty()) GTEST_SKIP() << "h2load is not installed";
  TestServer server(hello, {}, 2);
  const std::string out =
      run_program({"h2load", "-n", "20000", "-c", "4", "-m", "100", url(server)});
  EXPECT_TRUE(out.contains("20000 succeeded, 0 failed")) << out;
}

TEST_F(Http2, EchoesManyBodiesAtOnce) {
  if (find_program("h2load").empty()) GTEST_SKIP() << "h2load is not installed";
  TestServer server(echo);
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("wash-h2load-test-{}", ::getpid());
  std::ofstream(file, std::ios::binary) << std::string(300'000, 'x');
  const std::string out =
      run_program({"h2load", "-n", "400", "-c", "2", "-m", "50", "-d", file.string(), url(server)});
  std::filesystem::remove(file);
  EXPECT_TRUE(out.contains("400 succeeded, 0 failed")) << out;
}

TEST_F(Http2, DrainLosesNoRequest) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    CO_TRY(co_await sleep_for(request.body().loop(), std::chrono::milliseconds(300)));
    co_return response.respond({}, Bytes::from_static("late"));
  });
  std::string out;
  std::thread client([&] { out = curl({url(server)}); });
  EXPECT_TRUE(TestServer::eventually([&] { return server.server().active_requests() == 1; }));
  server.drain(std::chrono::seconds(10));
  client.join();
  EXPECT_EQ(out, "0:late");
}

}  // namespace
}  // namespace wasmcloud::http
