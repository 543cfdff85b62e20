#include "http/detail/message_parser.h"

#include "base/check.h"
#include "http/detail/message_grammar.h"
#include "http/message.h"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace wasmcloud::http::detail {
namespace beast = boost::beast;
using beast::http::field;

namespace {

/// Longer chunk extensions have no use but to make the receiver work.
constexpr size_t kMaxChunkExtension = 256;
/// Digits of a chunk's size: more would be zeros in front, without end.
constexpr size_t kMaxChunkDigits = 16;
/// A chunk's line with the CRLF before it.
constexpr size_t kMaxChunkLine = kMaxChunkDigits + kMaxChunkExtension + 4;

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

MessageParser::MessageParser(const ParserLimits& limits, Kind kind) : limits_(limits), kind_(kind) {
  if (kind == Kind::Request) {
    grammar_ = std::make_unique<BoundGrammar<true>>(*this);
  } else {
    grammar_ = std::make_unique<BoundGrammar<false>>(*this);
  }
}

MessageParser::~MessageParser() = default;

void MessageParser::begin(Headers& headers) {
  headers_ = &headers;
  headers.clear();
  chunked_bytes_ = 0;
  trailers_.clear();
  refusal_.reset();
  content_length_.reset();
  scanned_ = line_start_ = start_line_size_ = fields_ = 0;
  http10_ = transfer_encoding_ = at_chunk_line_ = started_ = head_done_ = done_ = false;
  keep_alive_ = false;
}

void MessageParser::refuse(uint16_t status, std::string reason) {
  if (!refusal_) refusal_ = Refusal{.status = status, .reason = std::move(reason)};
}

size_t MessageParser::parse_head(std::string_view input) {
  size_t skipped = 0;
  if (!started_) {
    // "a server that is expecting to receive and parse a request-line SHOULD ignore at least one
    // empty line" (RFC 9112, section 2.2).
    while (input.substr(skipped).starts_with("\r\n")) skipped += 2;
    input.remove_prefix(skipped);
    if (input.empty() || input == "\r") return skipped;
    started_ = true;
  }
  size_t size = 0;
  if (!scan_head(input, size)) return skipped;

  input_ = input.substr(0, size);
  Grammar::Error error;
  const size_t used = grammar_->put(input_, error);
  if (refusal_) return skipped;
  if (error) {
    refuse_for(error.value(), error.message(), input_.substr(0, input_.find('\r')));
    return skipped;
  }
  CHECK(used == size && head_done_);
  done_ = grammar_->is_done();
  return skipped + size;
}

/// True, with its size, once the head is whole. Beast would skip over some of what is refused here.
bool MessageParser::scan_head(std::string_view input, size_t& size) {
  while (!refusal_) {
    const bool in_start_line = start_line_size_ == 0;
    const void* const found = std::memchr(input.data() + scanned_, '\n', input.size() - scanned_);
    const size_t end = found == nullptr
                           ? input.size()
                           : static_cast<size_t>(static_cast<const char*>(found) - input.data());
    if (in_start_line) {
      if (end > limits_.max_start_line_bytes + 1) {
        refuse(414, fmt::format("the {} line is longer than {} bytes",
                                kind_ == Kind::Request ? "request" : "status",
                                limits_.max_start_line_bytes));
        return false;
      }
    } else if (end - start_line_size_ > limits_.max_header_bytes + 3) {
      refuse(431, fmt::format("the headers are longer than {} bytes", limits_.max_header_bytes));
      return false;
    }
    scanned_ = end;
    if (found == nullptr) return false;

    const std::string_view line = input.substr(line_start_, end - line_start_);
    scanned_ = line_start_ = end + 1;
    if (line == "\r") {
      size = end + 1;
      return true;
    }
    if (!check_line(line, !in_start_line)) return false;
    if (in_start_line) {
      start_line_size_ = end + 1;
    } else if (++fields_ > limits_.max_header_fields) {
      refuse(431, fmt::format("there are more than {} headers", limits_.max_header_fields));
    }
  }
  return false;
}

bool MessageParser::check_line(std::string_view line, bool is_field) {
  if (!line.ends_with('\r')) {
    refuse(400, "a line ends without CR");
  } else if (is_field && (line[0] == ' ' || line[0] == '\t')) {
    refuse(400, "a header is folded over several lines");
  }
  return !refusal_;
}

void MessageParser::on_field(int id, std::string_view name, std::string_view value) {
  if (head_done_) {
    if (is_forbidden_trailer(name)) {
      return refuse(400, fmt::format("{} may not stand in trailers", name));
    }
    if (trailers_.size() >= limits_.max_header_fields) {
      return refuse(431, fmt::format("there are more than {} trailers", limits_.max_header_fields));
    }
    trailers_.append_valid(name, value);
    return;
  }
  switch (static_cast<field>(id)) {
    case field::content_length:
      on_content_length(value);
      break;
    case field::transfer_encoding:
      on_transfer_encoding(value);
      break;
    default:
      on_own_field(id, value);
      break;
  }
  if (!refusal_) headers_->append_valid(name, value);
}

void MessageParser::on_content_length(std::string_view value) {
  // Beast takes lists and repetitions of one value.
  if (content_length_) return refuse(400, "there is more than one Content-Length header");
  if (!is_digits(value)) return refuse(400, "Content-Length is no decimal number");
  content_length_ = 0;
}

void MessageParser::on_transfer_encoding(std::string_view value) {
  if (transfer_encoding_) return refuse(400, "there is more than one Transfer-Encoding header");
  transfer_encoding_ = true;
  // Beast takes a request that does not end in "chunked" for one without a body, and a response for
  // one that lasts until the end of the connection.
  if (http10_) return refuse(400, "Transfer-Encoding is not for HTTP/1.0");
  if (names_equal(value, "chunked")) return;
  const size_t comma = value.rfind(',');
  const bool coded =
      comma != std::string_view::npos && list_contains(value.substr(comma + 1), "chunked");
  return coded ? refuse(501, "Transfer-Encoding other than chunked is not supported")
               : refuse(400, "Transfer-Encoding must end in chunked");
}

void MessageParser::on_head_done() {
  const bool until_end = on_fields_done();
  if (refusal_) return;
  if (content_length_ && transfer_encoding_) {
    return refuse(400, "there are both Content-Length and Transfer-Encoding");
  }
  if (content_length_) {
    content_length_ = grammar_->content_length().value_or(0);
    if (*content_length_ > limits_.max_body_bytes) {
      return refuse(413, fmt::format("the body is longer than {} bytes", limits_.max_body_bytes));
    }
  } else if (!transfer_encoding_ && !until_end) {
    content_length_ = 0;
  }
  at_chunk_line_ = transfer_encoding_;
  keep_alive_ = grammar_->keep_alive();
  head_done_ = true;
}

void MessageParser::on_chunk(uint64_t size, std::string_view extension) {
  if (extension.size() > kMaxChunkExtension) {
    return refuse(400,
                  fmt::format("a chunk extension is longer than {} bytes", kMaxChunkExtension));
  }
  if (!is_valid_value(extension)) return refuse(400, "a chunk extension has control characters");
  const char* digits = extension.data();
  while (digits > input_.data() && std::isxdigit(static_cast<uint8_t>(digits[-1])) != 0) --digits;
  if (static_cast<size_t>(extension.data() - digits) > kMaxChunkDigits) {
    return refuse(400, fmt::format("a chunk's size has more than {} digits", kMaxChunkDigits));
  }
  if (size > limits_.max_body_bytes - chunked_bytes_) {
    return refuse(413, fmt::format("the body is longer than {} bytes", limits_.max_body_bytes));
  }
  chunked_bytes_ += size;
  at_chunk_line_ = size == 0;
  if (size == 0) check_trailers(extension.data() + extension.size() + 2);
}

/// `begin` is behind the last chunk's line; Beast has seen that the section is whole.
bool MessageParser::check_trailers(const char* begin) {
  std::string_view rest = input_.substr(static_cast<size_t>(begin - input_.data()));
  size_t size = 0;
  while (true) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (end == std::string_view::npos || line == "\r") return true;
    if (!check_line(line, true)) return false;
    size += line.size() + 1;
    if (size > limits_.max_header_bytes) {
      refuse_trailers();
      return false;
    }
    rest.remove_prefix(end + 1);
  }
}

