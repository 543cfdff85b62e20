#include "host/guest_server.h"
#include "plugins/plugins.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace wasmcloud::plugins {
namespace {

/// A host with all plugins.
host::Host& plugin_host() {
  // Never destroyed, as `host::test_host`.
  static host::Host* const kHost = [] {
    host::HostOptions options;
    options.engine.slots = 50;
    options.cache_folder = WASH_BINARY_DIR "/code-cache";
    auto made = host::Host::create(options).value();
    EXPECT_TRUE(add_all(*made));
    return made.release();
  }();
  return *kHost;
}

using host::find_guest;

std::string refusal(std::string_view guest, host::WorkloadConfig config) {
  auto loaded = plugin_host().load(*host::find_guest(guest), std::move(config));
  return loaded ? "loaded" : loaded.error().message();
}

std::shared_ptr<const host::Workload> load(std::string_view guest, host::WorkloadConfig config) {
  auto loaded = plugin_host().load(*host::find_guest(guest), std::move(config));
  // As host::load_guest: there is nothing for the test to go on with.
  if (!loaded) throw std::runtime_error(fmt::format("{}: {}", guest, loaded.error().message()));
  return std::move(*loaded);
}

/// "200 body"
std::string said(std::string_view response) {
  return fmt::format("{} {}", host::status_of(response), host::body_of(response));
}

TEST(Plugins, HaveUniqueIds) {
  auto made = host::Host::create().value();
  EXPECT_TRUE(add_all(*made));
  auto again = add_all(*made);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message(),
            "duplicate plugin id 'wasi-blobstore'; plugin ids must be unique");
}

TEST(Plugins, ServeNothingThatWasNotGranted) {
  REQUIRE_GUEST("p2-keyvalue");
  REQUIRE_GUEST("p2-keyvalue-named");
  EXPECT_EQ(
      refusal("p2-keyvalue",
              {.interfaces = {{.package = "wasi:keyvalue", .interfaces = {"store", "batch"}}}}),
      "imports wasi:keyvalue/atomics@0.2.0-draft, which was not granted; this host interface "
      "grants it: {namespace: wasi, package: keyvalue, interfaces: [atomics], config: {}}");
  // Another version, or a name, is another grant.
  EXPECT_NE(
      refusal("p2-keyvalue", {.interfaces = {{.package = "wasi:keyvalue", .version = "0.1.0"}}}),
      "loaded");
  EXPECT_NE(refusal("p2-keyvalue", {.interfaces = {{.package = "wasi:keyvalue", .name = "hot"}}}),
            "loaded");
  EXPECT_EQ(refusal("p2-keyvalue",
                    {.interfaces = {{.package = "wasi:keyvalue", .version = "0.2.0-draft"}}}),
            "loaded");
  // Imports with names of their own are never granted by themselves.
  EXPECT_EQ(
      refusal("p2-keyvalue-named", {.interfaces = {{.package = "wasi:keyvalue", .name = "hot"}},
                                    .grants = host::Grants::Imported}),
      "imports cold (implements wasi:keyvalue/store@0.2.0-draft), which was not granted; this "
      "host interface grants it: {namespace: wasi, package: keyvalue, interfaces: [store], "
      "config: {}, name: cold}");
}

TEST(Plugins, SayWhichBackendsThereAre) {
  REQUIRE_GUEST("p2-keyvalue");
  EXPECT_EQ(
      refusal("p2-keyvalue",
              {.interfaces = {{.package = "wasi:keyvalue", .config = {{"backend", "abacus"}}}}}),
      "no wasi:keyvalue provider registered for backend 'abacus'; this host has 'in-memory' "
      "and 'filesystem'");
}

TEST(Config, LayersGrantConfigurationAndEnvironment) {
  REQUIRE_GUEST("p2-config-log");
  host::GuestServer server(load(
      "p2-config-log", {.environment = {{"c", "environment"}},
                        .config = {{"b", "workload"}, {"c", "workload"}},
                        .interfaces = {{.package = "wasi:config",
                                        .config = {{"a", "grant"}, {"b", "grant"}, {"c", "grant"}}},
                                       {.package = "wasi:logging"}}}));
  EXPECT_EQ(said(server.get("/config")), "200 a=grant\nb=workload\nc=environment\n");
  EXPECT_EQ(said(server.get("/config/b")), "200 workload\n");
  EXPECT_EQ(said(server.get("/config/none")), "404 not set\n");
}

