#include "wash/commands/guest_flags.h"

#include "base/text.h"
#include "base/units.h"

#include <charconv>
#include <filesystem>

namespace wasmcloud::wash {

namespace fs = std::filesystem;

const Flag kEnvFlag = {.name = "--env",
                       .value = "NAME=VALUE",
                       .takes = Takes::Many,
                       .help = "An environment variable of the component; may be repeated"};
const Flag kDirFlag = {
    .name = "--dir",
    .value = "HOST::GUEST",
    .takes = Takes::Many,
    .help =
        "A folder of this machine that the component may use, and its name there; may be repeated"};
const Flag kConfigFlag = {
    .name = "--config",
    .value = "KEY=VALUE",
    .takes = Takes::Many,
    .help = "A value that the component finds in wasi:config; may be repeated"};
const Flag kInterfaceFlag = {
    .name = "--interface",
    .value = "[NAME=]PACKAGE[/INTERFACE]",
    .takes = Takes::Many,
    .help =
        "A host interface that the component may use, such as wasi:keyvalue or "
        "hot=wasi:keyvalue/store; may be repeated"};
const Flag kAllowHostFlag = {
    .name = "--allow-host",
    .value = "HOST",
    .takes = Takes::Many,
    .help =
        "A host that the component may send HTTP requests to: *, HOST, *.SUFFIX, also with "
        "http:// or https:// in front or :PORT behind; may be repeated"};
const Flag kAllowListenFlag = {
    .name = "--allow-listen",
    .value = "IP[:PORT]",
    .takes = Takes::Many,
    .help =
        "An address of this machine that the component's sockets may be reached at, or *; may "
        "be repeated"};
const Flag kAllowConnectFlag = {
    .name = "--allow-connect",
    .value = "IP[:PORT]",
    .takes = Takes::Many,
    .help =
        "An address that the component's sockets may connect and send to; * is every address "
        "but loopback, link-local and other special ones, which are named; may be repeated"};
const Flag kAllowLookupFlag = {
    .name = "--allow-lookup",
    .value = "NAME",
    .takes = Takes::Many,
    .help = "A host name that the component may look up, *.SUFFIX, or *; may be repeated"};
const Flag kMemoryLimitFlag = {.name = "--memory-limit",
                               .value = "SIZE",
                               .takes = Takes::One,
                               .help = "Memory that one instance of the component may have",
                               .default_value = "256MiB"};
const Flag kRequestTimeoutFlag = {
    .name = "--request-timeout",
    .value = "DURATION",
    .takes = Takes::One,
    .help = "Time that one request may take; then it is answered with 504",
    .default_value = "600s"};
const Flag kCpuTimeFlag = {
    .name = "--max-cpu-time",
    .value = "DURATION",
    .takes = Takes::One,
    .help =
        "CPU time that the component may use for one request, or for one run as a command; then it "
        "is stopped (default: 60s for a request, any for a command)"};
const Flag kReuseCountFlag = {
    .name = "--max-instance-reuse-count",
    .value = "N",
    .takes = Takes::One,
    .help =
        "Requests that one instance of the component answers before another takes over; 1: each "
        "has a "
        "fresh one (default: 128 with WASI 0.3, 1 with WASI 0.2, where it must be made for more)"};
const Flag kConcurrentReuseCountFlag = {
    .name = "--max-instance-concurrent-reuse-count",
    .value = "N",
    .takes = Takes::One,
    .help = "Requests that one instance of a WASI 0.3 component answers at once",
    .default_value = "16"};
const Flag kInstancePoolSizeFlag = {
    .name = "--instance-pool-size",
    .value = "N",
    .takes = Takes::One,
    .help =
        "Instances of the component that are kept for more requests; others are made where these "
        "have no room, and answer one request each (default: any number)"};
const Flag kIdleInstanceTimeoutFlag = {
    .name = "--idle-instance-timeout",
    .value = "DURATION",
    .takes = Takes::One,
    .help = "Time that an instance which may answer more requests is kept without any",
    .default_value = "1s"};

const Flag kWasmProposalFlag = {
    .name = "--wasm-proposal",
    .value = "NAME",
    .takes = Takes::Many,
    .help =
        "Allow components to use what is not finished or not widely shipped: gc, wide-arithmetic, "
        "component-model-async and others; several with commas, or repeated"};

Result<void> enable_proposals(const Arguments& arguments,
                              const std::vector<std::string>& configured,
                              host::HostOptions& options) {
  for (const std::string_view part : list_of(arguments, kWasmProposalFlag.name, configured)) {
    std::string name(trim(part));
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (c == '_') c = '-';
    }
    if (name.empty()) continue;
    if (auto known = host::enable_proposal(name, options); !known)
      return fail(Errc::Usage, "{}: {}", kWasmProposalFlag.name, known.error().message());
  }
  return {};
}

namespace {

Result<StringMap> pairs_of(const Arguments& arguments, std::string_view flag) {
  StringMap out;
  for (const std::string& text : arguments.values(flag)) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Errc::Usage, "{} '{}' should have the form {}=VALUE", flag, text,
                  flag == "--env" ? "NAME" : "KEY");
    const std::string name = text.substr(0, equals);
    if (std::ranges::any_of(out, [&name](const auto& entry) { return entry.first == name; }))
      return fail(Errc::Usage, "{} sets {} twice; keep one of them", flag, name);
    out.emplace_back(name, text.substr(equals + 1));
  }
  return out;
}

