#include "wasi/http/service.h"

#include "bindings/wasi/http_0_3/handler.h"
#include "component/return_listener.h"
#include "http/server.h"
#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_3.h"

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <expected>
#include <memory>
#include <optional>
#include <string>

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

using Answered = std::expected<std::unique_ptr<handler::Response>, handler::ErrorCode>;

/// What a guest answers, on its way to the client as soon as the guest has said it: what it writes
/// of the body in the same turn is sent without another one.
class Answering final : public component::ReturnListener<Answered> {
 public:
  explicit Answering(wasmcloud::http::ResponseWriter& writer) : writer_(writer) {}

  void returned(Answered& answered) noexcept override { begun_ = begin(answered); }

  /// After the guest's call. Errors: why it is no answer.
  Result<v0_3::Transmission*> body() {
    TRY(std::move(begun_));
    return &*body_;
  }
  uint16_t status() const { return status_; }

 private:
  Result<void> begin(Answered& answered) {
    if (!answered) {
      const auto& code = answered.error();
      std::string reason(v0_3::name_of(code));
      if (code.is_internal_error() && code.get_internal_error()) {
        reason += ": " + *code.get_internal_error();
      }
      return fail(Errc::Refused, "the guest gave no answer: {}", reason);
    }
    auto& response = static_cast<v0_3::ResponseHandle&>(**answered);
    const wasmcloud::http::ResponseHead head = response.head();
    status_ = head.status;
    if (status_ < 200) {
      return fail(Errc::Refused, "the guest answered with {}, which is no response's last status",
                  status_);
    }
    TRY(writer_.send_head(head));
    body_.emplace(writer_.body()).begin(response.take_body());
    return {};
  }

  wasmcloud::http::ResponseWriter& writer_;
  uint16_t status_ = 0;
  std::optional<v0_3::Transmission> body_;  ///< where `begun_` is no error
  Result<void> begun_;
};

Task<uint16_t> answer(const handler::Guest& guest, component::Instance& instance,
                      wasmcloud::http::Request& request, Ref<v0_3::ReceivedMessage> message,
                      wasmcloud::http::ResponseWriter& writer) {
  Answering answering(writer);
  CO_TRY(co_await guest.handle(
      instance, std::make_unique<v0_3::RequestHandle>(request.head, message), &answering));
  CO_TRY(co_await CO_TRY(answering.body())->finish());
  co_return answering.status();
}

}  // namespace

Task<uint16_t> Service::serve(component::Instance& instance, Context& context,
                              wasmcloud::http::Request& request,
                              wasmcloud::http::ResponseWriter& response) const {
  TaskGroup feeding(context.loop());
  const auto message = make_ref<v0_3::ReceivedMessage>(context, request.body(), feeding);
  std::optional<Result<uint16_t>> served;
  try {
    served.emplace(co_await answer(impl_->guest, instance, request, message, response));
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
  if (!served) co_return fail(Errc::Cancelled, "the request was cancelled");
  co_return std::move(*served);
}

}  // namespace wasmcloud::wasi::http
