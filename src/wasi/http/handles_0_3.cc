#include "wasi/http/handles_0_3.h"

#include "wasi/context.h"
#include "wasi/http/request_rules.h"
#include "wasi/http/sent_request.h"

#include <algorithm>

namespace wasmcloud::wasi::http::v0_3 {

using component::guest_error;
using component::ok;
using wit::types::ErrorCode;
using wit::types::HeaderError;
using wit::types::Method;
using wit::types::RequestOptionsError;
using wit::types::Scheme;

namespace {

using HttpMethod = wasmcloud::http::Method;
std::vector<Bytes> copies(const std::vector<std::string_view>& values) {
  std::vector<Bytes> out;
  out.reserve(values.size());
  for (const std::string_view value : values) out.push_back(Bytes::copy_of(value));
  return out;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

// --- fields

std::unique_ptr<wit::types::Fields> make_fields(Ref<FieldMap> map, Mode mode) {
  return std::make_unique<FieldsHandle>(FieldSet(std::move(map), mode));
}

std::expected<void, HeaderError> to_wit(FieldError error) {
  switch (error) {
    case FieldError::None:
      return {};
    case FieldError::InvalidSyntax:
      return std::unexpected(HeaderError::invalid_syntax());
    case FieldError::Forbidden:
      return std::unexpected(HeaderError::forbidden());
    case FieldError::Immutable:
      return std::unexpected(HeaderError::immutable());
    case FieldError::TooLarge:
    case FieldError::NoRoom:
      return std::unexpected(HeaderError::size_exceeded());
  }
  return {};
}

Result<std::vector<Bytes>> FieldsHandle::get(std::string_view name) {
  return copies(map()->get(name));
}

Result<bool> FieldsHandle::has(std::string_view name) { return map()->headers().contains(name); }

FieldsHandle::Done FieldsHandle::set(std::string_view name, std::vector<Bytes> value) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  std::vector<std::string_view> values;
  for (const Bytes& each : value) values.push_back(each.text());
  return to_wit(fields->set(name, values));
}

FieldsHandle::Done FieldsHandle::delete_(std::string_view name) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  return to_wit(fields->remove(name));
}

Result<std::expected<std::vector<Bytes>, HeaderError>> FieldsHandle::get_and_delete(
    std::string_view name) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  std::vector<Bytes> values = copies(fields->get(name));
  if (auto removed = to_wit(fields->remove(name)); !removed) {
    return guest_error(std::move(removed).error());
  }
  return values;
}

FieldsHandle::Done FieldsHandle::append(std::string_view name, std::span<const std::byte> value) {
  FieldMap* const fields = fields_.to_change();
  if (fields == nullptr) return guest_error(HeaderError::immutable());
  return to_wit(fields->append(name, text_of(value)));
}

Result<std::vector<std::tuple<std::string, Bytes>>> FieldsHandle::copy_all() {
  std::vector<std::tuple<std::string, Bytes>> all;
  all.reserve(map()->headers().size());
  for (const auto field : map()->headers()) {
    all.emplace_back(std::string(field.name), Bytes::copy_of(field.value));
  }
  return all;
}

Result<std::unique_ptr<wit::types::Fields>> FieldsHandle::clone() {
  auto copy = map()->copy();
  if (!copy) return fail(map()->no_room());
  return make_fields(std::move(copy), Mode::Mutable);
}

// --- options

RequestOptionsHandle::Done RequestOptionsHandle::set(Duration v0_3::RequestOptions::* member,
                                                     Duration duration) {
  if (mode_ == Mode::Immutable) return guest_error(RequestOptionsError::immutable());
  options_.*member = duration;
  return ok();
}

RequestOptionsHandle::Done RequestOptionsHandle::set_connect_timeout(Duration duration) {
  return set(&v0_3::RequestOptions::connect, duration);
}
RequestOptionsHandle::Done RequestOptionsHandle::set_first_byte_timeout(Duration duration) {
  return set(&v0_3::RequestOptions::first_byte, duration);
}
RequestOptionsHandle::Done RequestOptionsHandle::set_between_bytes_timeout(Duration duration) {
  return set(&v0_3::RequestOptions::between_bytes, duration);
}

