#include "wasi/cli/bindings_0_2.h"

#include "bindings/wasi/cli_0_2/terminal_input.h"
#include "bindings/wasi/cli_0_2/terminal_output.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::cli::v0_2 {
namespace {

class TerminalInputHandle final : public wit::terminal_input::TerminalInput {};
class TerminalOutputHandle final : public wit::terminal_output::TerminalOutput {};

std::optional<std::unique_ptr<wit::terminal_output::TerminalOutput>> terminal_of(
    const Output& output) {
  if (!is_terminal(output.descriptor())) return std::nullopt;
  return std::make_unique<TerminalOutputHandle>();
}

}  // namespace

Result<std::vector<std::tuple<std::string, std::string>>> EnvironmentInterface::get_environment() {
  return std::vector<std::tuple<std::string, std::string>>(environment_.variables.begin(),
                                                           environment_.variables.end());
}

Result<std::vector<std::string>> EnvironmentInterface::get_arguments() {
  return environment_.arguments;
}

Result<std::optional<std::string>> EnvironmentInterface::initial_cwd() {
  return environment_.initial_directory;
}

Result<void> ExitInterface::exit(std::expected<void, std::monostate> status) {
  return exit_with(status ? 0 : 1);
}

Result<void> ExitInterface::exit_with_code(uint8_t status_code) { return exit_with(status_code); }

Result<std::unique_ptr<wit::stdin::InputStream>> StdinInterface::get_stdin() {
  return io::v0_2::make_input_stream(streams_.loop(), streams_.input());
}

Result<std::unique_ptr<wit::stdout::OutputStream>> StdoutInterface::get_stdout() {
  return io::v0_2::make_output_stream(streams_.loop(), streams_.output());
}

Result<std::unique_ptr<wit::stderr::OutputStream>> StderrInterface::get_stderr() {
  return io::v0_2::make_output_stream(streams_.loop(), streams_.errors());
}

Result<std::optional<std::unique_ptr<wit::terminal_stdin::TerminalInput>>>
TerminalStdinInterface::get_terminal_stdin() {
  std::optional<std::unique_ptr<wit::terminal_stdin::TerminalInput>> terminal;
  if (is_terminal(environment_.input->descriptor())) {
    terminal = std::make_unique<TerminalInputHandle>();
  }
  return terminal;
}

Result<std::optional<std::unique_ptr<wit::terminal_stdout::TerminalOutput>>>
TerminalStdoutInterface::get_terminal_stdout() {
  return terminal_of(*environment_.output);
}

Result<std::optional<std::unique_ptr<wit::terminal_stderr::TerminalOutput>>>
TerminalStderrInterface::get_terminal_stderr() {
  return terminal_of(*environment_.errors);
}

}  // namespace wasmcloud::wasi::cli::v0_2
