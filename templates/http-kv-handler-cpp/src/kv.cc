// An HTTP service that keeps values: the host's side of service.h.
#include "kv_cpp.h"
#include "service.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

namespace {

namespace types = ::wasi::http::types;
namespace keyvalue = ::wasi::keyvalue::store;

std::span<const uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string_view text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string text(const keyvalue::Error& error) {
  if (const auto* other = std::get_if<keyvalue::Error::Other>(&error.variants))
    return other->value.to_string();
  return std::holds_alternative<keyvalue::Error::NoSuchStore>(error.variants)
             ? "there is no such bucket"
             : "access is denied";
}

/// A bucket of the host.
class HostStore final : public Store {
 public:
  explicit HostStore(keyvalue::Bucket&& bucket) : bucket_(std::move(bucket)) {}

  std::expected<std::optional<std::string>, std::string> get(std::string_view key) const override {
    const auto value = bucket_.Get(key);
    if (!value) return std::unexpected(text(value.error()));
    if (!*value) return std::nullopt;
    return std::string(text((*value)->get_view()));
  }

  std::expected<void, std::string> set(std::string_view key, std::string_view value) override {
    if (const auto stored = bucket_.Set(key, bytes(value)); !stored)
      return std::unexpected(text(stored.error()));
    return {};
  }

 private:
  keyvalue::Bucket bucket_;
};

std::string_view name(const types::Method& method) {
  if (std::holds_alternative<types::Method::Get>(method.variants)) return "GET";
  return std::holds_alternative<types::Method::Post>(method.variants) ? "POST" : "";
}

std::string read_all(const types::IncomingRequest& request) {
  std::string out;
  auto body = request.Consume();
  if (!body) return out;
  if (auto stream = body->Stream()) {
    // The end of the body is an error, too: "closed".
    while (const auto chunk = stream->BlockingRead(64 * 1024)) out += text(chunk->get_view());
  }
  return out;
}

void send(types::ResponseOutparam&& out, const Answer& answer) {
  types::Fields headers;
  (void)headers.Append("content-type", bytes("text/plain; charset=utf-8"));
  if (answer.status == 405) (void)headers.Append("allow", bytes("GET, POST"));
  types::OutgoingResponse response{std::move(headers)};
  (void)response.SetStatusCode(answer.status);
  auto body = response.Body();
  if (!body) return;
  types::ResponseOutparam::Set(std::move(out), std::move(response));
  if (auto stream = body->Write()) {
    // One call takes at most 4096 bytes. An error means that the client went away.
    for (std::string_view rest = answer.text; !rest.empty();
         rest.remove_prefix(std::min<size_t>(rest.size(), 4096))) {
      if (!stream->BlockingWriteAndFlush(bytes(rest.substr(0, 4096)))) break;
    }
    // The stream goes before its body does.
  }
  (void)types::OutgoingBody::Finish(std::move(*body), {});
}

Answer answer(const types::IncomingRequest& request) {
  auto bucket = keyvalue::Open(kBucket);
  if (!bucket)
    return {500, "cannot open the bucket '" + std::string(kBucket) + "': " + text(bucket.error()) + "\n"};
  HostStore store(std::move(*bucket));
  const auto target = request.PathWithQuery();
  const std::string_view path = target ? target->get_view() : "/";
  const size_t mark = std::min(path.find('?'), path.size());
  return route(store, name(request.Method()), path.substr(std::min(mark + 1, path.size())),
               read_all(request));
}

}  // namespace

namespace exports::wasi::http::incoming_handler {

void Handle(types::IncomingRequest&& request, types::ResponseOutparam&& out) {
  send(std::move(out), answer(request));
}

}  // namespace exports::wasi::http::incoming_handler
