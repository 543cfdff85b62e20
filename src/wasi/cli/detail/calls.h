#pragma once

#include "wasi/cli/standard_streams.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

/// What both generations of wasi:cli do alike; an `Interface` is one's.
namespace wasmcloud::wasi::cli::detail {

template <class Interface>
class EnvironmentCalls : public Interface {
 public:
  explicit EnvironmentCalls(const Environment& environment) : environment_(environment) {}
  Result<std::vector<std::tuple<std::string, std::string>>> get_environment() override {
    return std::vector<std::tuple<std::string, std::string>>(environment_.variables.begin(),
                                                             environment_.variables.end());
  }
  Result<std::vector<std::string>> get_arguments() override { return environment_.arguments; }

 protected:
  const Environment& environment_;
};

/// Ends the guest with Errc::Exit and the status as its number.
template <class Interface>
class ExitCalls final : public Interface {
 public:
  Result<void> exit(std::expected<void, std::monostate> status) override {
    return exit_with(status ? 0 : 1);
  }
  Result<void> exit_with_code(uint8_t status_code) override { return exit_with(status_code); }
};

/// A handle for the terminal behind an input or output; nothing where none is.
template <class Terminal, class Stream>
std::optional<std::unique_ptr<Terminal>> terminal_of(const Stream& stream) {
  class Handle final : public Terminal {};
  if (!is_terminal(stream.descriptor())) return std::nullopt;
  return std::make_unique<Handle>();
}

}  // namespace wasmcloud::wasi::cli::detail
