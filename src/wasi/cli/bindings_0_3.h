#pragma once

#include "bindings/wasi/cli_0_3/environment.h"
#include "bindings/wasi/cli_0_3/exit.h"
#include "bindings/wasi/cli_0_3/stderr.h"
#include "bindings/wasi/cli_0_3/stdin.h"
#include "bindings/wasi/cli_0_3/stdout.h"
#include "bindings/wasi/cli_0_3/terminal_stderr.h"
#include "bindings/wasi/cli_0_3/terminal_stdin.h"
#include "bindings/wasi/cli_0_3/terminal_stdout.h"
#include "wasi/cli/detail/calls.h"
#include "wasi/cli/standard_streams.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::cli::v0_3 {

namespace wit = wasmcloud::wit::wasi::cli_0_3;

class EnvironmentInterface final : public detail::EnvironmentCalls<wit::environment::Interface> {
 public:
  using EnvironmentCalls::EnvironmentCalls;
  Result<std::optional<std::string>> get_initial_cwd() override {
    return environment_.initial_directory;
  }
};

using ExitInterface = detail::ExitCalls<wit::exit::Interface>;

/// How a stream ended.
using Ended = component::FutureReader<std::expected<void, wit::types::ErrorCode>>;

class StdinInterface final : public wit::stdin::Interface {
 public:
  explicit StdinInterface(Context& context) : context_(context) {}
  Result<std::tuple<component::StreamReader<uint8_t>, Ended>> read_via_stream() override;

 private:
  Context& context_;
};

class StdoutInterface final : public wit::stdout::Interface {
 public:
  explicit StdoutInterface(Context& context) : context_(context) {}
  Result<Ended> write_via_stream(component::StreamReader<uint8_t> data) override;

 private:
  Context& context_;
};

class StderrInterface final : public wit::stderr::Interface {
 public:
  explicit StderrInterface(Context& context) : context_(context) {}
  Result<Ended> write_via_stream(component::StreamReader<uint8_t> data) override;

 private:
  Context& context_;
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

}  // namespace wasmcloud::wasi::cli::v0_3
