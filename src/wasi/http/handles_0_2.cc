#include "wasi/http/handles_0_2.h"

#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/sent_request.h"
#include "wasi/io/bindings_0_2.h"

namespace wasmcloud::wasi::http::v0_2 {

using component::guest_error;
using component::ok;
using wit::types::ErrorCode;
using wit::types::HeaderError;
using wit::types::Method;
using wit::types::Scheme;

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

// --- fields

Result<std::expected<void, HeaderError>> to_wit(FieldError error, const FieldMap& fields) {
  switch (error) {
    case FieldError::None:
      return ok();
    case FieldError::InvalidSyntax:
      return guest_error(HeaderError::invalid_syntax());
    case FieldError::Forbidden:
      return guest_error(HeaderError::forbidden());
    case FieldError::Immutable:
      return guest_error(HeaderError::immutable());
    case FieldError::NoRoom:
      return fail(fields.no_room());
    case FieldError::TooLarge:
      break;
  }
  return fail(Errc::Limit, "more than {} fields, or {} bytes of fields", kMaxFields,
              kMaxFieldBytes);
}

std::unique_ptr<wit::types::Fields> make_fields(Ref<FieldMap> map, FieldSet::Mode mode) {
  return std::make_unique<FieldsHandle>(FieldSet(std::move(map), mode));
}

Result<std::vector<Bytes>> FieldsHandle::get(std::string_view name) {
  std::vector<Bytes> values;
  for (const std::string_view value : map()->get(name)) values.push_back(Bytes::copy_of(value));
  return values;
}

Result<bool> FieldsHandle::has(std::string_view name) { return map()->headers().contains(name); }

Result<std::expected<void, HeaderError>> FieldsHandle::set(std::string_view name,
                                                           std::vector<Bytes> value) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  std::vector<std::string_view> values;
  values.reserve(value.size());
  for (const Bytes& each : value) values.push_back(each.text());
  return to_wit(fields->set(name, values), *fields);
}

Result<std::expected<void, HeaderError>> FieldsHandle::delete_(std::string_view name) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  return to_wit(fields->remove(name), *fields);
}

Result<std::expected<void, HeaderError>> FieldsHandle::append(std::string_view name,
                                                              std::span<const std::byte> value) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  return to_wit(fields->append(name, text_of(value)), *fields);
}

