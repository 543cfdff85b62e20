#include "http/body.h"

#include <algorithm>
#include <cstring>

namespace wasmcloud::http {

Task<void> BodyReader::wait_readable() {
  return wait_until(*this, [this] { return is_readable(); });
}

Task<std::optional<Bytes>> BodyReader::read(size_t max) {
  while (true) {
    Bytes bytes = try_read(max);
    if (!bytes.empty()) co_return std::optional(std::move(bytes));
    if (state() == BodyState::Failed) co_return fail(error());
    if (state() == BodyState::Ended) co_return std::optional<Bytes>();
    CO_TRY(co_await wait_readable());
  }
}

Task<Bytes> BodyReader::read_all(size_t max) {
  Bytes first;
  std::vector<std::byte> all;
  while (true) {
    auto next = CO_TRY(co_await read(SIZE_MAX));
    if (!next) break;
    if (next->size() > max - std::max(all.size(), first.size())) {
      co_return fail(Errc::Limit, "the body is longer than {} bytes", max);
    }
    if (all.empty() && first.empty()) {
      first = std::move(*next);
      continue;
    }
    if (all.empty()) all.assign(first.data(), first.data() + first.size());
    const auto bytes = next->span();
    all.insert(all.end(), bytes.begin(), bytes.end());
  }
  if (all.empty()) co_return first;
  co_return Bytes(std::move(all));
}

Task<void> BodyWriter::wait_writable() {
  return wait_until(*this, [this] { return is_writable(); });
}

Task<void> BodyWriter::flush() {
  CO_TRY(co_await wait_until(*this,
                             [this] { return pending() == 0 || state() == BodyState::Failed; }));
  if (state() == BodyState::Failed) co_return fail(error());
  co_return Result<void>();
}

Task<void> BodyWriter::write_all(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    CO_TRY(co_await wait_writable());
    if (state() == BodyState::Failed) co_return fail(error());
    const size_t now = std::min(capacity(), bytes.size());
    CO_TRY(write(bytes.first(now == 0 ? bytes.size() : now)));
    bytes = bytes.subspan(now == 0 ? bytes.size() : now);
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::http
