#pragma once

#include "bindings/wasi/cli_0_2/environment.h"
#include "bindings/wasi/cli_0_2/exit.h"
#include "bindings/wasi/cli_0_2/stderr.h"
#include "bindings/wasi/cli_0_2/stdin.h"
#include "bindings/wasi/cli_0_2/stdout.h"
#include "bindings/wasi/cli_0_2/terminal_stderr.h"
#include "bindings/wasi/cli_0_2/terminal_stdin.h"
#include "bindings/wasi/cli_0_2/terminal_stdout.h"
#include "wasi/cli/detail/calls.h"
#include "wasi/cli/standard_streams.h"

namespace wasmcloud::wasi::cli::v0_2 {

namespace wit = wasmcloud::wit::wasi::cli_0_2;

class EnvironmentInterface final : public detail::EnvironmentCalls<wit::environment::Interface> {
 public:
  using EnvironmentCalls::EnvironmentCalls;
  Result<std::optional<std::string>> initial_cwd() override {
    return environment_.initial_directory;
  }
};

using ExitInterface = detail::ExitCalls<wit::exit::Interface>;

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
