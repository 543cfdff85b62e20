#include "oci/registry.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/units.h"
#include "oci/detail/requester.h"
#include "oci/detail/upload.h"

#include <boost/json.hpp>

#include <charconv>

namespace wasmcloud::oci {
namespace json = boost::json;

using detail::Access;
using detail::Call;
using detail::refusal;

namespace {

constexpr size_t kMaxManifest = size_t{4} << 20;
constexpr size_t kMaxTagPages = 100;
/// The kinds that are understood, and those that are recognised to say what they are.
constexpr std::string_view kAcceptedManifests =
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";

std::string media_type_of(const http::Headers& headers) {
  const std::string_view field = headers.find("content-type").value_or("");
  return to_lower(trim(field.substr(0, field.find(';'))));
}

/// What the registry says a manifest's digest is, if it is of a kind that can be checked.
Result<std::optional<std::string>> declared_digest(const http::Headers& headers) {
  const auto field = headers.find("docker-content-digest");
  if (!field || !field->starts_with("sha256:")) return std::nullopt;
  if (!is_valid_digest(*field))
    return fail(Errc::Malformed, "the registry's Docker-Content-Digest is no digest");
  return std::string(*field);
}

/// The bytes of a blob as they come, over several tries.
class BlobSink {
 public:
  BlobSink(const Descriptor& descriptor, const Progress& progress)
      : descriptor_(descriptor), progress_(progress) {}

  /// Asks for what is missing.
  void prepare(http::FetchRequest& request) {
    if (!bytes_.empty())
      static_cast<void>(request.headers.set("range", fmt::format("bytes={}-", bytes_.size())));
    started_with_ = bytes_.size();
    is_first_part_ = true;
  }
  bool progressed() const { return bytes_.size() > started_with_; }

  Result<void> take(const http::ResponseHead& head, const Bytes& part) {
    if (std::exchange(is_first_part_, false)) TRY(begin(head));
    if (part.size() > descriptor_.size - bytes_.size())
      return fail(Errc::Malformed, "the blob {} has more than the {} bytes its manifest says",
                  descriptor_.digest, descriptor_.size);
    bytes_.insert(bytes_.end(), part.data(), part.data() + part.size());
    hash_.add(part.span());
    if (progress_) progress_(bytes_.size(), descriptor_.size);
    return {};
  }

  Result<Bytes> finish() {
    if (bytes_.size() != descriptor_.size)
      return fail(Errc::Malformed, "the blob {} has {} bytes, and its manifest says {}",
                  descriptor_.digest, bytes_.size(), descriptor_.size);
    const std::string digest = fmt::format("sha256:{}", to_hex(hash_.finish()));
    if (digest != descriptor_.digest)
      return fail(Errc::Malformed,
                  "the blob {} has other content than its name says (it is {}); it was not kept",
                  descriptor_.digest, digest);
    return Bytes(std::move(bytes_));
  }

 private:
  /// Where the answer begins: at the end of what is there, or all over again.
  Result<void> begin(const http::ResponseHead& head) {
    if (head.status == 206) {
      // Content-Range: bytes first-last/length
      const std::string_view field = head.headers.find("content-range").value_or("");
      size_t first = 0;
      constexpr std::string_view kUnit = "bytes ";
      const bool is_bytes = field.starts_with(kUnit);
      const std::string_view range = is_bytes ? field.substr(kUnit.size()) : std::string_view();
      const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), first);
      if (!is_bytes || error != std::errc() || first != bytes_.size())
        return fail(Errc::Malformed, "the registry sent another part of the blob {} than was asked",
                    descriptor_.digest);
      return {};
    }
    bytes_.clear();
    hash_ = Sha256();
    return {};
  }

  const Descriptor& descriptor_;
  const Progress& progress_;
  std::vector<std::byte> bytes_;
  Sha256 hash_;
  size_t started_with_ = 0;
  bool is_first_part_ = true;
};

/// The URL of the next page of a list (Link: <url>; rel="next").
std::optional<std::string> next_page(const http::Headers& headers) {
  const auto link = headers.find("link");
  if (!link || !link->contains("rel=\"next\"")) return std::nullopt;
  const size_t start = link->find('<');
  const size_t end = link->find('>');
  if (start == link->npos || end == link->npos || end < start) return std::nullopt;
  return std::string(link->substr(start + 1, end - start - 1));
}

Result<void> add_tags(const Bytes& body, std::vector<std::string>& out) {
  json::error_code error;
  const std::string_view text = body.text();
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object())
    return fail(Errc::Malformed, "the list of tags is no JSON object");
  const json::value* const tags = root.get_object().if_contains("tags");
  if (tags == nullptr || !tags->is_array()) return {};
  for (const json::value& tag : tags->get_array()) {
    if (tag.is_string() && is_valid_tag(std::string_view(tag.get_string())))
      out.emplace_back(std::string_view(tag.get_string()));
  }
  return {};
}

}  // namespace

Registry::Registry(Loop& loop, RegistryOptions options)
    : requester_(std::make_unique<detail::Requester>(loop, std::move(options))) {}

Registry::~Registry() = default;

Loop& Registry::loop() const { return requester_->loop(); }
const RegistryOptions& Registry::options() const { return requester_->options(); }

