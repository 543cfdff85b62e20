#include "wasi/io/source.h"

#include <algorithm>

namespace wasmcloud::wasi::io {
namespace {

class MemorySource final : public Source {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}

  bool is_ready() override { return true; }
  Result<Bytes> read(size_t max) override {
    if (bytes_.empty()) return fail(Errc::Closed, "the end of the stream");
    return bytes_.split(std::min(max, bytes_.size()));
  }
  Result<size_t> skip(size_t max) override {
    if (bytes_.empty()) return fail(Errc::Closed, "the end of the stream");
    const size_t count = std::min(max, bytes_.size());
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  Bytes bytes_;
};

}  // namespace

Result<size_t> Source::read_into(std::span<std::byte> into) {
  const Bytes bytes = TRY(read(into.size()));
  std::copy(bytes.span().begin(), bytes.span().end(), into.begin());
  return bytes.size();
}

Task<Bytes> blocking_read(Loop& loop, Source& source, size_t max) {
  while (true) {
    Bytes bytes = CO_TRY(source.read(max));
    if (!bytes.empty() || max == 0) co_return bytes;
    CO_TRY(co_await wait_for(loop, source));
  }
}

Task<size_t> blocking_skip(Loop& loop, Source& source, size_t max) {
  while (true) {
    const size_t count = CO_TRY(source.skip(max));
    if (count != 0 || max == 0) co_return count;
    CO_TRY(co_await wait_for(loop, source));
  }
}

Ref<Source> memory_source(Bytes bytes) { return make_ref<MemorySource>(std::move(bytes)); }

}  // namespace wasmcloud::wasi::io
