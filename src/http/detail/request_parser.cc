#include "http/detail/request_parser.h"

#include "base/check.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <limits>
#include <optional>

namespace wasmcloud::http::detail {
namespace beast = boost::beast;
using beast::error_code;
using beast::http::field;

namespace {

/// Longer chunk extensions have no use but to make the server work.
constexpr size_t kMaxChunkExtension = 256;
/// Digits of a chunk's size: more would be zeros in front, without end.
constexpr size_t kMaxChunkDigits = 16;
/// A chunk's line with the CRLF before it.
constexpr size_t kMaxChunkLine = kMaxChunkDigits + kMaxChunkExtension + 4;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

using CharacterSet = std::array<bool, 256>;
constexpr CharacterSet make_set(std::string_view others) {
  CharacterSet set{};
  for (int c = '0'; c <= '9'; ++c) set[c] = true;
  for (const char c : others) set[static_cast<uint8_t>(c)] = true;
  return set;
}
constexpr std::string_view kRegNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~%!$&'()*+,;=";
/// reg-name = *( unreserved / pct-encoded / sub-delims ) (RFC 3986, section 3.2.2)
constexpr CharacterSet kRegName = make_set(kRegNameCharacters);
constexpr CharacterSet kIpLiteral = make_set("abcdefABCDEF:.");

bool consists_of(std::string_view text, const CharacterSet& set) {
  return std::ranges::all_of(text, [&](char c) { return set[static_cast<uint8_t>(c)]; });
}

bool is_valid_port(std::string_view text) {
  if (text.size() > 5) return false;
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  return port <= 65535;
}

}  // namespace

bool is_valid_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos || close == 1) return false;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_valid_port(rest.substr(1)))) return false;
    return consists_of(text.substr(1, close - 1), kIpLiteral);
  }
  const size_t colon = text.find(':');
  if (!consists_of(text.substr(0, colon), kRegName)) return false;
  return colon == std::string_view::npos || is_valid_port(text.substr(colon + 1));
}

/// Beast's parser with its callbacks bound to ours. Made anew for each request: it cannot be reset.
struct RequestParser::Beast {
  class Parser final : public beast::http::basic_parser<true> {
   public:
    explicit Parser(RequestParser& owner) : owner_(owner) {
      eager(true);
      // Our own scan has checked the size of the head; a limit here would only need to be larger.
      header_limit(std::numeric_limits<uint32_t>::max());
      body_limit(boost::none);
    }

    BodySink* sink = nullptr;

   private:
    /// The refusal is kept in the owner; any error stops Beast.
    void stop_if_refused(error_code& ec) {
      if (owner_.refusal_) ec = beast::http::error::bad_value;
    }
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, error_code& ec) override {
      owner_.on_request(view(method), view(target), version);
      stop_if_refused(ec);
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_field_impl(field name, beast::string_view text, beast::string_view value,
                       error_code& ec) override {
      owner_.on_field(static_cast<int>(name), view(text), view(value));
      stop_if_refused(ec);
    }
    void on_header_impl(error_code& ec) override {
      owner_.on_head_done();
      stop_if_refused(ec);
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view body, error_code&) override {
      sink->on_body(view(body));
      return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions,
                              error_code& ec) override {
      owner_.on_chunk(size, view(extensions));
      stop_if_refused(ec);
    }
    std::size_t on_chunk_body_impl(std::uint64_t left, beast::string_view body,
                                   error_code&) override {
      owner_.at_chunk_line_ = left == body.size();
      sink->on_body(view(body));
      return body.size();
    }
    void on_finish_impl(error_code&) override {}

    RequestParser& owner_;
  };

  std::optional<Parser> parser;
  uint64_t chunked_bytes = 0;
};

RequestParser::RequestParser(const ParserLimits& limits)
    : limits_(limits), beast_(std::make_unique<Beast>()) {}

RequestParser::~RequestParser() = default;

void RequestParser::reset(RequestHead& head) {
  head_ = &head;
  beast_->parser.emplace(*this);
  beast_->chunked_bytes = 0;
  trailers_.clear();
  refusal_.reset();
  content_length_.reset();
  scanned_ = line_start_ = request_line_size_ = fields_ = 0;
  hosts_ = 0;
  transfer_encoding_ = at_chunk_line_ = started_ = head_done_ = done_ = false;
  keep_alive_ = expects_continue_ = false;
}

