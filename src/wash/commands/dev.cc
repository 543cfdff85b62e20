#include "base/log.h"
#include "base/signals.h"
#include "base/units.h"
#include "wash/commands/commands.h"
#include "wash/commands/dev_plan.h"
#include "wash/commands/guest_flags.h"
#include "wash/commands/project.h"
#include "wash/commands/tls_flags.h"
#include "wash/component_source.h"
#include "wash/dev/http_host.h"
#include "wash/dev/session.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

constexpr std::string_view kDefaultAddress = "0.0.0.0:8000";
constexpr Clock::duration kDrainLimit = std::chrono::seconds(5);

/// The file to serve, or nothing for a project.
Result<std::string> file_of(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  if (given.empty()) return std::string();
  if (invocation.arguments.has("-C"))
    return fail(Errc::Usage,
                "{} is served without a project, so -C has nothing to say; leave one of them out",
                given[0]);
  if (invocation.arguments.has("--skip-fetch"))
    return fail(
        Errc::Usage,
        "{} is served without a build, so --skip-fetch has nothing to say; leave one of them out",
        given[0]);
  return resolve(given[0], invocation.working_directory);
}

Result<Address> address_of(const Arguments& arguments, const Config& config) {
  if (!arguments.has("--address"))
    return parse_address(config.dev.address.value_or(std::string(kDefaultAddress)));
  Result<Address> address = parse_address(arguments.value("--address"));
  if (!address) return fail(Errc::Usage, "--address: {}", address.error().message());
  return address;
}

Colour colour_of(uint16_t status) {
  if (status >= 500 || status == 0) return Colour::Red;
  return status >= 400 ? Colour::Yellow : Colour::Green;
}

/// "GET /path 200 1.2 ms"
void show_request(Terminal& terminal, const host::RequestRecord& record) {
  // Control characters of a path are the client's, and not for our terminal.
  std::string path(record.path);
  for (char& c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  const std::string status = record.status == 0 ? "---" : fmt::format("{}", record.status);
  terminal.line_later(
      Stream::Err,
      fmt::format("{} {} {} {}", record.method, path,
                  terminal.paint(Stream::Err, colour_of(record.status), status),
                  terminal.paint(Stream::Err, Colour::Dim, format_duration(record.time))));
}

std::function<void(std::string_view)> prefixed(Terminal& terminal, Stream stream, Colour colour) {
  return [&terminal, stream,
          prefix = terminal.paint(stream, colour, "guest |")](std::string_view line) {
    terminal.line_later(stream, fmt::format("{} {}", prefix, line));
  };
}

HttpHostOptions host_options(const Invocation& invocation, const GuestSettings& settings,
                             Address address) {
  Terminal& terminal = invocation.terminal;
  HttpHostOptions options;
  options.address = std::move(address);
  options.host.cache_folder = invocation.directories.cache + "/code";
  // A developer wants to see it run; what is reached this way is the workload's own.
  options.workload.grants = host::Grants::Imported;
  options.workload.limits.memory_bytes = settings.memory_limit;
  if (settings.cpu_time) options.workload.limits.request_cpu_time = *settings.cpu_time;
  options.workload.limits.request_timeout = settings.request_timeout;
  options.workload.limits.reuse.max_calls_0_2 = settings.reuse_0_2;
  // With JSON, stdout is for the result alone.
  const Stream out = invocation.format == OutputFormat::Json ? Stream::Err : Stream::Out;
  options.workload.output = wasi::cli::output_to_lines(prefixed(terminal, out, Colour::Cyan));
  options.workload.errors =
      wasi::cli::output_to_lines(prefixed(terminal, Stream::Err, Colour::Yellow));
  if (log::is_enabled(log::Level::Info))
    options.on_request = [&terminal](const host::RequestRecord& record) {
      show_request(terminal, record);
    };
  return options;
}

void set_connections(const ConnectionLimits& given, HttpHostOptions& options) {
  host::Limits& limits = options.workload.limits;
  options.host.max_connections = given.all.value_or(0);
  limits.outgoing_connections = given.outgoing_http.value_or(limits.outgoing_connections);
  limits.outbound_sockets = given.outbound_sockets.value_or(limits.outbound_sockets);
  limits.inbound_sockets = given.inbound_sockets.value_or(limits.inbound_sockets);
  if (given.http_wait) limits.outgoing_connection_wait = *given.http_wait;
}

Task<std::string> fetch_image(Loop& loop, const Invocation& invocation, bool is_insecure,
                              const DevComponent& component) {
  oci::RegistryOptions registries = default_registry_options(invocation.environment);
  registries.plain_http_for_all = is_insecure;
  registries.plain_switch = "set dev.allow_insecure_registries";
  const oci::PullPolicy policy = CO_TRY(oci::parse_pull_policy(*component.image_policy));
  ComponentSource source = CO_TRY(oci::Reference::parse(component.path));
  auto fetched = co_await fetch_component(loop, std::move(source), std::move(registries), policy,
                                          invocation.directories,
                                          progress_on(invocation.terminal, "fetching"));
  if (!fetched) co_return fail(std::move(fetched).error().within(component.name));
  co_return std::string(fetched->bytes.text());
}

struct Ending {
  std::optional<Result<void>> session;
  int signals = 0;
};

Task<void> run_session(Session* session, Ending* ending) {
  ending->session.emplace(co_await session->run());
  co_return Result<void>();
}

Result<Outcome> dev(const Invocation& invocation) {
  const std::string file = TRY(file_of(invocation));
  if (invocation.arguments.has("--enable-meters")) {
    log::warn("--enable-meters has no effect yet: no fuel.consumption is measured or exported");
  }
  const GuestSettings settings = TRY(guest_settings(invocation));
  Config config;
  if (file.empty()) config = TRY(load_project(invocation));
  Loop loop;
  SessionOptions options;
  options.fetch = [&](const DevComponent& component) {
    return fetch_image(loop, invocation, config.dev.allows_insecure_registries, component);
  };
  if (!file.empty()) {
    options.workload = plan_file(file, settings);
  } else {
    // Before the first process and thread: the platform's variables, such as OTEL_*, are wash's.
    for (const auto& [name, value] : config.dev.environment)
      ::setenv(name.c_str(), value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): see above
    // Told before anything is started.
    TRY(plan_build(config, Purpose::Dev, invocation.project, find_adapters()));
    options.plan = [&invocation, &settings]() -> Result<DevPlan> {
      const Config now = TRY(load_project(invocation, Warnings::Ignore));
      DevPlan plan{.build = TRY(plan_build(now, Purpose::Dev, invocation.project, find_adapters())),
                   .workload = TRY(plan_workload(now, invocation.project, settings)),
                   .read = files_of(now, invocation.project)};
      plan.build.wit.skip_fetch =
          plan.build.wit.skip_fetch || invocation.arguments.has("--skip-fetch");
      plan.build.stdout_is_result = invocation.format == OutputFormat::Json;
      return plan;
    };
  }

  Address address = TRY(address_of(invocation.arguments, config));
  HttpHostOptions serving = host_options(invocation, settings, std::move(address));
  serving.tls = TRY(tls_of(invocation, config.dev.tls));
  serving.host.client_tls = TRY(client_tls_of(invocation, config.dev.client_trust));
  TRY(enable_proposals(invocation.arguments, config.dev.wasm_proposals, serving.host));
  set_connections(config.dev.connections, serving);
  auto host = TRY(HttpHost::create(loop, std::move(serving)));
  Session session(loop, std::move(options), *host, invocation.terminal);
  TaskGroup tasks(loop);
  Ending ending;
  const SignalWatch signals(loop, {SIGINT, SIGTERM, SIGHUP}, [&](int) {
    // Asked a second time: at once.
    if (ending.signals++ != 0) ::_exit(kExitInterrupted);
    tasks.cancel();
  });
  tasks.spawn(run_session, &session, &ending);
  loop.run_until([&] { return tasks.size() == 0; });

  const Result<void> stopped = run_to_end(loop, host->stop(kDrainLimit));
  if (!stopped) log::warn("{}", stopped.error().message());
  // Ended by itself, so it was an error.
  if (ending.signals == 0 && ending.session) TRY(std::move(*ending.session));
  return Outcome::ok("Development command executed successfully");
}

}  // namespace