TEST(Logging, WritesOneLineWithTheWorkloadsName) {
  REQUIRE_GUEST("p2-config-log");
  host::GuestServer server(
      load("p2-config-log", {.name = "shop", .grants = host::Grants::Imported}));
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(said(server.get("/warn/low%20on%20paper")).substr(0, 3), "200");
  EXPECT_EQ(said(server.get("/debug/quiet")), "200 logged at Level::Debug\n");
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("warn"), log.npos);
  EXPECT_NE(log.find("workload=shop component=shop context=config-log\n"), log.npos) << log;
  EXPECT_EQ(log.find("quiet"), log.npos);
}

TEST(Keyvalue, ServesStoreAtomicsAndBatch) {
  REQUIRE_GUEST("p2-keyvalue");
  host::GuestServer server(load("p2-keyvalue", {.interfaces = {{.package = "wasi:keyvalue"}}}), 2);
  EXPECT_EQ(said(server.get("/counter/n")), "200 1\n");
  EXPECT_EQ(said(server.get("/counter/n?by=41")), "200 42\n");
  EXPECT_EQ(said(server.request("PUT", "/kv/a", "", "one")), "204 ");
  EXPECT_EQ(said(server.get("/kv/a")), "200 one");
  EXPECT_EQ(said(server.get("/kv/a", "x-bucket: other\r\n")).substr(0, 3), "404");
  EXPECT_EQ(host::status_of(server.request("HEAD", "/kv/a")), "200");
  EXPECT_EQ(said(server.request("PUT", "/many", "", "b=2\nc=3\n")), "204 ");
  EXPECT_EQ(said(server.get("/many?b,x,c")), "200 b=2\n-\nc=3\n");
  EXPECT_EQ(said(server.get("/keys")), "200 a\nb\nc\nn\n");
  EXPECT_EQ(said(server.request("DELETE", "/many?b,c")), "204 ");
  EXPECT_EQ(said(server.request("DELETE", "/kv/a")), "204 ");
  EXPECT_EQ(said(server.get("/keys")), "200 n\n");
  // Past one page of the cursor.
  std::string many;
  for (int i = 0; i < 250; ++i) many += fmt::format("k{:03}={}\n", i, i);
  EXPECT_EQ(said(server.request("PUT", "/many", "x-bucket: big\r\n", many)), "204 ");
  EXPECT_EQ(server.get("/keys", "x-bucket: big\r\n").ends_with("k248\nk249\n"), true);
  EXPECT_EQ(said(server.request("PUT", fmt::format("/kv/{}", std::string(1025, 'k')), "", "v")),
            "500 Error::Other(\"the key has 1025 bytes; at most 1024 are allowed\")\n");
}

TEST(Keyvalue, GivesEachNameItsOwnStore) {
  REQUIRE_GUEST("p2-keyvalue-named");
  host::GuestServer server(load(
      "p2-keyvalue-named",
      {.interfaces = {{.package = "wasi:keyvalue", .name = "hot"},
                      {.package = "wasi:keyvalue", .interfaces = {"store"}, .name = "cold"}}}));
  EXPECT_EQ(said(server.request("PUT", "/hot/k", "", "v")), "204 ");
  EXPECT_EQ(said(server.get("/hot/k")), "200 v");
  EXPECT_EQ(said(server.get("/cold/k")), "404 ");
  EXPECT_EQ(said(server.request("POST", "/move/k")), "204 ");
  EXPECT_EQ(said(server.get("/hot/k")), "404 ");
  EXPECT_EQ(said(server.get("/cold/k")), "200 v");
}

TEST(Keyvalue, KeepsWorkloadsApart) {
  REQUIRE_GUEST("p2-keyvalue");
  host::GuestServer first(load("p2-keyvalue", {.grants = host::Grants::Imported}));
  host::GuestServer second(load("p2-keyvalue", {.grants = host::Grants::Imported}));
  EXPECT_EQ(said(first.request("PUT", "/kv/a", "", "one")), "204 ");
  EXPECT_EQ(said(second.get("/kv/a")).substr(0, 3), "404");
}

}  // namespace
}  // namespace wasmcloud::plugins
