#include "http/detail/client/request_rules.h"

#include "http/failure.h"

#include <algorithm>

namespace wasmcloud::http::detail {
namespace {

constexpr size_t kMaxTarget = size_t{16} * 1024;

}  // namespace

Result<std::string_view> request_target(const RequestHead& head) {
  const std::string_view target =
      head.path_with_query.empty() ? std::string_view("/") : std::string_view(head.path_with_query);
  if (head.method.kind() == Method::Kind::Connect) {
    return fail(
        make_failure(Failure::RequestMethodInvalid, "CONNECT is for proxies, which are not used"));
  }
  if (target.size() > kMaxTarget) {
    return fail(make_failure(Failure::RequestUriTooLong,
                             fmt::format("the path is longer than {} bytes", kMaxTarget)));
  }
  const bool is_plain = std::ranges::all_of(
      target, [](char c) { return static_cast<uint8_t>(c) > 0x20 && c != 0x7f && c != '#'; });
  const bool whole_server = target == "*" && head.method.kind() == Method::Kind::Options;
  if (!is_plain || (target[0] != '/' && !whole_server)) {
    return fail(
        make_failure(Failure::RequestUriInvalid,
                     "the path must begin with / and have no spaces or control characters"));
  }
  return target;
}

bool is_clients_own(std::string_view name) {
  switch (name.size()) {
    case 4:
      return names_equal(name, "host");
    case 14:
      return names_equal(name, "http2-settings");
    case 17:
      return names_equal(name, "transfer-encoding");
    default:
      return is_connection_field(name);
  }
}

}  // namespace wasmcloud::http::detail
