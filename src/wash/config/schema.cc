#include "wash/config/schema.h"

#include "base/semver.h"
#include "base/text.h"
#include "base/units.h"
#include "host/host.h"
#include "wash/address.h"
#include "wasi/http/egress.h"
#include "wasi/sockets/policy.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace wasmcloud::wash {
namespace {

using Form = Shape::Form;

// --- rules for texts

Result<void> not_empty(std::string_view text) {
  if (!text.empty()) return {};
  return fail(Errc::Invalid, "it is empty");
}

Result<void> address(std::string_view text) {
  TRY(parse_address(text));
  return {};
}

Result<void> host_rule(std::string_view text) {
  TRY(wasi::http::HostRule::parse(text));
  return {};
}

Result<void> name_rule(std::string_view text) {
  TRY(wasi::sockets::NameRule::parse(text));
  return {};
}

Result<void> loopback_port(std::string_view text) {
  TRY(wasi::sockets::HostPort::parse(text));
  return {};
}

Result<void> duration(std::string_view text) {
  if (TRY(parse_duration(text)).count() > 0) return {};
  return fail(Errc::Invalid, "it should be longer than 0");
}

Result<void> version(std::string_view text) {
  if (SemVer::parse(text)) return {};
  return fail(Errc::Invalid, "'{}' is no version; expected MAJOR.MINOR.PATCH, such as 0.2.0-draft",
              text);
}

/// "SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/PATH]" with one of these schemes. What is wrong is told
/// without the text, which may hold a password.
Result<void> url(std::string_view text, std::span<const std::string_view> schemes,
                 std::string_view example) {
  const size_t end = text.find("://");
  const std::string scheme = to_lower(text.substr(0, end));
  if (end == text.npos || std::ranges::find(schemes, scheme) == schemes.end()) {
    std::string expected;
    for (const std::string_view each : schemes)
      expected += fmt::format("{}{}://", expected.empty() ? "" : " or ", each);
    return fail(Errc::Invalid, "it should begin with {}, such as {}", expected, example);
  }
  std::string_view authority = text.substr(end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const size_t at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  if (authority.substr(0, colon).empty())
    return fail(Errc::Invalid, "it names no host; write it as in {}", example);
  if (colon == authority.npos) return {};
  uint16_t port = 0;
  const std::string_view digits = authority.substr(colon + 1);
  const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error == std::errc() && last == digits.data() + digits.size() && port != 0) return {};
  return fail(Errc::Invalid, "its port '{}' should be a number from 1 to 65535", digits);
}

Result<void> nats_url(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"nats", "tls"};
  return url(text, kSchemes, "nats://127.0.0.1:4222");
}
Result<void> redis_url(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"redis", "rediss"};
  return url(text, kSchemes, "redis://127.0.0.1:6379");
}
Result<void> postgres_url(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"postgres", "postgresql"};
  return url(text, kSchemes, "postgres://user@127.0.0.1:5432");
}

/// A host, with or without a scheme in front and a path behind.
Result<void> registry_url(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kSchemes = {"http", "https", "oci"};
  constexpr std::string_view kExample = "registry.example.com or https://registry.example.com";
  if (text.contains(' ') || text.empty())
    return fail(Errc::Invalid, "it is no host of a registry; write {}", kExample);
  if (text.contains("://")) return url(text, kSchemes, kExample);
  return url("https://" + std::string(text), kSchemes, kExample);
}

/// A path, a registry's repository, a git repository or an archive.
Result<void> wit_location(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kArchives = {"http", "https"};
  static constexpr std::array<std::string_view, 1> kRegistries = {"oci"};
  if (text.starts_with("http://") || text.starts_with("https://"))
    return url(text, kArchives, "https://example.com/wit.tar.gz");
  if (text.starts_with("oci://")) return url(text, kRegistries, "oci://registry.example.com/wit");
  if (text == "git+" || text == "git@" || text.starts_with("git+#"))
    return fail(Errc::Invalid, "it names no repository; write git+https://HOST/REPOSITORY#BRANCH");
  return not_empty(text);
}

Result<void> plugin_address(std::string_view text) {
  const auto ip = wasi::sockets::Ip::parse(text);
  if (!ip) return fail(Errc::Invalid, "'{}' is no IP address", text);
  if (!ip->is_unspecified() && !ip->is_loopback() && !ip->is_multicast()) return {};
  return fail(Errc::Invalid,
              "'{}' should be one address of this machine, not loopback, multicast "
              "or all addresses",
              text);
}

