#include "wasi/cli/bindings_0_2.h"

#include "bindings/wasi/cli_0_2/terminal_input.h"
#include "bindings/wasi/cli_0_2/terminal_output.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::cli::v0_2 {

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
  return detail::terminal_of<wit::terminal_stdin::TerminalInput>(*environment_.input);
}

Result<std::optional<std::unique_ptr<wit::terminal_stdout::TerminalOutput>>>
TerminalStdoutInterface::get_terminal_stdout() {
  return detail::terminal_of<wit::terminal_stdout::TerminalOutput>(*environment_.output);
}

Result<std::optional<std::unique_ptr<wit::terminal_stderr::TerminalOutput>>>
TerminalStderrInterface::get_terminal_stderr() {
  return detail::terminal_of<wit::terminal_stderr::TerminalOutput>(*environment_.errors);
}

}  // namespace wasmcloud::wasi::cli::v0_2
