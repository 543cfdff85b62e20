#pragma once

#include "bindings/wasi/http_0_3/types.h"
#include "component/guest_result.h"
#include "http/client.h"
#include "http/message.h"
#include "wasi/http/body_0_3.h"
#include "wasi/http/fields.h"

#include <optional>
#include <string>

namespace wasmcloud::wasi::http::v0_3 {

using Mode = FieldSet::Mode;

class FieldsHandle final : public wit::types::Fields {
 public:
  using Done = Result<std::expected<void, wit::types::HeaderError>>;

  explicit FieldsHandle(FieldSet fields) : fields_(std::move(fields)) {}

  static FieldsHandle& of(wit::types::Fields& fields) { return static_cast<FieldsHandle&>(fields); }
  const Ref<FieldMap>& map() const { return fields_.map(); }

  Result<std::vector<Bytes>> get(std::string_view name) override;
  Result<bool> has(std::string_view name) override;
  Done set(std::string_view name, std::vector<Bytes> value) override;
  Done delete_(std::string_view name) override;
  Result<std::expected<std::vector<Bytes>, wit::types::HeaderError>> get_and_delete(
      std::string_view name) override;
  Done append(std::string_view name, std::span<const std::byte> value) override;
  Result<std::vector<std::tuple<std::string, Bytes>>> copy_all() override;
  Result<std::unique_ptr<wit::types::Fields>> clone() override;

 private:
  FieldSet fields_;
};

std::unique_ptr<wit::types::Fields> make_fields(Ref<FieldMap> map, Mode mode);
std::expected<void, wit::types::HeaderError> to_wit(FieldError error);

struct RequestOptions {
  std::optional<uint64_t> connect;
  std::optional<uint64_t> first_byte;
  std::optional<uint64_t> between_bytes;
};

class RequestOptionsHandle final : public wit::types::RequestOptions {
 public:
  using Done = Result<std::expected<void, wit::types::RequestOptionsError>>;
  using Duration = std::optional<uint64_t>;

  explicit RequestOptionsHandle(const v0_3::RequestOptions& options = {}, Mode mode = Mode::Mutable)
      : options_(options), mode_(mode) {}
  const v0_3::RequestOptions& options() const { return options_; }

  Result<Duration> get_connect_timeout() override { return options_.connect; }
  Done set_connect_timeout(Duration duration) override;
  Result<Duration> get_first_byte_timeout() override { return options_.first_byte; }
  Done set_first_byte_timeout(Duration duration) override;
  Result<Duration> get_between_bytes_timeout() override { return options_.between_bytes; }
  Done set_between_bytes_timeout(Duration duration) override;
  Result<std::unique_ptr<wit::types::RequestOptions>> clone() override;

 private:
  Done set(Duration v0_3::RequestOptions::* member, Duration duration);

  v0_3::RequestOptions options_;
  Mode mode_;
};

class RequestHandle final : public wit::types::Request {
 public:
  using Set = Result<std::expected<void, std::monostate>>;

  /// A guest's.
  RequestHandle(Ref<FieldMap> headers, std::optional<RequestOptions> options, MadeBody body)
      : headers_(std::move(headers)), options_(options), body_(std::move(body)) {}
  /// One that was received.
  RequestHandle(const wasmcloud::http::RequestHead& head, const Ref<ReceivedMessage>& message);
  ~RequestHandle() override;

  /// What is to be sent. Errors: what no request can say.
  std::expected<wasmcloud::http::RequestHead, wit::types::ErrorCode> head() const;
  wasmcloud::http::ClientTimeouts timeouts() const;
  Body take_body() { return std::move(body_); }

  Result<wit::types::Method> get_method() override { return method_; }
  Set set_method(wit::types::Method method) override;
  Result<std::optional<std::string>> get_path_with_query() override { return path_with_query_; }
  Set set_path_with_query(std::optional<std::string> path_with_query) override;
  Result<std::optional<wit::types::Scheme>> get_scheme() override { return scheme_; }
  Set set_scheme(std::optional<wit::types::Scheme> scheme) override;
  Result<std::optional<std::string>> get_authority() override { return authority_; }
  Set set_authority(std::optional<std::string> authority) override;
  Result<std::optional<std::unique_ptr<wit::types::RequestOptions>>> get_options() override;
  Result<std::unique_ptr<wit::types::Fields>> get_headers() override;

 private:
  const Ref<FieldMap>& headers() const { return received_ ? received_->fields() : headers_; }

  wit::types::Method method_ = wit::types::Method::get();
  std::optional<wit::types::Scheme> scheme_;
  std::optional<std::string> path_with_query_;
  std::optional<std::string> authority_;
  Ref<FieldMap> headers_;          ///< of a guest's
  Ref<ReceivedMessage> received_;  ///< has the headers of one that was received
  std::optional<RequestOptions> options_;
  Body body_;
};

class ResponseHandle final : public wit::types::Response {
 public:
  ResponseHandle(uint16_t status, Ref<FieldMap> headers, Body body)
      : status_(status), headers_(std::move(headers)), body_(std::move(body)) {}

  wasmcloud::http::ResponseHead head() const {
    return {.status = status_, .headers = headers_->headers()};
  }
  Body take_body() { return std::move(body_); }

  Result<uint16_t> get_status_code() override { return status_; }
  Result<std::expected<void, std::monostate>> set_status_code(uint16_t status_code) override;
  Result<std::unique_ptr<wit::types::Fields>> get_headers() override;

 private:
  uint16_t status_;
  Ref<FieldMap> headers_;
  Body body_;
};

}  // namespace wasmcloud::wasi::http::v0_3