/// In any case, with - or _, several with commas.
Result<void> proposals(std::string_view text) {
  for (const std::string_view part : split(text, ',')) {
    std::string name = to_lower(trim(part));
    std::ranges::replace(name, '_', '-');
    host::HostOptions ignored;
    if (!name.empty()) TRY(host::enable_proposal(name, ignored));
  }
  return {};
}

Result<void> digest(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  const bool is_right =
      text.starts_with(kPrefix) && text.size() == kPrefix.size() + 64 &&
      text.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string_view::npos;
  if (is_right) return {};
  return fail(Errc::Invalid, "'{}' should be sha256: and 64 hexadecimal digits in lower case",
              text);
}

// --- shapes

constexpr std::string_view kPolicies[] = {"always", "ifNotPresent", "never"};
constexpr std::string_view kRoots[] = {"webpki", "native", "webpki-and-native", "extra-only"};
constexpr std::string_view kProtocols[] = {"TCP", "UDP", "tcp", "udp"};

constexpr Shape kName = {.name = "text", .check = not_empty};
constexpr Shape kCommand = {.name = "command", .advice = "write one line for sh -c"};
constexpr Shape kComponentPath = {
    .name = "path", .advice = "write the path of a .wasm file", .check = not_empty};
constexpr Shape kPemPath = {
    .name = "path", .advice = "write the path of a PEM file", .check = not_empty};
constexpr Shape kFolder = {
    .name = "path", .advice = "write the path of a folder", .check = not_empty};
constexpr Shape kFile = {.name = "path", .advice = "write the path of a file", .check = not_empty};
constexpr Shape kImage = {.name = "image",
                          .advice = "write a reference such as registry.example.com/name:1.0.0",
                          .check = not_empty};
constexpr Shape kPullPolicy = {
    .name = "policy", .advice = "write always, ifNotPresent or never", .choices = kPolicies};
constexpr Shape kBoolean = {.form = Form::Boolean, .name = "boolean"};
constexpr Shape kCount = {.form = Form::Integer, .name = "number", .least = 1, .most = UINT32_MAX};
constexpr Shape kInteger = {
    .form = Form::Integer, .name = "number", .least = INT32_MIN, .most = INT32_MAX};
constexpr Shape kPort = {.form = Form::Integer, .name = "port", .least = 1, .most = 65535};
constexpr Shape kAddress = {
    .name = "IP:PORT", .advice = "write IP:PORT, such as 127.0.0.1:8000", .check = address};
constexpr Shape kDuration = {
    .name = "duration", .advice = "write a duration such as 5s", .check = duration};
constexpr Shape kVersion = {
    .name = "version", .advice = "write it in quotes, such as \"0.2.0\"", .check = version};
constexpr Shape kTrustRoots = {.name = "roots",
                               .advice = "write webpki, native, webpki-and-native or extra-only",
                               .choices = kRoots};
constexpr Shape kNatsUrl = {.name = "URL", .check = nats_url};
constexpr Shape kRedisUrl = {.name = "URL", .check = redis_url};
constexpr Shape kPostgresUrl = {.name = "URL", .check = postgres_url};
constexpr Shape kProtocol = {
    .name = "protocol", .advice = "write TCP or UDP", .choices = kProtocols};
constexpr Shape kPluginAddress = {.name = "IP", .check = plugin_address};
constexpr Shape kDigest = {.name = "digest", .check = digest};
constexpr Shape kRegistryUrl = {.name = "URL", .check = registry_url};
constexpr Shape kVersionText = {.name = "text", .advice = "put it in quotes"};
constexpr Shape kTexts = {.form = Form::Texts, .name = "map of texts"};
constexpr Shape kVariables = {.form = Form::Variables, .name = "map of texts"};
constexpr Shape kNames = {.form = Form::ListOf, .name = "list of texts", .each = &kName};
constexpr Shape kPemPaths = {.form = Form::ListOf, .name = "list of paths", .each = &kPemPath};
constexpr Shape kProposal = {.name = "proposal", .check = proposals};
constexpr Shape kProposals = {
    .form = Form::ListOf, .name = "list of proposals", .each = &kProposal};
