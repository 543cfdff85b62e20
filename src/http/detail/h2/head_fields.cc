#include "http/detail/h2/head_fields.h"

#include "http/detail/h2/engine.h"

#include <charconv>

namespace wasmcloud::http::detail::h2 {
namespace {

bool is_connection_field(std::string_view name) {
  switch (name.size()) {
    case 7:
      return names_equal(name, "upgrade");
    case 10:
      return names_equal(name, "connection") || names_equal(name, "keep-alive");
    case 16:
      return names_equal(name, "proxy-connection");
    default:
      return false;
  }
}

}  // namespace

void HeadFields::begin(size_t text_bytes) {
  text_.clear();
  text_.reserve(text_bytes);
  fields_.clear();
}

void HeadFields::add(std::string_view name, std::string_view value) {
  const size_t at = text_.size();
  for (const char c : name) text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  text_ += value;
  const std::string_view text = text_;
  fields_.push_back(field_of(text.substr(at, name.size()), text.substr(at + name.size()),
                             NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE));
}

Result<std::optional<uint64_t>> HeadFields::add_all(const Headers& headers, bool keeps_length) {
  std::optional<uint64_t> declared;
  for (const auto [name, value] : headers) {
    if (is_connection_field(name)) continue;
    if (names_equal(name, "transfer-encoding")) {
      return fail(Errc::Invalid, "transfer-encoding is not for HTTP/2, nor to be set at all");
    }
    if (names_equal(name, "content-length")) {
      uint64_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (value.empty() || error != std::errc() || end != value.data() + value.size() ||
          (declared && declared != number)) {
        return fail(Errc::Invalid, "content-length \"{}\" is no number of bytes, or the second one",
                    value);
      }
      if (declared || !keeps_length) continue;
      declared = number;
    }
    add(name, value);
  }
  return declared;
}

}  // namespace wasmcloud::http::detail::h2