const Command& dev_command() {
  static const Command kCommand = {
      .name = "dev",
      .summary = "Serve a component over HTTP, and the new one whenever it changes",
      .description =
          "Without FILE, builds the project with dev.command or build.command, serves the "
          "component, and "
          "builds again and swaps it in whenever a file of the project is saved; a build that "
          "fails leaves "
          "the one before serving. Files that .gitignore names do not count. With FILE, serves "
          "that "
          "component and loads it anew whenever it is replaced. Ctrl-C lets running requests "
          "finish.",
      .flags = {{.name = "--address",
                 .value = "IP:PORT",
                 .takes = Takes::One,
                 .help = "Where to listen, in place of dev.address; port 0 takes a free one",
                 .default_value = kDefaultAddress},
                kTlsCertFlag,
                kTlsKeyFlag,
                kTlsCaFlag,
                kClientCaFlag,
                kClientRootsFlag,
                kEnvFlag,
                kDirFlag,
                kConfigFlag,
                kInterfaceFlag,
                kRequestTimeoutFlag,
                kCpuTimeFlag,
                kReuseCountFlag,
                kConcurrentReuseCountFlag,
                kInstancePoolSizeFlag,
                kIdleInstanceTimeoutFlag,
                kWasmProposalFlag,
                kAllowHostFlag,
                kAllowListenFlag,
                kAllowConnectFlag,
                kAllowLookupFlag,
                kMemoryLimitFlag,
                {.name = "--skip-fetch",
                 .help = "Do not look whether wit/deps holds all WIT that the project names"}},
      .positionals = {{.name = "FILE",
                       .help = "A component to serve, in place of the project's",
                       .required = false}},
      .examples = {{.command = "wash dev", .what = "Serve this project on http://127.0.0.1:8000"},
                   {.command = "wash dev --address 127.0.0.1:9000",
                    .what = "Serve it elsewhere, for this machine only"},
                   {.command = "wash dev hello.wasm --env GREETING=hi",
                    .what = "Serve a component file"},
                   {.command = "wash dev --tls-cert-path cert.pem --tls-key-path key.pem",
                    .what = "Serve HTTPS, HTTP/2 included"}},
      .run = outcome_of<dev>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
