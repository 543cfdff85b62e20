#pragma once

#include "http/detail/request_parser.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::http {

/// What a parser made of a stream of requests, as text to compare.
struct Transcript {
  std::vector<std::string> requests;
  uint16_t refused = 0;  ///< 0: not
  std::string reason;
  bool open = false;  ///< a request was begun but not ended

  bool operator==(const Transcript&) const = default;
};

inline constexpr detail::ParserLimits kTestLimits = {.max_start_line_bytes = 256,
                                                     .max_header_bytes = 512,
                                                     .max_header_fields = 8,
                                                     .max_body_bytes = 1000};

/// Feeds `stream` in pieces as a connection does; `next_piece(left)` says how long each one is.
template <class NextPiece>
Transcript parse_stream(std::string_view stream, NextPiece next_piece) {
  struct Collect final : detail::BodySink {
    std::string body;
    void on_body(std::string_view bytes) override { body += bytes; }
  };
  Transcript transcript;
  detail::RequestParser parser(kTestLimits);
  RequestHead head;
  Collect sink;
  std::string pending;
  parser.reset(head);

  const auto end_request = [&] {
    std::string text =
        fmt::format("{} {}{} {}", head.method.text(), head.scheme == Scheme::Https ? "https:" : "",
                    head.authority, head.path_with_query);
    for (const FieldView field : head.headers) {
      if (!names_equal(field.name, "host")) text += fmt::format(" {}={}", field.name, field.value);
    }
    text += fmt::format(" body={}", sink.body);
    for (const FieldView field : parser.trailers()) {
      text += fmt::format(" trailer:{}={}", field.name, field.value);
    }
    if (!parser.keep_alive()) text += " close";
    if (parser.expects_continue()) text += " expects";
    transcript.requests.push_back(std::move(text));
    sink.body.clear();
    parser.reset(head);
  };

  while (!stream.empty() && !parser.refusal()) {
    const size_t size = next_piece(stream.size());
    pending += stream.substr(0, size);
    stream.remove_prefix(size);
    while (!parser.refusal()) {
      const size_t used =
          parser.head_done() ? parser.parse_body(pending, sink) : parser.parse_head(pending);
      // Exactly the bytes given: an overrun is seen by the sanitizer.
      pending = std::string(pending.substr(used));
      if (parser.done()) {
        end_request();
      } else if (used == 0 || pending.empty()) {
        break;
      }
    }
  }
  if (parser.refusal()) {
    transcript.refused = parser.refusal()->status;
    transcript.reason = parser.refusal()->reason;
  }
  transcript.open = parser.started();
  return transcript;
}

inline Transcript parse_whole(std::string_view stream) {
  return parse_stream(stream, [](size_t left) { return left; });
}
inline Transcript parse_by_bytes(std::string_view stream) {
  return parse_stream(stream, [](size_t) { return size_t{1}; });
}

}  // namespace wasmcloud::http
