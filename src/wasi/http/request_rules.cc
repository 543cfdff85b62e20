#include "wasi/http/request_rules.h"

#include <algorithm>
#include <charconv>

namespace wasmcloud::wasi::http {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// reg-name: unreserved, percent-encoded, sub-delims.
bool is_host_character(char c) {
  return is_letter(c) || is_digit(c) || std::string_view("-._~%!$&'()*+,;=").contains(c);
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (error == std::errc() && end == text.data() + text.size());
}

}  // namespace

bool is_grpc(const wasmcloud::http::Headers& headers) {
  const auto type = headers.find("content-type");
  return type && type->starts_with("application/grpc");
}

void limit(Clock::duration& out, const std::optional<uint64_t>& nanoseconds) {
  if (!nanoseconds) return;
  const auto most = static_cast<uint64_t>(Clock::duration::max().count());
  out = Clock::duration(static_cast<int64_t>(std::min(*nanoseconds, most)));
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_authority(std::string_view text) {
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    if (!std::ranges::all_of(user, [](char c) { return is_host_character(c) || c == ':'; })) {
      return false;
    }
    text.remove_prefix(at + 1);
  }
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos || end == 1) return false;
    const std::string_view address = text.substr(1, end - 1);
    if (!std::ranges::all_of(address, [](char c) { return is_host_character(c) || c == ':'; })) {
      return false;
    }
    text.remove_prefix(end + 1);
    return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
  }
  const size_t colon = text.find(':');
  const std::string_view host = text.substr(0, colon);
  if (host.empty() || !std::ranges::all_of(host, is_host_character)) return false;
  return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

bool is_path_with_query(std::string_view text) {
  // What would end the request's line, or begin a fragment, which is not sent.
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f && !std::string_view("#<>\\^`").contains(c);
  });
}

}  // namespace wasmcloud::wasi::http
