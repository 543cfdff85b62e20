#pragma once

#include "conformance/executor.h"
#include "conformance/script.h"

#include <functional>
#include <string>

namespace wasmcloud::conformance {

enum class Outcome : uint8_t { Passed, Failed, Skipped };

struct Counts {
  uint32_t passed = 0;
  uint32_t failed = 0;
  uint32_t skipped = 0;
};

/// Told about each command; `why` is empty for those that passed.
using Report = std::function<void(const Command&, Outcome, const std::string& why)>;

/// Runs the commands of a script in order.
Counts run_script(const Script& script, Executor* executor, const Report& report);

/// Whether a result is what a script expects: exactly, but for NaNs and the order of flags.
bool matches(const boost::json::value& expected, const boost::json::value& actual);

}  // namespace wasmcloud::conformance