constexpr Shape kHostRule = {.name = "host", .check = host_rule};
constexpr Shape kHostRules = {.form = Form::ListOf, .name = "list of hosts", .each = &kHostRule};
constexpr Shape kNameRule = {.name = "name", .check = name_rule};
constexpr Shape kNameRules = {.form = Form::ListOf, .name = "list of names", .each = &kNameRule};
constexpr Shape kLoopbackPort = {
    .name = "port", .advice = "put it in quotes, such as \"5432\"", .check = loopback_port};
constexpr Shape kLoopbackPorts = {
    .form = Form::ListOf, .name = "list of ports", .each = &kLoopbackPort};

constexpr Key kBuildKeys[] = {
    {.name = "command",
     .shape = kCommand,
     .help = "The shell command that builds the component; it runs in the project's folder"},
    {.name = "env", .shape = kVariables, .help = "Environment variables of that command"},
    {.name = "component_path",
     .shape = kComponentPath,
     .help = "Where the command leaves the component",
     .default_value = "the folder's name and .wasm"},
};
constexpr Shape kBuild = {.form = Form::Map, .name = "map", .keys = kBuildKeys};

constexpr Key kNewKeys[] = {
    {.name = "command",
     .shape = kCommand,
     .help = "The shell command that sets up a project that `wash new` made of this one"},
};
constexpr Shape kNew = {.form = Form::Map, .name = "map", .keys = kNewKeys};

constexpr Key kInterfaceKeys[] = {
    {.name = "namespace",
     .shape = kName,
     .help = "Of the package: `wasi` in wasi:keyvalue",
     .is_required = true},
    {.name = "package",
     .shape = kName,
     .help = "Its name: `keyvalue` in wasi:keyvalue",
     .is_required = true},
    {.name = "interfaces",
     .shape = kNames,
     .help = "Those of its interfaces that the workload may use",
     .is_required = true},
    {.name = "version", .shape = kVersion, .help = "Only this version and those compatible to it"},
    {.name = "name",
     .shape = kName,
     .help = "The name of an import, where a component imports an interface several times"},
    {.name = "config",
     .shape = kTexts,
     .help = "Settings for who serves them, such as `backend: filesystem` and `root`",
     .is_required = true},
};
constexpr Shape kInterface = {.form = Form::Map, .name = "map", .keys = kInterfaceKeys};
constexpr Shape kInterfaces = {.form = Form::ListOf, .name = "list", .each = &kInterface};

constexpr Key kVolumeKeys[] = {
    {.name = "host_path",
     .shape = kFolder,
     .help = "A folder of this machine",
     .is_required = true},
    {.name = "guest_path",
     .shape = kFolder,
     .help = "Its name in every component and in the service",
     .is_required = true},
};
constexpr Shape kVolume = {.form = Form::Map, .name = "map", .keys = kVolumeKeys};
constexpr Shape kVolumes = {.form = Form::ListOf, .name = "list", .each = &kVolume};

constexpr Key kPortKeys[] = {
    {.name = "name", .shape = kName, .help = "Unique in its list", .is_required = true},
    {.name = "port", .shape = kPort, .help = "What the guest binds to", .is_required = true},
    {.name = "protocol", .shape = kProtocol, .help = "TCP or UDP", .default_value = "TCP"},
    {.name = "publish", .shape = kPort, .help = "A port of this machine that leads to it"},
    {.name = "bind",
     .shape = kPluginAddress,
     .help = "The address of this machine that a host plugin may bind to"},
};
constexpr Shape kPortEntry = {
    .form = Form::Map, .name = "map", .keys = kPortKeys, .is_closed = true};
constexpr Shape kPorts = {.form = Form::ListOf, .name = "list", .each = &kPortEntry};

constexpr Key kLayerKeys[] = {
    {.name = "config", .shape = kVariables, .help = "Environment variables and their values"},
    {.name = "configFrom",
     .shape = kNames,
     .help = "Names of `configs`: each gives variables, over those before"},
    {.name = "secretFrom",
     .shape = kNames,
     .help = "Names of `secrets`: each gives variables, over those before"},
};
constexpr Shape kLayer = {.form = Form::Map, .name = "map", .keys = kLayerKeys};

constexpr std::string_view kHostsHelp =
    "Hosts that requests may go to: `*`, `HOST`, `*.SUFFIX`, with `http://` or `https://` in front "
    "or `:PORT` behind; IP addresses are also where sockets may connect to";
constexpr std::string_view kLookupsHelp =
    "Host names that may be looked up: `*`, `*.SUFFIX`, exact names";
constexpr std::string_view kLoopbackHelp =
    "Ports of this machine's loopback that sockets may connect to by the name "
    "host.wasmcloud.internal: `5432`, `5432/tcp`, `53/udp`";

