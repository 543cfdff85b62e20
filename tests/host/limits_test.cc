// Guests that want more than their workload may have: each limit is hit, and named.
#include "host/command.h"
#include "host/guest_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace wasmcloud::host {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* name;
  const char* guest;
  const char* path;
  void (*set)(Limits&);
  const char* failure;  ///< part of it
};

class LimitOfOneInstance : public testing::TestWithParam<Row> {};

TEST_P(LimitOfOneInstance, IsNamedAndCostsOneRequest) {
  const Row& row = GetParam();
  REQUIRE_GUEST(row.guest);
  WorkloadConfig config;
  row.set(config.limits);
  Lines errors;
  config.errors = errors.output();
  GuestServer server(load_guest(row.guest, std::move(config)));
  for (size_t i = 1; i <= 2; ++i) {
    const std::string response = server.get(row.path);
    EXPECT_EQ(status_of(response), "500") << response;
    EXPECT_EQ(body_of(response), "Internal Server Error\n");
    ASSERT_TRUE(GuestServer::eventually([&] { return server.failures().size() == i; }));
  }
  std::string told = server.failures().back();
  for (const std::string& line : errors.get()) told += "\n" + line;
  EXPECT_NE(told.find(row.failure), std::string::npos) << told;
  if (std::string_view(row.guest) == "p2-hostile" && std::string_view(row.path) != "/") {
    EXPECT_TRUE(server.get("/").ends_with("fine"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LimitOfOneInstance,
    testing::Values(
        Row{"Memory", "p2-hostile", "/grow", [](Limits& to) { to.memory_bytes = 4 << 20; },
            "limit of 4194304 bytes of memory was reached"},
        Row{"MemoryAtTheStart", "p2-hostile", "/", [](Limits& to) { to.memory_bytes = 65536; },
            "limit is 65536 bytes of memory"},
        Row{"TableElements", "grow-tables", "/", [](Limits& to) { to.table_elements = 5'000; },
            "limit of 5000 table elements was reached"},
        Row{"TableElementsAtTheStart", "grow-tables", "/",
            [](Limits& to) { to.table_elements = 9; }, "limit is 9 table elements"},
        Row{"Handles", "p2-hostile", "/handles", [](Limits& to) { to.handles = 50; },
            "Limit: the component instance's limit of 50 handles is reached"},
        Row{"Fields", "p2-hostile", "/fields", [](Limits& to) { to.held.http_bytes = 1 << 20; },
            "Limit: the instance's limit of 1048576 bytes of fields and unsent bodies is reached"},
        Row{"Bodies", "p2-hostile", "/bodies", [](Limits& to) { to.held.http_bytes = 1 << 20; },
            "the instance's limit of 1048576 bytes of fields and unsent bodies is reached"},
        Row{"FieldsByDefault", "p2-hostile", "/fields", [](Limits&) {},
            "limit of 8388608 bytes of fields and unsent bodies is reached"},
        Row{"HandlesByDefault", "p2-hostile", "/handles", [](Limits&) {},
            "limit of 100000 handles is reached"}),
    [](const auto& row) { return row.param.name; });

TEST(LimitOfCoreInstances, IsToldWhenTheComponentIsLoaded) {
  REQUIRE_GUEST("many-instances");
  const auto bytes = *find_guest("many-instances");
  const auto load = [&](uint32_t instances) {
    WorkloadConfig config;
    config.limits.core_instances = instances;
    return test_host().load(bytes, std::move(config));
  };
  const auto refused = load(4);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Limit);
  EXPECT_EQ(refused.error().message(),
            "the component makes 5 core instances; the workload's limit is 4");
  const auto loaded = load(5);
  ASSERT_TRUE(loaded) << loaded.error().message();
  GuestServer server(*loaded);
  EXPECT_EQ(status_of(server.get("/")), "500");
  ASSERT_TRUE(GuestServer::eventually([&] { return server.failures().size() == 1; }));
  EXPECT_EQ(server.failures().front(), "Refused: the guest gave no answer");
}

std::vector<std::string> lines_of(std::vector<std::string> arguments, WorkloadConfig config) {
  Lines out;
  arguments.insert(arguments.begin(), "p2-cli");
  config.arguments = std::move(arguments);
  config.output = out.output();
  Loop loop;
  const auto status = run_to_end(loop, run_command(loop, load_guest("p2-cli", std::move(config))));
  EXPECT_TRUE(status) << status.error().message();
  return out.get();
}

using Strings = std::vector<std::string>;

TEST(LimitOfOpenFiles, IsTheGuestsOwnToMeet) {
  REQUIRE_GUEST("p2-cli");
  std::string folder = std::filesystem::temp_directory_path() / "limits-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/file") << "text";
  const auto run = [&](auto set) {
    WorkloadConfig config;
    config.mounts = {{.host_path = folder, .guest_path = "/data"}};
    set(config.limits);
    return lines_of({"open-many", "/data/file"}, std::move(config));
  };
  EXPECT_EQ(run([](Limits&) {}), (Strings{"256 held, then OutOfMemory", "again true"}));
  EXPECT_EQ(run([](Limits& limits) { limits.held.open_files = 7; }),
            (Strings{"7 held, then OutOfMemory", "again true"}));
  std::filesystem::remove_all(folder);
}

TEST(LimitOfSockets, IsTheGuestsOwnToMeet) {
  REQUIRE_GUEST("p2-cli");
  const auto run = [&](auto set) {
    WorkloadConfig config;
    config.network.listen.push_back(wasi::sockets::AddressRule::parse("127.0.0.1").value());
    set(config.limits);
    return lines_of({"bind-many"}, std::move(config));
  };
  EXPECT_EQ(run([](Limits&) {}), (Strings{"256 held, then Uncategorized", "again true"}));
  EXPECT_EQ(run([](Limits& limits) { limits.held.sockets = 3; }),
            (Strings{"3 held, then Uncategorized", "again true"}));
}

TEST(Deadline, EndsAStartFunctionThatSpinsWhileOthersAreAnswered) {
  REQUIRE_GUEST("spin-at-start-http");
  REQUIRE_GUEST("p2-hostile");
  WorkloadConfig config;
  config.limits.request_timeout = 1s;
  GuestServer server(load_guest("spin-at-start-http", std::move(config)));
  http::RawClient spinning(server.port());
  ASSERT_TRUE(spinning.send("GET /spin HTTP/1.1\r\nhost: a\r\n\r\n"));
  ASSERT_TRUE(GuestServer::eventually([&] { return server.server().active_requests() == 1; }));
  server.serve(load_guest("p2-hostile"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(server.get("/").ends_with("fine"));
  // On a busy machine the deadline may have come by now.
  EXPECT_TRUE(GuestServer::eventually([&] { return server.log().size() >= 5; }));
  const std::string response = spinning.response();
  EXPECT_EQ(status_of(response), "504") << response;
  EXPECT_EQ(body_of(response), "the request took too long\n");
}

}  // namespace
}  // namespace wasmcloud::host