void RequestParser::refuse(uint16_t status, std::string reason) {
  if (!refusal_) refusal_ = Refusal{.status = status, .reason = std::move(reason)};
}

size_t RequestParser::parse_head(std::string_view input) {
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
  error_code error;
  const size_t used = beast_->parser->put({input_.data(), input_.size()}, error);
  if (refusal_) return skipped;
  if (error) {
    refuse_for(error.value(), error.message(), input_.substr(0, input_.find('\r')));
    return skipped;
  }
  CHECK(used == size && head_done_);
  done_ = beast_->parser->is_done();
  return skipped + size;
}

/// True, with its size, once the head is whole. Beast would skip over some of what is refused here.
bool RequestParser::scan_head(std::string_view input, size_t& size) {
  while (!refusal_) {
    const bool in_request_line = request_line_size_ == 0;
    const void* const found = std::memchr(input.data() + scanned_, '\n', input.size() - scanned_);
    const size_t end = found == nullptr
                           ? input.size()
                           : static_cast<size_t>(static_cast<const char*>(found) - input.data());
    if (in_request_line) {
      if (end > limits_.max_request_line_bytes + 1) {
        refuse(414, fmt::format("the request line is longer than {} bytes",
                                limits_.max_request_line_bytes));
        return false;
      }
    } else if (end - request_line_size_ > limits_.max_header_bytes + 3) {
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
    if (!check_line(line, !in_request_line)) return false;
    if (in_request_line) {
      request_line_size_ = end + 1;
    } else if (++fields_ > limits_.max_header_fields) {
      refuse(431, fmt::format("there are more than {} headers", limits_.max_header_fields));
    }
  }
  return false;
}

bool RequestParser::check_line(std::string_view line, bool is_field) {
  if (!line.ends_with('\r')) {
    refuse(400, "a line ends without CR");
  } else if (is_field && (line[0] == ' ' || line[0] == '\t')) {
    refuse(400, "a header is folded over several lines");
  }
  return !refusal_;
}

void RequestParser::on_request(std::string_view method, std::string_view target, int version) {
  auto parsed = Method::parse(method);
  if (!parsed) return refuse(400, "the request's method is malformed");
  head_->method = std::move(*parsed);
  head_->version = version == 10 ? Version::Http10 : Version::Http11;
  head_->scheme = Scheme::Http;
  head_->headers.clear();
  head_->authority.clear();
  parse_target(target);
}

/// request-target = origin-form / absolute-form / authority-form / asterisk-form
/// (RFC 9112, section 3.2)
void RequestParser::parse_target(std::string_view target) {
  for (const char c : target) {
    if (c == '#' || static_cast<signed char>(c) <= 0x20 || c == 0x7f) {
      return refuse(400, "the request's target has characters that must be percent-encoded");
    }
  }
  if (head_->method.kind() == Method::Kind::Connect) {
    if (target.empty() || !target.contains(':') || !is_valid_authority(target)) {
      return refuse(400, "the target of CONNECT must be host:port");
    }
    head_->authority = target;
    head_->path_with_query.clear();
    return;
  }
  if (target.starts_with('/')) {
    head_->path_with_query = target;
    return;
  }
  if (target == "*" && head_->method.kind() == Method::Kind::Options) {
    head_->path_with_query = target;
    return;
  }
  const size_t colon = target.find("://");
  const std::string_view scheme = target.substr(0, colon);
  if (colon != std::string_view::npos &&
      (names_equal(scheme, "http") || names_equal(scheme, "https"))) {
    const std::string_view rest = target.substr(colon + 3);
    const size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    if (authority.empty() || !is_valid_authority(authority)) {
      return refuse(400, "the host in the request's target is malformed");
    }
    head_->authority = authority;
    head_->scheme = names_equal(scheme, "https") ? Scheme::Https : Scheme::Http;
    head_->path_with_query = rest.substr(end);
    if (!head_->path_with_query.starts_with('/')) {
      const bool whole_server =
          head_->method.kind() == Method::Kind::Options && head_->path_with_query.empty();
      head_->path_with_query.insert(0, whole_server ? "*" : "/");
    }
    return;
  }
  refuse(400, "the request's target must begin with / or be an http URL");
}

void RequestParser::on_field(int id, std::string_view name, std::string_view value) {
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
    case field::host:
      if (++hosts_ > 1) return refuse(400, "there is more than one Host header");
      if (!is_valid_authority(value)) return refuse(400, "the Host header is malformed");
      // "the server MUST ignore the received Host header field and instead replace it with the
      // host information of the request-target" (RFC 9112, section 3.2.2).
      if (head_->authority.empty()) head_->authority = value;
      break;
    case field::content_length:
      // Beast takes lists and repetitions of one value.
      if (content_length_) return refuse(400, "there is more than one Content-Length header");
      if (!is_digits(value)) return refuse(400, "Content-Length is no decimal number");
      content_length_ = 0;
      break;
    case field::transfer_encoding:
      if (transfer_encoding_) return refuse(400, "there is more than one Transfer-Encoding header");
      transfer_encoding_ = true;
      // Beast takes what does not end in "chunked" for a request without a body.
      if (head_->version == Version::Http10) {
        return refuse(400, "Transfer-Encoding is not for HTTP/1.0");
      }
      if (!names_equal(value, "chunked")) {
        const size_t comma = value.rfind(',');
        const bool coded =
            comma != std::string_view::npos && list_contains(value.substr(comma + 1), "chunked");
        return coded ? refuse(501, "Transfer-Encoding other than chunked is not supported")
                     : refuse(400, "Transfer-Encoding must end in chunked");
      }
      break;
    case field::expect:
      if (head_->version == Version::Http10) break;
      if (!names_equal(value, "100-continue")) {
        return refuse(417, "only 100-continue may be expected");
      }
      expects_continue_ = true;
      break;
    default:
      break;
  }
  head_->headers.append_valid(name, value);
}

