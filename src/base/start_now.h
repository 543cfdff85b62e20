#pragma once

#include "base/task.h"

#include <boost/asio/cancellation_signal.hpp>

#include <memory>

namespace wasmcloud {

/// Runs `task` on the caller's stack up to its first suspension; the loop goes on with it. Nobody
/// is told of its end, and what it throws is dropped: it reports by itself. `slot` cancels it;
/// `keep` holds what the slot belongs to as long as the task runs.
///
/// For code that must not wait for a turn of the loop when the answer is there already. `co_spawn`
/// always takes that turn, and eight allocations. On the loop's thread, inside `run`.
void start_now(const Executor& executor, boost::asio::awaitable<void, Executor> task,
               const boost::asio::cancellation_slot& slot, std::shared_ptr<const void> keep);

}  // namespace wasmcloud
