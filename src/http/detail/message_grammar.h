#pragma once

#include "http/detail/message_parser.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace wasmcloud::http::detail {

/// Beast has a parser for requests and another for responses; what is asked of both.
class MessageParser::Grammar {
 public:
  using Error = boost::beast::error_code;

  virtual ~Grammar() = default;
  /// Begins anew. `no_body`: none follows, whatever the fields say.
  virtual void reset(bool no_body) = 0;
  virtual size_t put(std::string_view input, Error& error) = 0;
  virtual void put_end(Error& error) = 0;
  virtual bool is_done() const = 0;
  virtual bool keep_alive() const = 0;
  virtual bool needs_end() const = 0;
  virtual std::optional<uint64_t> content_length() const = 0;

  BodySink* sink = nullptr;
};

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

template <bool is_request>
class MessageParser::BoundGrammar final : public Grammar {
 public:
  explicit BoundGrammar(MessageParser& owner) : owner_(owner) {}

  // Made anew for each message: it cannot be reset.
  void reset(bool no_body) override {
    parser_.emplace(owner_, sink);
    parser_->skip(no_body);
  }
  size_t put(std::string_view input, Error& error) override {
    return parser_->put({input.data(), input.size()}, error);
  }
  void put_end(Error& error) override { parser_->put_eof(error); }
  bool is_done() const override { return parser_->is_done(); }
  bool keep_alive() const override { return parser_->keep_alive(); }
  bool needs_end() const override { return parser_->need_eof(); }
  std::optional<uint64_t> content_length() const override {
    const auto length = parser_->content_length();
    return length ? std::optional<uint64_t>(*length) : std::nullopt;
  }

 private:
  using Text = boost::beast::string_view;

  class Parser final : public boost::beast::http::basic_parser<is_request> {
   public:
    Parser(MessageParser& owner, BodySink*& sink) : owner_(owner), sink_(sink) {
      this->eager(true);
      // Our own scan has checked the size of the head; a limit here would only need to be larger.
      this->header_limit(std::numeric_limits<uint32_t>::max());
      this->body_limit(boost::none);
    }

   private:
    /// The refusal is kept in the owner; any error stops Beast.
    void stop_if_refused(Error& error) {
      if (owner_.refusal_) error = boost::beast::http::error::bad_value;
    }
    void on_request_impl(boost::beast::http::verb, Text method, Text target, int version,
                         Error& error) override {
      owner_.http10_ = version == 10;
      owner_.on_request(view(method), view(target));
      stop_if_refused(error);
    }
    void on_response_impl(int status, Text, int version, Error& error) override {
      owner_.http10_ = version == 10;
      owner_.on_response(static_cast<unsigned>(status));
      stop_if_refused(error);
    }
    void on_field_impl(boost::beast::http::field id, Text name, Text value, Error& error) override {
      owner_.on_field(static_cast<int>(id), view(name), view(value));
      stop_if_refused(error);
    }
    void on_header_impl(Error& error) override {
      owner_.on_head_done();
      stop_if_refused(error);
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override {
      sink_->on_body(view(body));
      return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override {
      owner_.on_chunk(size, view(extensions));
      stop_if_refused(error);
    }
    std::size_t on_chunk_body_impl(std::uint64_t left, Text body, Error&) override {
      owner_.at_chunk_line_ = left == body.size();
      sink_->on_body(view(body));
      return body.size();
    }
    void on_finish_impl(Error&) override {}

    MessageParser& owner_;
    BodySink*& sink_;
  };

  MessageParser& owner_;
  std::optional<Parser> parser_;
};

}  // namespace wasmcloud::http::detail