Result<std::unique_ptr<wit::types::RequestOptions>> RequestOptionsHandle::clone() {
  return std::make_unique<RequestOptionsHandle>(options_);
}

// --- requests

RequestHandle::RequestHandle(const wasmcloud::http::RequestHead& head,
                             const Ref<ReceivedMessage>& message)
    : method_(method_to_wit<Method>(head.method)),
      scheme_(head.scheme == wasmcloud::http::Scheme::Http ? Scheme::http() : Scheme::https()),
      received_(message),
      body_(message) {
  message->set_fields(head.headers);
  message->count_fields_wanted();
  if (!head.path_with_query.empty()) path_with_query_ = head.path_with_query;
  if (!head.authority.empty()) authority_ = head.authority;
}

RequestHandle::~RequestHandle() {
  if (received_) received_->count_fields_given_up();
}

std::expected<wasmcloud::http::RequestHead, ErrorCode> RequestHandle::head() const {
  // A guest's path may be relative; what is asked of a server begins with a slash.
  std::string path = path_with_query_.value_or("/");
  if (path != "*" && !path.starts_with('/')) path.insert(0, "/");
  auto head =
      make_head<ErrorCode>(method_, scheme_, authority_.value_or(""), std::move(path), *headers());
  if (head && !authority_) return std::unexpected(ErrorCode::http_request_uri_invalid());
  return head;
}

wasmcloud::http::ClientTimeouts RequestHandle::timeouts() const {
  wasmcloud::http::ClientTimeouts timeouts;
  if (!options_) return timeouts;
  limit(timeouts.connect, options_->connect);
  limit(timeouts.first_byte, options_->first_byte);
  limit(timeouts.between_bytes, options_->between_bytes);
  return timeouts;
}

RequestHandle::Set RequestHandle::set_method(Method method) {
  if (method.is_other()) {
    auto parsed = HttpMethod::parse(method.get_other());
    if (!parsed) return guest_error(std::monostate());
    method = method_to_wit<Method>(*parsed);
  }
  method_ = std::move(method);
  return ok();
}

RequestHandle::Set RequestHandle::set_path_with_query(std::optional<std::string> path_with_query) {
  if (path_with_query && !is_path_with_query(*path_with_query)) {
    return guest_error(std::monostate());
  }
  path_with_query_ = std::move(path_with_query);
  if (path_with_query_ && path_with_query_->empty()) path_with_query_ = "/";
  return ok();
}

RequestHandle::Set RequestHandle::set_scheme(std::optional<Scheme> scheme) {
  if (scheme && scheme->is_other() && !is_scheme(scheme->get_other())) {
    return guest_error(std::monostate());
  }
  // The same scheme by another name.
  if (scheme && scheme->is_other() && scheme->get_other() == "http") scheme = Scheme::http();
  if (scheme && scheme->is_other() && scheme->get_other() == "https") scheme = Scheme::https();
  scheme_ = std::move(scheme);
  return ok();
}

RequestHandle::Set RequestHandle::set_authority(std::optional<std::string> authority) {
  if (authority && !is_authority(*authority)) return guest_error(std::monostate());
  authority_ = std::move(authority);
  return ok();
}

Result<std::optional<std::unique_ptr<wit::types::RequestOptions>>> RequestHandle::get_options() {
  if (!options_) return std::nullopt;
  return std::make_unique<RequestOptionsHandle>(*options_, Mode::Immutable);
}

Result<std::unique_ptr<wit::types::Fields>> RequestHandle::get_headers() {
  return make_fields(headers(), Mode::Immutable);
}

// --- responses

Result<std::expected<void, std::monostate>> ResponseHandle::set_status_code(uint16_t status_code) {
  if (status_code < 100 || status_code > 599) return guest_error(std::monostate());
  status_ = status_code;
  return ok();
}

Result<std::unique_ptr<wit::types::Fields>> ResponseHandle::get_headers() {
  return make_fields(headers_, Mode::Immutable);
}

}  // namespace wasmcloud::wasi::http::v0_3
