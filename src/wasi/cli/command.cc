#include "wasi/cli/command.h"

#include "base/loop.h"
#include "bindings/wasi/cli_0_2/run.h"
#include "bindings/wasi/cli_0_3/run.h"
#include "component/instance.h"

#include <boost/asio/this_coro.hpp>

#include <variant>

namespace wasmcloud::wasi::cli {
namespace {

namespace asio = boost::asio;
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

Task<Ended> run_to_its_end(const run_0_3::Guest& guest, component::Instance& instance) {
  const Ended ended = CO_TRY(co_await guest.run(instance));
  // What the guest spawned may go on after its result.
  CO_TRY(co_await instance.settle());
  co_return ended;
}

Task<Ended> call(Loop& loop, const run_0_3::Guest& guest, component::Instance& instance) {
  // Who interrupts a command wants it to end, while a call that is cancelled asks the guest to
  // clean up, which it may refuse. So the call does not hear of that, and its instance is closed.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::optional<Result<Ended>> ended;
  Event done(loop);
  TaskGroup calls(loop);
  calls.spawn(
      [](const run_0_3::Guest* called, component::Instance* in, std::optional<Result<Ended>>* out,
         Event* told) -> Task<void> {
        out->emplace(co_await run_to_its_end(*called, *in));
        told->set();
        co_return Result<void>();
      },
      &guest, &instance, &ended, &done);
  auto waited = co_await done.wait();
  if (!waited) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    static_cast<void>(co_await instance.close());
  }
  static_cast<void>(co_await calls.finish());
  if (!waited) co_return fail(std::move(waited).error());
  co_return std::move(*ended);
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
