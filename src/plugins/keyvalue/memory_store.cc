#include "plugins/keyvalue/memory_store.h"

#include <bit>

namespace wasmcloud::plugins::keyvalue {
const Bytes* MemoryStore::find(std::string_view bucket, std::string_view key) const {
  const auto entries = buckets_.find(bucket);
  if (entries == buckets_.end()) return nullptr;
  const auto entry = entries->second.find(key);
  return entry == entries->second.end() ? nullptr : &entry->second;
}

Result<void> MemoryStore::put(std::string_view bucket, std::string_view key, Bytes value) {
  const Bytes* const before = find(bucket, key);
  const size_t freed = before == nullptr ? 0 : before->size();
  const size_t added = value.size() + (before == nullptr ? key.size() + kEntryBytes : 0);
  if (before == nullptr && keys_ >= limits_.keys)
    return fail(Errc::Limit, "the store's limit of {} keys is reached", limits_.keys);
  if (bytes_ - freed + added > limits_.total_bytes)
    return fail(Errc::Limit, "the store's limit of {} bytes is reached", limits_.total_bytes);
  auto entries = buckets_.find(bucket);
  if (entries == buckets_.end()) entries = buckets_.emplace(bucket, Entries()).first;
  entries->second.insert_or_assign(std::string(key), std::move(value));
  bytes_ += added - freed;
  keys_ += before == nullptr ? 1 : 0;
  return {};
}

void MemoryStore::drop(std::string_view bucket, std::string_view key) {
  const auto entries = buckets_.find(bucket);
  if (entries == buckets_.end()) return;
  const auto entry = entries->second.find(key);
  if (entry == entries->second.end()) return;
  bytes_ -= key.size() + entry->second.size() + kEntryBytes;
  --keys_;
  entries->second.erase(entry);
  if (entries->second.empty()) buckets_.erase(entries);
}

Result<std::optional<Bytes>> MemoryStore::get(std::string_view bucket, std::string_view key) const {
  TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  const Bytes* const found = find(bucket, key);
  if (found == nullptr) return std::nullopt;
  return found->share();
}

Result<void> MemoryStore::set(std::string_view bucket, std::string_view key,
                              std::span<const std::byte> value) {
  TRY(check_value(key, value.size()));
  Bytes copy = Bytes::copy_of(value);
  const std::lock_guard lock(mutex_);
  return put(bucket, key, std::move(copy));
}

Result<void> MemoryStore::remove(std::string_view bucket, std::string_view key) {
  TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  drop(bucket, key);
  return {};
}

Result<bool> MemoryStore::exists(std::string_view bucket, std::string_view key) const {
  TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  return find(bucket, key) != nullptr;
}

Result<Store::Page> MemoryStore::list(std::string_view bucket,
                                      std::optional<uint64_t> cursor) const {
  const std::lock_guard lock(mutex_);
  Page page;
  const auto entries = buckets_.find(bucket);
  const uint64_t first = cursor.value_or(0);
  if (entries == buckets_.end() || first >= entries->second.size()) return page;
  auto at = std::next(entries->second.begin(), static_cast<ptrdiff_t>(first));
  for (; at != entries->second.end() && page.keys.size() < kPageKeys; ++at)
    page.keys.push_back(at->first);
  if (at != entries->second.end()) page.cursor = first + page.keys.size();
  return page;
}

Result<uint64_t> MemoryStore::increment(std::string_view bucket, std::string_view key,
                                        uint64_t delta) {
  TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  static_assert(std::endian::native == std::endian::little);
  const uint64_t number = TRY(sum_of(find(bucket, key), delta));
  TRY(put(bucket, key, Bytes::copy_of(std::as_bytes(std::span(&number, 1)))));
  return number;
}

Result<std::vector<std::optional<Bytes>>> MemoryStore::get_many(
    std::string_view bucket, std::span<const std::string> keys) const {
  TRY(check_batch(keys.size()));
  for (const std::string& key : keys) TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  std::vector<std::optional<Bytes>> out;
  out.reserve(keys.size());
  for (const std::string& key : keys) {
    const Bytes* const found = find(bucket, key);
    out.push_back(found == nullptr ? std::nullopt : std::optional(found->share()));
  }
  return out;
}

Result<void> MemoryStore::set_many(std::string_view bucket,
                                   std::span<const std::tuple<std::string, Bytes>> entries) {
  TRY(check_batch(entries.size()));
  for (const auto& [key, value] : entries) TRY(check_value(key, value.size()));
  const std::lock_guard lock(mutex_);
  // What was there before, the latest last; put back if the store gets full.
  std::vector<std::pair<std::string_view, std::optional<Bytes>>> undo;
  undo.reserve(entries.size());
  for (const auto& [key, value] : entries) {
    const Bytes* const before = find(bucket, key);
    undo.emplace_back(key, before == nullptr ? std::nullopt : std::optional(before->share()));
    // Its own memory: what was lifted may be part of something larger.
    auto put_now = put(bucket, key, Bytes::copy_of(value.span()));
    if (put_now) continue;
    undo.pop_back();
    while (!undo.empty()) {
      auto& [undone, was] = undo.back();
      drop(bucket, undone);
      // It fitted before.
      if (was) static_cast<void>(put(bucket, undone, std::move(*was)));
      undo.pop_back();
    }
    return put_now;
  }
  return {};
}

Result<void> MemoryStore::remove_many(std::string_view bucket, std::span<const std::string> keys) {
  TRY(check_batch(keys.size()));
  for (const std::string& key : keys) TRY(check_key(key));
  const std::lock_guard lock(mutex_);
  for (const std::string& key : keys) drop(bucket, key);
  return {};
}

}  // namespace wasmcloud::plugins::keyvalue
