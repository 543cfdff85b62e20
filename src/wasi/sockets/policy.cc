#include "wasi/sockets/policy.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace wasmcloud::wasi::sockets {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return out;
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// The parts before and after the colon of a port; IPv6 without brackets has no port.
std::pair<std::string_view, std::optional<std::string_view>> split_port(std::string_view text) {
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == text.npos) return {text, std::nullopt};
    const std::string_view host = text.substr(1, end - 1);
    if (end + 1 == text.size()) return {host, std::nullopt};
    return {host, text[end + 1] == ':' ? text.substr(end + 2) : std::string_view()};
  }
  const size_t colon = text.find(':');
  if (colon == text.npos || text.find(':', colon + 1) != text.npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

Result<AddressRule> AddressRule::parse(std::string_view text) {
  const auto [host, port] = split_port(text);
  AddressRule rule;
  if (port) {
    rule.port_ = parse_port(*port);
    if (!rule.port_) {
      return fail(Errc::Invalid, "'{}' should end in a port from 1 to 65535, or have none", text);
    }
  }
  if (host == "*") return rule;
  rule.ip_ = Ip::parse(host);
  if (!rule.ip_) {
    return fail(Errc::Invalid, "'{}' should be *, an IP address, or one of these with :PORT", text);
  }
  rule.ip_ = rule.ip_->unmapped();
  return rule;
}

bool AddressRule::covers_destination(const Endpoint& endpoint) const {
  if (port_ && *port_ != endpoint.port) return false;
  const Ip ip = endpoint.ip.unmapped();
  return ip_ ? *ip_ == ip : !ip.is_special();
}

bool AddressRule::covers_local(const Endpoint& endpoint) const {
  if (port_ && *port_ != endpoint.port) return false;
  return !ip_ || *ip_ == endpoint.ip.unmapped();
}

Result<NameRule> NameRule::parse(std::string_view text) {
  NameRule rule;
  std::string_view name = text;
  if (name == "*") {
    rule.starred_ = true;
    return rule;
  }
  if (name.starts_with("*.")) {
    rule.starred_ = true;
    name.remove_prefix(1);
  }
  const auto is_plain = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
  };
  if (name.empty() || name == "." || !std::ranges::all_of(name, is_plain)) {
    return fail(Errc::Invalid, "'{}' should be *, *.SUFFIX, or a host name in ASCII", text);
  }
  rule.name_ = lower(name);
  return rule;
}

bool NameRule::covers(std::string_view ascii_name) const {
  const std::string name = lower(ascii_name);
  if (!starred_) return name == name_;
  return name.size() > name_.size() && name.ends_with(name_);
}

Result<HostPort> HostPort::parse(std::string_view text) {
  HostPort out;
  const size_t slash = text.find('/');
  const std::string protocol = slash == text.npos ? "tcp" : lower(text.substr(slash + 1));
  const auto port = parse_port(text.substr(0, slash));
  if (!port || (protocol != "tcp" && protocol != "udp")) {
    return fail(Errc::Invalid, "'{}' should be a port such as 5432, 5432/tcp or 53/udp", text);
  }
  out.port_ = *port;
  out.protocol_ = protocol == "tcp" ? Protocol::Tcp : Protocol::Udp;
  return out;
}

bool NetworkPolicy::may_reach_host(uint16_t port, Protocol protocol) const {
  return std::ranges::any_of(host_ports,
                             [&](const HostPort& each) { return each.covers(port, protocol); });
}

bool NetworkPolicy::binds_virtually(const Endpoint& local) const {
  if (loopback == nullptr || !(local.ip.is_loopback() || local.ip.is_unspecified())) return false;
  // A rule for this very place asks for this machine's.
  return local.port == 0 || !may_listen(local);
}

bool NetworkPolicy::may_listen(const Endpoint& local) const {
  return std::ranges::any_of(listen, [&](const auto& rule) { return rule.covers_local(local); });
}

bool NetworkPolicy::may_connect(const Endpoint& remote) const {
  return std::ranges::any_of(connect,
                             [&](const auto& rule) { return rule.covers_destination(remote); });
}

bool NetworkPolicy::may_look_up(std::string_view ascii_name) const {
  return std::ranges::any_of(lookup, [&](const auto& rule) { return rule.covers(ascii_name); });
}

}  // namespace wasmcloud::wasi::sockets
