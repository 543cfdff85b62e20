#include "wasi/http/bindings_0_3.h"

#include "bindings/wasi/http_0_3/types.abi.h"
#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_3.h"
#include "wasi/http/outgoing_exchange.h"
#include "wasi/http/sent_request.h"

namespace wasmcloud::wasi::http::v0_3 {

using component::FutureReader;
using component::guest_error;
using component::StreamReader;
using wit::types::ErrorCode;

namespace {

/// A guest's body, and what tells it how its sending went.
std::pair<MadeBody, FutureReader<Outcome>> make_body(Context& context,
                                                     std::optional<StreamReader<uint8_t>> contents,
                                                     FutureReader<Trailers> trailers) {
  auto [sent, outcome] = component::make_future<Outcome>(context.loop());
  // They are told last, by a guest that has nothing else to do then.
  trailers.keep_value();
  return {MadeBody{.contents = std::move(contents),
                   .trailers = std::move(trailers),
                   .sent = Answer<Outcome>(std::move(sent))},
          std::move(outcome)};
}

/// Sends the body of a request behind the guest's back; what fails shows in the response.
Task<void> send_body(Ref<wasmcloud::http::ClientExchange> exchange, Body body,
                     Ref<Delivery> delivery) {
  static_cast<void>(co_await transmit(std::move(body), exchange->request_body(), delivery.get()));
  co_return Result<void>();
}

/// Tells of a call that is given up, too.
class Delivering {
 public:
  explicit Delivering(Ref<Delivery> delivery) : delivery_(std::move(delivery)) {}
  ~Delivering() {
    if (!delivery_->is_told()) {
      delivery_->tell(std::unexpected(ErrorCode::connection_terminated()));
    }
  }
  Delivering(const Delivering&) = delete;
  Delivering& operator=(const Delivering&) = delete;
  void tell(Outcome outcome) { delivery_->tell(std::move(outcome)); }

 private:
  Ref<Delivery> delivery_;
};

}  // namespace

Result<std::unique_ptr<wit::types::Fields>> TypesInterface::fields_constructor() {
  return make_fields(make_ref<FieldMap>(context_.http_budget()), Mode::Mutable);
}

Result<std::expected<std::unique_ptr<wit::types::Fields>, wit::types::HeaderError>>
TypesInterface::fields_from_list(std::vector<std::tuple<std::string, Bytes>> entries) {
  auto map = make_ref<FieldMap>(context_.http_budget());
  for (const auto& [name, value] : entries) {
    auto added = to_wit(map->append(name, value.text()));
    if (!added) return guest_error(std::move(added).error());
  }
  return make_fields(std::move(map), Mode::Mutable);
}

Result<std::tuple<std::unique_ptr<wit::types::Request>, FutureReader<Outcome>>>
TypesInterface::request_new(std::unique_ptr<wit::types::Fields> headers,
                            std::optional<StreamReader<uint8_t>> contents,
                            FutureReader<Trailers> trailers,
                            std::optional<std::unique_ptr<wit::types::RequestOptions>> options) {
  auto [body, outcome] = make_body(context_, std::move(contents), std::move(trailers));
  std::optional<RequestOptions> limits;
  if (options) limits = static_cast<const RequestOptionsHandle&>(**options).options();
  std::unique_ptr<wit::types::Request> request =
      std::make_unique<RequestHandle>(FieldsHandle::of(*headers).map(), limits, std::move(body));
  return std::tuple(std::move(request), std::move(outcome));
}

Result<std::tuple<StreamReader<uint8_t>, FutureReader<Trailers>>>
TypesInterface::request_consume_body(std::unique_ptr<wit::types::Request> this_,
                                     FutureReader<Outcome> res) {
  return consume(context_, static_cast<RequestHandle&>(*this_).take_body(), std::move(res));
}

Result<std::unique_ptr<wit::types::RequestOptions>> TypesInterface::request_options_constructor() {
  return std::make_unique<RequestOptionsHandle>();
}

Result<std::tuple<std::unique_ptr<wit::types::Response>, FutureReader<Outcome>>>
TypesInterface::response_new(std::unique_ptr<wit::types::Fields> headers,
                             std::optional<StreamReader<uint8_t>> contents,
                             FutureReader<Trailers> trailers) {
  auto [body, outcome] = make_body(context_, std::move(contents), std::move(trailers));
  std::unique_ptr<wit::types::Response> response = std::make_unique<ResponseHandle>(
      uint16_t{200}, FieldsHandle::of(*headers).map(), std::move(body));
  return std::tuple(std::move(response), std::move(outcome));
}

Result<std::tuple<StreamReader<uint8_t>, FutureReader<Trailers>>>
TypesInterface::response_consume_body(std::unique_ptr<wit::types::Response> this_,
                                      FutureReader<Outcome> res) {
  return consume(context_, static_cast<ResponseHandle&>(*this_).take_body(), std::move(res));
}

Task<std::expected<std::unique_ptr<wit::types::Response>, ErrorCode>> ClientInterface::send(
    std::unique_ptr<wit::types::Request> request) {
  auto& guest_request = static_cast<RequestHandle&>(*request);
  auto head = guest_request.head();
  if (!head) co_return guest_error(std::move(head).error());
  auto sent = send_if_allowed<error_code_of>(context_, std::move(*head), guest_request.timeouts(),
                                             denial_told_);
  if (!sent) co_return guest_error(std::move(sent).error());
  wasmcloud::http::ClientExchange& client = *sent->exchange;
  // Given up with the last that knows it: this call, its response, the body of that.
  const auto exchange = make_ref<OutgoingExchange>(sent->exchange, std::move(sent->share));
  const auto delivery = make_ref<Delivery>();
  Delivering delivering(delivery);
  context_.drains().spawn(send_body(sent->exchange, guest_request.take_body(), delivery));
  auto answer = co_await client.answer();
  if (!answer) {
    if (answer.error().code() == Errc::Cancelled) co_return fail(std::move(answer).error());
    delivering.tell(std::unexpected(error_code_of(answer.error())));
    co_return guest_error(error_code_of(answer.error()));
  }
  delivering.tell({});
  co_return std::make_unique<ResponseHandle>(
      answer->status, FieldMap::received(answer->headers, context_.http_budget()),
      make_ref<ReceivedMessage>(context_, client.response_body(), context_.feeds(), exchange));
}

}  // namespace wasmcloud::wasi::http::v0_3
