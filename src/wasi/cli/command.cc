#include "wasi/cli/command.h"

#include "base/loop.h"
#include "bindings/wasi/cli_0_2/run.h"
#include "bindings/wasi/cli_0_3/run.h"
#include "component/instance.h"

#include <variant>

namespace wasmcloud::wasi::cli {
namespace {

namespace run_0_2 = wasmcloud::wit::wasi::cli_0_2::run;
namespace run_0_3 = wasmcloud::wit::wasi::cli_0_3::run;

using Ended = std::expected<void, std::monostate>;

Task<Ended> call(Loop&, const run_0_2::Guest& guest, component::Instance& instance) {
  Ended ended;
  CO_TRY(co_await instance.run([&]() -> Result<void> {
    ended = TRY(guest.run(instance));
    return {};
  }));
  co_return ended;
}

Task<void> call_once(const run_0_3::Guest* guest, component::Instance* instance, Ended* ended) {
  *ended = CO_TRY(co_await guest->run(*instance));
  co_return Result<void>();
}

Task<Ended> call(Loop& loop, const run_0_3::Guest& guest, component::Instance& instance) {
  // Who interrupts a command wants it to end; what it spawned may go on after its result.
  Ended ended;
  CO_TRY(co_await instance.run_to_end(loop, call_once(&guest, &instance, &ended)));
  co_return ended;
}

}  // namespace

struct Command::Impl {
  std::variant<run_0_2::Guest, run_0_3::Guest> guest;
};

Command::Command(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Command::~Command() = default;

Result<std::unique_ptr<const Command>> Command::find(const component::Prepared& prepared) {
  Impl found;
  auto newer = run_0_3::Guest::find(prepared);
  if (newer) {
    found.guest = *newer;
  } else if (newer.error().code() == Errc::NotFound) {
    found.guest = TRY(run_0_2::Guest::find(prepared));
  } else {
    return fail(std::move(newer).error());
  }
  return std::unique_ptr<const Command>(new Command(std::make_unique<Impl>(std::move(found))));
}

Task<int> Command::run(Loop& loop, component::Instance& instance) const {
  auto ended = co_await std::visit([&](const auto& guest) { return call(loop, guest, instance); },
                                   impl_->guest);
  if (ended) co_return *ended ? 0 : 1;
  if (ended.error().code() == Errc::Exit) co_return ended.error().number();
  co_return fail(std::move(ended).error());
}

}  // namespace wasmcloud::wasi::cli
