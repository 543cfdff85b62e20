#include "oci/detail/upload.h"

#include <algorithm>
#include <charconv>

namespace wasmcloud::oci::detail {
namespace {

constexpr std::string_view kOctets = "application/octet-stream";

class Upload {
 public:
  Upload(Requester& requester, Reference reference, Bytes blob, std::string digest,
         Progress progress)
      : requester_(requester),
        reference_(std::move(reference)),
        blob_(std::move(blob)),
        digest_(std::move(digest)),
        progress_(std::move(progress)),
        doing_(fmt::format("pushing the blob {} to {}", digest_, reference_.name())),
        home_(requester.url(reference_, "blobs/uploads/")) {}

  Task<void> run();

 private:
  enum class Step : uint8_t { Done, Again, Whole };

  bool in_pieces() const { return blob_.size() > requester_.options().upload_piece_bytes; }
  Task<void> begin();
  Task<Step> send_piece();
  /// The rest, which is all of a blob that is not sent in pieces, and what it is to be.
  Task<Step> finish();
  /// After a try that failed: where to go on.
  Task<void> find_place();
  Task<http::Fetched> send(http::FetchRequest request);
  /// Where the next request goes, by what the registry answered to the last.
  Result<void> move_to(const http::Headers& headers);
  Result<Step> judge(Result<http::Fetched> answer);
  /// Of the bytes that the registry has, by its Range field.
  std::optional<size_t> count_of(const http::Headers& headers) const;
  void set_sent(size_t count) {
    sent_ = count;
    if (progress_) progress_(sent_, blob_.size());
  }

