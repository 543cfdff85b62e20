#include "wash/completion.h"

#include "wash/commands/commands.h"
#include "wash/invocation.h"

#include <algorithm>

namespace wasmcloud::wash {
namespace {

Result<Outcome> completion(const Invocation& invocation) {
  const std::string& shell = invocation.arguments.positionals().front();
  if (std::ranges::find(kShells, shell) == kShells.end()) {
    return fail(Errc::Usage, "'{}' is no shell that wash knows; expected {}", shell,
                invocation.path.leaf().positionals.front().help);
  }
  invocation.terminal.write(Stream::Out, completion_of(*invocation.path.commands.front(), shell));
  return Outcome{.message = {}, .quiet = true};
}

}  // namespace

const Command& completion_command() {
  static const Command kCommand = {
      .name = "completion",
      .summary = "Print the script that completes wash's words in a shell",
      .description = "The first lines of the script say where it goes.",
      .positionals = {{.name = "SHELL",
                       .help = "bash, elvish, fish, powershell or zsh",
                       .choices = {kShells.begin(), kShells.end()}}},
      .examples = {{.command = "source <(wash completion bash)",
                    .what = "Complete words in this bash from now on"}},
      .run = outcome_of<completion>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
