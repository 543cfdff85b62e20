#pragma once

#include "http/message.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

struct ParserLimits {
  size_t max_request_line_bytes;
  size_t max_header_bytes;
  size_t max_header_fields;
  uint64_t max_body_bytes;
};

/// Why a request was refused, as the client is told.
struct Refusal {
  uint16_t status;
  std::string reason;
};

/// Host = uri-host [ ":" port ] (RFC 9110, section 7.2); may be empty.
bool is_valid_authority(std::string_view text);

/// Takes body bytes as they are found, in the memory that was given to `parse_body`.
class BodySink {
 public:
  virtual void on_body(std::string_view bytes) = 0;

 protected:
  ~BodySink() = default;
};

/// One HTTP/1.x request after the other, pushed in as bytes arrive. The grammar is Boost.Beast's
/// parser's; what it lets through and two servers might understand differently (the material of
/// request smuggling) is refused here.
class RequestParser {
 public:
  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// Begins the next request, which is written to `head`.
  void reset(RequestHead& head);

  /// Looks for a whole head at the start of `input`, which holds all bytes since the last ones
  /// consumed. Returns how many bytes it consumed; `head_done` and `refusal` say what happened.
  size_t parse_head(std::string_view input);
  bool head_done() const { return head_done_; }
  /// True from the first byte of a request on, empty lines in front of it apart.
  bool started() const { return started_; }

  /// After the head. Returns how many bytes it consumed; the rest must come again, with more.
  size_t parse_body(std::string_view input, BodySink& sink);
  /// The whole request was parsed.
  bool done() const { return done_; }

  const std::optional<Refusal>& refusal() const { return refusal_; }

  // Known once the head is done.
  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }
  std::optional<uint64_t> content_length() const { return content_length_; }
  /// Known once the request is done.
  const Headers& trailers() const { return trailers_; }

 private:
  struct Beast;

  bool scan_head(std::string_view input, size_t& size);
  bool check_line(std::string_view line, bool is_field);
  bool check_trailers(const char* begin);
  void refuse_trailers();
  void on_request(std::string_view method, std::string_view target, int version);
  void on_field(int field, std::string_view name, std::string_view value);
  void on_head_done();
  void on_chunk(uint64_t size, std::string_view extension);
  void parse_target(std::string_view target);
  void refuse(uint16_t status, std::string reason);
  void refuse_for(int beast_error, std::string_view message, std::string_view line);

  ParserLimits limits_;
  std::unique_ptr<Beast> beast_;
  RequestHead* head_ = nullptr;
  Headers trailers_;
  std::optional<Refusal> refusal_;
  std::optional<uint64_t> content_length_;
  std::string_view input_;  ///< what is being parsed
  size_t scanned_ = 0;      ///< bytes of the head known to hold no further line end
  size_t line_start_ = 0;
  size_t request_line_size_ = 0;
  size_t fields_ = 0;
  unsigned hosts_ = 0;
  bool transfer_encoding_ = false;
  bool at_chunk_line_ = false;  ///< what comes next is a chunk's size
  bool started_ = false;
  bool head_done_ = false;
  bool done_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
};

}  // namespace wasmcloud::http::detail