constexpr Key kComponentKeys[] = {
    {.name = "name", .shape = kName, .help = "Unique; for logs", .is_required = true},
    {.name = "file", .shape = kComponentPath, .help = "The component; this or `image`"},
    {.name = "image", .shape = kImage, .help = "The component in a registry"},
    {.name = "pullPolicy",
     .shape = kPullPolicy,
     .help = "When the image is fetched",
     .default_value = "ifNotPresent"},
    {.name = "environment", .shape = kLayer, .help = "Over `workload.environment`"},
    {.name = "config", .shape = kTexts, .help = "Over `workload.config`"},
    {.name = "allowedHosts", .shape = kHostRules, .help = "In place of `workload.allowedHosts`"},
    {.name = "allowedIpNameLookups",
     .shape = kNameRules,
     .help = "In place of `workload.allowedIpNameLookups`"},
    {.name = "allowedHostLoopbackPorts",
     .shape = kLoopbackPorts,
     .help = "In place of `workload.allowedHostLoopbackPorts`"},
    {.name = "poolSize",
     .shape = kInteger,
     .help = "Instances of WASI 0.3 that are kept for requests to come; more are made where these "
             "have no room, and answer one request each. 0: any",
     .default_value = "0"},
    {.name = "maxInvocations",
     .shape = kInteger,
     .help = "Requests that one of them answers; then another takes over. 0: any with a "
             "`poolSize`, else 128",
     .default_value = "0"},
    {.name = "maxConcurrency",
     .shape = kInteger,
     .help = "Requests that one of them answers at once. 0: 1 with a `poolSize`, else 16",
     .default_value = "0"},
};
constexpr Shape kComponent = {.form = Form::Map, .name = "map", .keys = kComponentKeys};
constexpr Shape kComponents = {.form = Form::ListOf, .name = "list", .each = &kComponent};

constexpr Key kPluginKeys[] = {
    {.name = "id", .shape = kName, .help = "Unique in a host", .is_required = true},
    {.name = "file", .shape = kComponentPath, .help = "The plugin's component; this or `image`"},
    {.name = "image", .shape = kImage, .help = "The component in a registry"},
    {.name = "pullPolicy", .shape = kPullPolicy, .help = "When the image is fetched"},
    {.name = "maxRestarts", .shape = kInteger, .help = "After faults", .default_value = "3"},
    {.name = "expectedDigest", .shape = kDigest, .help = "What the image must have"},
    {.name = "config", .shape = kTexts, .help = "Its configuration"},
    {.name = "configFrom", .shape = kNames, .help = "Names of `configs`"},
    {.name = "secretFrom", .shape = kNames, .help = "Names of `secrets`"},
    {.name = "allowedHosts", .shape = kHostRules, .help = kHostsHelp},
    {.name = "allowedIpNameLookups", .shape = kNameRules, .help = kLookupsHelp},
    {.name = "ports", .shape = kPorts, .help = "What it listens on"},
};
constexpr Shape kPlugin = {.form = Form::Map, .name = "map", .keys = kPluginKeys};
constexpr Shape kPlugins = {.form = Form::ListOf, .name = "list", .each = &kPlugin};

