#include "wash/update/release.h"

#include "base/digest.h"
#include "base/text.h"
#include "http/fetch.h"

#include <boost/json.hpp>

#include <sys/utsname.h>

namespace wasmcloud::wash {
namespace json = boost::json;
namespace {

constexpr size_t kMaxAnswer = size_t{4} << 20;
constexpr size_t kMaxAsset = size_t{512} << 20;
constexpr std::string_view kSums = "SHA256SUMS";

Result<http::FetchRequest> request_to(const ReleaseSource& source, std::string_view path,
                                      std::string_view accept) {
  http::FetchRequest request;
  request.url =
      TRY(http::parse_url(fmt::format("{}/repos/{}/{}", source.api, source.repository, path)));
  request.may_leave_tls = request.url.scheme == http::Scheme::Http;
  TRY(request.headers.set("user-agent", "wash-self-upgrade"));
  TRY(request.headers.set("accept", accept));
  if (!source.token.empty()) {
    if (Result<void> set =
            request.headers.set("authorization", fmt::format("Bearer {}", source.token.reveal()));
        !set)
      return fail(Errc::Invalid, "the token holds characters that cannot be sent");
  }
  return request;
}

Error refusal(const http::Fetched& fetched, const ReleaseSource& source, std::string_view what) {
  const uint16_t status = fetched.head.status;
  const std::string text = fmt::format("{} of {}: {} answered {} {}", what, source.repository,
                                       fetched.url.authority, status, http::reason_phrase(status));
  if (status == 404)
    return Error(Errc::NotFound, fmt::format("{}; check --git, or give a --token", text));
  if (status == 429 || fetched.head.headers.find("x-ratelimit-remaining") == "0")
    return Error(Errc::Limit,
                 fmt::format("{}; too many requests were made: wait, or give a --token", text));
  if (status == 401 || status == 403)
    return Error(Errc::Denied, fmt::format("{}; check the --token", text));
  return Error(Errc::Refused, text);
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string()))
                                                : std::string();
}

Result<Release> release_of(const Bytes& body) {
  json::error_code error;
  const std::string_view text = body.text();
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object())
    return fail(Errc::Malformed, "the answer about the latest release is no JSON object");
  const std::string tag = text_of(root.get_object(), "tag_name");
  std::string_view number = tag;
  for (const std::string_view prefix : {"wash-", "v"})
    if (number.starts_with(prefix)) number.remove_prefix(prefix.size());
  Result<SemVer> version = SemVer::parse(number);
  if (!version)
    return fail(Errc::Malformed, "the latest release is called '{}', which is no version", tag);
  Release release{.version = std::move(*version), .assets = {}};
  const json::value* const assets = root.get_object().if_contains("assets");
  if (assets == nullptr || !assets->is_array()) return release;
  for (const json::value& each : assets->get_array()) {
    const json::object* const object = each.if_object();
    const json::value* const id = object == nullptr ? nullptr : object->if_contains("id");
    if (id == nullptr || !id->is_int64() || id->get_int64() < 0) continue;
    release.assets.push_back({.id = static_cast<uint64_t>(id->get_int64()),
                              .name = text_of(*object, "name"),
                              .digest = text_of(*object, "digest")});
  }
  return release;
}

/// The digest that a list of `sha256sum` has for a file; empty if it has none.
std::string listed_digest(std::string_view sums, std::string_view name) {
  for (const std::string_view line : split(sums, '\n')) {
    // 64 digits, a blank, a blank or a star, the name
    const std::string_view row = trim(line);
    if (row.size() > 66 && row.substr(66) == name)
      return fmt::format("sha256:{}", to_lower(row.substr(0, 64)));
  }
  return {};
}

Task<Bytes> fetch_asset(http::Client& client, const ReleaseSource& source,
                        const ReleaseAsset& asset, oci::Progress progress) {
  http::FetchRequest request = CO_TRY(
      request_to(source, fmt::format("releases/assets/{}", asset.id), "application/octet-stream"));
  std::vector<std::byte> bytes;
  request.max_body_bytes = kMaxAnswer;
  request.sink = [&](const http::ResponseHead& head, const Bytes& part) -> Result<void> {
    if (part.size() > kMaxAsset - bytes.size())
      return fail(Errc::Limit, "{} is larger than {} MiB", asset.name, kMaxAsset >> 20);
    bytes.insert(bytes.end(), part.data(), part.data() + part.size());
    const auto length = head.headers.find("content-length");
    if (progress && length)
      progress(bytes.size(), std::strtoull(std::string(*length).c_str(), nullptr, 10));
    return {};
  };
  const http::Fetched fetched = CO_TRY(co_await http::fetch(client, std::move(request)));
  if (fetched.head.status != 200) co_return fail(refusal(fetched, source, asset.name));
  co_return Bytes(std::move(bytes));
}

}  // namespace

const ReleaseAsset* Release::find(std::string_view name) const {
  const auto found = std::ranges::find(assets, name, &ReleaseAsset::name);
  return found == assets.end() ? nullptr : &*found;
}

Result<const ReleaseAsset*> asset_for_this_machine(const Release& release) {
  struct utsname machine = {};
  ::uname(&machine);
  const std::string_view architecture = machine.machine;
  // Built for the GNU library, as this program is; the other runs everywhere but does less.
  for (const std::string& name :
       {fmt::format("wash-{}-{}-unknown-linux-gnu.tar.gz", release.version.str(), architecture),
        fmt::format("wash-{}-unknown-linux-gnu", architecture),
        fmt::format("wash-{}-unknown-linux-musl", architecture)}) {
    if (const ReleaseAsset* asset = release.find(name)) return asset;
  }
  std::vector<std::string> names;
  for (const ReleaseAsset& asset : release.assets) names.push_back(asset.name);
  return fail(Errc::NotFound, "version {} has nothing for this machine ({}, Linux); it has: {}",
              release.version.str(), architecture,
              names.empty() ? "nothing" : wasmcloud::join(names, ", "));
}

Task<Release> latest_release(http::Client& client, const ReleaseSource& source) {
  http::FetchRequest request =
      CO_TRY(request_to(source, "releases/latest", "application/vnd.github+json"));
  request.max_body_bytes = kMaxAnswer;
  const http::Fetched fetched = CO_TRY(co_await http::fetch(client, std::move(request)));
  if (fetched.head.status != 200) co_return fail(refusal(fetched, source, "the latest release"));
  co_return release_of(fetched.body);
}

Task<Bytes> download(http::Client& client, const ReleaseSource& source, const Release& release,
                     const ReleaseAsset& asset, oci::Progress progress) {
  std::vector<std::string> expected;
  if (!asset.digest.empty()) expected.push_back(asset.digest);
  if (const ReleaseAsset* sums = release.find(kSums)) {
    const Bytes list = CO_TRY(co_await fetch_asset(client, source, *sums, nullptr));
    if (std::string digest = listed_digest(list.text(), asset.name); !digest.empty())
      expected.push_back(std::move(digest));
  }
  if (expected.empty())
    co_return fail(Errc::NotFound, "version {} has no checksum of {}, so it is not installed",
                   release.version.str(), asset.name);
  Bytes bytes = CO_TRY(co_await fetch_asset(client, source, asset, std::move(progress)));
  const std::string digest = fmt::format("sha256:{}", to_hex(sha256(bytes.span())));
  for (const std::string& each : expected) {
    if (each != digest)
      co_return fail(Errc::Malformed, "{} is {}, and should be {}; nothing was installed",
                     asset.name, digest, each);
  }
  co_return bytes;
}

}  // namespace wasmcloud::wash
