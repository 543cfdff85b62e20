#include "wash/config/config.h"

#include "support/temporary_folder.h"
#include "wash/config/read.h"
#include "wash/directories.h"

#include <gtest/gtest.h>

#include <array>

namespace wasmcloud::wash {
namespace {

std::expected<Config, ConfigErrors> config_of(std::string_view yaml) {
  auto values = read_yaml(yaml, std::make_shared<const std::string>("c.yaml"));
  if (!values) return std::unexpected(ConfigErrors{.lines = {values.error().message()}});
  return read_config(*values);
}

TEST(Config, ReadsWhatItServes) {
  const auto config = config_of(R"(
version: 2.0.0
build:
  command: make
  component_path: out/app.wasm
  env: {A: "1", B: x}
dev:
  command: make dev
  component_path: out/dev.wasm
  address: 127.0.0.1:9000
  tls_cert_path: certs/server.pem
  tls_key_path: certs/server.key
  tls_ca_path: certs/ca.pem
wit:
  wit_dir: interfaces
  skip_fetch: true
  sources: {"wasi:http": ../http}
workload:
  environment:
    config: {NAME: value}
    configFrom: []
later: {anything: [1, 2]}
)");
  ASSERT_TRUE(config.has_value()) << config.error().joined().message();
  EXPECT_EQ(config->build.command, "make");
  EXPECT_EQ(config->build.component_path, "out/app.wasm");
  EXPECT_EQ(config->build.env, (StringMap{{"A", "1"}, {"B", "x"}}));
  EXPECT_EQ(config->dev.command, "make dev");
  EXPECT_EQ(config->dev.component_path, "out/dev.wasm");
  EXPECT_EQ(config->dev.address, "127.0.0.1:9000");
  EXPECT_EQ(config->dev.tls.cert, "certs/server.pem");
  EXPECT_EQ(config->dev.tls.key, "certs/server.key");
  EXPECT_EQ(config->dev.tls.ca, "certs/ca.pem");
  EXPECT_EQ(config->wit.directory, "interfaces");
  EXPECT_TRUE(config->wit.skip_fetch);
  EXPECT_EQ(config->wit.sources.at(0).location, "../http");
  EXPECT_EQ(config->workload->environment.config, (StringMap{{"NAME", "value"}}));
  EXPECT_TRUE(config->warnings.empty());
}

TEST(Config, IsAllOptional) {
  const auto config = config_of("build:\ndev: {}\n");
  ASSERT_TRUE(config.has_value());
  EXPECT_FALSE(config->build.command.has_value());
  EXPECT_EQ(config->wit.directory, "wit");
}

struct ErrorCase {
  const char* name;
  const char* yaml;
  const char* message;
};

class ConfigErrors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(ConfigErrors, NamePlaceFieldAndRemedy) {
  const auto config = config_of(GetParam().yaml);
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().joined().message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ConfigErrors,
    ::testing::Values(
        ErrorCase{"SectionIsText", "build: make\n",
                  "c.yaml:1:8: build: expected a map, found the string \"make\""},
        ErrorCase{"CommandIsAList", "build:\n  command: [cargo, build]\n",
                  "c.yaml:2:12: build.command: expected a string, found a list; write one line for "
                  "sh -c"},
        ErrorCase{"CommandIsBlank", "build:\n  command: '  '\n",
                  "c.yaml:2:12: build.command is empty: write the shell command that builds the "
                  "component, such as "
                  "'cargo build --target wasm32-wasip2'"},
        ErrorCase{"DevCommandIsBlank", "dev:\n  command: ''\n",
                  "c.yaml:2:12: dev.command is empty: write the shell command that builds the "
                  "component, such as "
                  "'cargo build --target wasm32-wasip2'"},
        ErrorCase{"EnvironmentValueIsANumber", "build:\n  env:\n    PORT: 8080\n",
                  "c.yaml:3:11: build.env.PORT: expected a string, found the number 8080; put it "
                  "in quotes"},
        ErrorCase{"EnvironmentValueIsABoolean",
                  "workload:\n  environment:\n    config: {DEBUG: true}\n",
                  "c.yaml:3:21: workload.environment.config.DEBUG: expected a string, found the "
                  "boolean true; put it "
                  "in quotes"},
        ErrorCase{"EnvironmentValueIsAMap", "build:\n  env:\n    A: {b: c}\n",
                  "c.yaml:3:8: build.env.A: expected a string, found a map"},
        ErrorCase{"EnvironmentNameHoldsAnEqualsSign", "build:\n  env:\n    A=B: c\n",
                  "c.yaml:3:5: build.env.A=B: a variable's name may not be empty or hold '='"},
        ErrorCase{"EnvironmentIsAList", "build:\n  env: [A=1]\n",
                  "c.yaml:2:8: build.env: expected a map, found a list"},
        ErrorCase{"AddressIsANumber", "dev:\n  address: 8000\n",
                  "c.yaml:2:12: dev.address: expected a string, found the number 8000; write "
                  "IP:PORT, such as "
                  "127.0.0.1:8000"},
        ErrorCase{"AddressIsMalformed", "dev:\n  address: localhost\n",
                  "c.yaml:2:12: dev.address: 'localhost' is no address to listen on; expected "
                  "IP:PORT, such as "
                  "127.0.0.1:8000 or [::1]:8000"},
        ErrorCase{"PathIsEmpty", "build:\n  component_path: ''\n",
                  "c.yaml:2:19: build.component_path: it is empty; write the path of a .wasm file"},
        ErrorCase{
            "HostThatIsNoRule", "workload:\n  allowedHosts: ['*', 'a/b']\n",
            "c.yaml:2:23: workload.allowedHosts[1]: 'a/b' should be *, HOST or *.SUFFIX, with "
            "http:// or https:// in front or :PORT behind if only these are meant, and no "
            "path"},
        ErrorCase{
            "HostsAreNoList", "workload:\n  allowedHosts: '*'\n",
            "c.yaml:2:17: workload.allowedHosts: expected a list of strings, found the string "
            "\"*\""},
        ErrorCase{"CertificateWithoutAKey", "dev:\n  tls_cert_path: a.pem\n",
                  "c.yaml:2:18: dev.tls_cert_path: is given without dev.tls_key_path; give both"},
        ErrorCase{"KeyWithoutACertificate", "dev:\n  tls_key_path: a.key\n",
                  "c.yaml:2:17: dev.tls_key_path: is given without dev.tls_cert_path; give both"},
        ErrorCase{"ClientCaWithoutTls", "dev:\n  tls_ca_path: ca.pem\n",
                  "c.yaml:2:16: dev.tls_ca_path: is given without dev.tls_cert_path; give both"},
        ErrorCase{"KeyPathIsEmpty", "dev:\n  tls_cert_path: a.pem\n  tls_key_path: ''\n",
                  "c.yaml:3:17: dev.tls_key_path: it is empty; write the path of a PEM file"},
        ErrorCase{
            "SkipFetchIsText", "wit:\n  skip_fetch: sometimes\n",
            "c.yaml:2:15: wit.skip_fetch: expected true or false, found the string \"sometimes\""},
        ErrorCase{
            "ConfigThatIsNotDefined",
            "configs: {base: {inline: {}}}\nworkload:\n  environment:\n    configFrom: "
            "[bass]\n",
            "c.yaml:4:18: workload.environment.configFrom: there is no 'bass' in configs; did "
            "you mean base?"},
        ErrorCase{"SecretThatIsNotDefined",
                  "dev:\n  components:\n    - name: a\n      file: a.wasm\n      environment: "
                  "{secretFrom: [db]}\n",
                  "c.yaml:5:34: dev.components[0].environment.secretFrom: there is no 'db' in "
                  "secrets; define secrets.db"},
        ErrorCase{
            "SecretThatIsANumberIsNotShown", "secrets:\n  db:\n    inline: {PIN: 4711}\n",
            "c.yaml:3:19: secrets.db.inline.PIN: expected a string, found a number; put it in "
            "quotes"},
        ErrorCase{"ComponentWithoutASource", "dev:\n  components:\n    - name: a\n",
                  "c.yaml:3:7: dev.components[0]: names no component; give file or image"},
        ErrorCase{"ComponentWithTwoSources",
                  "dev:\n  components:\n    - {name: a, file: a.wasm, image: r/a}\n",
                  "c.yaml:3:38: dev.components[0].image: is given beside dev.components[0].file; "
                  "leave one of them out"},
        ErrorCase{"ComponentWithoutAName", "dev:\n  components:\n    - file: a.wasm\n",
                  "c.yaml:3:7: dev.components[0].name: is missing"},
        ErrorCase{"ComponentNameTwice",
                  "dev:\n  components:\n    - {name: a, file: a.wasm}\n    - {name: a, file: "
                  "b.wasm}\n",
                  "c.yaml:4:14: dev.components[1].name: 'a' is here a second time; names must be "
                  "unique"},
        ErrorCase{"PullPolicyOfAFile",
                  "dev:\n  components:\n    - {name: a, file: a.wasm, pullPolicy: never}\n",
                  "c.yaml:3:43: dev.components[0].pullPolicy: is only for an image; leave it out"},
        ErrorCase{"TwoServices", "dev:\n  service: true\n  service_file: s.wasm\n",
                  "c.yaml:3:17: dev.service_file: the project's own component is the service, by "
                  "dev.service; leave one of them out"},
        ErrorCase{"UnknownPolicy", "dev:\n  service_pull_policy: sometimes\n",
                  "c.yaml:2:24: dev.service_pull_policy: 'sometimes' is not known; write always, "
                  "ifNotPresent or never"},
        ErrorCase{"NatsUrl", "dev:\n  data_nats_url: http://me:hidden@localhost\n",
                  "c.yaml:2:18: dev.data_nats_url: it should begin with nats:// or tls://, such as "
                  "nats://127.0.0.1:4222"},
        ErrorCase{"RedisUrlWithoutAHost", "dev:\n  wasi_keyvalue_redis_url: 'redis://'\n",
                  "c.yaml:2:28: dev.wasi_keyvalue_redis_url: it names no host; write it as in "
                  "redis://127.0.0.1:6379"},
        ErrorCase{"PostgresPort", "dev:\n  postgres_url: postgres://u:p@db:port\n",
                  "c.yaml:2:17: dev.postgres_url: its port 'port' should be a number from 1 to "
                  "65535"},
        ErrorCase{"RegistryUrl", "wit:\n  registries: [{url: ftp://x}]\n",
                  "c.yaml:2:22: wit.registries[0].url: it should begin with http:// or https:// or "
                  "oci://, such as registry.example.com or https://registry.example.com"},
        ErrorCase{"TokenWithoutAUser", "wit:\n  registries: [{url: x.io, token: hidden}]\n",
                  "c.yaml:2:35: wit.registries[0].token: is given without "
                  "wit.registries[0].username; give both"},
        ErrorCase{"UnknownKeyOfAPort", "dev:\n  service_ports: [{name: a, port: 1, pubish: 2}]\n",
                  "c.yaml:2:38: dev.service_ports[0].pubish: is not known; did you mean "
                  "dev.service_ports[0].publish?"},
        ErrorCase{"PortPublishedTwice",
                  "dev:\n  service_ports: [{name: a, port: 1, publish: 80}, {name: b, port: 2, "
                  "publish: 80, protocol: tcp}]\n",
                  "c.yaml:2:80: dev.service_ports[1].publish: 80/tcp is published a second time; "
                  "take another port"},
        ErrorCase{
            "PortOutOfRange", "dev:\n  service_ports: [{name: a, port: 0}]\n",
            "c.yaml:2:35: dev.service_ports[0].port: expected a number from 1 to 65535, found "
            "the number 0"},
        ErrorCase{"LoopbackPort", "workload:\n  allowedHostLoopbackPorts: ['5432/sctp']\n",
                  "c.yaml:2:30: workload.allowedHostLoopbackPorts[0]: '5432/sctp' should be a port "
                  "such as 5432, 5432/tcp or 53/udp"},
        ErrorCase{"ConnectionsBelowOne", "dev:\n  max_connections: 0\n",
                  "c.yaml:2:20: dev.max_connections: expected a number from 1 to 4294967295, found "
                  "the number 0"},
        ErrorCase{"InterfaceVersion",
                  "dev:\n  host_interfaces: [{namespace: wasi, package: config, interfaces: [], "
                  "config: {}, version: one}]\n",
                  "c.yaml:2:93: dev.host_interfaces[0].version: 'one' is no version; expected "
                  "MAJOR.MINOR.PATCH, such as 0.2.0-draft"},
        ErrorCase{"PluginDigest",
                  "host:\n  hostPlugins: [{id: p, image: r/p, expectedDigest: sha256:12}]\n",
                  "c.yaml:2:53: host.hostPlugins[0].expectedDigest: 'sha256:12' should be sha256: "
                  "and 64 hexadecimal digits in lower case"},
        ErrorCase{"AllAreTold", "build:\n  command: 1\ndev:\n  command: 2\n",
                  "c.yaml:2:12: build.command: expected a string, found the number 1; write one "
                  "line for sh -c\n"
                  "c.yaml:4:12: dev.command: expected a string, found the number 2; write one line "
                  "for sh -c"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Config, WarnsOfSlipsAndOfWhatHasNoEffect) {
  const auto config = config_of(
      "buidl: {}\nbuild:\n  comand: x\n  other: y\ndev:\n  wasi_otel: true\n  components: "
      "[]\n");
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->warnings,
            (std::vector<std::string>{
                "c.yaml:1:1: buidl is not known; did you mean build?",
                "c.yaml:3:3: build.comand is not known; did you mean build.command?",
                "c.yaml:6:3: dev.wasi_otel has no effect in this version of wash"}));
}

TEST(Config, WitOfALocalPathMustBeThere) {
  const testing::TemporaryFolder folder;
  folder.write("there/a.wit", "");
  const auto values =
      read_yaml("wit:\n  sources: {'a:b': ./there, 'c:d': ./gone, 'e:f': ghcr.io/x/e/f}\n",
                std::make_shared<const std::string>("c.yaml"));
  const auto config = read_config(*values, folder.path());
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error().lines,
            std::vector<std::string>{"c.yaml:2:36: wit.sources.c:d: there is no ./gone in the "
                                     "project; write the path of a folder with WIT files"});
  EXPECT_TRUE(read_config(*values).has_value());
}

TEST(Config, ReadsAWorkloadOfSeveralComponents) {
  const auto config = config_of(R"(
dev:
  service_file: service.wasm
  components:
    - name: side
      file: side.wasm
      config: {level: low}
      allowedHosts: []
      allowedHostLoopbackPorts: ["53/udp"]
      environment: {config: {A: b}, configFrom: [base], secretFrom: [keys]}
  volumes: [{host_path: data, guest_path: /data}]
  environment: {OTEL_SERVICE_NAME: me}
  max_outbound_http_connections_per_workload: 7
  wasi_keyvalue_path: kv
  wasi_blobstore_path: blobs
configs: {base: {file: base.env, fromEnv: [HOME]}}
secrets: {keys: {inline: {TOKEN: hidden}, dir: secrets}}
workload: {allowedHosts: ['*', 'https://10.0.0.1:5432', '*.example.com']}
)");
  ASSERT_TRUE(config.has_value()) << config.error().joined().message();
  const DevConfig& dev = config->dev;
  EXPECT_EQ(dev.service_file, "service.wasm");
  ASSERT_EQ(dev.components.size(), 1U);
  EXPECT_EQ(dev.components[0].file, "side.wasm");
  EXPECT_EQ(dev.components[0].config, (StringMap{{"level", "low"}}));
  EXPECT_TRUE(dev.components[0].reach.hosts->empty());
  EXPECT_TRUE(
      dev.components[0].reach.loopback_ports->at(0).covers(53, wasi::sockets::Protocol::Udp));
  EXPECT_EQ(dev.components[0].environment.config_from.at(0).name, "base");
  EXPECT_EQ(dev.components[0].environment.secret_from.at(0).name, "keys");
  EXPECT_EQ(dev.volumes.at(0).guest_path, "/data");
  EXPECT_EQ(dev.environment, (StringMap{{"OTEL_SERVICE_NAME", "me"}}));
  EXPECT_EQ(dev.connections.outgoing_http, 7U);
  EXPECT_EQ(dev.keyvalue_path, "kv");
  EXPECT_EQ(dev.blobstore_path, "blobs");
  EXPECT_EQ(config->configs.at(0).from_environment, std::vector<std::string>{"HOME"});
  EXPECT_EQ(config->secrets.at(0).inlined.at(0).second.reveal(), "hidden");
  EXPECT_EQ(config->workload->reach.hosts->size(), 3U);
  EXPECT_EQ(config->workload->reach.connect->size(), 2U);  // names are no addresses
}

TEST(Config, ReadsHowInstancesAreKept) {
  const auto config = config_of(R"(
dev:
  components:
    - {name: a, file: a.wasm}
    - {name: b, file: b.wasm, poolSize: 2}
    - {name: c, file: c.wasm, poolSize: 0, maxInvocations: 5, maxConcurrency: 4}
    - {name: d, file: d.wasm, poolSize: 2, maxInvocations: -1, maxConcurrency: 4}
)");
  ASSERT_TRUE(config.has_value()) << config.error().joined().message();
  EXPECT_TRUE(config->warnings.empty());
  const auto& components = config->dev.components;
  constexpr auto kForGood = Clock::duration::max();
  EXPECT_EQ(components.at(0).reuse, host::ComponentReuse());
  EXPECT_EQ(components.at(1).reuse, (host::ComponentReuse{.max_calls = UINT32_MAX,
                                                          .max_calls_at_once = 1,
                                                          .max_instances = 2,
                                                          .idle_timeout = kForGood}));
  EXPECT_EQ(components.at(2).reuse, (host::ComponentReuse{.max_calls = 5, .max_calls_at_once = 4}));
  EXPECT_EQ(components.at(3).reuse, (host::ComponentReuse{.max_calls = UINT32_MAX,
                                                          .max_calls_at_once = 4,
                                                          .max_instances = 2,
                                                          .idle_timeout = kForGood}));
  // Linked components are in one instance.
  const host::Reuse both =
      host::reuse_in({}, components.at(1).reuse, std::array{components.at(2).reuse});
  EXPECT_EQ(both.max_calls, 5U);
  EXPECT_EQ(both.max_calls_at_once, 1U);
  EXPECT_EQ(both.max_instances, 2U);
  EXPECT_EQ(host::reuse_in({}, {}, {}).max_calls_at_once, host::Reuse().max_calls_at_once);
}

TEST(Config, ReadsConnectionsAndPorts) {
  const auto config = config_of(R"(
dev:
  max_connections: 9
  max_outbound_socket_connections_per_workload: 8
  max_inbound_socket_connections_per_workload: 7
  http_connection_wait: 250ms
  service_ports:
    - {name: lines, port: 7777, publish: 9000}
    - {name: names, port: 53, protocol: udp, publish: 9053}
    - {name: inside, port: 1}
)");
  ASSERT_TRUE(config.has_value()) << config.error().joined().message();
  EXPECT_EQ(config->warnings,
            std::vector<std::string>{
                "c.yaml:8:5: dev.service_ports lead nowhere: there is no service; name one with "
                "dev.service, dev.service_file or dev.service_image"});
  const ConnectionLimits& limits = config->dev.connections;
  EXPECT_EQ(limits.all, 9U);
  EXPECT_FALSE(limits.outgoing_http.has_value());
  EXPECT_EQ(limits.outbound_sockets, 8U);
  EXPECT_EQ(limits.inbound_sockets, 7U);
  EXPECT_EQ(limits.http_wait, std::chrono::milliseconds(250));
  using wasi::sockets::Protocol;
  EXPECT_EQ(config->dev.service_ports,
            (std::vector<host::PublishedPort>{
                {.name = "lines", .guest = 7777, .host = 9000, .protocol = Protocol::Tcp},
                {.name = "names", .guest = 53, .host = 9053, .protocol = Protocol::Udp}}));
}

class LoadValues : public ::testing::Test {
 protected:
  std::string load(StringMap environment = {}, Value flags = Value(Value::Map())) {
    const auto values = load_values({.project = folder_.path("project"),
                                     .user_folder = folder_.path("user"),
                                     .user_file = user_file_,
                                     .environment = std::move(environment)},
                                    std::move(flags));
    if (!values) return values.error().message();
    std::string shown = to_json(*values);
    std::erase_if(shown, [](char c) { return c == '\n' || c == ' '; });
    return shown;
  }

