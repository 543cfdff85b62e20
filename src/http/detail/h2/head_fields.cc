#include "http/detail/h2/head_fields.h"

#include "http/detail/content_length.h"
#include "http/detail/h2/engine.h"

namespace wasmcloud::http::detail::h2 {

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

Result<std::optional<uint64_t>> HeadFields::add_all(const Headers& headers,
                                                    bool (*leaves_out)(std::string_view name),
                                                    bool keeps_length) {
  std::optional<uint64_t> declared;
  for (const auto [name, value] : headers) {
    if (leaves_out(name)) continue;
    if (names_equal(name, "transfer-encoding")) {
      return fail(Errc::Invalid, "transfer-encoding is not for HTTP/2, nor to be set at all");
    }
    if (names_equal(name, "content-length")) {
      const bool repeated = declared.has_value();
      TRY(take_content_length(value, declared));
      if (repeated) continue;
      if (!keeps_length) {
        declared.reset();
        continue;
      }
    }
    add(name, value);
  }
  return declared;
}

}  // namespace wasmcloud::http::detail::h2
