#include "base/start_now.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/version.hpp>

// Uses what co_spawn is made of, so it is looked at again for each version of Boost.
static_assert(BOOST_VERSION == 108100, "compare with asio/impl/co_spawn.hpp of this version");

namespace wasmcloud {
namespace {

namespace asio = boost::asio;
using EntryPoint = asio::awaitable<asio::detail::awaitable_thread_entry_point, Executor>;

EntryPoint entry_point(asio::awaitable<void, Executor> task, std::shared_ptr<const void> /*keep*/) {
  try {
    co_await std::move(task);
  } catch (...) {  // NOLINT(bugprone-empty-catch): as the next line says
    // A cancelled coroutine that goes on to wait is ended by an exception; there is nobody to tell.
  }
}

}  // namespace

void start_now(const Executor& executor, asio::awaitable<void, Executor> task,
               const asio::cancellation_slot& slot, std::shared_ptr<const void> keep) {
  asio::detail::awaitable_thread<Executor> thread(entry_point(std::move(task), std::move(keep)),
                                                  executor, slot, asio::cancellation_state(slot));
  thread.launch();
}

}  // namespace wasmcloud
