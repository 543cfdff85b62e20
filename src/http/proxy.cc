#include "http/proxy.h"

#include "base/base64.h"
#include "base/text.h"
#include "http/authority.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace wasmcloud::http {
namespace {

/// The bytes of an address: 4, or 16.
std::optional<std::string> address_of(std::string_view text) {
  const std::string name(text);
  std::string bytes(4, '\0');
  if (::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(16);
  if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

/// Whether the first bits are the same.
bool is_within(std::string_view address, std::string_view network, size_t bits) {
  if (address.size() != network.size() || bits > address.size() * 8) return false;
  const size_t whole = bits / 8;
  if (address.substr(0, whole) != network.substr(0, whole)) return false;
  if (bits % 8 == 0) return true;
  return ((static_cast<uint8_t>(address[whole]) ^ static_cast<uint8_t>(network[whole])) >>
          (8 - bits % 8)) == 0;
}

std::optional<size_t> number(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view without_brackets(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    return text.substr(1, text.size() - 2);
  return text;
}

/// An address, or a network of them.
bool means_address(std::string_view entry, std::string_view address) {
  const size_t slash = entry.find('/');
  const auto network = address_of(without_brackets(entry.substr(0, slash)));
  if (!network) return false;
  if (slash == entry.npos) return *network == address;
  const auto bits = number(entry.substr(slash + 1));
  return bits && is_within(address, *network, *bits);
}

/// A name, or what lies below it. Dots at its ends make no difference.
bool means_name(std::string_view entry, std::string_view host) {
  if (entry.ends_with('.')) entry.remove_suffix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || !host.ends_with(entry)) return false;
  return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// With "%2F" as "/"; what is no such pair stays.
std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                      hex_digit(text[i + 2]) >= 0;
    out += pair ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (pair) i += 2;
  }
  return out;
}

Secret basic_authorization(std::string_view user_info) {
  const size_t colon = user_info.find(':');
  const Secret user(percent_decode(user_info.substr(0, colon)));
  const Secret password(colon == user_info.npos ? std::string()
                                                : percent_decode(user_info.substr(colon + 1)));
  std::string pair = fmt::format("{}:{}", user.reveal(), password.reveal());
  std::string encoded = to_base64(pair);
  wipe(pair);
  Secret value(fmt::format("Basic {}", encoded));
  wipe(encoded);
  return value;
}

/// [ "http://" ] [ user [ ":" password ] "@" ] host [ ":" port ] [ "/" ]
Result<std::shared_ptr<const Proxy>> parse_proxy(std::string_view text, std::string_view variable) {
  constexpr std::string_view kExpected = "expected http://HOST:PORT";
  text = trim(text);
  const size_t colon = text.find("://");
  const std::string scheme = colon == text.npos ? "http" : to_lower(text.substr(0, colon));
  const std::string_view rest = colon == text.npos ? text : text.substr(colon + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = authority.rfind('@');
  // Else what is a password would be taken, and shown, for a host.
  if (rest.rfind('@') != at)
    return fail(Errc::Invalid,
                "{}: '/', '?' and '#' in a user or password are written %2F, %3F and %23",
                variable);
  if (scheme != "http")
    return fail(Errc::Unsupported, "{}: a proxy of the kind '{}' is not spoken to; {}", variable,
                scheme, kExpected);
  const std::string_view where = at == authority.npos ? authority : authority.substr(at + 1);
  const auto parts = split_authority(where);
  if (!parts) return fail(Errc::Invalid, "{}: '{}' is no host; {}", variable, where, kExpected);
  auto proxy = std::make_shared<Proxy>();
  proxy->host = parts->host;
  proxy->port = parts->port.value_or(80);
  if (at != authority.npos) proxy->authorization = basic_authorization(authority.substr(0, at));
  proxy->said_by = variable;
  return proxy;
}

/// The first variable that is set to something.
std::optional<std::pair<std::string, std::string>> first_of(
    const Proxies::Lookup& variable, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    auto value = variable(name);
    if (value && !trim(*value).empty()) return std::pair(std::string(name), *std::move(value));
  }
  return std::nullopt;
}

}  // namespace

std::string Proxy::describe() const {
  return fmt::format("the proxy {} of {}", join_authority(host, port), said_by);
}

NoProxy::NoProxy(std::string_view text) {
  std::string entry;
  for (const char c : text) {
    if (c != ',' && c != ' ' && c != '\t') {
      entry += c;
      continue;
    }
    if (!entry.empty()) entries_.push_back(to_lower(std::exchange(entry, {})));
  }
  if (!entry.empty()) entries_.push_back(to_lower(entry));
}

bool NoProxy::matches(std::string_view host, uint16_t port) const {
  if (entries_.size() == 1 && entries_.front() == "*") return true;
  std::string name = to_lower(host);
  if (name.ends_with('.')) name.pop_back();
  const auto address = address_of(name);
  return std::ranges::any_of(entries_, [&](const std::string& entry) {
    const auto means = [&](std::string_view text) {
      return address ? means_address(text, *address) : means_name(text, name);
    };
    if (means(entry)) return true;
    const auto parts = split_authority(entry);
    return parts && parts->port == port && means(parts->host);
  });
}

std::shared_ptr<const Proxies> Proxies::of_environment(const Lookup& variable) {
  const auto proxy_of = [&](std::initializer_list<const char*> names) -> Found {
    const auto found = first_of(variable, names);
    if (!found) return std::shared_ptr<const Proxy>();
    return parse_proxy(found->second, found->first);
  };
  const auto without = first_of(variable, {"no_proxy", "NO_PROXY"});
  const bool is_cgi = variable("REQUEST_METHOD").has_value();
  return std::shared_ptr<const Proxies>(
      new Proxies(proxy_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
                  is_cgi ? proxy_of({"http_proxy", "all_proxy", "ALL_PROXY"})
                         : proxy_of({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}),
                  NoProxy(without ? without->second : "")));
}

Result<std::shared_ptr<const Proxy>> Proxies::find(Scheme scheme, std::string_view host,
                                                   uint16_t port) const {
  if (without_.matches(host, port)) return nullptr;
  const Found& found = scheme == Scheme::Https ? https_ : http_;
  if (!found) return fail(found.error().copy());
  return *found;
}

}  // namespace wasmcloud::http
