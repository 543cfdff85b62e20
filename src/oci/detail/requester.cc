#include "oci/detail/requester.h"

#include "base/base64.h"
#include "base/log.h"
#include "base/text.h"

#include <boost/json.hpp>

#include <algorithm>
#include <random>

namespace wasmcloud::oci {

std::shared_ptr<http::ClientTls> trust_of(std::vector<std::string> ca_paths) {
  if (ca_paths.empty()) return http::ClientTls::of_system();
  http::TlsClientConfig config;
  config.ca_paths = std::move(ca_paths);
  return std::make_shared<http::ClientTls>(std::move(config));
}

namespace detail {
namespace json = boost::json;
namespace {

constexpr size_t kMaxAnswer = size_t{8} << 20;
constexpr int kMaxTries = 64;
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

std::string_view host_of(const std::string& registry) {
  // The Docker Hub's registry is not where its name says.
  return registry == hub::kName ? hub::kHost : registry;
}

/// A peer's words, for one line of a message.
std::string printable(std::string_view text) {
  constexpr size_t kMost = 300;
  std::string out;
  for (const char c : text.substr(0, kMost))
    out += static_cast<uint8_t>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return std::string(trim(out));
}

/// "CODE: message" of the first of `errors` ("Error Codes" of the distribution specification).
std::string reason_of(const Bytes& body) {
  json::error_code error;
  const std::string_view text = body.text();
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object()) return {};
  const json::value* const errors = root.get_object().if_contains("errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  const json::value& first = errors->get_array().front();
  if (!first.is_object()) return {};
  std::vector<std::string> parts;
  for (const std::string_view key : {"code", "message"}) {
    const json::value* const part = first.get_object().if_contains(key);
    if (part != nullptr && part->is_string() && !part->get_string().empty())
      parts.push_back(printable(std::string_view(part->get_string())));
  }
  return join(parts, ": ");
}

/// What came in answer to the beginning of a handshake was none.
bool is_no_tls(const Error& error) {
  return http::failure_of(error) == http::Failure::TlsProtocolError &&
         error.message().contains("the handshake");
}

Secret basic(const Credentials& credentials) {
  std::string pair = fmt::format("{}:{}", credentials.user, credentials.password.reveal());
  std::string encoded = to_base64(pair);
  wipe(pair);
  Secret value(fmt::format("Basic {}", encoded));
  wipe(encoded);
  return value;
}

std::string scope_of(const Reference& reference, Access access) {
  return fmt::format("repository:{}:{}", reference.repository,
                     access == Access::Push ? "pull,push" : "pull");
}

Error not_let_in(const Reference& reference, const RegistryOptions& options, bool known,
                 std::string_view why) {
  return Error(
      Errc::Denied,
      fmt::format("{} {}{}{}; log in with 'docker login {}', or {}", reference.registry,
                  known ? "does not accept these credentials" : "asks for a user and password",
                  why.empty() ? "" : ": ", why, reference.registry, options.other_login));
}

/// The token of a token server's answer.
Result<Secret> token_of(const Bytes& body, const std::string& server) {
  json::error_code error;
  const std::string_view text = body.text();
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (!error && root.is_object()) {
    for (const std::string_view key : {"token", "access_token"}) {
      const json::value* const token = root.get_object().if_contains(key);
      if (token == nullptr || !token->is_string() || token->get_string().empty()) continue;
      const std::string_view value = token->get_string();
      if (!http::is_valid_value(value)) break;
      return Secret(std::string(value));
    }
  }
  return fail(Errc::Malformed, "the token server {} answered without a token", server);
}

}  // namespace

std::optional<std::chrono::milliseconds> Backoff::next(
    std::optional<std::chrono::milliseconds> asked) {
  if (++tries_ >= policy_.attempts || ++total_ >= kMaxTries) return std::nullopt;
  if (asked && *asked > policy_.longest_asked) return std::nullopt;
  if (asked) return *asked;
  auto wait = policy_.first_wait * (1 << std::min(tries_ - 1, 16));
  wait = std::min<std::chrono::milliseconds>(wait, policy_.longest_wait);
  // Between half and all of it, so that many clients do not come back together.
  static thread_local std::minstd_rand random(std::random_device{}());
  return std::chrono::milliseconds(
      std::uniform_int_distribution<int64_t>(wait.count() / 2, wait.count())(random));
}

Requester::Requester(Loop& loop, RegistryOptions options)
    : loop_(loop), options_(std::move(options)), client_(loop, options_.http) {}

bool Requester::is_plain(const std::string& registry) const {
  return options_.plain_http_for_all ||
         std::ranges::find(options_.plain_http, registry) != options_.plain_http.end();
}

http::Url Requester::url(const Reference& reference, std::string_view rest) const {
  return {.scheme = is_plain(reference.registry) ? http::Scheme::Http : http::Scheme::Https,
          .authority = std::string(host_of(reference.registry)),
          .path_with_query = fmt::format("/v2/{}/{}", reference.repository, rest)};
}

Task<Credentials> Requester::credentials(std::string registry) {
  if (options_.login) co_return options_.login->copy();
  for (const RegistryLogin& login : options_.logins)
    if (means_registry(login.registry, registry)) co_return login.who.copy();
  auto found = credentials_.find(registry);
  if (found == credentials_.end()) {
    Credentials made = CO_TRY(co_await find_credentials(loop_, options_.docker_config, registry));
    found = credentials_.insert_or_assign(registry, std::move(made)).first;
  }
  co_return found->second.copy();
}

Task<Secret> Requester::fetch_token(const Reference& reference, std::string scope,
                                    Challenge challenge) {
  http::Url realm;
  if (Result<http::Url> parsed = http::parse_url(challenge.parameter("realm")); parsed) {
    realm = std::move(*parsed);
  } else {
    co_return fail(std::move(parsed).error().within(
        fmt::format("{} names a token server that is none", reference.registry)));
  }
  const bool plain = is_plain(reference.registry);
  if (realm.scheme == http::Scheme::Http && !plain)
    co_return fail(Errc::Refused, "{} wants a password sent to {} in the clear, which is not done",
                   reference.registry, realm.authority);
  const Credentials who = CO_TRY(co_await credentials(reference.registry));
  if (const std::string_view asked = challenge.parameter("scope"); !asked.empty()) scope = asked;
  std::string query =
      fmt::format("service={}&scope={}", http::percent_encode(challenge.parameter("service")),
                  http::percent_encode(scope));
  http::FetchRequest request;
  request.max_body_bytes = size_t{1} << 20;
  request.may_leave_tls = plain;
  CO_TRY(request.headers.set("user-agent", options_.user_agent));
  if (!who.identity_token.empty()) {
    request.method = http::Method::Kind::Post;
    query += fmt::format("&grant_type=refresh_token&client_id=wash&refresh_token={}",
                         http::percent_encode(who.identity_token.reveal()));
    CO_TRY(request.headers.set("content-type", kFormType));
    request.body = Bytes(std::move(query));
  } else {
    const bool has_query = realm.path_with_query.contains('?');
    realm.path_with_query += fmt::format("{}{}", has_query ? "&" : "?", query);
    if (!who.is_anonymous()) CO_TRY(request.headers.set("authorization", basic(who).reveal()));
  }
  request.url = realm;
  const http::Fetched fetched = CO_TRY(co_await retried(
      realm.authority, [&] { return http::fetch(client_, request.copy()); }, nullptr));
  const uint16_t status = fetched.head.status;
  if (status == 200) {
    const Secret token = CO_TRY(token_of(fetched.body, realm.authority));
    co_return Secret(fmt::format("Bearer {}", token.reveal()));
  }
  if (status == 401 || status == 403)
    co_return fail(not_let_in(reference, options_, !who.is_anonymous(), reason_of(fetched.body)));
  co_return fail(Errc::Refused, "the token server {} answered {} {}", realm.authority, status,
                 http::reason_phrase(status));
}

Task<Secret> Requester::authorise(const Reference& reference, std::string scope,
                                  std::vector<Challenge> challenges) {
  for (Challenge& challenge : challenges) {
    if (challenge.scheme == "bearer")
      co_return co_await fetch_token(reference, std::move(scope), std::move(challenge));
    if (challenge.scheme != "basic") continue;
    const Credentials who = CO_TRY(co_await credentials(reference.registry));
    if (who.is_anonymous() || who.user.empty())
      co_return fail(not_let_in(reference, options_, false, ""));
    co_return basic(who);
  }
  co_return fail(Errc::Unsupported,
                 "{} offers no way to log in that is known here; expected Bearer or Basic",
                 reference.registry);
}

Task<http::Fetched> Requester::send_once(const Reference& reference, Access access,
                                         http::FetchRequest request) {
  const http::Url home = url(reference, "");
  const std::string scope = scope_of(reference, access);
  const std::string key = fmt::format("{} {}", reference.registry, scope);
  // Uploads may go elsewhere, where nobody is to learn who we are.
  const bool at_home = request.url.same_origin(home);
  request.may_leave_tls = is_plain(reference.registry);
  request.max_body_bytes = std::min(request.max_body_bytes, kMaxAnswer);
  CO_TRY(request.headers.set("user-agent", options_.user_agent));
  for (int attempt = 0;; ++attempt) {
    http::FetchRequest next = request.copy();
    const auto known = authorisations_.find(key);
    if (at_home && known != authorisations_.end())
      CO_TRY(next.headers.set("authorization", known->second.reveal()));
    http::Fetched fetched = CO_TRY(co_await http::fetch(client_, std::move(next)));
    if (fetched.head.status != 401) co_return fetched;
    const bool from_home = at_home && fetched.url.same_origin(home);
    if (!from_home)
      co_return fail(Errc::Denied, "{} leads to {}, which lets nobody in", reference.registry,
                     fetched.url.authority);
    if (attempt == 1) {
      const Credentials who = CO_TRY(co_await credentials(reference.registry));
      authorisations_.erase(key);
      co_return fail(not_let_in(reference, options_, !who.is_anonymous(), reason_of(fetched.body)));
    }
    Secret made = CO_TRY(co_await authorise(reference, scope, challenges_of(fetched.head.headers)));
    authorisations_.insert_or_assign(key, std::move(made));
  }
}

Task<http::Fetched> Requester::send(const Reference& reference, Call call) {
  const auto attempt = [&] {
    http::FetchRequest next = call.request.copy();
    if (call.prepare) call.prepare(next);
    return send_once(reference, call.access, std::move(next));
  };
  auto fetched = co_await retried(reference.registry, attempt, call.progressed);
  if (fetched || !is_no_tls(fetched.error())) co_return fetched;
  const Error& error = fetched.error();
  co_return fail(Error(error.code(), fmt::format("{}; if it is spoken to without TLS, {}",
                                                 error.message(), options_.plain_switch))
                     .with_number(error.number()));
}

Task<http::Fetched> Requester::retried(const std::string& server,
                                       const std::function<Task<http::Fetched>()>& attempt,
                                       const std::function<bool()>& progressed) {
  for (Backoff backoff(options_.retry);;) {
    Result<http::Fetched> fetched = co_await attempt();
    const bool passing =
        fetched ? http::is_transient(fetched->head.status) : http::is_transient(fetched.error());
    if (!passing) co_return fetched;
    if (progressed && progressed()) backoff.reset();
    const auto wait = backoff.next(
        fetched ? http::retry_after(fetched->head.headers, std::chrono::system_clock::now())
                : std::nullopt);
    if (!wait) co_return fetched;
    log::debug("{}: {}; once more in {} ms", server,
               fetched ? fmt::format("status {}", fetched->head.status) : fetched.error().message(),
               wait->count());
    CO_TRY(co_await sleep_for(loop_, *wait));
  }
}

Error refusal(const http::Fetched& fetched, const Reference& reference, std::string_view doing) {
  const uint16_t status = fetched.head.status;
  const std::string reason = reason_of(fetched.body);
  std::string text = fmt::format("{}: {} answered {} {}", doing, reference.registry, status,
                                 http::reason_phrase(status));
  if (!reason.empty()) text += fmt::format(" ({})", reason);
  const auto wait = http::retry_after(fetched.head.headers, std::chrono::system_clock::now());
  if (wait && http::is_transient(status))
    text += fmt::format("; it asks to come back in {} s",
                        std::chrono::duration_cast<std::chrono::seconds>(*wait).count());
  switch (status) {
    case 403:
      return Error(Errc::Denied, fmt::format("{}; these credentials may not do that", text));
    case 404:
      return Error(Errc::NotFound, std::move(text));
    case 429:
      return Error(Errc::Limit, std::move(text));
    default:
      return Error(Errc::Refused, std::move(text));
  }
}

}  // namespace detail
}  // namespace wasmcloud::oci