  Requester& requester_;
  const Reference reference_;
  const Bytes blob_;
  const std::string digest_;
  const Progress progress_;
  const std::string doing_;
  const http::Url home_;
  http::Url location_;
  bool begun_ = false;
  bool whole_ = false;  ///< the registry takes no pieces
  size_t sent_ = 0;
  std::optional<Error> last_failure_;
};

Task<http::Fetched> Upload::send(http::FetchRequest request) {
  return requester_.send_once(reference_, Access::Push, std::move(request));
}

Result<void> Upload::move_to(const http::Headers& headers) {
  const auto location = headers.find("location");
  if (!location) return {};
  http::Url next = TRY(http::resolve_url(home_, *location));
  if (next.scheme == http::Scheme::Http && home_.scheme == http::Scheme::Https)
    return fail(Errc::Refused, "{}: it is to go to {} in the clear, which is not done", doing_,
                next.authority);
  location_ = std::move(next);
  return {};
}

std::optional<size_t> Upload::count_of(const http::Headers& headers) const {
  // Range: 0-last, or bytes=0-last; what has nothing yet says "0-0" too.
  std::string_view range = headers.find("range").value_or("");
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  if (!range.starts_with("0-")) return std::nullopt;
  range.remove_prefix(2);
  size_t last = 0;
  const auto [end, error] = std::from_chars(range.data(), range.data() + range.size(), last);
  if (error != std::errc() || end != range.data() + range.size() || last >= blob_.size())
    return std::nullopt;
  return last == 0 ? 0 : last + 1;
}

/// What an answer that was not hoped for means; an error where it will not pass.
Result<Upload::Step> Upload::judge(Result<http::Fetched> answer) {
  const bool passing =
      answer ? http::is_transient(answer->head.status) : http::is_transient(answer.error());
  Error error =
      answer ? refusal(*answer, reference_, doing_) : std::move(answer).error().within(doing_);
  if (!passing) return fail(std::move(error));
  last_failure_ = std::move(error);
  return Step::Again;
}

Task<void> Upload::begin() {
  Call start;
  start.access = Access::Push;
  start.request.method = http::Method::Kind::Post;
  start.request.url = home_;
  const http::Fetched started = CO_TRY(co_await requester_.send(reference_, std::move(start)));
  if (started.head.status != 202 || !started.head.headers.find("location"))
    co_return fail(refusal(started, reference_, doing_));
  CO_TRY(move_to(started.head.headers));
  begun_ = true;
  sent_ = 0;
  co_return Result<void>();
}

Task<Upload::Step> Upload::send_piece() {
  const size_t size =
      std::min<size_t>(requester_.options().upload_piece_bytes, blob_.size() - sent_);
  http::FetchRequest patch;
  patch.method = http::Method::Kind::Patch;
  patch.url = location_;
  patch.body = blob_.share();
  patch.body.remove_prefix(sent_);
  patch.body.truncate(size);
  CO_TRY(patch.headers.set("content-type", kOctets));
  CO_TRY(patch.headers.set("content-range", fmt::format("{}-{}", sent_, sent_ + size - 1)));
  if (progress_) patch.on_sent = [this](size_t sent) { progress_(sent_ + sent, blob_.size()); };
  Result<http::Fetched> answer = co_await send(std::move(patch));
  if (!answer) co_return judge(std::move(answer));
  const uint16_t status = answer->head.status;
  if (status == 202) {
    CO_TRY(move_to(answer->head.headers));
    const size_t there = count_of(answer->head.headers).value_or(sent_ + size);
    if (there <= sent_ || there > sent_ + size)
      co_return fail(Errc::Malformed,
                     "{}: {} says that it has {} bytes of it, and it was sent {} behind {}", doing_,
                     reference_.registry, there, size, sent_);
    set_sent(there);
    co_return Step::Done;
  }
  // Another place than the registry is at, or an upload that it has forgotten.
  if (status == 416 || (status == 404 && sent_ > 0)) {
    last_failure_ = refusal(*answer, reference_, doing_);
    co_return Step::Again;
  }
  if (sent_ == 0 && (status == 400 || status == 404 || status == 405 || status == 411 ||
                     status == 415 || status == 501))
    co_return Step::Whole;
  co_return judge(std::move(answer));
}

Task<Upload::Step> Upload::finish() {
  http::FetchRequest put;
  put.method = http::Method::Kind::Put;
  put.url = location_;
  const bool has_query = put.url.path_with_query.contains('?');
  put.url.path_with_query +=
      fmt::format("{}digest={}", has_query ? "&" : "?", http::percent_encode(digest_));
  CO_TRY(put.headers.set("content-type", kOctets));
  put.body = blob_.share();
  put.body.remove_prefix(sent_);
  if (progress_ && sent_ == 0) put.on_sent = [this](size_t sent) { progress_(sent, blob_.size()); };
  Result<http::Fetched> answer = co_await send(std::move(put));
  if (answer && answer->head.status == 201) co_return Step::Done;
  co_return judge(std::move(answer));
}

Task<void> Upload::find_place() {
  // Only in pieces does it make sense to ask what arrived.
  if (!begun_ || whole_ || !in_pieces()) {
    begun_ = false;
    co_return Result<void>();
  }
  http::FetchRequest ask;
  ask.url = location_;
  const Result<http::Fetched> answer = co_await send(std::move(ask));
  begun_ = false;
  if (!answer || (answer->head.status != 204 && answer->head.status != 202))
    co_return Result<void>();
  const auto there = count_of(answer->head.headers);
  if (!there) co_return Result<void>();
  CO_TRY(move_to(answer->head.headers));
  begun_ = true;
  set_sent(*there);
  co_return Result<void>();
}

Task<void> Upload::run() {
  for (Backoff backoff(requester_.options().retry);;) {
    if (!begun_) CO_TRY(co_await begin());
    const bool piece = in_pieces() && !whole_ && sent_ < blob_.size();
    const size_t before = sent_;
    Result<Step> step = piece ? co_await send_piece() : co_await finish();
    if (!step) co_return fail(std::move(step).error());
    if (*step == Step::Done && !piece) co_return Result<void>();
    if (*step == Step::Done) {
      if (sent_ > before) backoff.reset();
      continue;
    }
    if (*step == Step::Whole) {
      whole_ = true;
      begun_ = false;
      continue;
    }
    const auto wait = backoff.next(std::nullopt);
    if (!wait) co_return fail(*std::move(last_failure_));
    CO_TRY(co_await sleep_for(requester_.loop(), *wait));
    CO_TRY(co_await find_place());
  }
}

}  // namespace

Task<void> upload(Requester& requester, Reference reference, Bytes blob, std::string digest,
                  Progress progress) {
  Upload upload(requester, std::move(reference), std::move(blob), std::move(digest),
                std::move(progress));
  co_return co_await upload.run();
}

}  // namespace wasmcloud::oci::detail