Result<std::vector<std::tuple<std::string, Bytes>>> FieldsHandle::entries() {
  std::vector<std::tuple<std::string, Bytes>> all;
  all.reserve(map()->headers().size());
  for (const auto field : map()->headers()) {
    // Guests compare names as text, and their libraries expect lower case as HTTP/2 has it.
    std::string name(field.name);
    for (char& letter : name) {
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    all.emplace_back(std::move(name), Bytes::copy_of(field.value));
  }
  return all;
}

Result<std::unique_ptr<wit::types::Fields>> FieldsHandle::clone() {
  auto copy = map()->copy();
  if (!copy) return fail(map()->no_room());
  return make_fields(std::move(copy), FieldSet::Mode::Mutable);
}

// --- bodies

Result<std::expected<std::unique_ptr<wit::types::InputStream>, std::monostate>>
IncomingBodyHandle::stream() {
  if (!body_->take_stream()) return guest_error(std::monostate());
  return io::v0_2::make_input_stream(loop_, body_);
}

Result<std::unique_ptr<wit::types::Pollable>> FutureTrailersHandle::subscribe() {
  return io::v0_2::make_pollable(context_.loop(), trailers_);
}

Result<std::optional<std::expected<
    std::expected<std::optional<std::unique_ptr<wit::types::Fields>>, ErrorCode>, std::monostate>>>
FutureTrailersHandle::get() {
  using Trailers = std::expected<std::optional<std::unique_ptr<wit::types::Fields>>, ErrorCode>;
  using Got = std::optional<std::expected<Trailers, std::monostate>>;
  if (!trailers_->is_ready()) return Got();
  if (std::exchange(taken_, true)) return Got(std::unexpected(std::monostate()));
  auto map = trailers_->get(context_.http_budget());
  if (!map) return Got(Trailers(std::unexpected(error_code_of(map.error()))));
  Trailers trailers;
  if (*map) trailers->emplace(make_fields(std::move(*map), FieldSet::Mode::Immutable));
  return Got(std::move(trailers));
}

Result<std::expected<std::unique_ptr<wit::types::OutputStream>, std::monostate>>
OutgoingBodyHandle::write() {
  if (!body_->take_stream()) return guest_error(std::monostate());
  return io::v0_2::make_output_stream(loop_, body_);
}

// --- requests

Result<Method> IncomingRequestHandle::method() {
  return method_to_wit<Method>(exchange_->request().head.method);
}

Result<std::optional<std::string>> IncomingRequestHandle::path_with_query() {
  const std::string& path = exchange_->request().head.path_with_query;
  if (path.empty()) return std::nullopt;
  return path;
}

Result<std::optional<Scheme>> IncomingRequestHandle::scheme() {
  switch (exchange_->request().head.scheme) {
    case wasmcloud::http::Scheme::Http:
      return Scheme::http();
    case wasmcloud::http::Scheme::Https:
      break;
  }
  return Scheme::https();
}

Result<std::optional<std::string>> IncomingRequestHandle::authority() {
  const std::string& authority = exchange_->request().head.authority;
  if (authority.empty()) return std::nullopt;
  return authority;
}

Result<std::unique_ptr<wit::types::Fields>> IncomingRequestHandle::headers() {
  if (!headers_) {
    headers_ = FieldMap::received(exchange_->request().head.headers, context_.http_budget());
  }
  return make_fields(headers_, FieldSet::Mode::Immutable);
}

Result<std::expected<std::unique_ptr<wit::types::IncomingBody>, std::monostate>>
IncomingRequestHandle::consume() {
  if (std::exchange(consumed_, true)) return guest_error(std::monostate());
  std::unique_ptr<wit::types::IncomingBody> body = std::make_unique<IncomingBodyHandle>(
      context_.loop(),
      make_ref<http::IncomingBody>(exchange_->request().body(), exchange_->hold()));
  return std::move(body);
}

OutgoingRequestHandle::OutgoingRequestHandle(Context& context, Ref<FieldMap> headers)
    : loop_(context.loop()),
      headers_(std::move(headers)),
      body_(make_ref<http::OutgoingBody>(http::OutgoingBody::Of::Request, context.http_budget())) {}

Result<std::expected<std::unique_ptr<wit::types::OutgoingBody>, std::monostate>>
OutgoingRequestHandle::body() {
  if (std::exchange(body_taken_, true)) return guest_error(std::monostate());
  std::unique_ptr<wit::types::OutgoingBody> body =
      std::make_unique<OutgoingBodyHandle>(loop_, body_);
  return std::move(body);
}

void OutgoingRequestHandle::give_body_to(wasmcloud::http::BodyWriter& writer, Ref<Counted> owner) {
  // Nobody can write to a body that was never taken. A failure is the exchange's to tell.
  if (!body_taken_) static_cast<void>(body_->finish(nullptr));
  body_->attach(writer, std::move(owner));
}

Result<Method> OutgoingRequestHandle::method() { return method_; }

Result<std::expected<void, std::monostate>> OutgoingRequestHandle::set_method(Method method) {
  if (method.is_other() && !wasmcloud::http::is_valid_name(method.get_other())) {
    return guest_error(std::monostate());
  }
  method_ = std::move(method);
  return ok();
}

Result<std::expected<void, std::monostate>> OutgoingRequestHandle::set_path_with_query(
    std::optional<std::string> path_with_query) {
  if (path_with_query && !wasmcloud::http::is_valid_value(*path_with_query)) {
    return guest_error(std::monostate());
  }
  path_with_query_ = std::move(path_with_query);
  return ok();
}

Result<std::optional<Scheme>> OutgoingRequestHandle::scheme() { return scheme_; }

Result<std::expected<void, std::monostate>> OutgoingRequestHandle::set_scheme(
    std::optional<Scheme> scheme) {
  scheme_ = std::move(scheme);
  return ok();
}

Result<std::expected<void, std::monostate>> OutgoingRequestHandle::set_authority(
    std::optional<std::string> authority) {
  if (authority && !wasmcloud::http::is_valid_value(*authority)) {
    return guest_error(std::monostate());
  }
  authority_ = std::move(authority);
  return ok();
}

Result<std::unique_ptr<wit::types::Fields>> OutgoingRequestHandle::headers() {
  return make_fields(headers_, FieldSet::Mode::Immutable);
}

// --- responses

OutgoingResponseHandle::OutgoingResponseHandle(Context& context, Ref<FieldMap> headers)
    : loop_(context.loop()),
      headers_(std::move(headers)),
      body_(make_ref<http::OutgoingBody>(http::OutgoingBody::Of::Response, context.http_budget())) {
}

Result<std::expected<void, std::monostate>> OutgoingResponseHandle::set_status_code(
    uint16_t status_code) {
  // What the server can send as the one head of a response.
  if (status_code < 200 || status_code > 599) return guest_error(std::monostate());
  status_ = status_code;
  return ok();
}

Result<std::unique_ptr<wit::types::Fields>> OutgoingResponseHandle::headers() {
  return make_fields(headers_, FieldSet::Mode::Immutable);
}

Result<std::expected<std::unique_ptr<wit::types::OutgoingBody>, std::monostate>>
OutgoingResponseHandle::body() {
  if (std::exchange(body_taken_, true)) return guest_error(std::monostate());
  std::unique_ptr<wit::types::OutgoingBody> body =
      std::make_unique<OutgoingBodyHandle>(loop_, body_);
  return std::move(body);
}

Result<void> OutgoingResponseHandle::send(Exchange& exchange) {
  // Nobody can write to a body that was never taken.
  if (!body_taken_) TRY(body_->finish(nullptr));
  return exchange.respond({.status = status_, .headers = headers_->headers()}, body_);
}

}  // namespace wasmcloud::wasi::http::v0_2
