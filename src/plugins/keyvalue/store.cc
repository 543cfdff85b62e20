#include "plugins/keyvalue/store.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>

namespace wasmcloud::plugins::keyvalue {
namespace {

std::optional<uint64_t> number_of(const Bytes& value) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t number = 0;
  if (value.size() == sizeof number) {
    std::memcpy(&number, value.data(), sizeof number);
    return number;
  }
  const std::string_view text = value.text();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<void> Store::check_bucket(std::string_view bucket) const {
  if (bucket.size() <= limits_.bucket_name_bytes) return {};
  return fail(Errc::Limit, "the bucket's name has {} bytes; at most {} are allowed", bucket.size(),
              limits_.bucket_name_bytes);
}

Result<void> Store::check_key(std::string_view key) const {
  if (key.size() <= limits_.key_bytes) return {};
  return fail(Errc::Limit, "the key has {} bytes; at most {} are allowed", key.size(),
              limits_.key_bytes);
}

Result<void> Store::check_value(std::string_view key, size_t bytes) const {
  TRY(check_key(key));
  if (bytes <= limits_.value_bytes) return {};
  return fail(Errc::Limit, "the value has {} bytes; at most {} are allowed", bytes,
              limits_.value_bytes);
}

Result<void> Store::check_batch(size_t keys) const {
  if (keys <= limits_.batch_keys) return {};
  return fail(Errc::Limit, "the batch has {} keys; at most {} are allowed", keys,
              limits_.batch_keys);
}

Result<uint64_t> Store::sum_of(const Bytes* value, uint64_t delta) {
  uint64_t number = 0;
  if (value != nullptr) {
    const std::optional<uint64_t> read = number_of(*value);
    if (!read)
      return fail(Errc::Invalid,
                  "the value is no number: expected 8 bytes or decimal text, found {} bytes",
                  value->size());
    number = *read;
  }
  constexpr uint64_t kHighest = std::numeric_limits<uint64_t>::max();
  return number > kHighest - delta ? kHighest : number + delta;
}

}  // namespace wasmcloud::plugins::keyvalue
