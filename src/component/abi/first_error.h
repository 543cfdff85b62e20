#pragma once

#include "base/error.h"

#include <optional>

namespace wasmcloud::component::abi {

/// The first error of one call's values, kept so that the code of a type is plain copies and asks
/// once, at the end.
class FirstError {
 public:
  bool failed() const { return error_.has_value(); }
  /// The first error, if there was one.
  Result<void> result() {
    if (failed()) [[unlikely]]
      return fail(std::move(*error_));
    return {};
  }
  /// Keeps the error unless there is one already.
  void set_error(Error error);

 private:
  std::optional<Error> error_;
};

}  // namespace wasmcloud::component::abi
