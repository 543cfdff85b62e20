#include "base/log.h"
#include "wash/build/builder.h"
#include "wash/commands/commands.h"
#include "wash/commands/project.h"
#include "wash/run_until_signal.h"

namespace wasmcloud::wash {
namespace {

Result<Outcome> build(const Invocation& invocation) {
  const Config config = TRY(load_project(invocation));
  BuildPlan plan = TRY(plan_build(config, Purpose::Build, invocation.project, find_adapters()));
  // As the format has it: the flag decides alone, whatever wit.skip_fetch says.
  plan.wit.skip_fetch = invocation.arguments.has("--skip-fetch");
  plan.stdout_is_result = invocation.format == OutputFormat::Json;

  Loop loop;
  const std::function<void(std::string_view)> progress = [&](std::string_view step) {
    if (invocation.verbose) log::info("{}", step);
  };
  const std::string component = TRY(run_until_signal(
      loop, build_component(loop, plan, progress),
      "the build was interrupted; its command and what it had started were ended"));
  return Outcome::ok(fmt::format("Successfully built component at: {}", component),
                     Value::Map{{.key = "component_path", .value = component},
                                {.key = "project_path", .value = invocation.project}});
}

}  // namespace

const Command& build_command() {
  static const Command kCommand = {
      .name = "build",
      .summary = "Build the component of this project",
      .description =
          "Runs build.command of the project's configuration with 'sh -c' in the project's folder "
          "and checks "
          "that it leaves a component at build.component_path. A core module there is wrapped into "
          "a "
          "component with wasm-tools.",
      .flags = {{.name = "--skip-fetch",
                 .help = "Do not look whether wit/deps holds all WIT that the project names"}},
      .examples = {{.command = "wash build", .what = "Build the project around the current folder"},
                   {.command = "wash -o json build",
                    .what = "Print where the component is, for a script"}},
      .run = outcome_of<build>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
