#include "host/command.h"
#include "wash/commands/commands.h"
#include "wash/commands/guest.h"
#include "wash/commands/guest_flags.h"
#include "wash/run_until_signal.h"

namespace wasmcloud::wash {
namespace {

Result<Outcome> run(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  // Wrong flags are told before anything is fetched.
  TRY(guest_settings(invocation));
  const GuestComponent component = TRY(fetch_guest(invocation));
  // The guest has the terminal to itself.
  const Guest guest =
      TRY(load_guest(invocation, component, {given.begin(), given.end()}, GuestOutput::Stdout));
  if (guest.workload->command() == nullptr) {
    return fail(
        Errc::Invalid, "{} does not export wasi:cli/run, so it is no command; {}", component.shown,
        guest.workload->is_http()
            ? fmt::format("it answers HTTP requests: serve it with 'wash dev {}'", given.front())
            : fmt::format("'wash call {}' lists the functions that it has", given.front()));
  }
  Loop loop;
  Result<int> status = run_until_signal(loop, host::run_command(loop, guest.workload),
                                        "the command was interrupted");
  if (!status) return fail(explain_run(std::move(status).error(), component.shown));
  return Outcome{.message = fmt::format("{} ended with status {}", component.shown, *status),
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
      .flags = guest_flags(),
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
