#include "wasi/cli/bindings_0_3.h"

#include "bindings/wasi/cli_0_3/terminal_input.h"
#include "bindings/wasi/cli_0_3/terminal_output.h"
#include "bindings/wasi/cli_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/io/streams_0_3.h"

#include <cerrno>

namespace wasmcloud::wasi::cli::v0_3 {
namespace {

class TerminalInputHandle final : public wit::terminal_input::TerminalInput {};
class TerminalOutputHandle final : public wit::terminal_output::TerminalOutput {};

std::optional<std::unique_ptr<wit::terminal_output::TerminalOutput>> terminal_of(
    const Output& output) {
  if (!is_terminal(output.descriptor())) return std::nullopt;
  return std::make_unique<TerminalOutputHandle>();
}

wit::types::ErrorCode error_code_of(const Error& error) {
  switch (error.number()) {
    case EPIPE:
      return wit::types::ErrorCode::Pipe;
    case EILSEQ:
      return wit::types::ErrorCode::IllegalByteSequence;
    default:  // errno is an open set
      return wit::types::ErrorCode::Io;
  }
}

}  // namespace

Result<std::vector<std::tuple<std::string, std::string>>> EnvironmentInterface::get_environment() {
  return std::vector<std::tuple<std::string, std::string>>(environment_.variables.begin(),
                                                           environment_.variables.end());
}

Result<std::vector<std::string>> EnvironmentInterface::get_arguments() {
  return environment_.arguments;
}

Result<std::optional<std::string>> EnvironmentInterface::get_initial_cwd() {
  return environment_.initial_directory;
}

Result<void> ExitInterface::exit(std::expected<void, std::monostate> status) {
  return exit_with(status ? 0 : 1);
}

Result<void> ExitInterface::exit_with_code(uint8_t status_code) { return exit_with(status_code); }

Result<std::tuple<component::StreamReader<uint8_t>, Ended>> StdinInterface::read_via_stream() {
  return io::v0_3::read_via_stream<error_code_of>(context_.loop(), context_.feeds(),
                                                  context_.standard_streams().input());
}

Result<Ended> StdoutInterface::write_via_stream(component::StreamReader<uint8_t> data) {
  return io::v0_3::write_via_stream<error_code_of>(
      context_.loop(), context_.drains(), std::move(data), context_.standard_streams().output());
}

Result<Ended> StderrInterface::write_via_stream(component::StreamReader<uint8_t> data) {
  return io::v0_3::write_via_stream<error_code_of>(
      context_.loop(), context_.drains(), std::move(data), context_.standard_streams().errors());
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

}  // namespace wasmcloud::wasi::cli::v0_3
