#include "wasi/http/fields.h"

#include <algorithm>
#include <array>

namespace wasmcloud::wasi::http {

using wasmcloud::http::is_valid_name;
using wasmcloud::http::is_valid_value;
using wasmcloud::http::names_equal;

bool is_forbidden_field(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kForbidden = {"connection",
                                                                 "host",
                                                                 "http2-settings",
                                                                 "keep-alive",
                                                                 "proxy-authenticate",
                                                                 "proxy-connection",
                                                                 "proxy-authorization",
                                                                 "transfer-encoding",
                                                                 "upgrade"};
  return std::ranges::any_of(kForbidden, [&](auto each) { return names_equal(each, name); });
}

Ref<FieldMap> FieldMap::received(const wasmcloud::http::Headers& headers, Ref<Budget> budget) {
  Ref<FieldMap> map = make_ref<FieldMap>(std::move(budget));
  for (const auto field : headers) {
    if (!is_forbidden_field(field.name)) map->headers_.append_valid(field.name, field.value);
  }
  return map;
}

Ref<FieldMap> FieldMap::copy() const {
  Ref<FieldMap> map = make_ref<FieldMap>(budget_);
  map->headers_ = headers_;
  return map->charge() ? map : nullptr;
}

bool FieldMap::charge() {
  // About what an entry costs beside its text.
  constexpr size_t kPerField = 32;
  return share_.resize(headers_.text_bytes() + headers_.size() * kPerField).has_value();
}

std::vector<std::string_view> FieldMap::get(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto field : headers_) {
    if (names_equal(field.name, name)) values.push_back(field.value);
  }
  return values;
}

FieldError FieldMap::append(std::string_view name, std::string_view value) {
  if (!is_valid_name(name) || !is_valid_value(value)) return FieldError::InvalidSyntax;
  if (is_forbidden_field(name)) return FieldError::Forbidden;
  if (headers_.size() == kMaxFields ||
      headers_.text_bytes() + name.size() + value.size() > kMaxFieldBytes) {
    return FieldError::TooLarge;
  }
  // All values of a field have its name as it was spelled first. A copy: the text may move.
  std::string spelled(name);
  for (const auto field : headers_) {
    if (!names_equal(field.name, name)) continue;
    spelled = field.name;
    break;
  }
  headers_.append_valid(spelled, value);
  return charge() ? FieldError::None : FieldError::NoRoom;
}

FieldError FieldMap::set(std::string_view name, const std::vector<std::string_view>& values) {
  if (!is_valid_name(name) || !std::ranges::all_of(values, is_valid_value)) {
    return FieldError::InvalidSyntax;
  }
  if (is_forbidden_field(name)) return FieldError::Forbidden;
  headers_.remove(name);
  for (const std::string_view value : values) {
    if (const FieldError error = append(name, value); error != FieldError::None) return error;
  }
  return FieldError::None;
}

FieldError FieldMap::remove(std::string_view name) {
  if (!is_valid_name(name)) return FieldError::InvalidSyntax;
  if (is_forbidden_field(name)) return FieldError::Forbidden;
  headers_.remove(name);
  return FieldError::None;
}

}  // namespace wasmcloud::wasi::http
