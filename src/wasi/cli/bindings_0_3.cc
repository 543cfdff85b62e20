#include "wasi/cli/bindings_0_3.h"

#include "bindings/wasi/cli_0_3/terminal_input.h"
#include "bindings/wasi/cli_0_3/terminal_output.h"
#include "bindings/wasi/cli_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/io/streams_0_3.h"

#include <cerrno>

namespace wasmcloud::wasi::cli::v0_3 {
namespace {

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

}  // namespace wasmcloud::wasi::cli::v0_3
