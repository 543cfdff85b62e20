#pragma once

#include "bindings/wasi/http_0_2/types.h"
#include "component/guest_result.h"
#include "wasi/http/exchange.h"
#include "wasi/http/fields.h"

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http::v0_2 {

namespace wit = wasmcloud::wit::wasi::http_0_2;

class FieldsHandle final : public wit::types::Fields {
 public:
  explicit FieldsHandle(FieldSet fields) : fields_(std::move(fields)) {}

  static FieldsHandle& of(wit::types::Fields& fields) { return static_cast<FieldsHandle&>(fields); }
  const Ref<FieldMap>& map() const { return fields_.map(); }

  Result<std::vector<Bytes>> get(std::string_view name) override;
  Result<bool> has(std::string_view name) override;
  Result<std::expected<void, wit::types::HeaderError>> set(std::string_view name,
                                                           std::vector<Bytes> value) override;
  Result<std::expected<void, wit::types::HeaderError>> delete_(std::string_view name) override;
  Result<std::expected<void, wit::types::HeaderError>> append(
      std::string_view name, std::span<const std::byte> value) override;
  Result<std::vector<std::tuple<std::string, Bytes>>> entries() override;
  Result<std::unique_ptr<wit::types::Fields>> clone() override;

 private:
  FieldSet fields_;
};

std::unique_ptr<wit::types::Fields> make_fields(Ref<FieldMap> map, FieldSet::Mode mode);
/// Errors: Errc::Limit, for more than a message may have.
Result<std::expected<void, wit::types::HeaderError>> to_wit(FieldError error,
                                                            const FieldMap& fields);

class IncomingBodyHandle final : public wit::types::IncomingBody {
 public:
  IncomingBodyHandle(Loop& loop, Ref<http::IncomingBody> body)
      : loop_(loop), body_(std::move(body)) {}
  const Ref<http::IncomingBody>& body() const { return body_; }
  Result<std::expected<std::unique_ptr<wit::types::InputStream>, std::monostate>> stream() override;

 private:
  Loop& loop_;
  Ref<http::IncomingBody> body_;
};

class FutureTrailersHandle final : public wit::types::FutureTrailers {
 public:
  FutureTrailersHandle(Context& context, Ref<IncomingTrailers> trailers)
      : context_(context), trailers_(std::move(trailers)) {}
  Result<std::unique_ptr<wit::types::Pollable>> subscribe() override;
  Result<std::optional<std::expected<
      std::expected<std::optional<std::unique_ptr<wit::types::Fields>>, wit::types::ErrorCode>,
      std::monostate>>>
  get() override;

 private:
  Context& context_;
  Ref<IncomingTrailers> trailers_;
  bool taken_ = false;
};

class OutgoingBodyHandle final : public wit::types::OutgoingBody {
 public:
  OutgoingBodyHandle(Loop& loop, Ref<http::OutgoingBody> body)
      : loop_(loop), body_(std::move(body)) {}
  /// An unfinished body is cut off, so that the client sees it.
  ~OutgoingBodyHandle() override { body_->abort(); }
  http::OutgoingBody& body() const { return *body_; }
  Result<std::expected<std::unique_ptr<wit::types::OutputStream>, std::monostate>> write() override;

 private:
  Loop& loop_;
  Ref<http::OutgoingBody> body_;
};

class IncomingRequestHandle final : public wit::types::IncomingRequest {
 public:
  IncomingRequestHandle(Context& context, Exchange& exchange)
      : context_(context), exchange_(exchange) {}
  Result<wit::types::Method> method() override;
  Result<std::optional<std::string>> path_with_query() override;
  Result<std::optional<wit::types::Scheme>> scheme() override;
  Result<std::optional<std::string>> authority() override;
  Result<std::unique_ptr<wit::types::Fields>> headers() override;
  Result<std::expected<std::unique_ptr<wit::types::IncomingBody>, std::monostate>> consume()
      override;

 private:
  Context& context_;
  Exchange::Hold exchange_;
  Ref<FieldMap> headers_;  ///< made when asked for
  bool consumed_ = false;
};

class OutgoingResponseHandle final : public wit::types::OutgoingResponse {
 public:
  OutgoingResponseHandle(Context& context, Ref<FieldMap> headers);
  Result<uint16_t> status_code() override { return status_; }
  Result<std::expected<void, std::monostate>> set_status_code(uint16_t status_code) override;
  Result<std::unique_ptr<wit::types::Fields>> headers() override;
  Result<std::expected<std::unique_ptr<wit::types::OutgoingBody>, std::monostate>> body() override;

  /// The guest is done with it: to the server.
  Result<void> send(Exchange& exchange);

 private:
  Loop& loop_;
  uint16_t status_ = 200;
  Ref<FieldMap> headers_;
  Ref<http::OutgoingBody> body_;
  bool body_taken_ = false;
};

class ResponseOutparamHandle final : public wit::types::ResponseOutparam {
 public:
  explicit ResponseOutparamHandle(Exchange& exchange) : exchange_(exchange) {}
  Exchange& exchange() const { return *exchange_; }
  /// Not stable yet, and not offered: the response's head is the only one.
  Result<std::expected<void, wit::types::ErrorCode>> send_informational(
      uint16_t, std::unique_ptr<wit::types::Fields>) override {
    return component::guest_error(wit::types::ErrorCode::configuration_error());
  }

 private:
  Exchange::Hold exchange_;
};

class OutgoingRequestHandle final : public wit::types::OutgoingRequest {
 public:
  OutgoingRequestHandle(Context& context, Ref<FieldMap> headers);
  /// What is to be sent. Errors: what no request can say.
  std::expected<wasmcloud::http::RequestHead, wit::types::ErrorCode> head() const;
  /// The request is sent: its body follows, as far as the guest has written it and as it writes on.
  void give_body_to(wasmcloud::http::BodyWriter& writer, Ref<Counted> owner);
  Result<std::expected<std::unique_ptr<wit::types::OutgoingBody>, std::monostate>> body() override;
  Result<wit::types::Method> method() override;
  Result<std::expected<void, std::monostate>> set_method(wit::types::Method method) override;
  Result<std::optional<std::string>> path_with_query() override { return path_with_query_; }
  Result<std::expected<void, std::monostate>> set_path_with_query(
      std::optional<std::string> path_with_query) override;
  Result<std::optional<wit::types::Scheme>> scheme() override;
  Result<std::expected<void, std::monostate>> set_scheme(
      std::optional<wit::types::Scheme> scheme) override;
  Result<std::optional<std::string>> authority() override { return authority_; }
  Result<std::expected<void, std::monostate>> set_authority(
      std::optional<std::string> authority) override;
  Result<std::unique_ptr<wit::types::Fields>> headers() override;

 private:
  Loop& loop_;
  Ref<FieldMap> headers_;
  Ref<http::OutgoingBody> body_;
  bool body_taken_ = false;
  wit::types::Method method_ = wit::types::Method::get();
  std::optional<wit::types::Scheme> scheme_;
  std::optional<std::string> path_with_query_;
  std::optional<std::string> authority_;
};

class RequestOptionsHandle final : public wit::types::RequestOptions {
 public:
  using Done = Result<std::expected<void, std::monostate>>;
  const std::optional<uint64_t>& connect_limit() const { return connect_; }
  const std::optional<uint64_t>& first_byte_limit() const { return first_byte_; }
  const std::optional<uint64_t>& between_bytes_limit() const { return between_bytes_; }

  Result<std::optional<uint64_t>> connect_timeout() override { return connect_; }
  Done set_connect_timeout(std::optional<uint64_t> duration) override {
    connect_ = duration;
    return component::ok();
  }
  Result<std::optional<uint64_t>> first_byte_timeout() override { return first_byte_; }
  Done set_first_byte_timeout(std::optional<uint64_t> duration) override {
    first_byte_ = duration;
    return component::ok();
  }
  Result<std::optional<uint64_t>> between_bytes_timeout() override { return between_bytes_; }
  Done set_between_bytes_timeout(std::optional<uint64_t> duration) override {
    between_bytes_ = duration;
    return component::ok();
  }

 private:
  std::optional<uint64_t> connect_;
  std::optional<uint64_t> first_byte_;
  std::optional<uint64_t> between_bytes_;
};

}  // namespace wasmcloud::wasi::http::v0_2
