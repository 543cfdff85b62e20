#pragma once

#include "http/detail/request_parser.h"
#include "http/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail::h2 {

/// Collects a request's head, or its trailers, field by field. nghttp2 has checked the grammar, the
/// pseudo-header fields and their order (RFC 9113, section 8.3); limits and what makes two servers
/// understand a request differently are checked here.
class RequestFields {
 public:
  explicit RequestFields(const ParserLimits& limits) : limits_(limits) {}

  void begin(RequestHead& head);
  void begin_trailers(Headers& trailers);
  void add(std::string_view name, std::string_view value);
  /// After the last field.
  void end();

  const std::optional<Refusal>& refusal() const { return refusal_; }
  std::optional<uint64_t> content_length() const { return content_length_; }
  bool expects_continue() const { return expects_continue_; }

 private:
  void add_pseudo(std::string_view name, std::string_view value);
  void refuse(uint16_t status, std::string reason);

  const ParserLimits limits_;
  RequestHead* head_ = nullptr;
  Headers* fields_ = nullptr;
  size_t bytes_ = 0;
  size_t count_ = 0;
  std::string cookie_;
  std::optional<Refusal> refusal_;
  std::optional<uint64_t> content_length_;
  bool expects_continue_ = false;
  bool trailing_ = false;
};

}  // namespace wasmcloud::http::detail::h2