void RequestParser::on_head_done() {
  if (head_->version == Version::Http11 && hosts_ == 0) {
    return refuse(400, "there is no Host header");
  }
  if (content_length_ && transfer_encoding_) {
    return refuse(400, "there are both Content-Length and Transfer-Encoding");
  }
  if (content_length_) {
    content_length_ = beast_->parser->content_length().value_or(0);
    if (*content_length_ > limits_.max_body_bytes) {
      return refuse(413, fmt::format("the body is longer than {} bytes", limits_.max_body_bytes));
    }
  } else if (!transfer_encoding_) {
    content_length_ = 0;
  }
  at_chunk_line_ = transfer_encoding_;
  keep_alive_ = beast_->parser->keep_alive();
  if (content_length_ == 0U) expects_continue_ = false;
  head_done_ = true;
}

void RequestParser::on_chunk(uint64_t size, std::string_view extension) {
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
  if (size > limits_.max_body_bytes - beast_->chunked_bytes) {
    return refuse(413, fmt::format("the body is longer than {} bytes", limits_.max_body_bytes));
  }
  beast_->chunked_bytes += size;
  at_chunk_line_ = size == 0;
  if (size == 0) check_trailers(extension.data() + extension.size() + 2);
}

/// `begin` is behind the last chunk's line; Beast has seen that the section is whole.
bool RequestParser::check_trailers(const char* begin) {
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

void RequestParser::refuse_trailers() {
  refuse(431, fmt::format("the trailers are longer than {} bytes", limits_.max_header_bytes));
}

size_t RequestParser::parse_body(std::string_view input, BodySink& sink) {
  DCHECK(head_done_ && !done_);
  if (input.empty() || refusal_) return 0;
  // Beast 1.81 asserts that nobody comes back with less than "0 CRLF CRLF" of a last chunk.
  if (at_chunk_line_ && input[0] == '0' && input.size() < 5) return 0;
  input_ = input;
  beast_->parser->sink = &sink;
  error_code error;
  const size_t used = beast_->parser->put({input.data(), input.size()}, error);
  if (refusal_) return used;
  if (error && error != beast::http::error::need_more) {
    refuse_for(error.value(), error.message(), {});
    return used;
  }
  done_ = beast_->parser->is_done();
  // What is left is a chunk's line or the trailers, still without their end.
  if (!done_ && input.size() - used > limits_.max_header_bytes + kMaxChunkLine) refuse_trailers();
  return used;
}

void RequestParser::refuse_for(int beast_error, std::string_view message, std::string_view line) {
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
      return refuse(400, "the request line does not end in an HTTP version");
    }
    case error::bad_method:
      return refuse(400, "the request's method is malformed");
    case error::bad_target:
      return refuse(400, "the request's target is malformed");
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
      return refuse(400, fmt::format("the request is malformed: {}", message));
  }
}

}  // namespace wasmcloud::http::detail