Task<StoredManifest> Registry::manifest(Reference reference) {
  Call call;
  call.request.url = requester_->url(reference, "manifests/" + reference.target());
  call.request.max_body_bytes = kMaxManifest;
  CO_TRY(call.request.headers.set("accept", kAcceptedManifests));
  const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
  const std::string doing = fmt::format("the manifest of {}", reference.text());
  if (fetched.head.status == 404)
    co_return fail(Errc::NotFound, "there is no {} in the registry; check its name and tag",
                   reference.text());
  if (fetched.head.status != 200) co_return fail(refusal(fetched, reference, doing));
  StoredManifest stored{.bytes = std::string(fetched.body.text()),
                        .media_type = media_type_of(fetched.head.headers),
                        .digest = digest_of(fetched.body.text())};
  const auto declared = CO_TRY(declared_digest(fetched.head.headers));
  const std::string expected =
      !reference.digest.empty() ? reference.digest : declared.value_or(stored.digest);
  if (stored.digest != expected || declared.value_or(expected) != expected)
    co_return fail(Errc::Malformed, "{} is {}, and should be {}; it was not kept", doing,
                   stored.digest, expected);
  co_return stored;
}

Task<std::optional<std::string>> Registry::manifest_digest(Reference reference) {
  Call call;
  call.request.method = http::Method::Kind::Head;
  call.request.url = requester_->url(reference, "manifests/" + reference.target());
  CO_TRY(call.request.headers.set("accept", kAcceptedManifests));
  const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
  if (fetched.head.status == 404) co_return std::optional<std::string>();
  if (fetched.head.status != 200)
    co_return fail(refusal(fetched, reference, fmt::format("looking for {}", reference.text())));
  auto declared = CO_TRY(declared_digest(fetched.head.headers));
  if (declared) co_return std::move(declared);
  co_return CO_TRY(co_await manifest(std::move(reference))).digest;
}

Task<std::vector<std::string>> Registry::tags(Reference reference) {
  std::vector<std::string> out;
  http::Url url = requester_->url(reference, "tags/list");
  for (size_t page = 0; page < kMaxTagPages; ++page) {
    Call call;
    call.request.url = url;
    const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
    if (fetched.head.status != 200)
      co_return fail(refusal(fetched, reference, fmt::format("the tags of {}", reference.name())));
    CO_TRY(add_tags(fetched.body, out));
    const auto next = next_page(fetched.head.headers);
    if (!next) break;
    url = CO_TRY(http::resolve_url(url, *next));
  }
  co_return out;
}

Task<Bytes> Registry::blob(Reference reference, Descriptor descriptor, Progress progress) {
  const uint64_t limit = options().max_blob_bytes;
  if (descriptor.size > limit)
    co_return fail(Errc::Limit, "the blob {} of {} has {}, and the limit is {}", descriptor.digest,
                   reference.text(), format_size(descriptor.size), format_size(limit));
  BlobSink sink(descriptor, progress);
  Call call;
  call.request.url = requester_->url(reference, "blobs/" + descriptor.digest);
  call.request.sink = [&](const http::ResponseHead& head, const Bytes& part) {
    return sink.take(head, part);
  };
  call.prepare = [&](http::FetchRequest& request) { sink.prepare(request); };
  call.progressed = [&] { return sink.progressed(); };
  const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
  const std::string doing = fmt::format("the blob {} of {}", descriptor.digest, reference.text());
  if (fetched.head.status != 200 && fetched.head.status != 206)
    co_return fail(refusal(fetched, reference, doing));
  Result<Bytes> bytes = sink.finish();
  if (!bytes) co_return fail(std::move(bytes).error().within(reference.text()));
  co_return std::move(*bytes);
}

Task<bool> Registry::has_blob(Reference reference, std::string digest) {
  Call call;
  call.access = Access::Push;
  call.request.method = http::Method::Kind::Head;
  call.request.url = requester_->url(reference, "blobs/" + digest);
  const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
  if (fetched.head.status == 404) co_return false;
  if (fetched.head.status != 200)
    co_return fail(refusal(fetched, reference, fmt::format("looking for the blob {}", digest)));
  co_return true;
}

Task<void> Registry::upload_blob(Reference reference, Bytes blob, Progress progress) {
  const std::string digest = digest_of(blob.text());
  if (CO_TRY(co_await has_blob(reference, digest))) {
    if (progress) progress(blob.size(), blob.size());
    co_return Result<void>();
  }
  co_return co_await detail::upload(*requester_, std::move(reference), std::move(blob), digest,
                                    std::move(progress));
}

Task<void> Registry::upload_manifest(Reference reference, std::string bytes,
                                     std::string_view media_type) {
  const std::string digest = digest_of(bytes);
  Call call;
  call.access = Access::Push;
  call.request.method = http::Method::Kind::Put;
  call.request.url = requester_->url(reference, "manifests/" + reference.target());
  CO_TRY(call.request.headers.set("content-type", media_type));
  call.request.body = Bytes(std::move(bytes));
  const http::Fetched fetched = CO_TRY(co_await requester_->send(reference, std::move(call)));
  const std::string doing = fmt::format("pushing the manifest of {}", reference.text());
  if (fetched.head.status != 201 && fetched.head.status != 200)
    co_return fail(refusal(fetched, reference, doing));
  const auto declared = CO_TRY(declared_digest(fetched.head.headers));
  if (declared && *declared != digest)
    co_return fail(Errc::Malformed, "{}: the registry says it is {}, and it is {}", doing,
                   *declared, digest);
  co_return Result<void>();
}

}  // namespace wasmcloud::oci
