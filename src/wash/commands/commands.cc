#include "wash/commands/commands.h"

#include <algorithm>
#include <array>

namespace wasmcloud::wash {

std::span<const Flag> global_flags() {
  static constexpr std::array<Flag, 7> kFlags = {{
      {.name = "--output",
       .short_name = "-o",
       .value = "text|json",
       .takes = Takes::One,
       .help = "How the result is printed",
       .default_value = "text"},
      {.name = "--log-level",
       .short_name = "-l",
       .value = "LEVEL",
       .takes = Takes::One,
       .help = "What is logged: trace, debug, info, warn or error; RUST_LOG overrides it",
       .default_value = "info",
       .choices = "trace|debug|info|warn|error"},
      {.name = "--verbose", .help = "Say more about what is done"},
      {.name = "--non-interactive", .help = "Ask nothing and show no colours in logs"},
      {.name = "--user-config",
       .value = "PATH",
       .takes = Takes::One,
       .help = "The user's configuration file, in place of the one in the configuration folder"},
      {.name = "--enable-meters",
       .help = "Accepted for wasmCloud's scripts; what guests compute is not metered yet"},
      {.name = "--help", .short_name = "-h", .help = "Show this help"},
  }};
  return kFlags;
}

std::vector<Flag> global_flags_of(const Command& command) {
  std::vector<Flag> out;
  for (Flag flag : global_flags()) {
    const auto takes = [&](const Flag& own) { return own.short_name == flag.short_name; };
    if (!flag.short_name.empty() && std::ranges::any_of(command.flags, takes)) flag.short_name = {};
    out.push_back(flag);
  }
  return out;
}

const Command& root_command() {
  static const Command kRoot = {
      .name = "wash",
      .summary = "Build, run and host WebAssembly components",
      .description = {},
      .flags = {{.short_name = "-C",
                 .value = "PATH",
                 .takes = Takes::One,
                 .help = "Work in this project folder; by default the nearest one above with "
                         ".wash/config.yaml"},
                {.name = "--version", .short_name = "-V", .help = "Show the version"}},
      .examples = {{.command = "wash new hello --lang rust",
                    .what = "Start an HTTP service in Rust in the folder hello"},
                   {.command = "wash dev",
                    .what = "Build this project, serve it, and do so again on every change"},
                   {.command = "wash -C hello build",
                    .what = "Build the project in the folder hello"},
                   {.command = "wash run tool.wasm --help",
                    .what = "Run a command with arguments of its own"}},
      .subcommands = {&new_command(), &build_command(), &dev_command(), &run_command(),
                      &call_command(), &compose_command(), &oci_command(), &inspect_command(),
                      &wit_command(), &sign_command(), &verify_command(), &config_command(),
                      &doctor_command(), &update_command(), &completion_command(), &help_command()},
  };
  return kRoot;
}

}  // namespace wasmcloud::wash
