#pragma once

#include "bindings/wasi/cli_0_3/environment.h"
#include "bindings/wasi/cli_0_3/exit.h"
#include "bindings/wasi/cli_0_3/stderr.h"
#include "bindings/wasi/cli_0_3/stdin.h"
#include "bindings/wasi/cli_0_3/stdout.h"
#include "bindings/wasi/cli_0_3/terminal_stderr.h"
#include "bindings/wasi/cli_0_3/terminal_stdin.h"
#include "bindings/wasi/cli_0_3/terminal_stdout.h"
#include "wasi/cli/standard_streams.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::cli::v0_3 {

namespace wit = wasmcloud::wit::wasi::cli_0_3;

class EnvironmentInterface final : public wit::environment::Interface {
 public:
  explicit EnvironmentInterface(const Environment& environment) : environment_(environment) {}
  Result<std::vector<std::tuple<std::string, std::string>>> get_environment() override;
  Result<std::vector<std::string>> get_arguments() override;
  Result<std::optional<std::string>> get_initial_cwd() override;

 private:
  const Environment& environment_;
};

/// Ends the guest with Errc::Exit and the status as its number.
class ExitInterface final : public wit::exit::Interface {
 public:
  Result<void> exit(std::expected<void, std::monostate> status) override;
  Result<void> exit_with_code(uint8_t status_code) override;
};

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
