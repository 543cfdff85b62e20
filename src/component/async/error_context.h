#pragma once

#include "base/error.h"
#include "component/handle_table.h"

#include <memory>
#include <string>

namespace wasmcloud::component {

/// An immutable message for people; all copies share it.
class ErrorContext final : public TableItem {
 public:
  explicit ErrorContext(std::shared_ptr<const std::string> message)
      : TableItem(Kind::ErrorContext), message_(std::move(message)) {}

  const std::shared_ptr<const std::string>& message() const { return message_; }

  /// Errors: Errc::Trap if `handle` is none.
  static Result<ErrorContext*> find(HandleTable& table, uint32_t handle) {
    return find_item<ErrorContext>(table, handle, Kind::ErrorContext);
  }

 private:
  std::shared_ptr<const std::string> message_;
};

}  // namespace wasmcloud::component
