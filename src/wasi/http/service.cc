#include "wasi/http/service.h"

#include "bindings/wasi/http_0_3/handler.h"
#include "http/server.h"
#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_3.h"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace wasmcloud::wasi::http {

namespace handler = wasmcloud::wit::wasi::http_0_3::handler;

struct Service::Impl {
  handler::Guest guest;
};

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Service::~Service() = default;

Result<std::unique_ptr<const Service>> Service::find(const component::Prepared& prepared) {
  auto guest = TRY(handler::Guest::find(prepared));
  return std::unique_ptr<const Service>(
      new Service(std::make_unique<Impl>(Impl{.guest = std::move(guest)})));
}

namespace {

Task<uint16_t> answer(const handler::Guest& guest, component::Instance& instance,
                      wasmcloud::http::Request& request, Ref<v0_3::ReceivedMessage> message,
                      wasmcloud::http::ResponseWriter& writer) {
  auto answered = CO_TRY(co_await guest.handle(
      instance, std::make_unique<v0_3::RequestHandle>(request.head, std::move(message))));
  if (!answered) {
    const auto& code = answered.error();
    std::string reason(v0_3::name_of(code));
    if (code.is_internal_error() && code.get_internal_error()) {
      reason += ": " + *code.get_internal_error();
    }
    co_return fail(Errc::Refused, "the guest gave no answer: {}", reason);
  }
  auto& response = static_cast<v0_3::ResponseHandle&>(**answered);
  const wasmcloud::http::ResponseHead head = response.head();
  if (head.status < 200) {
    co_return fail(Errc::Refused, "the guest answered with {}, which is no response's last status",
                   head.status);
  }
  CO_TRY(writer.send_head(head));
  CO_TRY(co_await v0_3::transmit(response.take_body(), writer.body()));
  co_return head.status;
}

}  // namespace

Task<uint16_t> Service::serve(component::Instance& instance, Context& context,
                              wasmcloud::http::Request& request,
                              wasmcloud::http::ResponseWriter& response) const {
  TaskGroup feeding(context.loop());
  const auto message = make_ref<v0_3::ReceivedMessage>(context, request.body(), feeding);
  Result<uint16_t> served = fail(Errc::Cancelled, "the request was cancelled");
  try {
    served = co_await answer(impl_->guest, instance, request, message, response);
  } catch (const boost::system::system_error&) {
    // How what was cancelled ends where it goes on to wait.
  }
  // The server's reader goes with this call; a guest may keep its end of the body.
  message->let_go();
  if (feeding.size() != 0) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    feeding.cancel();
    static_cast<void>(co_await feeding.finish());
  }
  co_return served;
}

}  // namespace wasmcloud::wasi::http
