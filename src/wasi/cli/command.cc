#include "wasi/cli/command.h"

#include "bindings/wasi/cli_0_2/run.h"

namespace wasmcloud::wasi::cli {

struct Command::Impl {
  wit::wasi::cli_0_2::run::Guest guest;
};

Command::Command(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Command::~Command() = default;

Result<std::unique_ptr<const Command>> Command::find(const component::Prepared& prepared) {
  auto guest = TRY(wit::wasi::cli_0_2::run::Guest::find(prepared));
  return std::unique_ptr<const Command>(new Command(std::make_unique<Impl>(Impl{.guest = guest})));
}

Result<int> Command::run(component::Instance& instance) const {
  auto ended = impl_->guest.run(instance);
  if (ended) return *ended ? 0 : 1;
  if (ended.error().code() == Errc::Exit) return ended.error().number();
  return fail(std::move(ended).error());
}

}  // namespace wasmcloud::wasi::cli
