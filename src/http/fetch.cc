#include "http/fetch.h"

#include "base/text.h"

#include <time.h>

#include <charconv>

namespace wasmcloud::http {
namespace {

/// Gives the exchange up unless it came to its end.
class Holder {
 public:
  explicit Holder(Ref<ClientExchange> exchange) : exchange_(std::move(exchange)) {}
  ~Holder() {
    if (!done_) exchange_->cancel();
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  ClientExchange& operator*() const { return *exchange_; }
  ClientExchange* operator->() const { return &*exchange_; }
  void set_done() { done_ = true; }

 private:
  Ref<ClientExchange> exchange_;
  bool done_ = false;
};

Task<void> send_body(ClientExchange& exchange, const FetchRequest& request) {
  // In parts, so that progress can be told.
  constexpr size_t kPart = size_t{256} << 10;
  std::span<const std::byte> rest = request.body.span();
  while (!rest.empty()) {
    const auto part = rest.first(std::min(rest.size(), kPart));
    CO_TRY(co_await exchange.request_body().write_all(part));
    rest = rest.subspan(part.size());
    if (request.on_sent) request.on_sent(request.body.size() - rest.size());
  }
  co_return exchange.request_body().finish();
}

Task<Fetched> fetch_once(Client& client, const FetchRequest& request) {
  RequestHead head{.method = request.method,
                   .scheme = request.url.scheme,
                   .authority = request.url.authority,
                   .path_with_query = request.url.path_with_query,
                   .headers = request.headers};
  const Method::Kind kind = request.method.kind();
  if (!request.body.empty() || (kind != Method::Kind::Get && kind != Method::Kind::Head))
    CO_TRY(head.headers.set("content-length", std::to_string(request.body.size())));
  Holder exchange(CO_TRY(client.send(std::move(head), request.timeouts)));
  // A server may answer, such as with a refusal, before it took all.
  Result<void> sent = co_await send_body(*exchange, request);
  if (!sent && sent.error().code() == Errc::Cancelled) co_return fail(std::move(sent).error());
  Fetched fetched{.head = CO_TRY(co_await exchange->answer()), .body = {}, .url = request.url};
  BodyReader& body = exchange->response_body();
  if (request.sink && fetched.head.status >= 200 && fetched.head.status < 300) {
    while (auto part = CO_TRY(co_await body.read(SIZE_MAX)))
      CO_TRY(request.sink(fetched.head, std::move(*part)));
  } else {
    fetched.body = CO_TRY(co_await body.read_all(request.max_body_bytes));
  }
  exchange.set_done();
  co_return fetched;
}

/// Where to go on, if this is a redirect to follow.
Result<std::optional<Url>> next_of(const Fetched& fetched, const FetchRequest& request) {
  const uint16_t status = fetched.head.status;
  const bool keeps_method = status == 307 || status == 308;
  const Method::Kind kind = request.method.kind();
  const bool is_read = kind == Method::Kind::Get || kind == Method::Kind::Head;
  if (!keeps_method && !(is_read && (status == 301 || status == 302 || status == 303)))
    return std::nullopt;
  const auto location = fetched.head.headers.find("location");
  if (!location) return std::nullopt;
  Url next = TRY(resolve_url(request.url, *location));
  if (next.scheme == Scheme::Http && request.url.scheme == Scheme::Https && !request.may_leave_tls)
    return fail(Errc::Refused, "{} redirects to {} in the clear, which is not followed",
                request.url.authority, next.authority);
  return next;
}

}  // namespace

FetchRequest FetchRequest::copy() const {
  return {.method = method,
          .url = url,
          .headers = headers,
          .body = body.share(),
          .max_body_bytes = max_body_bytes,
          .timeouts = timeouts,
          .max_redirects = max_redirects,
          .may_leave_tls = may_leave_tls,
          .sink = sink,
          .on_sent = on_sent};
}

Task<Fetched> fetch(Client& client, FetchRequest request) {
  for (int redirects = 0;; ++redirects) {
    Result<Fetched> fetched = co_await fetch_once(client, request);
    if (!fetched) co_return fail(std::move(fetched).error().within(request.url.authority));
    const auto next = CO_TRY(next_of(*fetched, request));
    if (!next) co_return fetched;
    if (redirects == request.max_redirects)
      co_return fail(Errc::Refused, "{} redirects more than {} times", request.url.authority,
                     request.max_redirects);
    if (!next->same_origin(request.url)) {
      for (const std::string_view name : {"authorization", "cookie", "proxy-authorization"})
        request.headers.remove(name);
    }
    request.url = *next;
  }
}

std::optional<std::chrono::milliseconds> retry_after(const Headers& headers,
                                                     std::chrono::system_clock::time_point now) {
  const auto field = headers.find("retry-after");
  if (!field) return std::nullopt;
  const std::string text(trim(*field));
  uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc() && end == text.data() + text.size())
    return std::chrono::seconds(seconds);
  // IMF-fixdate = day-name "," SP date1 SP time-of-day SP GMT
  struct tm parts = {};
  const char* const rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  const auto when = std::chrono::system_clock::from_time_t(::timegm(&parts));
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(when - now),
                  std::chrono::milliseconds(0));
}

bool is_transient(uint16_t status) {
  return status == 408 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

bool is_transient(const Error& error) {
  const auto failure = failure_of(error);
  if (!failure) return false;
  return *failure == Failure::ConnectionTerminated || *failure == Failure::ResponseIncomplete ||
         *failure == Failure::ConnectionReadTimeout || *failure == Failure::ConnectionWriteTimeout;
}

}  // namespace wasmcloud::http