Result<std::vector<host::InterfaceGrant>> interfaces_of(const Arguments& arguments) {
  std::vector<host::InterfaceGrant> out;
  for (const std::string& text : arguments.values("--interface")) {
    const size_t equals = text.find('=');
    const std::string what = equals == std::string::npos ? text : text.substr(equals + 1);
    const size_t slash = what.find('/');
    host::InterfaceGrant grant{.package = what.substr(0, slash)};
    if (equals != std::string::npos) grant.name = text.substr(0, equals);
    if (slash != std::string::npos) grant.interfaces.push_back(what.substr(slash + 1));
    const size_t colon = grant.package.find(':');
    if (colon == 0 || colon == std::string::npos || colon + 1 == grant.package.size() ||
        equals == 0 || what.contains('@') ||
        (slash != std::string::npos && slash + 1 == what.size()))
      return fail(Errc::Usage,
                  "--interface '{}' should have the form [NAME=]PACKAGE[/INTERFACE], without a "
                  "version, such as wasi:keyvalue/store",
                  text);
    out.push_back(std::move(grant));
  }
  return out;
}

Result<std::vector<Mount>> mounts_of(const Invocation& invocation) {
  std::vector<Mount> out;
  for (const std::string& text : invocation.arguments.values("--dir")) {
    const size_t colons = text.find("::");
    const std::string host = text.substr(0, colons);
    const std::string guest = colons == std::string::npos ? host : text.substr(colons + 2);
    if (host.empty() || guest.empty())
      return fail(Errc::Usage, "--dir '{}' should have the form HOST::GUEST", text);
    if (std::ranges::any_of(out, [&guest](const Mount& mount) { return mount.guest == guest; }))
      return fail(Errc::Usage, "--dir names the guest's folder {} twice; keep one of them", guest);
    std::string path = resolve(host, invocation.working_directory);
    std::error_code error;
    if (!fs::is_directory(path, error))
      return fail(Errc::NotFound, "--dir {}: there is no folder {}", text, path);
    out.push_back({.host = std::move(path), .guest = guest});
  }
  return out;
}

/// An error of a flag's value is one of usage.
template <class T>
Result<T> of_flag(std::string_view flag, Result<T> value) {
  if (value) return value;
  return fail(Errc::Usage, "{}: {}", flag, value.error().message());
}

/// The number that the flag gives.
Result<std::optional<uint32_t>> count_of(const Arguments& arguments, std::string_view flag) {
  if (!arguments.has(flag)) return std::nullopt;
  const std::string text(arguments.value(flag));
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0)
    return fail(Errc::Usage, "{} '{}' should be a number from 1 to 4294967295", flag, text);
  return count;
}

Result<host::ComponentReuse> reuse_of(const Arguments& arguments) {
  host::ComponentReuse reuse;
  reuse.max_calls = TRY(count_of(arguments, kReuseCountFlag.name));
  reuse.max_calls_at_once = TRY(count_of(arguments, kConcurrentReuseCountFlag.name));
  reuse.max_instances = TRY(count_of(arguments, kInstancePoolSizeFlag.name));
  if (arguments.has(kIdleInstanceTimeoutFlag.name)) {
    const std::string_view flag = kIdleInstanceTimeoutFlag.name;
    reuse.idle_timeout = TRY(of_flag(flag, parse_duration(arguments.value(flag))));
    if (reuse.idle_timeout->count() == 0)
      return fail(Errc::Usage, "{}: it should be longer than 0", flag);
  }
  return reuse;
}

template <class Rule>
Result<std::vector<Rule>> rules_of(const Arguments& arguments, std::string_view flag) {
  std::vector<Rule> out;
  for (const std::string& text : arguments.values(flag))
    out.push_back(TRY(of_flag(flag, Rule::parse(text))));
  return out;
}

Result<wasi::sockets::NetworkPolicy> network_of(const Arguments& arguments) {
  using wasi::sockets::AddressRule;
  wasi::sockets::NetworkPolicy policy;
  policy.listen = TRY(rules_of<AddressRule>(arguments, "--allow-listen"));
  policy.connect = TRY(rules_of<AddressRule>(arguments, "--allow-connect"));
  policy.lookup = TRY(rules_of<wasi::sockets::NameRule>(arguments, "--allow-lookup"));
  return policy;
}

}  // namespace

Result<GuestSettings> guest_settings(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  GuestSettings settings;
  settings.environment = TRY(pairs_of(arguments, "--env"));
  settings.config = TRY(pairs_of(arguments, "--config"));
  settings.interfaces = TRY(interfaces_of(arguments));
  settings.mounts = TRY(mounts_of(invocation));
  settings.network = TRY(network_of(arguments));
  settings.egress.allowed_hosts = TRY(rules_of<wasi::http::HostRule>(arguments, "--allow-host"));
  if (arguments.has("--request-timeout")) {
    settings.request_timeout =
        TRY(of_flag("--request-timeout", parse_duration(arguments.value("--request-timeout"))));
    if (settings.request_timeout.count() == 0)
      return fail(Errc::Usage, "--request-timeout: it should be longer than 0");
  }
  if (arguments.has(kCpuTimeFlag.name)) {
    const std::string_view flag = kCpuTimeFlag.name;
    settings.cpu_time = TRY(of_flag(flag, parse_duration(arguments.value(flag))));
    if (settings.cpu_time->count() == 0)
      return fail(Errc::Usage, "{}: it should be longer than 0", flag);
  }
  settings.reuse = TRY(reuse_of(arguments));
  settings.reuse_0_2 = settings.reuse.max_calls.value_or(settings.reuse_0_2);
  if (arguments.has("--memory-limit")) {
    constexpr uint64_t kPage = 65536;
    settings.memory_limit =
        TRY(of_flag("--memory-limit", parse_size(arguments.value("--memory-limit"))));
    if (settings.memory_limit < kPage)
      return fail(Errc::Usage, "--memory-limit: it should be at least one page of 64KiB");
  }
  return settings;
}

}  // namespace wasmcloud::wash
