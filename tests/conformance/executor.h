#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <boost/json/array.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace wasmcloud::conformance {

/// What runs the components of a script. The runner decodes and validates for itself; without an
/// executor it does only that.
class Executor {
 public:
  virtual ~Executor() = default;

  /// A new script: instances, names and the host's counters start afresh.
  virtual void begin(const component::Features& features) = 0;

  /// Instantiates a component in a store of its own; it becomes current, and later components may
  /// import it as `name`. Errors: Errc::Trap where code of the component trapped; any other where
  /// it cannot be linked.
  virtual Result<void> instantiate(std::span<const std::byte> component,
                                   const std::string& name) = 0;

  /// Calls an export of the current instance. Arguments and results are {"type": …, "value": …}.
  /// Errors: Errc::Trap where the guest trapped; any other where the call could not be made.
  virtual Result<boost::json::array> invoke(const std::string& field,
                                            const boost::json::array& arguments) = 0;
};

/// The executor of this build, or null.
std::unique_ptr<Executor> make_executor();

}  // namespace wasmcloud::conformance