void MessageParser::refuse_trailers() {
  refuse(431, fmt::format("the trailers are longer than {} bytes", limits_.max_header_bytes));
}

size_t MessageParser::parse_body(std::string_view input, BodySink& sink) {
  DCHECK(head_done_ && !done_);
  if (input.empty() || refusal_) return 0;
  // Beast 1.81 asserts that nobody comes back with less than "0 CRLF CRLF" of a last chunk.
  if (at_chunk_line_ && input[0] == '0' && input.size() < 5) return 0;
  input_ = input;
  grammar_->sink = &sink;
  Grammar::Error error;
  const size_t used = grammar_->put(input, error);
  if (refusal_) return used;
  if (error && error != beast::http::error::need_more) {
    refuse_for(error.value(), error.message(), {});
    return used;
  }
  done_ = grammar_->is_done();
  // What is left is a chunk's line or the trailers, still without their end.
  if (!done_ && input.size() - used > limits_.max_header_bytes + kMaxChunkLine) refuse_trailers();
  return used;
}

void MessageParser::refuse_for(int beast_error, std::string_view message, std::string_view line) {
  using beast::http::error;
  switch (static_cast<error>(beast_error)) {
    case error::bad_version: {
      // A version we do not speak, or no version at all.
      const size_t at = line.rfind(" HTTP/");
      const std::string_view version = at == std::string_view::npos ? "" : line.substr(at + 6);
      if (std::ranges::count(line, ' ') == 2 && version.size() == 3 && version[1] == '.' &&
          is_digits(version.substr(0, 1)) && is_digits(version.substr(2))) {
        return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
      }
      return refuse(400, kind_ == Kind::Request
                             ? "the request line does not end in an HTTP version"
                             : "the status line does not begin with an HTTP version");
    }
    case error::bad_method:
      return refuse(400, "the request's method is malformed");
    case error::bad_target:
      return refuse(400, "the request's target is malformed");
    case error::bad_status:
      return refuse(400, "the response's status is no number of three digits");
    case error::bad_reason:
      return refuse(400, "the response's reason has control characters");
    case error::bad_field:
      return refuse(400, "a header's name is malformed");
    case error::bad_value:
      return refuse(400, "a header's value is malformed");
    case error::bad_content_length:
    case error::multiple_content_length:
      return refuse(400, "Content-Length is malformed or contradicts Transfer-Encoding");
    case error::bad_transfer_encoding:
      return refuse(400, "Transfer-Encoding is malformed or contradicts Content-Length");
    case error::bad_chunk:
    case error::bad_chunk_extension:
      return refuse(400, "the chunked body is malformed");
    default:
      return refuse(400, fmt::format("the {} is malformed: {}",
                                     kind_ == Kind::Request ? "request" : "response", message));
  }
}

}  // namespace wasmcloud::http::detail
