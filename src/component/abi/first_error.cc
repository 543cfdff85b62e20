#include "component/abi/first_error.h"

namespace wasmcloud::component::abi {

void FirstError::set_error(Error error) {
  if (!error_) error_.emplace(std::move(error));
}

}  // namespace wasmcloud::component::abi
