#include "base/text.h"
#include "base/units.h"
#include "host/command.h"
#include "host/host.h"
#include "plugins/plugins.h"
#include "wash/build/wasm_file.h"
#include "wash/commands/commands.h"
#include "wash/commands/guest_flags.h"
#include "wash/commands/registry_flags.h"
#include "wash/commands/tls_flags.h"
#include "wash/component_source.h"
#include "wash/run_until_signal.h"

#include <unistd.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace {

host::WorkloadConfig workload_of(const Invocation& invocation, const GuestSettings& settings,
                                 const std::string& file) {
  host::WorkloadConfig config;
  config.name = std::filesystem::path(file).filename();
  const auto given = invocation.arguments.positionals();
  config.arguments.assign(given.begin(), given.end());
  config.environment = settings.environment;
  for (const Mount& mount : settings.mounts)
    config.mounts.push_back({.host_path = mount.host, .guest_path = mount.guest});
  config.config = settings.config;
  config.interfaces = settings.interfaces;
  config.network = settings.network;
  config.egress = settings.egress;
  config.limits.memory_bytes = settings.memory_limit;
  if (settings.cpu_time) config.limits.command_cpu_time = *settings.cpu_time;
  // The guest has the terminal to itself.
  config.input = wasi::cli::input_from_descriptor(STDIN_FILENO);
  config.output = std::make_shared<wasi::cli::DescriptorOutput>(STDOUT_FILENO);
  config.errors = std::make_shared<wasi::cli::DescriptorOutput>(STDERR_FILENO);
  return config;
}

/// The component that was named, from its file or through the cache.
Result<Bytes> bytes_of(const Invocation& invocation, ComponentSource source,
                       const std::string& shown) {
  oci::PullPolicy policy = oci::PullPolicy::IfNotPresent;
  if (invocation.arguments.has("--pull"))
    policy = TRY(oci::parse_pull_policy(invocation.arguments.value("--pull")));
  Loop loop;
  oci::Progress progress = progress_on(invocation.terminal, fmt::format("pulling {}", shown));
  FetchedComponent fetched =
      TRY(run_until_signal(loop,
                           fetch_component(loop, std::move(source), registry_options_of(invocation),
                                           policy, invocation.directories, std::move(progress)),
                           "interrupted while the component was fetched"));
  invocation.terminal.end_progress();
  return std::move(fetched.bytes);
}

Result<Outcome> run(const Invocation& invocation) {
  const GuestSettings settings = TRY(guest_settings(invocation));
  ComponentSource source =
      TRY(component_source_of(invocation.arguments.positionals().front(),
                              invocation.working_directory, invocation.environment));
  const std::string file = text_of(source);
  const Bytes bytes = TRY(bytes_of(invocation, std::move(source), file));

  // One instance: no pool of them.
  host::HostOptions options;
  options.engine.slots = 0;
  options.cache_folder = invocation.directories.cache + "/code";
  options.client_tls = TRY(client_tls_of(invocation, {}));
  TRY(enable_proposals(invocation.arguments, {}, options));
  const auto host = TRY(host::Host::create(options));
  TRY(plugins::add_all(*host));
  if (invocation.terminal.is_terminal(Stream::Err))
    invocation.terminal.progress(fmt::format("compiling {} ({})", file, format_size(bytes.size())));
  auto loaded = host->load(bytes.span(), workload_of(invocation, settings, file));
  invocation.terminal.end_progress();
  if (!loaded) return fail(explain_load(std::move(loaded).error(), file));
  const std::shared_ptr<const host::Workload> workload = std::move(*loaded);
  if (workload->command() == nullptr) {
    return fail(Errc::Invalid, "{} does not export wasi:cli/run, so it is no command{}", file,
                workload->is_http() ? "; it answers HTTP requests: serve it with 'wash dev " +
                                          invocation.arguments.positionals().front() + "'"
                                    : "");
  }
  Loop loop;
  Result<int> status =
      run_until_signal(loop, host::run_command(loop, workload), "the command was interrupted");
  if (!status) {
    // The backtrace is for whoever wrote the guest, who is the one who runs it here.
    std::string detail = status.error().detail();
    Error error = std::move(status).error().within(file);
    if (detail.empty()) return fail(std::move(error));
    return fail(Error(error.code(), fmt::format("{}\n{}", error.message(), trim(detail))));
  }
  return Outcome{.message = fmt::format("{} ended with status {}", file, *status),
                 .success = *status == 0,
                 .data = Value::Map{{.key = "exit_code", .value = int64_t{*status}}},
                 .exit_code = *status,
                 .quiet = true};
}

Outcome run_run(const Invocation& invocation) {
  Result<Outcome> outcome = run(invocation);
  if (outcome) return std::move(*outcome);
  Outcome failed = Outcome::failed(outcome.error());
  failed.to_stderr = true;
  return failed;
}

}  // namespace

const Command& run_command() {
  static const Command kCommand = {
      .name = "run",
      .summary = "Run a command component",
      .description =
          "Runs a component that exports wasi:cli/run, with this terminal's input and output, and "
          "ends with its exit code. COMPONENT is a file, or what a registry has under that name, "
          "which is pulled unless it is in the cache. Everything behind it is the component's. It "
          "sees no files and no environment but what --dir and --env give it.",
      .flags = {kEnvFlag,
                kDirFlag,
                kConfigFlag,
                kInterfaceFlag,
                kAllowHostFlag,
                kClientCaFlag,
                kClientRootsFlag,
                kAllowListenFlag,
                kAllowConnectFlag,
                kAllowLookupFlag,
                kMemoryLimitFlag,
                kCpuTimeFlag,
                kWasmProposalFlag,
                {.name = "--pull",
                 .value = "POLICY",
                 .takes = Takes::One,
                 .help = "When a registry is asked: always, ifNotPresent or never",
                 .default_value = "ifNotPresent"},
                kInsecureFlag,
                kUserFlag,
                kPasswordFlag,
                kOciCaFlag},
      .positionals = {{.name = "COMPONENT", .help = "A file, or HOST[:PORT]/NAME[:TAG][@DIGEST]"},
                      {.name = "ARGS", .help = "Its arguments", .required = false, .rest = true}},
      .examples = {{.command = "wash run tool.wasm --help",
                    .what = "Run a command with arguments of its own"},
                   {.command = "wash run --dir .::/data --env LANG=C tool.wasm /data/input",
                    .what = "Let it use the current folder as /data"},
                   {.command = "wash run registry.example.com/team/tool:1.0 input",
                    .what = "Run a command of a registry"}},
      .run = run_run,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
