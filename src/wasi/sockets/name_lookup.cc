#include "wasi/sockets/name_lookup.h"

#include "base/host_lookup.h"

#include <idn2.h>
#include <netdb.h>

#include <algorithm>

namespace wasmcloud::wasi::sockets {
namespace {

/// RFC 1035: a whole name, without the dot of the root.
constexpr size_t kMaxName = 253;
/// What a resolver may answer with at most.
constexpr size_t kMaxAddresses = 256;

/// RFC 6761: resolvers of the system are not asked for these.
bool is_localhost(std::string_view name) {
  return name == "localhost" || name.ends_with(".localhost");
}

/// Names that the platform answers by itself, never a resolver on the network.
bool is_reserved(std::string_view name) {
  return name == "wasmcloud.internal" || name.ends_with(".wasmcloud.internal");
}

/// Where the parts of a workload with a loopback of its own are.
Answer<std::vector<Ip>> resolve_reserved(std::string_view name) {
  constexpr std::string_view kZone = ".wasmcloud.internal";
  const std::string_view label = name.substr(0, name.size() - std::min(name.size(), kZone.size()));
  if (label == "host") return std::vector{kHostLoopback};
  if (label == "service" || (label.ends_with(".svc") && label.find('.') == label.size() - 4))
    return std::vector{Ip::v4(127, 0, 0, 1)};
  return refuse(ErrorCode::NameUnresolvable);
}

ErrorCode from_resolver(int error) {
  switch (error) {
    case EAI_AGAIN:
      return ErrorCode::TemporaryResolverFailure;
    case EAI_FAIL:
      return ErrorCode::PermanentResolverFailure;
    case EAI_MEMORY:
      return ErrorCode::OutOfMemory;
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
      return ErrorCode::NameUnresolvable;
    default:
      return ErrorCode::Unknown;
  }
}

/// Blocks.
Answer<std::vector<Ip>> resolve_by_system(const std::string& name) {
  const auto found = look_up_host(name);
  if (!found) return refuse(from_resolver(found.error()));
  std::vector<Ip> out;
  for (const HostAddress& each : *found) {
    const auto endpoint = from_system({.storage = each.storage, .size = each.size});
    if (!endpoint || out.size() == kMaxAddresses) continue;
    // The interface promises no mapped addresses.
    const Ip ip = endpoint->ip.unmapped();
    if (std::ranges::find(out, ip) == out.end()) out.push_back(ip);
  }
  if (out.empty()) return refuse(ErrorCode::NameUnresolvable);
  return out;
}

}  // namespace

Answer<std::string> to_ascii_name(std::string_view name) {
  if (name.size() > 4 * kMaxName || name.contains('\0')) {
    return refuse(ErrorCode::InvalidArgument);
  }
  const std::string terminated(name);
  char* converted = nullptr;
  // Without the rules of STD 3, which would take underscores away; what is plain is checked below.
  if (idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
      IDN2_OK) {
    return refuse(ErrorCode::InvalidArgument);
  }
  std::string ascii(converted);
  idn2_free(converted);
  if (ascii.ends_with('.')) ascii.pop_back();
  if (ascii.empty() || ascii.size() > kMaxName) return refuse(ErrorCode::InvalidArgument);
  size_t label = 0;
  for (char& letter : ascii) {
    const bool is_upper = letter >= 'A' && letter <= 'Z';
    if (is_upper) letter = static_cast<char>(letter - 'A' + 'a');
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                          letter == '-' || letter == '_';
    if (letter == '.' ? label == 0 : !is_plain || ++label > 63) {
      return refuse(ErrorCode::InvalidArgument);
    }
    if (letter == '.') label = 0;
  }
  // What ends in a number would be an address, and is none.
  const std::string_view last = std::string_view(ascii).substr(ascii.rfind('.') + 1);
  if (std::ranges::all_of(last, [](char letter) { return letter >= '0' && letter <= '9'; })) {
    return refuse(ErrorCode::InvalidArgument);
  }
  return ascii;
}

Answer<Ref<NameLookup>> NameLookup::start(const Network& network, std::string_view name) {
  auto lookup = make_ref<NameLookup>();
  std::string_view address = name;
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (const auto ip = Ip::parse(address)) {
    // Nobody is asked, so there is nothing to allow.
    lookup->result_ = std::vector{ip->unmapped()};
    return lookup;
  }
  auto ascii = to_ascii_name(name);
  if (!ascii) return refuse(ascii.error());
  if (is_reserved(*ascii)) {
    lookup->result_ = network.policy.loopback != nullptr
                          ? resolve_reserved(*ascii)
                          : Answer<std::vector<Ip>>(refuse(ErrorCode::NameUnresolvable));
    return lookup;
  }
  if (!network.policy.may_look_up(*ascii)) return refuse(ErrorCode::AccessDenied);
  if (is_localhost(*ascii)) {
    lookup->result_ = std::vector{Ip::v4(127, 0, 0, 1), *Ip::parse("::1")};
    return lookup;
  }
  Share share(network.lookups);
  if (!share.resize(1)) return refuse(ErrorCode::TemporaryResolverFailure);
  network.tasks.spawn(resolve, &network.loop, lookup, std::move(*ascii), std::move(share));
  return lookup;
}

Task<void> NameLookup::resolve(Loop* loop, Ref<NameLookup> self, std::string name, Share share) {
  auto answer =
      co_await loop->offload([name = std::move(name)]() -> Result<Answer<std::vector<Ip>>> {
        return resolve_by_system(name);
      });
  static_cast<void>(share.resize(0));
  if (answer) {
    self->result_ = std::move(*answer);
  } else {
    self->result_ = refuse(ErrorCode::TemporaryResolverFailure);
  }
  self->notify();
  co_return Result<void>();
}

Answer<std::optional<Ip>> NameLookup::next() {
  if (!result_) return refuse(ErrorCode::WouldBlock);
  if (!*result_) return refuse(result_->error());
  if (next_ == (*result_)->size()) return std::nullopt;
  return (**result_)[next_++];
}

}  // namespace wasmcloud::wasi::sockets