constexpr Key kDevKeys[] = {
    {.name = "command",
     .shape = kCommand,
     .help = "Builds the component for `wash dev`",
     .default_value = "`build.command`"},
    {.name = "component_path",
     .shape = kComponentPath,
     .help = "Where that command leaves the component",
     .default_value = "`build.component_path`"},
    {.name = "address",
     .shape = kAddress,
     .help = "Where to listen for HTTP",
     .default_value = "0.0.0.0:8000"},
    {.name = "components",
     .shape = kComponents,
     .help = "More components of the workload: what one exports serves what another imports"},
    {.name = "service",
     .shape = kBoolean,
     .help = "The project's component is the workload's service, and answers no requests",
     .default_value = "false"},
    {.name = "service_file",
     .shape = kComponentPath,
     .help = "The workload's service: a component that exports wasi:cli/run and runs all along"},
    {.name = "service_image", .shape = kImage, .help = "The service in a registry"},
    {.name = "service_pull_policy",
     .shape = kPullPolicy,
     .help = "When the image is fetched",
     .default_value = "ifNotPresent"},
    {.name = "service_ports",
     .shape = kPorts,
     .help = "Ports of the service that lead to the outside: with `publish`, at the address of "
             "`dev.address`"},
    {.name = "volumes",
     .shape = kVolumes,
     .help = "Folders that every component and the service may read and write"},
    {.name = "environment",
     .shape = kVariables,
     .help = "Environment variables of `wash dev` itself and of what it starts"},
    {.name = "host_interfaces",
     .shape = kInterfaces,
     .help = "Settings for host interfaces; those without any need no entry"},
    {.name = "wasi_keyvalue_path",
     .shape = kFolder,
     .help = "Where wasi:keyvalue keeps its data, which then outlives a restart",
     .default_value = "in memory"},
    {.name = "wasi_blobstore_path",
     .shape = kFolder,
     .help = "Where wasi:blobstore keeps its data, which then outlives a restart",
     .default_value = "in memory"},
    {.name = "tls_cert_path",
     .shape = kPemPath,
     .help = "Serve HTTPS with this certificate and those that vouch for it"},
    {.name = "tls_key_path", .shape = kPemPath, .help = "The certificate's private key"},
    {.name = "tls_ca_path",
     .shape = kPemPath,
     .help = "Serve only clients with a certificate that one in this file vouches for"},
    {.name = "http_client_ca_paths",
     .shape = kPemPaths,
     .help = "Certificates that requests of components trust, too"},
    {.name = "http_client_trust_roots",
     .shape = kTrustRoots,
     .help = "Whom they trust beside these: the system's roots, or nobody (`extra-only`)",
     .default_value = "webpki"},
    {.name = "wasm_proposals",
     .shape = kProposals,
     .help = "Proposals that components may use beside what is shipped, such as `gc`"},
    {.name = "allow_insecure_registries",
     .shape = kBoolean,
     .help = "Speak HTTP to registries",
     .default_value = "false"},
    {.name = "host_plugins",
     .shape = kPlugins,
     .help = "Components that serve host interfaces",
     .is_served = false},
    {.name = "max_connections",
     .shape = kCount,
     .help = "Outgoing and published connections of all workloads",
     .default_value = "half of the files that wash may open, from 64 to 32768"},
    {.name = "max_outbound_http_connections_per_workload",
     .shape = kCount,
     .help = "Connections of the requests that the workload sends; more wait",
     .default_value = "128"},
    {.name = "max_outbound_socket_connections_per_workload",
     .shape = kCount,
     .help = "Connections that the workload's sockets make; more are refused (`out-of-memory`)",
     .default_value = "256"},
    {.name = "max_inbound_socket_connections_per_workload",
     .shape = kCount,
     .help = "Connections that come to published ports; more are reset",
     .default_value = "256"},
    {.name = "http_connection_wait",
     .shape = kDuration,
     .help = "How long a request waits for a connection; then it fails (`connection-timeout`)",
     .default_value = "5s"},
    {.name = "data_nats_url",
     .shape = kNatsUrl,
     .help = "The NATS server for keyvalue, blobstore and messaging",
     .is_served = false},
    {.name = "wasi_keyvalue_nats_url",
     .shape = kNatsUrl,
     .help = "The NATS server for wasi:keyvalue",
     .is_served = false},
    {.name = "wasi_keyvalue_redis_url",
     .shape = kRedisUrl,
     .help = "The Redis server for wasi:keyvalue",
     .is_served = false},
    {.name = "postgres_url",
     .shape = kPostgresUrl,
     .help = "The server for wasmcloud:postgres",
     .is_served = false},
    {.name = "wasi_otel",
     .shape = kBoolean,
     .help = "Serve wasi:otel",
     .default_value = "false",
     .is_served = false},
    {.name = "wasi_webgpu",
     .shape = kBoolean,
     .help = "Serve wasi:webgpu",
     .default_value = "false",
     .is_served = false},
};
constexpr Shape kDev = {.form = Form::Map, .name = "map", .keys = kDevKeys};

constexpr Key kHostKeys[] = {
    {.name = "hostPlugins", .shape = kPlugins, .help = "Components that serve host interfaces"},
};
constexpr Shape kHost = {.form = Form::Map, .name = "map", .keys = kHostKeys};