  testing::TemporaryFolder folder_;
  std::string user_file_;
};

TEST_F(LoadValues, PutsLaterSourcesOverEarlierOnes) {
  folder_.write(
      "user/config.toml",
      "[build]\ncommand = 'user'\ncomponent_path = 'user'\nenv = { A = 'user', B = 'user' }\n");
  folder_.write("project/.wash/config.yaml",
                "build: {component_path: project, env: {B: project}}\n");
  EXPECT_EQ(
      load(),
      R"({"build":{"command":"user","component_path":"project","env":{"A":"user","B":"project"}}})");
  EXPECT_EQ(
      load({{"WASH_BUILD", "{command=environment}"}}),
      R"({"build":{"command":"environment","component_path":"project","env":{"A":"user","B":"project"}}})");
  EXPECT_EQ(
      load({{"WASH_BUILD", "{command=environment}"}},
           Value::Map{{.key = "build", .value = Value::Map{{.key = "command", .value = "flag"}}}}),
      R"({"build":{"command":"flag","component_path":"project","env":{"A":"user","B":"project"}}})");
}

TEST_F(LoadValues, TakesTheFirstOfTheNames) {
  folder_.write("project/.wash/config.json", R"({"from": "json"})");
  EXPECT_EQ(load(), R"({"from":"json"})");
  folder_.write("project/.wash/config.yml", "from: yml");
  EXPECT_EQ(load(), R"({"from":"yml"})");
  folder_.write("project/.wash/config.yaml", "from: yaml");
  EXPECT_EQ(load(), R"({"from":"yaml"})");
}

TEST_F(LoadValues, ANamedUserFileReplacesTheUsersOwn) {
  folder_.write("user/config.yaml", "from: folder");
  user_file_ = folder_.write("other.yaml", "from: file");
  EXPECT_EQ(load(), R"({"from":"file"})");
}

TEST_F(LoadValues, NamesTheProjectsFileShortly) {
  folder_.write("project/.wash/config.yaml", "a: 1\na: 2\n");
  EXPECT_EQ(load(),
            ".wash/config.yaml:2:1: the key 'a' is here a second time; its first place is line 1");
}

TEST(Directories, FollowTheXdgRules) {
  StringMap set;
  const Environment environment = [&set](const std::string& name) -> std::optional<std::string> {
    for (const auto& [key, value] : set) {
      if (key == name) return value;
    }
    return std::nullopt;
  };
  EXPECT_EQ(find_directories(environment).error().message(),
            "there is no home folder; set HOME, or XDG_CONFIG_HOME to an absolute path");
  set = {{"HOME", "relative"}};
  EXPECT_FALSE(find_directories(environment).has_value());
  set = {{"HOME", "/home/me"}, {"XDG_DATA_HOME", "relative"}};
  EXPECT_EQ(find_directories(environment)->config, "/home/me/.config/wash");
  EXPECT_EQ(find_directories(environment)->data, "/home/me/.local/share/wash");
  EXPECT_EQ(find_directories(environment)->cache, "/home/me/.cache/wash");
  set.emplace_back("XDG_CACHE_HOME", "/var/cache");
  EXPECT_EQ(find_directories(environment)->cache, "/var/cache/wash");
}

TEST(FindProject, WalksUpToTheConfiguration) {
  const testing::TemporaryFolder folder;
  folder.write("project/.wash/config.yaml", "");
  folder.write("project/src/deep/a", "");
  folder.write("other/.wash/config.toml", "");
  folder.write("other/src/a", "");
  EXPECT_EQ(find_project(folder.path("project/src/deep")), folder.path("project"));
  EXPECT_EQ(find_project(folder.path("project")), folder.path("project"));
  // Only config.yaml counts on the way up.
  EXPECT_EQ(find_project(folder.path("other/src")), folder.path("other/src"));
}

}  // namespace
}  // namespace wasmcloud::wash
