#include "wash/help.h"

#include "base/text.h"
#include "wash/commands/commands.h"
#include "wash/invocation.h"

namespace wasmcloud::wash {
namespace {

Result<Outcome> help(const Invocation& invocation) {
  CommandPath path{.commands = {invocation.path.commands.front()}};
  for (const std::string& name : invocation.arguments.positionals()) {
    std::vector<std::string_view> names;
    const Command* found = nullptr;
    for (const Command* sub : path.leaf().subcommands) {
      names.push_back(sub->name);
      if (sub->name == name) found = sub;
    }
    if (found == nullptr) {
      const std::string_view near = closest(name, names);
      return fail(Errc::Usage, "unknown command '{}'{}", name,
                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
    }
    path.commands.push_back(found);
  }
  invocation.terminal.write(Stream::Out,
                            help_of(path, help_width(invocation.terminal, Stream::Out)));
  return Outcome{.message = {}, .quiet = true};
}

}  // namespace

const Command& help_command() {
  static const Command kCommand = {
      .name = "help",
      .summary = "Show help for wash or one of its commands",
      .description = {},
      .positionals = {{.name = "COMMAND", .help = "The command to explain", .required = false}},
      .run = outcome_of<help>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
