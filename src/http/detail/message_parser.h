#pragma once

#include "http/headers.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

struct ParserLimits {
  size_t max_start_line_bytes;
  size_t max_header_bytes;
  size_t max_header_fields;
  uint64_t max_body_bytes;
};

/// Why a message was refused. A client that sent it is told the status; of a response, it says what
/// kind of failure it is: 413 and 431 a limit, 501 a coding, the rest a breach of the protocol.
struct Refusal {
  uint16_t status;
  std::string reason;
};

/// Takes body bytes as they are found, in the memory that was given to `parse_body`.
class BodySink {
 public:
  virtual void on_body(std::string_view bytes) = 0;

 protected:
  ~BodySink() = default;
};

/// One HTTP/1.x message after the other, pushed in as bytes arrive. The grammar is Boost.Beast's
/// parser's; what it lets through and two parties might understand differently (the material of
/// request smuggling) is refused here.
class MessageParser {
 public:
  virtual ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  /// Looks for a whole head at the start of `input`, which holds all bytes since the last ones
  /// consumed. Returns how many bytes it consumed; `head_done` and `refusal` say what happened.
  size_t parse_head(std::string_view input);
  bool head_done() const { return head_done_; }
  /// True from the first byte of a message on, empty lines in front of it apart.
  bool started() const { return started_; }

  /// After the head. Returns how many bytes it consumed; the rest must come again, with more.
  size_t parse_body(std::string_view input, BodySink& sink);
  /// The whole message was parsed.
  bool done() const { return done_; }

  const std::optional<Refusal>& refusal() const { return refusal_; }

  // Known once the head is done.
  bool keep_alive() const { return keep_alive_; }
  std::optional<uint64_t> content_length() const { return content_length_; }
  /// Known once the message is done.
  const Headers& trailers() const { return trailers_; }

 protected:
  enum class Kind : uint8_t { Request, Response };
  /// Beast's parser with its callbacks bound to ours.
  class Grammar;

  MessageParser(const ParserLimits& limits, Kind kind);

  /// Begins the next message, whose fields go to `headers`.
  void begin(Headers& headers);
  void refuse(uint16_t status, std::string reason);
  const ParserLimits& limits() const { return limits_; }
  bool is_http10() const { return http10_; }
  Grammar& grammar() { return *grammar_; }

  // What the grammar finds. Each may refuse.
  virtual void on_request(std::string_view /*method*/, std::string_view /*target*/) {}
  virtual void on_response(unsigned /*status*/) {}
  /// A field of the head that does not delimit the body; `id` is Beast's.
  virtual void on_own_field(int id, std::string_view value) = 0;
  /// All fields are there. True if a body follows whose length nothing says.
  virtual bool on_fields_done() = 0;
  void set_done() { done_ = true; }

 private:
  template <bool is_request>
  class BoundGrammar;

  bool scan_head(std::string_view input, size_t& size);
  bool check_line(std::string_view line, bool is_field);
  bool check_trailers(const char* begin);
  void refuse_trailers();
  void on_field(int id, std::string_view name, std::string_view value);
  void on_content_length(std::string_view value);
  void on_transfer_encoding(std::string_view value);
  void on_head_done();
  void on_chunk(uint64_t size, std::string_view extension);
  void refuse_for(int beast_error, std::string_view message, std::string_view line);

  const ParserLimits limits_;
  const Kind kind_;
  std::unique_ptr<Grammar> grammar_;
  Headers* headers_ = nullptr;
  Headers trailers_;
  std::optional<Refusal> refusal_;
  std::optional<uint64_t> content_length_;
  uint64_t chunked_bytes_ = 0;
  std::string_view input_;  ///< what is being parsed
  size_t scanned_ = 0;      ///< bytes of the head known to hold no further line end
  size_t line_start_ = 0;
  size_t start_line_size_ = 0;
  size_t fields_ = 0;
  bool http10_ = false;
  bool transfer_encoding_ = false;
  bool at_chunk_line_ = false;  ///< what comes next is a chunk's size
  bool started_ = false;
  bool head_done_ = false;
  bool done_ = false;
  bool keep_alive_ = false;
};

}  // namespace wasmcloud::http::detail
