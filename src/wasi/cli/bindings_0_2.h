#pragma once

#include "bindings/wasi/cli_0_2/environment.h"
#include "bindings/wasi/cli_0_2/exit.h"
#include "bindings/wasi/cli_0_2/stderr.h"
#include "bindings/wasi/cli_0_2/stdin.h"
#include "bindings/wasi/cli_0_2/stdout.h"
#include "bindings/wasi/cli_0_2/terminal_stderr.h"
#include "bindings/wasi/cli_0_2/terminal_stdin.h"
#include "bindings/wasi/cli_0_2/terminal_stdout.h"
#include "wasi/cli/standard_streams.h"

namespace wasmcloud::wasi::cli::v0_2 {

namespace wit = wasmcloud::wit::wasi::cli_0_2;

class EnvironmentInterface final : public wit::environment::Interface {
 public:
  explicit EnvironmentInterface(const Environment& environment) : environment_(environment) {}
  Result<std::vector<std::tuple<std::string, std::string>>> get_environment() override;
  Result<std::vector<std::string>> get_arguments() override;
  Result<std::optional<std::string>> initial_cwd() override;

 private:
  const Environment& environment_;
};

/// Ends the guest with Errc::Exit and the status as its number.
class ExitInterface final : public wit::exit::Interface {
 public:
  Result<void> exit(std::expected<void, std::monostate> status) override;
  Result<void> exit_with_code(uint8_t status_code) override;
};

class StdinInterface final : public wit::stdin::Interface {
 public:
  explicit StdinInterface(StandardStreams& streams) : streams_(streams) {}
  Result<std::unique_ptr<wit::stdin::InputStream>> get_stdin() override;

 private:
  StandardStreams& streams_;
};

class StdoutInterface final : public wit::stdout::Interface {
 public:
  explicit StdoutInterface(StandardStreams& streams) : streams_(streams) {}
  Result<std::unique_ptr<wit::stdout::OutputStream>> get_stdout() override;

 private:
  StandardStreams& streams_;
};

class StderrInterface final : public wit::stderr::Interface {
 public:
  explicit StderrInterface(StandardStreams& streams) : streams_(streams) {}
  Result<std::unique_ptr<wit::stderr::OutputStream>> get_stderr() override;

 private:
  StandardStreams& streams_;
};

class TerminalStdinInterface final : public wit::terminal_stdin::Interface {
 public:
  explicit TerminalStdinInterface(const Environment& environment) : environment_(environment) {}
  Result<std::optional<std::unique_ptr<wit::terminal_stdin::TerminalInput>>> get_terminal_stdin()
      override;

 private:
  const Environment& environment_;
};

class TerminalStdoutInterface final : public wit::terminal_stdout::Interface {
 public:
  explicit TerminalStdoutInterface(const Environment& environment) : environment_(environment) {}
  Result<std::optional<std::unique_ptr<wit::terminal_stdout::TerminalOutput>>> get_terminal_stdout()
      override;

 private:
  const Environment& environment_;
};

class TerminalStderrInterface final : public wit::terminal_stderr::Interface {
 public:
  explicit TerminalStderrInterface(const Environment& environment) : environment_(environment) {}
  Result<std::optional<std::unique_ptr<wit::terminal_stderr::TerminalOutput>>> get_terminal_stderr()
      override;

 private:
  const Environment& environment_;
};

}  // namespace wasmcloud::wasi::cli::v0_2
