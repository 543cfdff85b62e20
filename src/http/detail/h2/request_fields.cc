#include "http/detail/h2/request_fields.h"

#include "http/authority.h"

#include <charconv>

namespace wasmcloud::http::detail::h2 {
namespace {

/// What a field counts beside its text, so that empty ones are not free (RFC 9113, section 6.5.2).
constexpr size_t kFieldOverhead = 32;

}  // namespace

void RequestFields::begin(RequestHead& head) {
  head.method = Method();
  head.version = Version::Http2;
  head.scheme = Scheme::Http;
  head.authority.clear();
  head.path_with_query.clear();
  head.headers.clear();
  head_ = &head;
  fields_ = &head.headers;
  bytes_ = count_ = 0;
  cookie_.clear();
  refusal_.reset();
  content_length_.reset();
  expects_continue_ = trailing_ = false;
}

void RequestFields::begin_trailers(Headers& trailers) {
  trailers.clear();
  fields_ = &trailers;
  bytes_ = count_ = 0;
  trailing_ = true;
}

void RequestFields::add(std::string_view name, std::string_view value) {
  if (refusal_) return;
  bytes_ += name.size() + value.size() + kFieldOverhead;
  if (bytes_ > limits_.max_header_bytes) {
    return refuse(431, fmt::format("the {} are larger than {} bytes",
                                   trailing_ ? "trailers" : "headers", limits_.max_header_bytes));
  }
  if (name.starts_with(':')) return add_pseudo(name, value);
  if (++count_ > limits_.max_header_fields) {
    return refuse(431, fmt::format("there are more than {} {}", limits_.max_header_fields,
                                   trailing_ ? "trailers" : "headers"));
  }
  if (trailing_) {
    if (is_forbidden_trailer(name)) {
      return refuse(400, fmt::format("{} may not stand in trailers", name));
    }
    return fields_->append_valid(name, value);
  }
  switch (name.size()) {
    case 4:
      if (name != "host") break;
      if (fields_->contains("host")) return refuse(400, "there is more than one Host header");
      if (!is_valid_authority(value)) return refuse(400, "the Host header is malformed");
      break;
    case 6:
      if (name == "expect") expects_continue_ |= names_equal(value, "100-continue");
      // "these MUST be concatenated into a single octet string using the two-octet delimiter of
      // 0x3b, 0x20" (RFC 9113, section 8.2.3)
      if (name == "cookie") {
        if (!cookie_.empty()) cookie_ += "; ";
        cookie_ += value;
        return;
      }
      break;
    case 14:
      if (name == "content-length") {
        uint64_t number = 0;
        std::from_chars(value.data(), value.data() + value.size(), number);
        content_length_ = number;
      }
      break;
    default:
      break;
  }
  fields_->append_valid(name, value);
}

void RequestFields::add_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") {
    auto method = Method::parse(value);
    if (!method) return refuse(400, method.error().message().data());
    head_->method = std::move(*method);
  } else if (name == ":path") {
    if (value.size() > limits_.max_start_line_bytes) {
      return refuse(414, fmt::format("the request's path is longer than {} bytes",
                                     limits_.max_start_line_bytes));
    }
    head_->path_with_query = value;
  } else if (name == ":scheme") {
    if (names_equal(value, "https")) {
      head_->scheme = Scheme::Https;
    } else if (!names_equal(value, "http")) {
      refuse(400, "the request's scheme is neither http nor https");
    }
  } else if (name == ":authority") {
    if (!is_valid_authority(value)) return refuse(400, "the request's authority is malformed");
    head_->authority = value;
  }
}

void RequestFields::end() {
  if (refusal_ || trailing_) return;
  if (!cookie_.empty()) fields_->append_valid("cookie", cookie_);
  if (const auto host = fields_->find("host")) {
    // "A server SHOULD treat a request as malformed if it contains a Host header field that
    // identifies an entity that differs" (RFC 9113, section 8.3.1)
    if (head_->authority.empty()) {
      head_->authority = *host;
    } else if (!names_equal(head_->authority, *host)) {
      return refuse(400, "the Host header differs from the request's authority");
    }
  } else if (head_->authority.empty()) {
    return refuse(400, "there is neither an authority nor a Host header");
  }
  if (content_length_.value_or(0) > limits_.max_body_bytes) {
    refuse(413, fmt::format("the body is larger than {} bytes", limits_.max_body_bytes));
  }
}

void RequestFields::refuse(uint16_t status, std::string reason) {
  refusal_ = Refusal{.status = status, .reason = std::move(reason)};
}

}  // namespace wasmcloud::http::detail::h2
