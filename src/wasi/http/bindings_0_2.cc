#include "wasi/http/bindings_0_2.h"

#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_2.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::http::v0_2 {

using component::guest_error;
using component::ok;
using wit::types::ErrorCode;

Result<std::optional<ErrorCode>> TypesInterface::http_error_code(wit::types::IoError& err) {
  const auto& handle = io::v0_2::ErrorHandle::of(err);
  if (handle.origin() != io::Origin::Http) return std::nullopt;
  return error_code_of(handle.error());
}

Result<std::unique_ptr<wit::types::Fields>> TypesInterface::fields_constructor() {
  return make_fields(make_ref<FieldMap>(context_.http_budget()), FieldSet::Mode::Mutable);
}

Result<std::expected<std::unique_ptr<wit::types::Fields>, wit::types::HeaderError>>
TypesInterface::fields_from_list(std::vector<std::tuple<std::string, Bytes>> entries) {
  auto map = make_ref<FieldMap>(context_.http_budget());
  for (const auto& [name, value] : entries) {
    const auto added = TRY(to_wit(map->append(name, value.text()), *map));
    if (!added) return guest_error(added.error());
  }
  return make_fields(std::move(map), FieldSet::Mode::Mutable);
}

Result<std::unique_ptr<wit::types::OutgoingRequest>> TypesInterface::outgoing_request_constructor(
    std::unique_ptr<wit::types::Fields> headers) {
  return std::make_unique<OutgoingRequestHandle>(context_, FieldsHandle::of(*headers).map());
}

Result<std::unique_ptr<wit::types::RequestOptions>> TypesInterface::request_options_constructor() {
  return std::make_unique<RequestOptionsHandle>();
}

Result<void> TypesInterface::response_outparam_set(
    std::unique_ptr<wit::types::ResponseOutparam> param,
    std::expected<std::unique_ptr<wit::types::OutgoingResponse>, ErrorCode> response) {
  Exchange& exchange = static_cast<ResponseOutparamHandle&>(*param).exchange();
  if (!response) {
    const ErrorCode& code = response.error();
    std::string reason(name_of(code));
    if (code.is_internal_error()) {
      const std::optional<std::string>& text = code.get_internal_error();
      if (text) reason += ": " + *text;
    }
    exchange.refuse(std::move(reason));
    return {};
  }
  // The guest cannot be told, and its other writes will find the body closed; the host logs it.
  if (auto sent = static_cast<OutgoingResponseHandle&>(**response).send(exchange); !sent) {
    exchange.refuse(sent.error().message());
  }
  return {};
}

Result<std::unique_ptr<wit::types::FutureTrailers>> TypesInterface::incoming_body_finish(
    std::unique_ptr<wit::types::IncomingBody> handle) {
  const Ref<IncomingBody>& body = static_cast<IncomingBodyHandle&>(*handle).body();
  if (body->is_stream_alive()) {
    return fail(Errc::Trap, "incoming-body.finish while its stream is still there");
  }
  return std::make_unique<FutureTrailersHandle>(context_, make_ref<IncomingTrailers>(body));
}

Result<std::unique_ptr<wit::types::OutgoingResponse>> TypesInterface::outgoing_response_constructor(
    std::unique_ptr<wit::types::Fields> headers) {
  return std::make_unique<OutgoingResponseHandle>(context_, FieldsHandle::of(*headers).map());
}

Result<std::expected<void, ErrorCode>> TypesInterface::outgoing_body_finish(
    std::unique_ptr<wit::types::OutgoingBody> handle,
    std::optional<std::unique_ptr<wit::types::Fields>> trailers) {
  OutgoingBody& body = static_cast<OutgoingBodyHandle&>(*handle).body();
  if (body.is_stream_alive()) {
    return fail(Errc::Trap, "outgoing-body.finish while its stream is still there");
  }
  Ref<FieldMap> fields;
  if (trailers) fields = FieldsHandle::of(**trailers).map();
  auto finished = body.finish(std::move(fields));
  if (finished) return ok();
  if (finished.error().code() == Errc::Invalid) {
    return guest_error(body.is_request()
                           ? ErrorCode::http_request_body_size(body.written_bytes())
                           : ErrorCode::http_response_body_size(body.written_bytes()));
  }
  return guest_error(error_code_of(finished.error()));
}

}  // namespace wasmcloud::wasi::http::v0_2
