#include "wasi/http/incoming_handler.h"

#include "bindings/wasi/http_0_2/incoming_handler.h"
#include "wasi/context.h"
#include "wasi/http/handles_0_2.h"

namespace wasmcloud::wasi::http {

struct IncomingHandler::Impl {
  wasmcloud::wit::wasi::http_0_2::incoming_handler::Guest guest;
};

IncomingHandler::IncomingHandler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IncomingHandler::~IncomingHandler() = default;

Result<std::unique_ptr<const IncomingHandler>> IncomingHandler::find(
    const component::Prepared& prepared) {
  auto guest = TRY(wasmcloud::wit::wasi::http_0_2::incoming_handler::Guest::find(prepared));
  return std::unique_ptr<const IncomingHandler>(
      new IncomingHandler(std::make_unique<Impl>(Impl{.guest = guest})));
}

Result<void> IncomingHandler::handle(component::Instance& instance, Context& context,
                                     Exchange& exchange) const {
  return impl_->guest.handle(instance,
                             std::make_unique<v0_2::IncomingRequestHandle>(context, exchange),
                             std::make_unique<v0_2::ResponseOutparamHandle>(exchange));
}

}  // namespace wasmcloud::wasi::http