constexpr Key kWorkloadKeys[] = {
    {.name = "environment",
     .shape = kLayer,
     .help = "Environment variables of every component and the service"},
    {.name = "config", .shape = kTexts, .help = "What they find in wasi:config"},
    {.name = "allowedHosts",
     .shape = kHostRules,
     .help = kHostsHelp,
     .default_value = "all; none without a `workload` section"},
    {.name = "allowedIpNameLookups",
     .shape = kNameRules,
     .help = kLookupsHelp,
     .default_value = "none"},
    {.name = "allowedHostLoopbackPorts",
     .shape = kLoopbackPorts,
     .help = kLoopbackHelp,
     .default_value = "none"},
};
constexpr Shape kWorkload = {.form = Form::Map, .name = "map", .keys = kWorkloadKeys};

constexpr std::string_view kFileHelp =
    "A file with a line `KEY=VALUE` each; `#` begins a comment, quotes have no meaning";
constexpr std::string_view kDirHelp =
    "A folder with a file for each key; a file's content is the value as it is";
constexpr std::string_view kFromEnvHelp = "Environment variables of wash itself; each must be set";
constexpr Key kConfigSourceKeys[] = {
    {.name = "inline", .shape = kTexts, .help = "Keys and values. What follows is over it"},
    {.name = "file", .shape = kFile, .help = kFileHelp},
    {.name = "dir", .shape = kFolder, .help = kDirHelp},
    {.name = "fromEnv", .shape = kNames, .help = kFromEnvHelp},
};
constexpr Shape kConfigSource = {.form = Form::Map, .name = "map", .keys = kConfigSourceKeys};
constexpr Shape kConfigSources = {
    .form = Form::MapOf, .name = "map of sources", .each = &kConfigSource};

constexpr Shape kWitSource = {.name = "location",
                              .advice = "write the path of a folder with WIT files",
                              .check = wit_location};
constexpr Shape kWitSources = {
    .form = Form::MapOf, .name = "map of locations", .each = &kWitSource};
constexpr Key kRegistryKeys[] = {
    {.name = "url",
     .shape = kRegistryUrl,
     .help = "The registry's host, or a URL; one with `http://` is spoken to without TLS",
     .is_required = true},
    {.name = "username", .shape = kName, .help = "Together with `token`"},
    {.name = "token", .shape = kName, .help = "A password or token; shown as stars"},
};
constexpr Shape kRegistry = {.form = Form::Map, .name = "map", .keys = kRegistryKeys};
constexpr Shape kRegistries = {.form = Form::ListOf, .name = "list", .each = &kRegistry};
constexpr Key kWitKeys[] = {
    {.name = "registries", .shape = kRegistries, .help = "Who may ask which registry for WIT"},
    {.name = "skip_fetch",
     .shape = kBoolean,
     .help = "Do not look for missing WIT before a build",
     .default_value = "false"},
    {.name = "wit_dir",
     .shape = kFolder,
     .help = "The folder of the project's WIT",
     .default_value = "wit"},
    {.name = "sources",
     .shape = kWitSources,
     .help = "Where a package (`ns:name` or `ns:name@version`) comes from: a path, a registry, a "
             "git repository or an archive"},
};
constexpr Shape kWit = {.form = Form::Map, .name = "map", .keys = kWitKeys};

constexpr Key kTopKeys[] = {
    {.name = "version",
     .shape = kVersionText,
     .help = "The version of wash that wrote the file; for people"},
    {.name = "build", .shape = kBuild, .help = "How the component is built"},
    {.name = "dev", .shape = kDev, .help = "What `wash dev` does"},
    {.name = "workload",
     .shape = kWorkload,
     .help = "What the project's components run with in `wash dev`"},
    {.name = "configs", .shape = kConfigSources, .help = "Named sets of values, for `configFrom`"},
    {.name = "secrets",
     .shape = kConfigSources,
     .help = "Named sets of values that are never shown, for `secretFrom`. Their files must have "
             "the mode 0600 or 0400, and be ignored by version control"},
    {.name = "wit", .shape = kWit, .help = "Where WIT dependencies come from"},
    {.name = "new", .shape = kNew, .help = "For `wash new`"},
    {.name = "host", .shape = kHost, .help = "What `wash host` runs with"},
};
constexpr Shape kConfig = {.form = Form::Map, .name = "map", .keys = kTopKeys};

}  // namespace

const Shape& config_shape() { return kConfig; }

bool is_local_wit_source(std::string_view location) {
  if (location.starts_with('.') || location.starts_with('/') || location.starts_with("file://"))
    return true;
  const std::string_view path = location.substr(0, location.find('#'));
  return !location.contains('/') && !location.starts_with("git+") &&
         !location.starts_with("git@") && !path.ends_with(".git");
}

}  // namespace wasmcloud::wash
