#include "wash/commands/guest.h"

#include "base/text.h"
#include "base/units.h"
#include "plugins/plugins.h"
#include "wash/build/wasm_file.h"
#include "wash/commands/guest_flags.h"
#include "wash/commands/registry_flags.h"
#include "wash/commands/tls_flags.h"
#include "wash/component_source.h"
#include "wash/run_until_signal.h"

#include <unistd.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace {

host::WorkloadConfig workload_of(const GuestSettings& settings, const std::string& shown,
                                 std::vector<std::string> arguments, GuestOutput output) {
  host::WorkloadConfig config;
  config.name = std::filesystem::path(shown).filename();
  config.arguments = std::move(arguments);
  config.environment = settings.environment;
  for (const Mount& mount : settings.mounts)
    config.mounts.push_back({.host_path = mount.host, .guest_path = mount.guest});
  config.config = settings.config;
  config.interfaces = settings.interfaces;
  config.network = settings.network;
  config.egress = settings.egress;
  config.limits.memory_bytes = settings.memory_limit;
  if (settings.cpu_time) config.limits.command_cpu_time = *settings.cpu_time;
  config.input = wasi::cli::input_from_descriptor(STDIN_FILENO);
  config.output = std::make_shared<wasi::cli::DescriptorOutput>(
      output == GuestOutput::Stdout ? STDOUT_FILENO : STDERR_FILENO);
  config.errors = std::make_shared<wasi::cli::DescriptorOutput>(STDERR_FILENO);
  return config;
}

}  // namespace

Result<GuestComponent> fetch_guest(const Invocation& invocation) {
  ComponentSource source =
      TRY(component_source_of(invocation.arguments.positionals().front(),
                              invocation.working_directory, invocation.environment));
  GuestComponent out{.shown = text_of(source), .bytes = {}};
  oci::PullPolicy policy = oci::PullPolicy::IfNotPresent;
  if (invocation.arguments.has("--pull")) {
    auto parsed = oci::parse_pull_policy(invocation.arguments.value("--pull"));
    if (!parsed) return fail(Errc::Usage, "--pull: {}", parsed.error().message());
    policy = *parsed;
  }
  Loop loop;
  oci::Progress progress = progress_on(invocation.terminal, fmt::format("pulling {}", out.shown));
  FetchedComponent fetched =
      TRY(run_until_signal(loop,
                           fetch_component(loop, std::move(source), registry_options_of(invocation),
                                           policy, invocation.directories, std::move(progress)),
                           "interrupted while the component was fetched"));
  invocation.terminal.end_progress();
  out.bytes = std::move(fetched.bytes);
  return out;
}

Result<Guest> load_guest(const Invocation& invocation, const GuestComponent& component,
                         std::vector<std::string> arguments, GuestOutput output) {
  const GuestSettings settings = TRY(guest_settings(invocation));
  // One instance: no pool of them.
  host::HostOptions options;
  options.engine.slots = 0;
  options.cache_folder = invocation.directories.cache + "/code";
  options.client_tls = TRY(client_tls_of(invocation, {}));
  TRY(enable_proposals(invocation.arguments, {}, options));
  Guest guest;
  guest.host = TRY(host::Host::create(options));
  TRY(plugins::add_all(*guest.host));
  if (invocation.terminal.is_terminal(Stream::Err)) {
    invocation.terminal.progress(
        fmt::format("compiling {} ({})", component.shown, format_size(component.bytes.size())));
  }
  auto loaded = guest.host->load(
      component.bytes.span(), workload_of(settings, component.shown, std::move(arguments), output));
  invocation.terminal.end_progress();
  if (!loaded) return fail(explain_load(std::move(loaded).error(), component.shown));
  guest.workload = std::move(*loaded);
  return guest;
}

Error explain_run(Error error, std::string_view shown) {
  const std::string detail = error.detail();
  Error out = std::move(error).within(shown);
  if (detail.empty()) return out;
  return Error(out.code(), fmt::format("{}\n{}", out.message(), trim(detail)));
}

std::vector<Flag> guest_flags() {
  return {kEnvFlag,
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
           .default_value = "ifNotPresent",
           .choices = "always|ifNotPresent|never"},
          kInsecureFlag,
          kUserFlag,
          kPasswordFlag,
          kOciCaFlag};
}

}  // namespace wasmcloud::wash
