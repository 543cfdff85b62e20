// A client that others wrote.
#include "http/run_program.h"
#include "http/test_server.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wasmcloud::http {
namespace {

class Curl : public testing::Test {
 protected:
  void SetUp() override {
    if (find_program("curl").empty()) GTEST_SKIP() << "curl is not installed";
  }

  /// What it printed, behind its exit code.
  static std::string run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"curl", "--silent", "--max-time", "20"});
    return run_program(std::move(arguments));
  }
  static std::string url(const TestServer& server) {
    return fmt::format("http://127.0.0.1:{}/", server.port());
  }
};

TEST_F(Curl, GetsAText) {
  TestServer server(hello);
  EXPECT_EQ(run({url(server)}), "0:hello");
  EXPECT_EQ(run({"--http1.0", url(server)}), "0:hello");
  EXPECT_EQ(run({url(server), url(server), url(server)}), "0:hellohellohello");
}

TEST_F(Curl, SeesAHead) {
  TestServer server(hello);
  EXPECT_EQ(without_date(run({"--head", url(server)})), "0:HTTP/1.1 200 OK\r\n\r\n");
}

TEST_F(Curl, GetsBackWhatItSends) {
  TestServer server(echo);
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("wash-curl-test-{}", ::getpid());
  std::string body;
  for (int i = 0; body.size() < 5'000'000; ++i) body += fmt::format("{} ", i);
  std::ofstream(file, std::ios::binary) << body;
  const std::string data = "@" + file.string();
  EXPECT_TRUE(run({"--data-binary", data, url(server)}) == "0:" + body);
  EXPECT_TRUE(run({"--data-binary", data, "--header", "Expect: 100-continue", url(server)}) ==
              "0:" + body);
  EXPECT_TRUE(run({"--data-binary", data, "--header", "Transfer-Encoding: chunked", url(server)}) ==
              "0:" + body);
  EXPECT_TRUE(run({"--http1.0", "--data-binary", data, url(server)}) == "0:" + body);
  std::filesystem::remove(file);
}

TEST_F(Curl, NoticesAResponseThatIsCutOff) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    CO_TRY(response.body().write(Bytes::from_static("part")));
    CO_TRY(co_await response.body().flush());
    response.body().abort();
    co_return Result<void>();
  });
  // 18: partial file.
  EXPECT_EQ(run({url(server)}), "18:part");
}

}  // namespace
}  // namespace wasmcloud::http
